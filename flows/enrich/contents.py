"""Contents: the words that a report is about, made whole clauses.

The analyzer marks reported words one by one and is least sure at their ends. Parse, sentences and marks know more:
content keeps to the sentence of its cue unless it stands in quotation marks, stops before its own attribution and
before another's, and does not break off inside a phrase.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from flows.enrich.content_begins import ContentBegins
from flows.enrich.content_ends import LINKS, STOPS, ContentEnds
from flows.enrich.evidence import accompanies, least_confidence, says_nothing
from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.ranges import distance, inside_marks, overlap, without
from flows.enrich.reading import Range, Reading, ReportRead
from flows.enrich.sources import Sources
from flows.enrich.structure import Paragraph, Quoted
from schemas.dispatch import Span

_LEAD = 4  # words from a cue to its colon
_CLAUSE, _COMPLETED = 4, 0.6  # words of a clause at the least; how sure a report is that is completed
_REST = 5  # words, at the most, by which a part falls short of a mark
_SHORT = 12  # words, at the most, that an attribution splits off a predicate
_REACH = 40  # words over which content is carried at the most


class Contents:
    """The reports of a reading that there is evidence for, and what bounds them."""

    def __init__(self, reading: Reading, quoted: Sequence[Quoted], lexicon: Lexicon) -> None:
        self.reading = reading
        self._lexicon = lexicon
        self._offsets = [word.start for word in reading.words]
        self._sentence_begins = [begin for begin, _ in reading.sentences]
        self._ends = PhraseEnds(reading)
        self._sources = Sources(reading, self._ends, lexicon)
        self._inside = inside_marks(reading, quoted)
        self._begins = ContentBegins(reading, self._ends, self._inside, lexicon)
        self._content_ends = ContentEnds(reading, self._ends, self._inside, lexicon)
        self.reports = sorted(
            (
                r
                for r in map(self._completed, map(self._sources.settled, reading.reports or ()))
                if r.content
                and not says_nothing(r, self._ends.top(r.cue), reading, lexicon)
                and not accompanies(r, reading, lexicon, self._inside)
                and r.confidence >= self._least_confidence(r)
            ),
            key=lambda report: report.cue,
        )
        self._cues = [report.cue[0] for report in self.reports]
        begins = {begin for begin, _ in reading.sentences if not self._goes_on(begin)} | {0}
        begins.update(w + 1 for w, word in enumerate(reading.words) if word.text in STOPS and not self._inside[w])
        self._starts = [*sorted(begins - {len(reading.words)}), len(reading.words)]

    def _completed(self, report: ReportRead) -> ReportRead:
        """Return a report whose attribution opens its sentence with the rest of it, where the analyzer saw no content.

        `According to the coach, Ali Rahimi, | in their first match the robot scored |.`; `As Lee told the Herald, | the
        ozone has dropped |.`, where it saw but pieces.
        """
        words, source = self.reading.words, report.source
        if source is None:
            return report
        at = bisect_right(self._sentence_begins, report.cue[0]) - 1
        if at < 0:
            return report
        begin, end = self.reading.sentences[at]
        opening = words[begin].text.lower()
        if opening == "according" and begin == report.cue[0] and not report.content:
            start = source[1]
        elif opening == "as" and source[0] == begin + 1 and len(report.content) > 0 and (
            report.confidence < self._least_confidence(report)
        ):  # fmt: skip
            start = next(
                (w for w in range(report.cue[1], min(report.cue[1] + _SHORT, end)) if words[w].text == ","), end
            )
        else:
            return report
        while end > start and words[end - 1].text in STOPS:
            end -= 1
        if end - start < _CLAUSE or words[start].text != ",":
            return report
        return replace(report, content=((start + 1, end),), confidence=_COMPLETED)

    def of(self, report: ReportRead) -> list[Range]:
        """Return the parts of the content of a report, in order; a part without words of its own is left out."""
        sentence = self.sentence(report.cue[0])
        attribution = self._attribution(report)
        parts = [piece for part in report.content for piece in without(part, attribution)]
        parts = [piece for part in parts if (piece := self._kept(part, sentence, parts))]
        parts = [self._to_mark(part) for part in parts if not self._is_led(part, report.cue)]
        parts = self._behind_that_clause(parts, report)
        parts = self._over_inner(self._without_clause_before(parts, report), report)
        if len(parts) > 1:
            own = [part for part in parts if not self._is_of_another(part, report)]
            parts = own or [part for part in parts if overlap(part, sentence)] or parts
            parts = self._of_one_kind(parts, attribution, sentence)
        parts += self._before(attribution, sentence, parts)
        parts = [self._begin(part, report, attribution, sentence) for part in sorted(parts)]
        parts = [self._begins.behind_that(self._behind_lead(part, report)) for part in parts]
        return [self._end(part, report.cue, attribution, sentence) for part in parts]

    def _to_mark(self, part: Range) -> Range:
        """Carry a part that breaks off within a short phrase in marks to the end of it: `he would “think | it”`."""
        start, end = part
        stop = end
        while end > start and stop < len(self._inside) and self._inside[end - 1] and self._inside[stop]:
            stop += 1
        return (start, stop) if stop - end <= _REST else part

    def _behind_that_clause(self, parts: list[Range], report: ReportRead) -> list[Range]:
        """Leave out what stands before an attribution that goes on with `that`: `The test over, Lee said that ...`."""
        behind = report.cue[1]
        if behind >= len(self.reading.words) or self.reading.words[behind].text.lower() != "that":
            return parts
        kept = [part for part in parts if part[1] > behind or any(self._inside[part[0] : part[1]])]
        return kept if any(part[0] in (behind, behind + 1) for part in parts) else parts

    def _without_clause_before(self, parts: list[Range], report: ReportRead) -> list[Range]:
        """Leave out a clause before an attribution whose own object stands behind it.

        `Steelmaker to cut 1,200 jobs, union vows | strike |`
        """
        heads, verb = self.reading.heads, self._ends.top(report.cue)
        behind = [part for part in parts if part[0] == report.cue[1] and heads[self._ends.top(part)] == verb]
        if len(parts) < 2 or not behind or self.reading.relations[self._ends.top(behind[0])] not in ("obj", "xcomp"):
            return parts
        start, end = behind[0]

        def is_tied(part: Range) -> bool:
            return any(start <= heads[word] < end for word in range(*part)) or any(self._inside[part[0] : part[1]])

        return [part for part in parts if part[1] > report.cue[0] or is_tied(part)]

    def _over_inner(self, parts: list[Range], report: ReportRead) -> list[Range]:
        """Join parts that are the source and the content of a report inside this one.

        `| The ministry | said | three men had died |, Interfax reported.`
        """
        joined: list[Range] = []
        for part in parts:
            inner = self._cued(joined[-1][1], part[0]) if joined else []
            if len(inner) == 1 and inner[0] is not report and self._is_inner(inner[0], joined[-1], part):
                joined[-1] = joined[-1][0], part[1]
            else:
                joined.append(part)
        return joined

    def _is_led(self, part: Range, cue: Range) -> bool:
        """Tell whether words are who speaks, before a cue and its colon: `Her husband put it so: the sea ...`."""
        beside = part[1] <= cue[0] and all(word.text in LINKS for word in self.reading.words[part[1] : cue[0]])
        return beside and self._colon(cue) is not None and not any(self._inside[part[0] : part[1]])

    def _behind_lead(self, part: Range, report: ReportRead) -> Range:
        """Leave out a cue and a colon at the begin: `He put it differently: | the sea was calm |, he said.`."""
        for other in self._cued(*part):
            colon = self._colon(other.cue)
            if other is not report and colon is not None and colon < part[1] - 1 and not self._inside[other.cue[0]]:
                return colon + 1, part[1]
        return part

    def _colon(self, cue: Range) -> int | None:
        """Return where the colon stands to which a cue leads."""
        near = range(cue[1], min(cue[1] + _LEAD, len(self.reading.words)))
        return next((word for word in near if self.reading.words[word].text == ":"), None)

    @staticmethod
    def _is_inner(inner: ReportRead, source: Range, content: Range) -> bool:
        """Tell whether one part is all of a report's source, and the other its content."""
        return (
            inner.source is not None
            and overlap(inner.source, source)
            and source[1] - source[0] <= inner.source[1] - inner.source[0] + 1
            and any(overlap(content, own) for own in inner.content)
        )

    def _least_confidence(self, report: ReportRead) -> float:
        return least_confidence(report, report.content, self.reading, self._lexicon, self._inside)

    def source(self, report: ReportRead) -> Range | None:
        """Return the words that name the source of a report."""
        return self._sources.of(report)

    def lead(self, text: str, paragraph: Paragraph) -> tuple[Span, Span | None] | None:
        """Return cue and source at the end of a paragraph that leads to a quotation: `The mayor wrote to her staff:`.

        The cue is the last verb known to report; without one, nothing leads.
        """
        if text[paragraph.end - 1] not in ":," or paragraph.is_head:
            return None
        last = bisect_left(self._offsets, paragraph.end) - 1
        return self._led(last, max(self.sentence(last)[0], last - _REACH))

    def lead_of(self, part: Quoted) -> tuple[Span, Span | None] | None:
        """Return cue and source right before a quotation, a comma or colon between: `the crowd chanting, “Out!”`."""
        at = bisect_left(self._offsets, part.outer_start) - 1
        if at < 1 or self.reading.words[at].text not in (",", ":"):
            return None
        led = self._led(at - 1, at - 2)
        return (led[0], led[1] if led[1] and led[1][1] <= led[0][0] else None) if led else None

    def _led(self, last: int, first: int) -> tuple[Span, Span | None] | None:
        """Return the last verb known to report among words, and its source."""
        words = self.reading.words
        for word in range(last, first - 1, -1):
            known = self._lexicon.cues.get(words[word].text.lower())
            if known and self.reading.tags[word] == "VERB" and not self._inside[word]:
                source = self._sources.of(ReportRead((word, word + 1), None, (), 1.0))
                span = (words[source[0]].start, words[source[1] - 1].end) if source else None
                return (words[word].start, words[word].end), span
        return None

    def sentence(self, word: int) -> Range:
        """Return the sentence in which a word stands; a full stop outside of marks ends it in any case."""
        return self._starts[(at := bisect_right(self._starts, word) - 1)], self._starts[at + 1]

    def is_quoted(self, word: int) -> bool:
        """Tell whether a word stands in quotation marks."""
        return self._inside[word]

    def _goes_on(self, word: int) -> bool:
        """Tell whether a word stands behind a comma, where no sentence begins: `“It is over,” | Ann Lee said`."""
        before = [at.text for at in self.reading.words[max(0, word - 2) : word]]
        same = word > 1 and self.reading.paragraph_of[word - 2] == self.reading.paragraph_of[word]
        return same and (before[1] == "," or (before[0] == "," and self._inside[word - 1]))

    def _attribution(self, report: ReportRead) -> list[Range]:
        """Return cue and source, the source with what hangs on it: `the harbor master, Ann Lee of the port guild`."""
        ranges = [report.cue]
        if report.source:
            whole = self._ends.subtree(self._ends.top(report.source))
            swallowed = all(whole[0] <= part[0] and part[1] <= whole[1] for part in report.content)
            whole = report.source if swallowed or overlap(whole, report.cue) else whole
            if report.cue[1] <= report.source[0]:  # `According to the coach, Ali Lee, | in their first match ... |`
                told = [s for s, _ in report.content if s > report.source[1] and self.reading.words[s - 1].text == ","]
                whole = whole[0], min([whole[1], *told])
            ranges.append((min(whole[0], report.source[0]), max(whole[1], report.source[1])))
        return sorted(ranges)

    def _kept(self, part: Range, sentence: Range, parts: Sequence[Range]) -> Range | None:
        """Return what of a part may belong to a cue: words of another sentence must stand in marks, and close by."""
        start, end = part
        if not any(overlap(sentence, other) for other in parts):
            return (
                part  # `..., he said. The rest would follow.`: where nothing else is reported, the analyzer is believed
            )
        paragraphs = self.reading.paragraph_of
        if paragraphs[start] != paragraphs[sentence[0]]:
            return None  # a quotation re-opened in the next paragraph is joined by its marks
        while start < end and start < sentence[0] and not self._inside[start]:
            start += 1
        while start < end and end > sentence[1] and not self._inside[end - 1]:
            end -= 1
        return (start, end) if start < end else None

    def _of_one_kind(self, parts: list[Range], attribution: Sequence[Range], sentence: Range) -> list[Range]:
        """Leave out what stands beside a quotation, or beside reported words, and is none of it.

        `“Here he is,” she said, and soon the balloons dropped.` A quoted sentence behind a sentence without marks is a
        quotation of its own: `She had seen it, she said. “I do not appear.”`
        """
        own = [part for part in parts if overlap(part, sentence)]
        whole = [part for part in own if all(self._inside[part[0] : part[1]])]
        if own and not whole:
            return own
        first = attribution[0][0]
        if any(end <= first and end - start > 3 for start, end in whole):
            return [part for part in parts if part[1] <= first or any(self._inside[part[0] : part[1]])]
        return parts

    def _is_of_another(self, part: Range, report: ReportRead) -> bool:
        """Tell whether another cue reports a part as well: in its sentence, and nearer to it, or in between.

        `“We wait,” Lee said. “Not long,” she added. “A day.”`: the day is what she added.
        """
        there = self.sentence(part[0])[0], self.sentence(part[1] - 1)[1]
        near = distance(report.cue, part) if there[0] <= report.cue[0] < there[1] else len(self._inside)
        behind = self.sentence(report.cue[0])[1]
        between = [other for other in self._cued(behind, part[0]) if not self._inside[other.cue[0]]]
        return any(
            other is not report and not part[0] <= other.cue[0] < part[1]
            and (distance(other.cue, part) < near or other in between)
            and any(overlap(part, own) for own in other.content)
            and not any(own[0] <= report.cue[0] < own[1] for own in other.content)
            for other in (*self._cued(*there), *between)
        )  # fmt: skip

    def _cued(self, start: int, end: int) -> list[ReportRead]:
        return self.reports[bisect_left(self._cues, start) : bisect_left(self._cues, end)]

    def _begin(self, part: Range, report: ReportRead, attribution: Sequence[Range], sentence: Range) -> Range:
        """Begin a part where its clause does.

        Words right before their attribution begin with their sentence (`But the talks, if any, failed, he said.`);
        behind a cue, the one who is told is not reported (`told the House that ...`).
        """
        start, end = part
        first = attribution[0][0]
        if sentence[0] < start and end <= first <= end + 1 and self._leads_to(sentence[0], part):
            return self._begins.behind_dateline(sentence[0], start), end
        if start == report.cue[1]:
            start = self._begins.behind_listener(report.cue[0], self._begins.behind_when(report.cue[0], part))
        elif report.cue[1] < start < sentence[1] and not any(report.cue[1] < e <= start for _, e in attribution):
            start = self._begins.from_cue(report.cue, part, plain=self._is_plain(report.cue[1], start))
        return start, end

    def _before(self, attribution: Sequence[Range], sentence: Range, parts: Sequence[Range]) -> list[Range]:
        """Return the first half of what an attribution amid it splits, as in `The museum, he said, would open`."""
        start, end = attribution[0][0], attribution[-1][1]
        texts = [word.text for word in self.reading.words[start - 1 : end + 1]]
        if start - 1 <= sentence[0] or texts[0] != "," or texts[-1] != ",":
            return []
        behind = [part for part in parts if end <= part[0] < sentence[1]]
        if not behind or any(sentence[0] <= s < start for s, _ in parts):
            return []
        heads = self.reading.heads
        hung = [w for w in range(sentence[0], start - 1) if any(s <= heads[w] < e for s, e in behind)]
        begin = min((self._ends.subtree(w)[0] for w in hung), default=start)
        predicate = self.reading.tags[start - 2] == "AUX"  # `He was, his lawyer said, “a broken man”`
        if predicate and start - 2 - sentence[0] < _SHORT:
            begin = sentence[0]
        elif self._inside[behind[0][0]] or (begin < start and self.reading.tags[begin] == "PRON"):
            return []
        if begin >= start - 1 or not self._is_plain(begin, start - 1):
            return []
        return [(begin, start - 1)]

    def _is_plain(self, start: int, end: int) -> bool:
        """Tell whether nothing in a stretch is in quotation marks or reported by another cue."""
        return not any(self._inside[start:end]) and not self._cued(start, end)

    def _leads_to(self, start: int, part: Range) -> bool:
        """Tell whether what stands before a part is reported with it: nothing else, or who else reports it.

        `The ministry said | three men had died |, Interfax reported.`
        """
        if self._is_plain(start, part[0]):
            return True
        inner = self._cued(start, part[0])
        return not any(self._inside[start : part[0]]) and all(
            any(overlap(part, own) for own in other.content) for other in inner
        )

    def _end(self, part: Range, cue: Range, attribution: Sequence[Range], sentence: Range) -> Range:
        """Carry a part to the end of its clause, up to an attribution or to what the analyzer takes for no speech."""
        start, end = self._ends.content(part)
        end = max(end, self._content_ends.predicate_end(start, end, cue, sentence))
        if any(part[1] <= at < end for at, _ in attribution):
            end = part[1]
        if not start < end or end >= sentence[1]:
            return start, end
        barred = [at for at, _ in attribution]
        for other in self._cued(end, min(sentence[1], end + _REACH)):
            if other.cue != cue:
                own = [other.source] if other.source else []
                barred += [other.cue[0], *(at for at, _ in (*own, *other.content))]
        limit = min([sentence[1], end + _REACH, *(at for at in barred if at >= end)])
        if not self._inside[end - 1]:
            end = self._content_ends.clause_end(start, end, limit)
        return start, self._content_ends.carried_on(start, end, limit, cue)
