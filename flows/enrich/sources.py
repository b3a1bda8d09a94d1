"""Sources: the words that name who reports, by what the analyzer marked and by the parse of the cue.

The analyzer marks words one by one and may stop inside a phrase, or see none; the parse knows the subject of a verb
(`..., telling reporters that ...` has the subject of its main clause) and the possessor of a noun (`his claim that`).
"""

from bisect import bisect_right
from dataclasses import replace

from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.reading import Range, Reading, ReportRead

_SUBJECTS = ("nsubj", "nsubj:outer", "csubj")
_NAMED = frozenset(["PROPN", "NOUN", "PRON", "DET", "NUM"])
_FLAT = frozenset(["flat", "flat:name", "compound", "nmod:desc"])
_BEFORE = frozenset(["det", "amod", "compound", "nummod", "nmod:poss", "nmod:desc", "det:predet", "advmod", "case"])
_RELATIVE = frozenset(["who", "whom", "whose", "which"])
_QUOTED = 15  # words from a verb that quotes to `as saying`, at the most
_COMMAS = frozenset([",", ";", "—", "–", "--"])
_FAR = 40  # words from a cue to its subject, at the most


class Sources:
    """The parse of a reading, looked up from above: which words hang on a word."""

    def __init__(self, reading: Reading, ends: PhraseEnds, lexicon: Lexicon) -> None:
        self._reading = reading
        self._lexicon = lexicon
        self._ends = ends
        self._named = {word: name.words for name in reading.names for word in range(*name.words)}
        self._begins = [begin for begin, _ in reading.sentences] or [0]
        self._below: dict[int, list[int]] = {}
        for word, head in enumerate(reading.heads):
            if head != word:
                self._below.setdefault(head, []).append(word)

    def settled(self, report: ReportRead) -> ReportRead:
        """Return a report without a source that is spoken of: `She said | Lee |, who was late, had left`.

        It is the subject of a verb behind the cue, or, behind another subject, the cue's second one.
        """
        if report.source is None or report.source[0] < report.cue[1]:
            return report
        top, verb, relations = self._ends.top(report.source), self._verb(report.cue), self._reading.relations
        before = any(
            relations[w] == "nsubj" and w < report.cue[0] and not any(s <= w < e for s, e in report.content)
            for w in self._below.get(verb, ())
        )
        second = before and self._reading.heads[top] == verb and relations[top] == "nsubj"
        subject = self._subject(verb) if self._is_subject_behind(report.source, report.cue) else None
        return replace(report, source=None) if second or (subject is not None and subject < verb) else report

    def of(self, report: ReportRead) -> Range | None:
        """Return the words that name the source of a report; None if neither the analyzer nor the parse sees any."""
        found = self._of(report)
        if found is None:
            return None
        start, end = found
        first, last = self._named.get(start, found), self._named.get(end - 1, found)  # no name is cut in two
        if report.cue[0] < last[1] and first[0] < report.cue[1]:
            return found
        return self._without_clause(min(start, first[0]), max(end, last[1]))

    def _without_clause(self, start: int, end: int) -> Range:
        """Return a source without the clause behind it: `the witness |, who was not named`; alone, `who` is one."""
        words = self._reading.words
        while words[start].text in _COMMAS and end - start > 1:
            start += 1
        while words[end - 1].text in _COMMAS and end - start > 1:
            end -= 1
        for word in range(start + 1, end):
            if words[word].text.lower() in _RELATIVE:
                return start, word - 1 if words[word - 1].text == "," and word - 1 > start else word
        return start, end

    def _of(self, report: ReportRead) -> Range | None:
        cue = self._verb(report.cue)
        owner = self._owner(cue)
        if owner is not None:
            return self._phrase(owner, report)
        if (beside := self._beside(report.cue) or self._quoted(cue)) is not None:
            return beside
        if (teller := self._teller(cue)) is not None:
            start, end = self._phrase(teller, report)
            return start + (self._reading.words[start].text.lower() == "from"), end
        subject = self._subject(cue)
        marked = self._whole(self._ends.source(report.source), report) if report.source else None
        if marked and self._is_according(marked, report.cue):
            marked = None  # `According to the Herald, Ann Lee, the chairwoman, said ...`: the Herald says that she said
        if subject is None and (marked is None or self._is_elsewhere(marked, cue, cue)):
            return self._behind(report.cue, cue)  # `Lee left. Said Brandt, her rival: “No.”`
        if subject is None or any(start <= subject < end for start, end in report.content):
            return marked
        if marked is None or self._is_object(marked, cue) or self._is_elsewhere(marked, cue, subject):
            return self._phrase(subject, report)
        whole = self._ends.subtree(subject)
        if whole[0] <= marked[0] and marked[1] <= whole[1] and not marked[0] <= subject < marked[1]:
            return self._phrase(subject, report)  # `Jeff Lee, Ann Brown | and Robert Mendez |`
        return marked

    def _behind(self, cue: Range, verb: int) -> Range | None:
        """Return the name right behind a cue that hangs on it, whatever the parse calls it (`..., added Norpress.`)."""
        word, reading = cue[1], self._reading
        if word < len(reading.words) and reading.tags[word] == "PROPN" and reading.heads[word] == verb:
            return word, self._name_end(word)
        return None

    def _beside(self, cue: Range) -> Range | None:
        """Return the name between `with` and a cue: `..., with Lee stating: “We ...”`."""
        words, before = self._reading.words, cue[0] - 1
        name = self._named.get(before)
        if name is None or name[1] != cue[0] or not name[0] or words[name[0] - 1].text.lower() != "with":
            return None
        return name if words[cue[1] - 1].text.endswith("ing") else None

    def _quoted(self, verb: int) -> Range | None:
        """Return whom a verb quotes, behind it: `quoted | the minister | as saying`, also of `saying`."""
        words, relations = self._reading.words, self._reading.relations
        if words[verb].text == "saying" and relations[verb] in ("advcl", "acl", "xcomp", "ccomp"):
            verb = self._reading.heads[verb]
        if words[verb].text.lower() not in self._lexicon.quoting:
            return None
        stop = next(
            (w for w in range(verb + 2, min(verb + _QUOTED, len(words) - 1))
             if words[w].text == "as" and words[w + 1].text.endswith("ing")), None,
        )  # fmt: skip
        passive = any(relations[w] == "aux:pass" for w in self._below.get(verb, ()))
        if stop is None or passive or words[verb + 1].text == "by":
            return None
        end = stop - 1 if words[stop - 1].text == "," else stop
        return verb + 1, end

    def _teller(self, verb: int) -> int | None:
        """Return from whom the subject of a verb heard what is reported: `Zobel learned from | the lawyer | that`."""
        if self._reading.words[verb].text.lower() not in self._lexicon.hearing:
            return None
        return next(
            (w for w in self._below.get(verb, ()) if w > verb
             and any(self._reading.words[at].text.lower() == "from" for at in self._below.get(w, ()))), None,
        )  # fmt: skip

    def _is_according(self, words: Range, cue: Range) -> bool:
        """Tell whether words stand behind `according to` that is not the cue."""
        before = [word.text.lower() for word in self._reading.words[max(0, words[0] - 2) : words[0]]]
        return before == ["according", "to"] and not cue[0] <= words[0] - 1 < cue[1]

    def _is_object(self, words: Range, verb: int) -> bool:
        """Tell whether words are whom a verb is about: `The guild admonished Ann Lee that ...`: she says nothing."""
        top = self._ends.top(words)
        return self._reading.heads[top] == verb and self._reading.relations[top] in ("obj", "iobj")

    def _is_elsewhere(self, words: Range, verb: int, subject: int) -> bool:
        """Tell whether words stand before the sentence of a verb and its subject: `Lee left. “No,” said Brandt.`."""
        begin = self._begins[max(0, bisect_right(self._begins, verb) - 1)]
        return words[1] <= begin <= subject

    def _is_subject_behind(self, words: Range, cue: Range) -> bool:
        """Tell whether words are the subject of a verb behind a cue: `Lee said it was late, | her lawyer | said`."""
        top = self._ends.top(words)
        head = self._reading.heads[top]
        return cue[1] < top < head and self._reading.relations[top] == "nsubj" and self._reading.tags[head] == "VERB"

    def _whole(self, marked: Range, report: ReportRead) -> Range:
        """Return marked words with what stands before them in their phrase: `| a bipartisan | group of senators`."""
        start, end = marked
        while start and self._reading.relations[start - 1] in _BEFORE and (
            start <= self._reading.heads[start - 1] < end and not report.cue[0] <= start - 1 < report.cue[1]
        ):  # fmt: skip
            start -= 1
        return start, end

    def _verb(self, cue: Range) -> int:
        """Return the word of a cue that governs the others."""
        return self._ends.top(cue)

    def _owner(self, cue: int) -> int | None:
        """Return whose claim it is where the cue is a noun: `seized on Trump's claim that ...`."""
        if self._reading.tags[cue] != "NOUN":
            return None
        return next((w for w in self._below.get(cue, ()) if self._reading.relations[w] == "nmod:poss"), None)

    def _subject(self, verb: int) -> int | None:
        """Return the subject of a verb, of the verb beside it, or of the clause that it goes with."""
        tags, heads, relations, words = (
            self._reading.tags, self._reading.heads, self._reading.relations, self._reading.words,
        )  # fmt: skip
        begin = verb
        for _ in range(4):
            own = [w for w in self._below.get(verb, ()) if relations[w] in _SUBJECTS]
            if own:
                before = [w for w in own if w < verb]  # `Two of them said Ann Lee, who ..., had left`: she says nothing
                subject = max(before or own)
                return subject if abs(subject - begin) <= _FAR and tags[subject] in _NAMED else None
            passive = any(relations[w] in ("nsubj:pass", "expl") for w in self._below.get(verb, ()))
            head, relation = heads[verb], relations[verb]
            if passive or head == verb or tags[verb] not in ("VERB", "AUX"):
                return None
            participle = words[verb].text.endswith("ing")
            if relation == "acl" and participle and tags[head] in _NAMED:
                return head if abs(head - begin) <= _FAR else None  # `footage of Ann Lee asking`, `one saying that`
            if not (relation == "conj" or (relation in ("advcl", "xcomp") and participle)):
                return None
            verb = head
        return None

    def _phrase(self, head: int, report: ReportRead) -> Range:
        """Return the phrase of a noun: what stands before it, itself, the rest of a name; of several, all of them."""
        start, end = self._ends.subtree(head)[0], self._name_end(head)
        for other in sorted(self._below.get(head, ())):
            if other >= end and self._reading.relations[other] == "conj" and self._reading.tags[other] in _NAMED:
                end = self._name_end(other)
        inside = [at for at in report.cue if start < at < end]
        if inside:
            start, end = (start, min(inside)) if head < min(inside) else (report.cue[1], end)
        return start, max(end, start + 1)

    def _name_end(self, head: int) -> int:
        end = head + 1
        while end < len(self._reading.words) and self._reading.relations[end] in _FLAT and (
            self._reading.heads[end] == head or head < self._reading.heads[end] < end
        ):  # fmt: skip
            end += 1
        return end
