"""Where the words of a quote appeared: in which dispatches, and how their wording differs."""

from flows.quote_key import quote_bands, split, words_said
from flows.store.catalog import NEWEST
from flows.store.interface import Document, Store
from flows.store.wording import NEAR, Likeness, compare

_SAID = ("quote_key", "kind", "text", "verbatim")
_SHOWN = (*_SAID, "speaker", "source", "story_id", "dispatch_id", "headline", "time")


def find_quote(store: Store, quote: str) -> Document | None:
    """The quote with this id, or the newest with this key."""
    if not quote:
        return None
    if by_id := store.get("quotes", [quote], _SHOWN).get(quote):
        return by_id
    found = store.find("quotes", {"quote_key": quote}, sort=NEWEST, limit=1, fields=_SHOWN)
    return found[0] if found else None


def appearances(store: Store, quote: str, *, limit: int = 0, skip: int = 0) -> list[Document]:
    """The quotes of current dispatches that have the words of a quote; itself among them.

    First those with the same words, then those with nearly the same, the nearest first and each wording together;
    of one wording the newest first.

    Args:
        store: Where.
        quote: The id or the key of a quote; if there is none, nothing is found.
        limit: At most so many; 0 means all.
        skip: Leave out the first so many.

    Returns: documents with `_id`, `match` (`exact` or `near`), `share` (of the shorter one's words that are common) and
        `differences` (pairs `was`, in the quote asked for, and `now`); and of the quote its key, kind, text, verbatim
        parts, speaker, source, story, dispatch, headline and time.
    """
    asked = find_quote(store, quote)
    if asked is None:
        return []
    enough = skip + limit if limit else 0
    same = [asked]
    if key := asked.get("quote_key"):  # none without words, or in what an older version stored
        same = store.find("quotes", {"quote_key": key}, sort=NEWEST, limit=enough, fields=_SHOWN)
    found = [_appearance(document, "exact", Likeness(1.0, [])) for document in same]
    if not enough or len(found) < enough:
        near = _near(store, asked)
        documents = store.find("quotes", {"quote_key": {"$in": list(near)}}, sort=NEWEST, fields=_SHOWN) if near else []
        documents.sort(key=lambda document: (-near[document["quote_key"]].share, document["quote_key"]))
        found += [_appearance(document, "near", near[document["quote_key"]]) for document in documents]
    return found[skip : enough or None]


def _near(store: Store, asked: Document) -> dict[str, Likeness]:
    """Key -> likeness of the wordings that are nearly that of the quote asked for."""
    said = _said(asked)
    bands = quote_bands(split(said))
    proposed = store.find("quotes", {"quote_bands": {"$in": bands}}, fields=_SAID) if bands else []
    # One quote speaks for all with its key; which one must not depend on the order in which a store gives them.
    wordings = {document["quote_key"]: document for document in sorted(proposed, key=lambda d: str(d["_id"]))}
    wordings.pop(asked.get("quote_key"), None)
    compared = {key: compare(said, _said(document)) for key, document in wordings.items()}
    return {key: likeness for key, likeness in compared.items() if likeness.share >= NEAR}


def _said(document: Document) -> str:
    return words_said(document["kind"], document["text"], document["verbatim"])


def _appearance(document: Document, match: str, likeness: Likeness) -> Document:
    differences = [difference._asdict() for difference in likeness.differences]
    return {"match": match, "share": round(likeness.share, 3), "differences": differences, **document}
