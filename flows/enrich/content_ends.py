"""Where reported words end: with their clause, a list of quoted phrases, or a second clause that shares the subject."""

from bisect import bisect_right
from collections.abc import Sequence

from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.reading import Range, Reading

LINKS = frozenset([",", ";", ":", "-", "--", "—", "–"])
STOPS = frozenset([".", "!", "?"])
_MODALS = frozenset(["would", "could", "might", "should", "will", "can", "may", "must"])
_ARTICLES = frozenset(["a", "an", "the"])
_BETWEEN_LISTED = _ARTICLES | {",", "and", "or", "but"}


class ContentEnds:
    """Finds the ends of what the reports of a reading are about."""

    def __init__(self, reading: Reading, phrases: PhraseEnds, inside: Sequence[bool], lexicon: Lexicon) -> None:
        """Take a reading, its phrases, and per word whether it stands in quotation marks."""
        self._reading = reading
        self._phrases = phrases
        self._inside = inside
        self._lexicon = lexicon
        self._speech = sorted(reading.speech)

    def predicate_end(self, start: int, end: int, cue: Range, sentence: Range) -> int:
        """Return where a clause ends of which a part holds but the subject: `insists its terms | be met |`."""
        top = self._phrases.top((start, end))
        verb = self._reading.heads[top]
        governed = cue[0] <= self._reading.heads[verb] < cue[1] and self._reading.relations[verb] == "ccomp"
        if not (governed and end <= verb < sentence[1] and self._reading.relations[top].startswith("nsubj")):
            return end
        return min(self._phrases.subtree(verb)[1], sentence[1])

    def clause_end(self, start: int, end: int, limit: int) -> int:
        """Return where the clause of a part ends: before a comma behind which nothing is taken for speech."""
        whole = self._phrases.subtree(self._phrases.top((start, end)))
        reach = min(max(end, whole[1]), limit)
        words = self._reading.words
        for word in range(end, reach):
            if words[word].text in LINKS and not self._speaks(word + 1):
                reach = word
                break
        while reach > end and (words[reach - 1].text in LINKS or self._reading.relations[reach - 1] in ("cc", "mark")):
            reach -= 1
        return max(end, reach)

    def carried_on(self, start: int, end: int, limit: int, cue: Range) -> int:
        """Carry a clause on to what shares its subject: `it would cost jobs, | but would bring in $84 billion |`.

        A phrase with "of" goes on with the noun before it, also behind a quotation mark.
        """
        heads, relations = self._reading.heads, self._reading.relations
        for _ in range(4):
            end = self._through_clause(self._through_list(end, limit), limit)
            begin = end
            while begin < limit and (self._reading.words[begin].text == "," or relations[begin] == "cc"):
                begin += 1
            if begin >= limit:
                break
            top = begin
            while not (start <= heads[top] < end or cue[0] <= heads[top] < cue[1]) and heads[top] > top:
                top = heads[top]
            if start <= heads[top] < end:
                of = begin == end and relations[top] == "nmod" and self._reading.words[begin].text == "of"
                if not of and not (begin > end and self._shares_subject(top, begin)):
                    break
            elif not (begin > end and cue[0] <= heads[top] < cue[1] and self._is_more(top, begin, start, end)):
                break
            end = min(self._phrases.subtree(top)[1], limit)
            while self._reading.words[end - 1].text in LINKS or self._reading.words[end - 1].text in STOPS:
                end -= 1
        return end

    def _through_list(self, end: int, limit: int) -> int:
        """Return where a list of quoted phrases ends: `called him a “liar,” a “bully” | and a “cheat” |`."""
        inside, words = self._inside, self._reading.words
        closes = 0 < end < len(inside) and inside[end - 1] and inside[end] and not any(inside[end + 1 : end + 2])
        begin = end + closes  # behind the mark
        if begin > 1 and inside[begin - 1] and not inside[begin - 2]:
            begin -= 1  # a content that breaks off behind an opening mark
        while begin > 0 and words[begin - 1].text.lower() in _ARTICLES:
            begin -= 1
        listed, at = begin > 0 and inside[begin - 1], begin
        while listed and at < limit and not inside[at] and words[at].text.lower() in _BETWEEN_LISTED:
            at += 1
        if not listed or at >= limit or not inside[at] or at == begin:
            return end
        while at < len(inside) and inside[at]:
            at += 1
        return self._through_list(at, max(at, limit))

    def _through_clause(self, end: int, limit: int) -> int:
        """Return where a second clause ends in words in marks: `she hopes to win, | but knows that “Lee is king” |`.

        It has no other subject (`but the crowd shouted “Boo”`) than, perhaps, a pronoun, and nobody else reports in it.
        """
        tags, relations = self._reading.tags, self._reading.relations
        first = end + (end < limit and self._reading.words[end].text == ",")
        if first >= limit or relations[first] != "cc":
            return end
        at = first
        while at < limit and not self._inside[at]:
            at += 1
        verb = any(tags[word] in ("VERB", "AUX") for word in range(first, at))
        other = any(relations[word].startswith("nsubj") and tags[word] != "PRON" for word in range(first, at))
        if at >= limit or not verb or other:
            return end
        while at < len(self._inside) and self._inside[at]:
            at += 1
        return at

    def _shares_subject(self, verb: int, begin: int) -> bool:
        """Tell whether a verb goes on with the subject of another; one that reports has the speaker for its subject."""
        if self._reading.relations[verb] == "conj" and self._inside[verb]:
            return True  # `called him a “bully” and a “liar”`
        return (
            self._reading.relations[verb] == "conj" and self._reading.tags[verb] in ("VERB", "AUX", "ADJ")
            and not self._has_subject(verb, begin)
            and self._reading.words[verb].text.lower() not in self._lexicon.cues
        )  # fmt: skip

    def _is_more(self, verb: int, begin: int, start: int, end: int) -> bool:
        """Tell whether a verb that the parse hangs on the cue goes on with the report.

        It does as a second clause (`but “nobody dares”`), and as a second predicate with a modal like the first
        (`said it would not come but would first review ...`), not as what the speaker would not say.
        """
        words, relations = self._reading.words, self._reading.relations
        if relations[verb] == "ccomp":
            return relations[begin - 1] == "cc"
        modal = words[begin].text.lower()
        return (
            self._shares_subject(verb, begin) and modal in _MODALS and words[verb].text not in self._lexicon.withheld
            and any(words[word].text.lower() in _MODALS for word in range(start, end))
        )  # fmt: skip

    def _has_subject(self, verb: int, begin: int) -> bool:
        heads, relations = self._reading.heads, self._reading.relations
        return any(
            heads[w] == verb and relations[w].startswith(("nsubj", "expl", "csubj"))
            for w in range(begin, verb + 4)
            if w < len(heads)
        )

    def _speaks(self, word: int) -> bool:
        at = bisect_right(self._speech, (word, len(self._reading.words))) - 1
        return at >= 0 and self._speech[at][0] <= word < self._speech[at][1]
