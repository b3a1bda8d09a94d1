"""Contents: the words that a report is about, made whole clauses.

The analyzer marks reported words one by one and is least sure at their ends. Parse, sentences and marks know more:
content keeps to the sentence of its cue unless it stands in quotation marks, stops before its own attribution and
before another's, and does not break off inside a phrase.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from flows.enrich.evidence import accompanies, least_confidence, says_nothing
from flows.enrich.lexicon import Lexicon
from flows.enrich.phrase_ends import PhraseEnds
from flows.enrich.ranges import distance, inside_marks, overlap, without
from flows.enrich.reading import Range, Reading, ReportRead
from flows.enrich.sources import Sources
from flows.enrich.structure import Paragraph, Quoted
from schemas.dispatch import Span

_LINKS = frozenset([",", ";", ":", "-", "--", "—", "–"])
_STOPS = frozenset([".", "!", "?"])
_MODALS = frozenset(["would", "could", "might", "should", "will", "can", "may", "must"])
_ARTICLES = frozenset(["a", "an", "the"])
_BETWEEN_LISTED = _ARTICLES | {",", "and", "or", "but"}
_LEAD = 4  # words from a cue to its colon
_SHORT = 12  # words, at the most, that an attribution splits off a predicate
_REACH = 40  # words over which content is carried at the most


class Contents:
    """The reports of a reading that there is evidence for, and what bounds them."""

    def __init__(self, reading: Reading, quoted: Sequence[Quoted], lexicon: Lexicon) -> None:
        self.reading = reading
        self._lexicon = lexicon
        self._offsets = [word.start for word in reading.words]
        self._ends = PhraseEnds(reading)
        self._sources = Sources(reading, self._ends, lexicon)
        self._inside = inside_marks(reading, quoted)
        self.reports = sorted(
            (
                r
                for r in map(self._sources.settled, reading.reports or ())
                if r.content
                and not says_nothing(r, self._ends.top(r.cue), reading, lexicon)
                and not accompanies(r, reading, lexicon, self._inside)
                and r.confidence >= self._least_confidence(r)
            ),
            key=lambda report: report.cue,
        )
        self._cues = [report.cue[0] for report in self.reports]
        self._speech = sorted(reading.speech)
        begins = {begin for begin, _ in reading.sentences if not self._goes_on(begin)} | {0}
        begins.update(w + 1 for w, word in enumerate(reading.words) if word.text in _STOPS and not self._inside[w])
        self._starts = [*sorted(begins - {len(reading.words)}), len(reading.words)]

    def of(self, report: ReportRead) -> list[Range]:
        """Return the parts of the content of a report, in order; a part without words of its own is left out."""
        sentence = self.sentence(report.cue[0])
        attribution = self._attribution(report)
        parts = [piece for part in report.content for piece in without(part, attribution)]
        parts = [piece for part in parts if (piece := self._kept(part, sentence, parts))]
        parts = [part for part in parts if not self._is_led(part, report.cue)]
        parts = self._over_inner(parts, report)
        if len(parts) > 1:
            own = [part for part in parts if not self._is_of_another(part, report)]
            parts = own or [part for part in parts if overlap(part, sentence)] or parts
            parts = self._of_one_kind(parts, attribution, sentence)
        parts += self._before(attribution, sentence, parts)
        parts = [self._begin(part, report, attribution, sentence) for part in sorted(parts)]
        parts = [self._behind_that(self._behind_lead(part, report)) for part in parts]
        return [self._end(part, report.cue, attribution, sentence) for part in parts]

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
        beside = part[1] <= cue[0] and all(word.text in _LINKS for word in self.reading.words[part[1] : cue[0]])
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
            return self._behind_dateline(sentence[0], start), end
        if start == report.cue[1]:
            start = self._behind_listener(report.cue[0], self._behind_when(report.cue[0], part))
        elif report.cue[1] < start < sentence[1] and not any(report.cue[1] < e <= start for _, e in attribution):
            start = self._from_cue(report.cue, part)
        return start, end

    def _from_cue(self, cue: Range, part: Range) -> int:
        """Return where the clause begins that a cue governs: `said fraud | “would be a way to lose”`."""
        heads, relations = self.reading.heads, self.reading.relations
        start = part[0]
        if any(self._inside[cue[1] : start]):
            return start
        plain = self._is_plain(cue[1], start)
        top = self._ends.top(part)
        if (subject := self._own_subject(cue, start)) is not None:
            return subject
        governed = [
            w for w in range(cue[1], part[1]) if heads[w] == cue[0] and relations[w] in ("ccomp", "xcomp", "obj")
        ]
        for word in governed:
            begin, stop = self._ends.subtree(word)
            if begin < cue[1]:
                continue
            named = relations[word] == "obj" and stop == start and heads[top] == cue[0] and relations[top] != "ccomp"
            if begin < start and (stop > start or (plain and named and self.reading.words[start].text != "to")):
                return begin
        return start

    def _own_subject(self, cue: Range, start: int) -> int | None:
        """Return where the subject of a clause begins that the parse hangs on its cue: `She said | Lee, who ..., left`.

        The cue has a subject of its own before it then.
        """
        heads, relations = self.reading.heads, self.reading.relations
        if heads[start] < start or self.reading.tags[start] not in ("AUX", "VERB"):
            return None
        around = range(max(0, cue[0] - _SHORT), start)
        own = [w for w in around if relations[w] in ("nsubj", "obj") and cue[0] <= heads[w] < cue[1]]
        told = self.reading.words[cue[0]].text.lower() in self._lexicon.with_listener  # `told | Lee | had to wait`
        behind = [] if told else [w for w in own if w >= cue[1]]
        return self._ends.subtree(behind[0])[0] if behind and own[0] < cue[0] else None

    def _behind_that(self, part: Range) -> Range:
        """The `that` which introduces a clause is not reported."""
        start, end = part
        that = self.reading.words[start].text.lower() == "that" and self.reading.relations[start] == "mark"
        return (start + 1, end) if that and end - start > 1 else part

    def _behind_when(self, cue: int, part: Range) -> Range:
        """When or how it was said is no content: `said | later | he had been provoked`."""
        start, end = part
        said = self.reading.heads[start] == cue and self.reading.relations[start] in ("advmod", "obl:unmarked")
        stop = self._ends.subtree(start)[1]
        return (stop, end) if said and stop < end and not self._inside[start] else part

    def _behind_listener(self, cue: int, part: Range) -> int:
        if self.reading.words[cue].text.lower() not in self._lexicon.with_listener:
            return part[0]
        heads, relations = self.reading.heads, self.reading.relations
        told = [w for w in range(*part) if heads[w] == cue and relations[w] in ("obj", "iobj")]
        clause = next((w for w in range(*part) if heads[w] == cue and relations[w] == "ccomp"), None)
        if clause is None or not told or not part[0] < self._ends.subtree(clause)[0] < part[1]:
            return part[0]
        begin = self._ends.subtree(clause)[0]
        described = self.reading.words[begin].text.lower() == "as"  # `described the plan as “late”`: nobody is told
        return begin if self._ends.subtree(told[0])[1] <= begin and not described else part[0]

    def _behind_dateline(self, begin: int, start: int) -> int:
        """Return where a sentence begins behind a dateline: `LIMA, Peru -- The bridge is closed, the mayor said.`."""
        words = self.reading.words
        if words[begin].text.isupper() and len(words[begin].text) > 1:
            dash = next(
                (w for w in range(begin, min(start, begin + 15)) if words[w].text in ("--", "—", "–", "_")), None
            )
            return begin if dash is None else dash + 1
        return begin

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
        end = max(end, self._predicate_end(start, end, cue, sentence))
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
            end = self._clause_end(start, end, limit)
        return start, self._carried_on(start, end, limit, cue)

    def _predicate_end(self, start: int, end: int, cue: Range, sentence: Range) -> int:
        """Return where a clause ends of which a part holds but the subject: `insists its terms | be met |`."""
        top = self._ends.top((start, end))
        verb = self.reading.heads[top]
        governed = cue[0] <= self.reading.heads[verb] < cue[1] and self.reading.relations[verb] == "ccomp"
        if not (governed and end <= verb < sentence[1] and self.reading.relations[top].startswith("nsubj")):
            return end
        return min(self._ends.subtree(verb)[1], sentence[1])

    def _clause_end(self, start: int, end: int, limit: int) -> int:
        whole = self._ends.subtree(self._ends.top((start, end)))
        reach = min(max(end, whole[1]), limit)
        words = self.reading.words
        for word in range(end, reach):
            if words[word].text in _LINKS and not self._speaks(word + 1):
                reach = word
                break
        while reach > end and (words[reach - 1].text in _LINKS or self.reading.relations[reach - 1] in ("cc", "mark")):
            reach -= 1
        return max(end, reach)

    def _carried_on(self, start: int, end: int, limit: int, cue: Range) -> int:
        """Carry a clause on to what shares its subject: `it would cost jobs, | but would bring in $84 billion |`.

        A phrase with "of" goes on with the noun before it, also behind a quotation mark.
        """
        heads, relations = self.reading.heads, self.reading.relations
        for _ in range(4):
            end = self._through_clause(self._through_list(end, limit), limit)
            begin = end
            while begin < limit and (self.reading.words[begin].text == "," or relations[begin] == "cc"):
                begin += 1
            if begin >= limit:
                break
            top = begin
            while not (start <= heads[top] < end or cue[0] <= heads[top] < cue[1]) and heads[top] > top:
                top = heads[top]
            if start <= heads[top] < end:
                of = begin == end and relations[top] == "nmod" and self.reading.words[begin].text == "of"
                if not of and not (begin > end and self._shares_subject(top, begin)):
                    break
            elif not (begin > end and cue[0] <= heads[top] < cue[1] and self._is_more(top, begin, start, end)):
                break
            end = min(self._ends.subtree(top)[1], limit)
            while self.reading.words[end - 1].text in _LINKS or self.reading.words[end - 1].text in _STOPS:
                end -= 1
        return end

    def _through_list(self, end: int, limit: int) -> int:
        """Return where a list of quoted phrases ends: `called him a “liar,” a “bully” | and a “cheat” |`."""
        inside, words = self._inside, self.reading.words
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
        tags, relations = self.reading.tags, self.reading.relations
        first = end + (end < limit and self.reading.words[end].text == ",")
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
        if self.reading.relations[verb] == "conj" and self._inside[verb]:
            return True  # `called him a “bully” and a “liar”`
        return (
            self.reading.relations[verb] == "conj" and self.reading.tags[verb] in ("VERB", "AUX", "ADJ")
            and not self._has_subject(verb, begin)
            and self.reading.words[verb].text.lower() not in self._lexicon.cues
        )  # fmt: skip

    def _is_more(self, verb: int, begin: int, start: int, end: int) -> bool:
        """Tell whether a verb that the parse hangs on the cue goes on with the report.

        It does as a second clause (`but “nobody dares”`), and as a second predicate with a modal like the first
        (`said it would not come but would first review ...`), not as what the speaker would not say.
        """
        words, relations = self.reading.words, self.reading.relations
        if relations[verb] == "ccomp":
            return relations[begin - 1] == "cc"
        modal = words[begin].text.lower()
        return (
            self._shares_subject(verb, begin) and modal in _MODALS and words[verb].text not in self._lexicon.withheld
            and any(words[word].text.lower() in _MODALS for word in range(start, end))
        )  # fmt: skip

    def _has_subject(self, verb: int, begin: int) -> bool:
        heads, relations = self.reading.heads, self.reading.relations
        return any(
            heads[w] == verb and relations[w].startswith(("nsubj", "expl", "csubj"))
            for w in range(begin, verb + 4)
            if w < len(heads)
        )

    def _speaks(self, word: int) -> bool:
        at = bisect_right(self._speech, (word, len(self.reading.words))) - 1
        return at >= 0 and self._speech[at][0] <= word < self._speech[at][1]
