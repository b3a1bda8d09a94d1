"""Quotes by surface patterns, for analyzers that do not mark reported speech.

Reported speech with its cue and the words that name the speaker, found by surface patterns.

Direct speech goes by quotation marks, mixed and indirect speech by cues. Each cue is tried against the forms that
wires use, in this order: “...,” X said; X said: “...”; ..., X said; X said (that) ...; ..., saying ...; according to X.
"""

import re
from collections.abc import Sequence

from flows.enrich.attribution import Attribution
from flows.enrich.cues import Cue, find_cues, is_inside
from flows.enrich.lexicon import Lexicon
from flows.enrich.phrases import skip_adverbials, subject_before, subject_behind
from flows.enrich.structure import Paragraph, Quoted, sentence_at
from schemas.dispatch import QuoteKind, Span

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|shall|do|does|did|[a-z]{3,}ed"
    r"|isn[’']t|aren[’']t|won[’']t|can[’']t|[a-z]+n[’']t|went|came|took|made|got|gave|knew|saw|began|left|lost|won|met|fell"
    r"|rose|[a-z]{2,}s)\b|[’'](?:s|re|ve|ll|d|m)\b"
)
_TO_INFINITIVE = frozenset(["promise", "pledge", "vow", "threaten", "agree", "demand", "offer", "refuse"])
_WORDS = re.compile(r"\w+(?:[’'-]\w+)*")
_PREPOSITION = re.compile(
    r"(?:to|for|about|of|on|with|in|at|by|behind|after|before|under|over|up|down|out|off|into|from|between|against|as)\s"
)
_AT_SOMEBODY = re.compile(r"(?:at|to|against|with|by|for|on)\s")


def find_by_surface(text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> list[Attribution]:
    """Return the reported speech of a text in the order of its first words."""
    found: list[Attribution] = []
    for number, paragraph in enumerate(paragraphs):
        if paragraph.is_head:
            continue
        here = _in_paragraph(text, paragraph, lexicon)
        here += _uncued(text, paragraph, here)
        found += _joined_to_open(paragraphs, number, here, found)
    return sorted(found, key=lambda a: a.spans[0])


def _in_paragraph(text: str, paragraph: Paragraph, lexicon: Lexicon) -> list[Attribution]:
    used: set[Quoted] = set()
    found: list[Attribution] = []
    cues = list(find_cues(text, paragraph, lexicon))
    # Quotations said before their cue come first: they are the least ambiguous.
    found += [made for cue in cues if (made := _said_before(text, paragraph, cue, cues, used))]
    for cue in cues:
        if any(a.cue == (cue.start, cue.end) for a in found):
            continue
        if any(s <= cue.start < e for a in found for s, e in a.spans):
            continue  # a report inside a report: the outer one stands
        made = _said_behind(text, paragraph, cue, used) or _clause(text, paragraph, cue, used)
        if made and not any(_overlap(made, other) for other in found):
            found.append(made)
    for match in lexicon.phrase_pattern.finditer(text, paragraph.start, paragraph.end):
        if not is_inside(match.start(), paragraph.quoted):
            made = _according_to(text, paragraph, match, used)
            if made and not any(_overlap(made, other) for other in found):
                found.append(made)
    return found


def _overlap(a: Attribution, b: Attribution) -> bool:
    return any(s < end and start < e for s, e in a.spans for start, end in b.spans)


def _said_before(
    text: str, paragraph: Paragraph, cue: Cue, cues: Sequence[Cue], used: set[Quoted]
) -> Attribution | None:
    """“Q,” X said. “Q.”; “Q,” said X."""
    before = [part for part in paragraph.quoted if part.outer_end <= cue.start]
    if not before or before[-1] in used or not before[-1].closed:
        return None
    part = before[-1]
    gap = text[part.outer_end : cue.start]
    if re.search(r"[.!?;:]\s", gap) or len(gap.split()) > 14 or gap.lstrip().lower().startswith(("and ", "but ")):
        return None
    inner = text[part.start : part.end].rstrip()
    if not (inner.endswith((",", "?", "!", "—", "--", "-", "…", "...")) or gap.startswith(",")):
        return None
    stop = _sentence_stop(cue.end, paragraph)
    speaker = subject_before(text, part.outer_end, cue.start) if gap.strip(" ,-—") else None
    if speaker is None and not gap.strip(" ,-—"):
        speaker = subject_behind(text, cue.end, stop)
    if speaker is None:
        return None
    begin = sentence_at(paragraph, part.outer_start)[0]
    lead = text[begin : part.outer_start].strip(' ,“”"')
    first = part
    if lead:  # unquoted words before it in its sentence: mixed
        if is_inside(begin, paragraph.quoted):
            lead = ""
        else:
            used.add(part)
            return Attribution("mixed", ((begin, part.outer_end),), _verbatim(paragraph, begin, part.outer_end),
                               (cue.start, cue.end), speaker)  # fmt: skip
    parts = [first]
    for earlier in reversed(before[:-1]):  # “Q.” “Q,” X said
        if earlier in used or text[earlier.outer_end : parts[0].outer_start].strip():
            break
        parts.insert(0, earlier)
    parts += _continued(text, paragraph, cue, cues, used)
    used.update(parts)
    return _direct(text, parts, (cue.start, cue.end), speaker)


def _continued(text: str, paragraph: Paragraph, cue: Cue, cues: Sequence[Cue], used: set[Quoted]) -> list[Quoted]:
    """Return the quotations that go on behind an attribution: “Q,” X said. “Q.”; one with a cue of its own does not."""
    parts: list[Quoted] = []
    edge = cue.end
    for part in paragraph.quoted:
        if part.outer_start < cue.end or part in used:
            continue
        gap = text[edge : part.outer_start]
        words = gap.split()
        if (parts and words) or len(words) > 25 or len(re.findall(r"[.!?](?:\s|$)", gap)) > 1:
            break
        if not parts and not re.search(r"[.,:;]\s*$|^\s*$|(?:--|[—–])\s*$", gap):
            break
        if any(edge <= other.start < part.outer_start for other in cues if other is not cue):
            break
        behind = next((other for other in cues if other.start >= part.outer_end), None)
        inner = text[part.start : part.end].rstrip()
        if behind and inner.endswith((",", "?", "!", "—", "--")):
            between = text[part.outer_end : behind.start]
            if (
                not re.search(r"[.!?;]\s", between)
                and len(between.split()) <= 10
                and not between.strip().startswith("“")
            ):
                break
        parts.append(part)
        edge = part.outer_end
    return parts


def _direct(text: str, parts: Sequence[Quoted], cue: Span | None, speaker: Span | None) -> Attribution:
    spans = tuple(_bare(text, part.start, part.end) for part in parts)
    return Attribution("direct", spans, spans, cue, speaker)


def _bare(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _said_behind(text: str, paragraph: Paragraph, cue: Cue, used: set[Quoted]) -> Attribution | None:
    """X said: “Q”; X said, “Q.” “Q.” A fragment in a reported clause is mixed, and found as a clause."""
    behind = [part for part in paragraph.quoted if part.outer_start >= cue.end and part not in used]
    if not behind or cue.needs == "quotation":
        return None
    part = behind[0]
    gap = text[cue.end : part.outer_start]
    if re.search(r"[.!?;]\s", gap) or len(gap.split()) > 25 or not re.search(r"[,:]\s*$|^\s*$", gap):
        return None
    inner = text[part.start : part.end]
    whole = inner.rstrip().endswith((".", "!", "?", ",", "…")) or ":" in gap
    ends = re.match(r"\s*[.!?]?\s*$", text[part.outer_end : part.outer_end + 2])
    if len(_WORDS.findall(inner)) < 3 or not (whole or ends) or not (gap.strip() or inner[:1].isupper()):
        return None
    middle = skip_adverbials(text, cue.end, part.outer_start)
    rest = text[middle : part.outer_start].strip(" ,:")
    if len(rest.split()) > 6 and ":" not in gap:
        return None
    speaker, _ = _subject(text, paragraph, cue)
    if speaker is None:
        return None
    parts = [part]
    for later in behind[1:]:
        if text[parts[-1].outer_end : later.outer_start].strip():
            break
        parts.append(later)
    used.update(parts)
    return _direct(text, parts, (cue.start, cue.end), speaker)


def _subject(text: str, paragraph: Paragraph, cue: Cue) -> tuple[Span | None, bool]:
    """Return the words that name who speaks before a cue, and whether they are the subject of the whole sentence."""
    begin, _ = sentence_at(paragraph, cue.start)
    before = [part.outer_end for part in paragraph.quoted if part.outer_end <= cue.start and part.outer_end > begin]
    begin = max([begin, *before])
    comma = text[begin : cue.start].rstrip().endswith((",", "—", "--"))
    joined = re.search(r"\b(?:and|but|then|or)\s+(?:[a-z]+ly\s+)?$", text[begin : cue.start])
    if (cue.participle and (comma or joined)) or joined or (cue.participle and text[begin : cue.start].strip() == ""):
        first = subject_before_first_verb(
            text, begin if not before else sentence_at(paragraph, cue.start)[0], cue.start
        )
        return first, True
    return subject_before(text, begin, cue.start), False


def subject_before_first_verb(text: str, start: int, stop: int) -> Span | None:
    """Return the first noun phrase of a sentence, for `X hit back at Y, saying ...` and `X rose and said`."""
    lead = re.match(r"\s*(?:In|On|At|After|During|As|With|Speaking|For|Following)\b[^,]*,\s*", text[start:stop])
    begin = start + (lead.end() if lead else 0)
    pattern = re.compile(
        r"[,;:—]|--|\s(?:on|in|at|of the|is|was|were|are|has|have|had|will|would|[a-z]+ed|[a-z]+ing|hit|met|went|came"
        r"|took|made|told|said|spoke|left|gave|held|put|ran|rose|stood|sat|began|cut|set|won|lost|who|which|that|to|also|then)\s"
    )
    match = pattern.search(text, begin, stop)
    span = _bare(text, begin, match.start() if match else stop)
    return span if span[0] < span[1] and len(text[slice(*span)].split()) <= 12 else None


def _clause(text: str, paragraph: Paragraph, cue: Cue, used: set[Quoted]) -> Attribution | None:
    """..., X said; X said (that) ...; X described Y as “...”: indirect speech, mixed where it holds quotation marks."""
    sentence = sentence_at(paragraph, cue.start)
    stop = _sentence_stop(cue.end, paragraph)
    speaker, main = _subject(text, paragraph, cue)
    if speaker is None:
        return None
    behind = skip_adverbials(text, cue.end, stop)
    rest = text[behind:stop]
    if cue.needs != "quotation" and not main and speaker[0] > sentence[0]:
        before = text[sentence[0] : speaker[0]].rstrip()
        if (
            before.endswith(",")
            and (len(before.split()) > 2 or rest.lstrip().startswith(","))
            and re.match(r"\s*(?:[.,;]|$|in |at |on |during |to (?:reporters|the))", rest)
        ):
            return _around(text, paragraph, cue, sentence, speaker, behind, stop, used)
    start = behind
    told = re.match(r"\s+(?:(?:the\s+)?[\w.’'-]+(?:\s[\w.’'-]+){0,5}\s)?that\s+", text[start:stop])
    if told and len(told[0].split()) <= 7:
        start += told.end()
    elif cue.form.startswith(("tell", "told", "inform", "remind", "assur", "ask", "urg", "order", "warn", "advis")):
        listener = re.match(
            r"\s+(?:[A-Z][\w.]+(?:\s[A-Z][\w.]+){0,3}|reporters|lawmakers|journalists|him|her|them|us|me|(?:the|a)\s[\w-]+(?:\s[A-Z]\w+)*)\s",
            text[start:stop],
        )
        start += listener.end() - 1 if listener else 0
    while start < stop and text[start] in " ,:":
        start += 1
    end = _without_stop(text, start, stop)
    if start >= end:
        return None
    verbatim = _verbatim(paragraph, start, end)
    content = text[start:end]
    base = cue.form.rstrip("sd").removesuffix("e")
    infinitive = content.startswith("to ") and any(verb.startswith(base[:4]) for verb in _TO_INFINITIVE)
    if cue.needs == "quotation" and not verbatim:
        return None
    if cue.needs != "quotation" and _AT_SOMEBODY.match(content) and not infinitive:
        return None  # `hit back at the statements, saying ...`: the report follows
    if not verbatim and not told and not infinitive:
        if _PREPOSITION.match(content) or not _VERB.search(content):
            return None
        if cue.needs == "clause" and not _clause_follows(content):
            return None
    if infinitive:
        comma = re.search(r",\s", text[start:end])
        end = start + comma.start() if comma else end
    used.update(part for part in paragraph.quoted if start <= part.outer_start < end)
    kind: QuoteKind = "mixed" if verbatim else "indirect"
    return Attribution(kind, ((start, end),), verbatim, (cue.start, cue.end), speaker)


def _clause_follows(content: str) -> bool:
    """Tell whether a clause begins here: a noun phrase of a few words and a finite verb."""
    match = _VERB.search(content)
    return bool(match) and len(content[: match.start()].split()) <= 6 and bool(content[: match.start()].strip())  # type: ignore[union-attr]


def _around(
    text: str, paragraph: Paragraph, cue: Cue, sentence: Span, speaker: Span, behind: int, stop: int,
    used: set[Quoted],
) -> Attribution | None:  # fmt: skip
    """The attribution behind or amid what it reports: `..., he said.`; `The museum, he said, would ...`."""
    first = _bare(text, sentence[0], speaker[0])
    first = first[0], first[1] - 1 if text[first[1] - 1] == "," else first[1]
    spans = [first]
    rest = re.match(r"\s*,\s*", text[behind:stop])
    if rest and not text[behind + rest.end() : stop].startswith(
        ("adding", "saying", "and ", "but ", "who ", "which ", "noting")
    ):
        tail = behind + rest.end(), _without_stop(text, behind + rest.end(), stop)
        if tail[0] < tail[1] and _VERB.search(text[slice(*tail)]):
            spans.append(tail)
    if not _VERB.search(text[slice(*first)]) and len(spans) == 1:
        return None
    verbatim = tuple(v for span in spans for v in _verbatim(paragraph, *span))
    used.update(part for part in paragraph.quoted if any(s <= part.outer_start < e for s, e in spans))
    return Attribution("mixed" if verbatim else "indirect", tuple(spans), verbatim, (cue.start, cue.end), speaker)


def _according_to(text: str, paragraph: Paragraph, match: re.Match[str], used: set[Quoted]) -> Attribution | None:
    """... according to X; According to X, ..."""
    sentence = sentence_at(paragraph, match.start())
    stop = _sentence_stop(match.end(), paragraph)
    speaker = subject_behind(text, match.end(), stop)
    if speaker is None:
        return None
    if match.start() - sentence[0] < 3:
        comma = text.find(",", speaker[1], stop)
        if comma < 0:
            return None
        span = comma + 1, _without_stop(text, comma + 1, stop)
    else:
        span = sentence[0], match.start()
    start, end = _bare(text, *span)
    end -= text[end - 1] == ","
    if start >= end or any(part in used for part in paragraph.quoted if start <= part.outer_start < end):
        return None
    verbatim = _verbatim(paragraph, start, end)
    used.update(part for part in paragraph.quoted if start <= part.outer_start < end)
    return Attribution("mixed" if verbatim else "indirect", ((start, end),), verbatim, match.span(), speaker)


def _uncued(text: str, paragraph: Paragraph, found: Sequence[Attribution]) -> list[Attribution]:
    """A paragraph, or the rest of one, that is a quotation without a cue: the speaker is carried over."""
    made: list[Attribution] = []
    for part in paragraph.quoted:
        if any(s <= part.start < e or s <= part.outer_start < e for a in found for s, e in a.spans):
            continue
        begin, _ = sentence_at(paragraph, part.outer_start)
        inner = text[part.start : part.end].rstrip()
        whole = not text[begin : part.outer_start].strip() and (inner.endswith((".", "!", "?", "…")) or not part.closed)
        if whole and len(_WORDS.findall(inner)) >= 3 and not text[part.outer_end : part.outer_end + 1].strip(" \n."):
            made.append(_direct(text, [part], None, None))
    return made


def _joined_to_open(
    paragraphs: Sequence[Paragraph], number: int, here: list[Attribution], found: list[Attribution]
) -> list[Attribution]:
    """Join a paragraph that re-opens the quotation which the one before left open."""
    if number == 0 or not here or not found:
        return here
    before = paragraphs[number - 1]
    if not before.quoted or before.quoted[-1].closed or not paragraphs[number].quoted:
        return here
    opening = min(here, key=lambda a: a.spans[0])
    last = next((a for a in reversed(found) if a.spans[-1][1] >= before.quoted[-1].start), None)
    if last is None or opening.spans[0][0] != paragraphs[number].quoted[0].start or opening.kind != "direct":
        return here
    if last.cue is not None and opening.cue is not None:
        return here
    cued = opening if opening.cue else last
    found.remove(last)
    joined = Attribution("direct" if last.kind == "direct" else last.kind, last.spans + opening.spans,
                         last.verbatim + opening.verbatim, cued.cue, cued.speaker)  # fmt: skip
    return [joined, *(a for a in here if a is not opening)]


def _verbatim(paragraph: Paragraph, start: int, end: int) -> tuple[Span, ...]:
    return tuple((part.start, part.end) for part in paragraph.quoted if start <= part.outer_start < end)


def _sentence_stop(offset: int, paragraph: Paragraph) -> int:
    """Return the end of the sentence, a quotation that begins in it included."""
    stop = sentence_at(paragraph, offset)[1]
    for part in paragraph.quoted:
        if part.outer_start < stop < part.outer_end:
            stop = part.outer_end
    return stop


def _without_stop(text: str, start: int, end: int) -> int:
    """Return the end without the full stop and the space before it; a closing mark stays."""
    while end > start and text[end - 1] in " .;\n":
        end -= 1
    return end
