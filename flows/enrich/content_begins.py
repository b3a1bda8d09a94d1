"""Where reported words begin: behind the cue, the one who is told, when it was said, and `that`."""

from collections.abc import Sequence

from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.reading import Range, Reading

_NEAR = 12  # words from a cue back to its subject


class ContentBegins:
    """Finds the begins of what the reports of a reading are about."""

    def __init__(self, reading: Reading, phrases: PhraseEnds, inside: Sequence[bool], lexicon: Lexicon) -> None:
        """Take a reading, its phrases, and per word whether it stands in quotation marks."""
        self._reading = reading
        self._phrases = phrases
        self._inside = inside
        self._lexicon = lexicon

    def from_cue(self, cue: Range, part: Range, *, plain: bool) -> int:
        """Return where the clause begins that a cue governs: `said fraud | “would be a way to lose”`.

        Args:
            plain: nothing between the cue and the part is in quotation marks or reported by another cue.
        """
        heads, relations = self._reading.heads, self._reading.relations
        start = part[0]
        if any(self._inside[cue[1] : start]):
            return start
        top = self._phrases.top(part)
        if (subject := self._own_subject(cue, start)) is not None:
            return subject
        governed = [
            w for w in range(cue[1], part[1]) if heads[w] == cue[0] and relations[w] in ("ccomp", "xcomp", "obj")
        ]
        for word in governed:
            begin, stop = self._phrases.subtree(word)
            if begin < cue[1]:
                continue
            named = relations[word] == "obj" and stop == start and heads[top] == cue[0] and relations[top] != "ccomp"
            if begin < start and (stop > start or (plain and named and self._reading.words[start].text != "to")):
                return begin
        return start

    def _own_subject(self, cue: Range, start: int) -> int | None:
        """Return where the subject of a clause begins that the parse hangs on its cue: `She said | Lee, who ..., left`.

        The cue has a subject of its own before it then.
        """
        heads, relations = self._reading.heads, self._reading.relations
        if heads[start] < start or self._reading.tags[start] not in ("AUX", "VERB"):
            return None
        around = range(max(0, cue[0] - _NEAR), start)
        own = [w for w in around if relations[w] in ("nsubj", "obj") and cue[0] <= heads[w] < cue[1]]
        told = self._reading.words[cue[0]].text.lower() in self._lexicon.with_listener  # `told | Lee | had to wait`
        behind = [] if told else [w for w in own if w >= cue[1]]
        return self._phrases.subtree(behind[0])[0] if behind and own[0] < cue[0] else None

    def behind_that(self, part: Range) -> Range:
        """The `that` which introduces a clause is not reported."""
        start, end = part
        that = self._reading.words[start].text.lower() == "that" and self._reading.relations[start] == "mark"
        return (start + 1, end) if that and end - start > 1 else part

    def behind_when(self, cue: int, part: Range) -> Range:
        """When or how it was said is no content: `said | later | he had been provoked`."""
        start, end = part
        said = self._reading.heads[start] == cue and self._reading.relations[start] in ("advmod", "obl:unmarked")
        stop = self._phrases.subtree(start)[1]
        return (stop, end) if said and stop < end and not self._inside[start] else part

    def behind_listener(self, cue: int, part: Range) -> int:
        """Return where what is reported begins behind the one who is told: `told | the House | that it was late`."""
        if self._reading.words[cue].text.lower() not in self._lexicon.with_listener:
            return part[0]
        heads, relations = self._reading.heads, self._reading.relations
        told = [w for w in range(*part) if heads[w] == cue and relations[w] in ("obj", "iobj")]
        clause = next((w for w in range(*part) if heads[w] == cue and relations[w] == "ccomp"), None)
        if clause is None or not told or not part[0] < self._phrases.subtree(clause)[0] < part[1]:
            return part[0]
        begin = self._phrases.subtree(clause)[0]
        # `described the plan as “late”`: nobody is told; `urged | both sides to stop |`: an infinitive has its subject
        whole = self._reading.words[begin].text.lower() in ("as", "to")
        return begin if self._phrases.subtree(told[0])[1] <= begin and not whole else part[0]

    def behind_dateline(self, begin: int, start: int) -> int:
        """Return where a sentence begins behind a dateline: `LIMA, Peru -- The bridge is closed, the mayor said.`."""
        words = self._reading.words
        if words[begin].text.isupper() and len(words[begin].text) > 1:
            dash = next(
                (w for w in range(begin, min(start, begin + 15)) if words[w].text in ("--", "—", "–", "_")), None
            )
            return begin if dash is None else dash + 1
        return begin
