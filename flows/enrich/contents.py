"""Contents: the words that a report is about, made whole clauses.

The analyzer marks reported words one by one and is least sure at their ends. Parse, sentences and marks know more:
content keeps to the sentence of its cue unless it stands in quotation marks, stops before its own attribution and
before another's, and does not break off inside a phrase.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.reading import Range, Reading, ReportRead
from flows.enrich.structure import Quoted

_LINKS = frozenset([",", ";", ":", "-", "--", "—", "–"])
_REACH = 40  # words over which content is carried at the most


class Contents:
    """The reports of a reading and what bounds them."""

    def __init__(self, reading: Reading, quoted: Sequence[Quoted]) -> None:
        self._reading = reading
        self._ends = PhraseEnds(reading)
        self._inside = _inside(reading, quoted)
        self._reports = sorted(reading.reports or (), key=lambda report: report.cue)
        self._cues = [report.cue[0] for report in self._reports]
        self._speech = sorted(reading.speech)

    def of(self, report: ReportRead) -> list[Range]:
        """Return the parts of the content of a report, in order; a part without words of its own is left out."""
        sentence = self.sentence(report.cue[0])
        parts = [piece for part in report.content for piece in _without(part, _attribution(report))]
        parts = [piece for part in parts if (piece := self._kept(part, sentence, parts))]
        parts = [part for part in parts if not self._is_of_another(part, report, sentence)]
        parts += self._before(report, sentence, parts)
        return [self._end(self._begin(part, report, sentence), report, sentence) for part in sorted(parts)]

    def source(self, words: Range) -> Range:
        """Return the words that name a source, made a whole phrase."""
        return self._ends.source(words)

    def sentence(self, word: int) -> Range:
        """Return the sentence in which a word stands."""
        sentences = self._reading.sentences
        return sentences[max(0, bisect_right(sentences, (word, len(self._reading.words) + 1)) - 1)]

    def _kept(self, part: Range, sentence: Range, parts: Sequence[Range]) -> Range | None:
        """Return what of a part may belong to a cue: words of another sentence must stand in quotation marks."""
        start, end = part
        if not any(sentence[0] < e and s < sentence[1] for s, e in parts):
            return part  # `..., he said. The rest would follow.`: where nothing else is reported, the analyzer is believed
        while start < end and start < sentence[0] and not self._inside[start]:
            start += 1
        while start < end and end > sentence[1] and not self._inside[end - 1]:
            end -= 1
        return (start, end) if start < end else None

    def _is_of_another(self, part: Range, report: ReportRead, sentence: Range) -> bool:
        """Tell whether a part in another sentence is what a cue in that sentence reports."""
        if sentence[0] < part[1] and part[0] < sentence[1]:
            return False
        there = self.sentence(part[0])[0], self.sentence(part[1] - 1)[1]
        for other in self._cued(*there):
            if other is not report and any(s < part[1] and part[0] < e for s, e in other.content):
                return True
        return False

    def _cued(self, start: int, end: int) -> list[ReportRead]:
        return self._reports[bisect_left(self._cues, start) : bisect_left(self._cues, end)]

    def _begin(self, part: Range, report: ReportRead, sentence: Range) -> Range:
        """Words said right before their attribution begin with their sentence: `But the talks, if any, failed, he said.`"""
        start, end = part
        attribution = min(at for at, _ in _attribution(report))
        if sentence[0] < start and end <= attribution <= end + 1 and self._is_plain(sentence[0], start):
            return sentence[0], end
        return part

    def _before(self, report: ReportRead, sentence: Range, parts: Sequence[Range]) -> list[Range]:
        """Return the first half of what an attribution between commas splits: `The museum, he said, would open.`"""
        attribution = _attribution(report)
        start, end = attribution[0][0], attribution[-1][1]
        texts = [word.text for word in self._reading.words[start - 1 : end + 1]]
        if start - 1 <= sentence[0] or texts[0] != "," or texts[-1] != "," or not self._is_plain(sentence[0], start - 1):
            return []
        behind = any(end <= s < sentence[1] and not self._inside[s] for s, _ in parts)
        before = any(sentence[0] <= s < start for s, _ in parts)
        return [(sentence[0], start - 1)] if behind and not before else []

    def _is_plain(self, start: int, end: int) -> bool:
        """Tell whether nothing in a stretch is in quotation marks or reported by another cue."""
        return not any(self._inside[start:end]) and not self._cued(start, end)

    def _end(self, part: Range, report: ReportRead, sentence: Range) -> Range:
        """Carry a part to the end of its clause, up to an attribution or to what the analyzer takes for no speech."""
        start, end = self._ends.content(part)
        if not start < end or self._inside[end - 1] or end >= sentence[1]:
            return start, end
        reach = min(self._ends.clause((start, end))[1], sentence[1], end + _REACH)
        barred = [report.cue[0], *([report.source[0]] if report.source else [])]
        for other in self._cued(end, reach):
            barred += [other.cue[0], *([other.source[0]] if other.source else [])]
        reach = min([reach, *(at for at in barred if at >= end)])
        words = self._reading.words
        for word in range(end, reach):
            if words[word].text in _LINKS and not self._speaks(word + 1):
                reach = word
                break
        while reach > end and (words[reach - 1].text in _LINKS or self._reading.relations[reach - 1] in ("cc", "mark")):
            reach -= 1
        return start, max(end, reach)

    def _speaks(self, word: int) -> bool:
        at = bisect_right(self._speech, (word, len(self._reading.words))) - 1
        return at >= 0 and self._speech[at][0] <= word < self._speech[at][1]


def _attribution(report: ReportRead) -> list[Range]:
    return sorted([report.cue, *([report.source] if report.source else [])])


def _without(part: Range, taken: Sequence[Range]) -> list[Range]:
    """Return the pieces of a part beside the words of its attribution."""
    pieces: list[Range] = []
    start, end = part
    for begin, stop in taken:
        if begin < end and start < stop:
            if begin - start > 1:
                pieces.append((start, begin))
            start = max(start, stop)
    if start < end and (start == part[0] or end - start > 1):
        pieces.append((start, end))
    return pieces


def _inside(reading: Reading, quoted: Sequence[Quoted]) -> list[bool]:
    """Return, per word, whether it stands in quotation marks (the marks with it)."""
    inside = [False] * len(reading.words)
    at = 0
    for part in quoted:
        while at < len(inside) and reading.words[at].start < part.outer_start:
            at += 1
        while at < len(inside) and reading.words[at].start < part.outer_end:
            inside[at] = True
            at += 1
    return inside
