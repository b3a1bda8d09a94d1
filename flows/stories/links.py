"""Which revisions belong to one story, where the feed does not say so by an id of its own.

Each revision has *traits*, and *keys* by which the store finds those that may belong to it: headline and slug without
their marks, and the bands of its text. A key holds the week, so that a search looks at the weeks around it only. What
is found by a key is then compared: `linked` is a plain relation of two revisions, so that the stories it makes do not
depend on the order in which they came.

A feed's own id goes before everything else: two revisions that both have one are linked by it alone. Only a notice that
withdraws a story in words may come under an id of its own, and finds the story by the headline or slug that it names.
"""

import datetime as dt
import re
from collections.abc import Iterable
from hashlib import sha256

from pydantic import AwareDatetime

from flows.stories.kills import is_kill, named_headlines, named_slugs
from flows.stories.likeness import bands, containment, resemblance, shingles, sketch, words
from flows.stories.marks import read_headline, read_slug
from flows.stories.notes import NOTE, note_kind
from schemas.base import Model
from schemas.dispatch import Dispatch

DAYS = 3
"""Revisions of a story that has no id of its own come within so many days of each other."""
_WEEK = dt.timedelta(days=7)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Measured by benchmarks/stories.py. How much of the shorter text must stand in the longer one:
_MARKED = 0.12  # under the same headline or slug, one of them marked as an update or a correction
_TITLED = 0.3  # under the same headline or slug
_ALONE = 0.65  # by its text alone
_LEADS = 0.8  # by its text alone, share of names and numbers that both texts begin with; without a mark, all numbers
_LEAD_WORDS = 60
_LEAD_NAMES = 24
_TELLING = re.compile(r"\d[\d.,]*|[^\W\d_a-zß-öø-ÿ]\w+")
_REVISING = {"update", "correction", "repeat"}


class Traits(Model):
    """What tells whether a revision belongs to the story of another."""

    source: str
    time: AwareDatetime
    days: int
    has_own_id: bool
    is_notice: bool
    is_marked: bool
    headlines: tuple[str, ...]
    slugs: tuple[str, ...]
    sketch: str
    size: int
    lead: tuple[str, ...]


def traits_of(dispatch: Dispatch, time: dt.datetime, days: int = DAYS) -> Traits:
    """Return the traits of a dispatch.

    Args:
        dispatch: as validated.
        time: by which its revisions are ordered.
        days: the window.
    """
    own_id = dispatch.feed_id is not None
    head, slug = read_headline(dispatch.headline), read_slug(dispatch.slugline)
    told = is_kill(dispatch.headline, dispatch.slugline, dispatch.ed_note, dispatch.text_raw)
    is_notice = dispatch.status == "killed" and (told or not own_id)
    headlines: tuple[str, ...] = (head.bare,)
    slugs: tuple[str, ...] = (slug.bare,)
    if is_notice:
        headlines = named_headlines(dispatch.headline, dispatch.ed_note, dispatch.text_raw)
        # A slug stands for a subject, and for several stories in a week: it is the last resort.
        slugs = () if headlines else named_slugs(dispatch.slugline, dispatch.ed_note, dispatch.text_raw)
    compared = not own_id and not is_notice
    parts = shingles(words(body_of(dispatch))) if compared else set()
    return Traits(
        source=dispatch.source,
        time=time,
        days=days,
        has_own_id=own_id,
        is_notice=is_notice,
        is_marked=bool(_REVISING & (head.kinds | slug.kinds | {note_kind(dispatch.ed_note)})),
        headlines=tuple(filter(None, map(_folded, headlines))),
        slugs=tuple(filter(None, map(_folded, slugs))),
        sketch=sketch(parts),
        size=len(parts),
        lead=_lead(dispatch) if compared else (),
    )


def gist_of(dispatch: Dispatch) -> str:
    """Return what two sends of a story share when the second says nothing new: a hash of its words and its standing.

    Marks, notes, case and punctuation do not count; a changed word, name, number, byline or embargo does.
    """
    told = (
        words(read_headline(dispatch.headline).bare), words(dispatch.byline or ""), words(body_of(dispatch)),
        dispatch.status, str(dispatch.embargoed_until),
    )  # fmt: skip
    return _hash(repr(told))


def body_of(dispatch: Dispatch) -> str:
    """Return the text without headline and without the notes before it."""
    text = dispatch.text_raw.lstrip()
    if dispatch.headline and text.startswith(dispatch.headline):
        text = text[len(dispatch.headline) :].lstrip()
    while note := NOTE.match(text):
        text = text[note.end() :].lstrip()
    return text


def kept_keys(traits: Traits) -> list[str]:
    """Return the keys under which a revision is found."""
    return [f"{kind}{_week(traits.time)}:{value}" for kind, value in _keys(traits, "n" if traits.is_notice else "")]


def asked_keys(traits: Traits) -> list[str]:
    """Return the keys under which those are found that may be linked with a revision."""
    window = dt.timedelta(days=traits.days)
    weeks = range(_week(traits.time - window), _week(traits.time + window) + 1)
    wanted = [] if traits.is_notice else _keys(traits, "n", with_bands=False)
    if traits.is_notice or not traits.has_own_id:
        wanted += _keys(traits)
    return [f"{kind}{week}:{value}" for week in weeks for kind, value in wanted]


def linked(one: Traits, other: Traits) -> bool:
    """Tell whether two revisions belong to one story, neither of which the feed's own id tells."""
    window = dt.timedelta(days=min(one.days, other.days))
    if one.source != other.source or abs(one.time - other.time) > window:
        return False
    titled = not set(one.headlines).isdisjoint(other.headlines) or not set(one.slugs).isdisjoint(other.slugs)
    if one.is_notice or other.is_notice:
        return titled and one.is_notice != other.is_notice
    if one.has_own_id or other.has_own_id:
        return False
    common = containment(resemblance(one.sketch, other.sketch), one.size, other.size)
    is_marked = one.is_marked or other.is_marked
    if titled:
        return common >= (_MARKED if is_marked else _TITLED)
    return common >= _ALONE and _same_lead(one.lead, other.lead, may_count_anew=is_marked)


def _same_lead(one: tuple[str, ...], other: tuple[str, ...], *, may_count_anew: bool) -> bool:
    """Forms filled in anew (results, weather, prices) have the same words, but begin with other names and numbers."""
    numbers, others = ({word for word in lead if word.startswith("#")} for lead in (one, other))
    fewest = min(len(one), len(other))
    same_numbers = may_count_anew or numbers <= others or others <= numbers
    return fewest > 0 and same_numbers and len(set(one) & set(other)) >= _LEADS * fewest


def _lead(dispatch: Dispatch) -> tuple[str, ...]:
    """Return the names and numbers with which a text begins, shortened."""
    start = " ".join(body_of(dispatch).split()[:_LEAD_WORDS])
    telling = dict.fromkeys(match[0].casefold() for match in _TELLING.finditer(start))
    return tuple(("#" if word[0].isdigit() else "") + _hash(word)[:4] for word in list(telling)[:_LEAD_NAMES])


def _keys(traits: Traits, before: str = "", *, with_bands: bool = True) -> list[tuple[str, str]]:
    found = [(f"{before}h", value) for value in traits.headlines] + [(f"{before}s", value) for value in traits.slugs]
    if with_bands and not before:
        found += [("t", band) for band in bands(traits.sketch)]
    return [(kind, _hash(f"{traits.source}\0{value}")) for kind, value in found]


def _folded(title: str) -> str:
    return " ".join(words(title))


def _week(time: dt.datetime) -> int:
    return (time - _EPOCH) // _WEEK


def _hash(value: str) -> str:
    return sha256(value.encode(errors="surrogatepass")).hexdigest()[:12]


def union(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Return the groups that pairs of names make."""
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = group_of.setdefault(one, {one}) | group_of.setdefault(other, {other})
        for name in merged:
            group_of[name] = merged
    return list({id(group): group for group in group_of.values()}.values())
