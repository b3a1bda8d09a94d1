"""References: pronouns and descriptions -> the entities they stand for, where the reading is clear.

Each pronoun is weighed against the entities of the sentences before it: agreement decides who may be meant; what the
engine links it to, nearness, being a subject and being talked about decide who is. When two are equally good, or
somebody without a name is better, there is no answer.
"""

import math
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from operator import mul

from flows.enrich.antecedents import PRONOUNS, WEIGHTS, Antecedent, agrees, agrees_noun
from flows.enrich.descriptions import Descriptions, Link, described_words
from flows.enrich.lexicon import Lexicon
from flows.enrich.mentions import Names
from flows.enrich.page import Page
from flows.enrich.reading import Range
from flows.enrich.structure import Paragraph
from flows.gazetteer import Gazetteer
from schemas.dispatch import Span

_REFLEXIVE = frozenset(["himself", "herself", "itself", "themselves"])
_CORE = frozenset(["nsubj", "obj", "iobj", "obl"])
_REACH = {"he": 6, "she": 6, "it": 2, "they": 2}  # sentences looked back
_DEEP = 6  # heads that are climbed from a pronoun
_REMEMBERED = 40  # mentions looked back
_SURE = 0.77  # below, a pronoun is left alone


_CERTAIN_LINK = 0.9
_AHEAD = {"advcl": 2.0, "obl": 1.0}  # what speaks for a subject behind the pronoun: `Asked about his trip, Brandt ...`
_COLLECTIVE = ("s", "sh", "ch", "ese")  # ends of what may be a whole people
_CALLED = 0.8  # how sure it is that somebody is called by his people
_LIKELY = 0.5  # from which on a link is believed about who speaks in a quotation


def refer(
    page: Page, paragraphs: Sequence[Paragraph], names: Names, gazetteer: Gazetteer, lexicon: Lexicon, least: float
) -> None:
    """Add the pronouns and descriptions that stand for an entity to `names`."""
    for span, kind, key, confidence in Resolver(page, paragraphs, names, gazetteer, lexicon).references():
        if confidence >= least:
            names.references[span] = (key, confidence)
            names.entities[key].mentions.append((span, "pronoun" if kind else "nominal", confidence))


class Resolver:
    """Walks through a page once, word by word, and remembers the last mentions."""

    def __init__(
        self, page: Page, paragraphs: Sequence[Paragraph], names: Names, gazetteer: Gazetteer, lexicon: Lexicon
    ) -> None:
        self.page = page
        self.names = names
        self.lexicon = lexicon
        self.names_at = {page.words_of(span)[0]: (page.words_of(span), key) for span, key in names.spans}
        self.owner = {word: key for words, key in self.names_at.values() for word in range(*words)}
        described = described_words(page, self.names_at.values(), names, lexicon)
        self.stands_for = {**described, **self.owner}  # word -> entity: names, their titles, and what was resolved
        self._described_subjects = {(key, page.sentence_of(at)) for at, key in described.items() if page.is_subject(at)}
        self.descriptions = Descriptions(page, names, gazetteer, lexicon, described)
        self.recent: deque[Antecedent] = deque(maxlen=_REMEMBERED)
        self.quotes = [(q.outer_start, q.outer_end) for p in paragraphs for q in p.quoted]
        self._quote_at = 0
        bodies = [paragraph for paragraph in paragraphs if not paragraph.is_head]
        self._head_end = self._words_before(bodies[0].start if bodies and bodies[0] is not paragraphs[0] else 0)
        self._lead_end = self._words_before(bodies[0].end if bodies else 0)
        self._told = page.told_sentences(self.quotes)
        self._speakers = self._speakers_of_quotes()
        self._sources = sorted({r.source for r in page.reading.reports or () if r.source and r.confidence >= _LIKELY})
        self._subjects: dict[int, list[int]] = defaultdict(list)  # verb -> its subjects
        for at, head in enumerate(page.heads):
            if page.relation(at) == "nsubj":
                self._subjects[head].append(at)

    def _words_before(self, offset: int) -> int:
        return self.page.words_of((offset, len(self.page.text)))[0] if offset else 0

    def references(self) -> list[tuple[Span, str, str, float]]:
        """Return each reference: its span, its pronoun class (empty for a description), its entity, how sure."""
        found: list[tuple[Span, str, str, float]] = []
        page = self.page
        behind = 0
        for word, printed in enumerate(page.words):
            quote = self._quote_of(printed.start)
            if named := self.names_at.get(word):
                words, key = named
                self._remember(page.head_of(words), key, "", quote)
                self.descriptions.introduce(key)
                behind = words[1]
                if of_people := self._of_people(words, key, quote):
                    found.append(((page.words[words[0] - 1].start, page.words[words[1] - 1].end), "", *of_people))
                    self._remember(words[0], of_people[0], "", quote)
            if word < behind:
                continue
            lower = printed.text.lower()
            if kind := PRONOUNS.get(lower):
                if answer := self._pronoun(word, kind, lower, quote):
                    key, confidence = answer
                    found.append(((printed.start, printed.end), kind, key, confidence))
                    self.stands_for[word] = key
                    self._remember(word, key, kind, quote)
            elif word not in self.stands_for and page.tags[word] in ("NOUN", "PROPN", "NUM"):
                if described := self._described(word):
                    span, key, confidence = described
                    found.append((span, "", key, confidence))
                    self.stands_for[word] = key
                    self._remember(word, key, "", quote)
                elif lower in self.lexicon.nouns and page.relation(word) in _CORE:
                    self._remember(word, None, "", quote)
        return found

    def _of_people(self, words: Range, people: str, quote: int) -> tuple[str, float] | None:
        """Return who is called by the name of a people: `Lund was less sure. “It was the wind,” the Dane said.`.

        It is the one person that the paragraph has named so far, at its begin the one of the paragraph before, unless
        from another country. `The Dutch`, `the Chinese` may be a government.
        """
        page, last = self.page, words[1] - 1
        printed = page.words[last].text
        if self.names.entities[people].type != "group" or quote >= 0 or words[0] == 0 or printed.endswith(_COLLECTIVE):
            return None
        if page.words[words[0] - 1].text.lower() != "the" or page.relation(last) not in _CORE:
            return None
        here = page.reading.paragraph_of[last]
        for paragraph in (here, here - 1):
            named = [m for m in self.recent if page.reading.paragraph_of[m.word] == paragraph and m.quote < 0]
            named = [m for m in named if page.relations[m.word : m.word + 1] != ["nmod:poss"]]  # `Vance's rival, Lund,`
            keys = {m.key for m in named if m.key is None or self.names.entities[m.key].type == "person"}
            if keys:
                key = keys.pop()
                if keys or key is None or not any(m.subject for m in named if m.key == key):
                    return None
                country = self.names.entities[key].country
                return (key, _CALLED) if country in (None, self.names.entities[people].country) else None
        return None

    def _described(self, word: int) -> tuple[Span, str, float] | None:
        """Return the entity that the description headed by a word stands for: named before, or, in a lead, later."""
        if self.page.words[word].text.isdigit():
            return self.descriptions.aged(word)
        if word < self._lead_end and self.page.tags[word] in ("NOUN", "PROPN"):
            headline = word < self._head_end
            if found := self.descriptions.ahead(word, headline=headline):
                return found
        return self.descriptions.entity(word, self._link(word)) if self.page.tags[word] == "NOUN" else None

    # --- what is remembered ---

    def _remember(self, word: int, key: str | None, pronoun: str, quote: int) -> None:
        page = self.page
        here = page.sentence_of(word)
        subject = page.is_subject(word) or (key, here) in self._described_subjects
        self.recent.append(Antecedent(word, key, here, subject, pronoun, quote))

    def _quote_of(self, offset: int) -> int:
        while self._quote_at < len(self.quotes) and self.quotes[self._quote_at][1] <= offset:
            self._quote_at += 1
        at = self._quote_at
        return at if at < len(self.quotes) and self.quotes[at][0] <= offset else -1

    def _speakers_of_quotes(self) -> dict[int, str]:
        """Return who speaks in which quotation, where a name says it, or a pronoun linked to one."""
        speakers: dict[int, str] = {}
        starts = {start: number for number, (start, _) in enumerate(self.quotes)}
        for report in self.page.reading.reports or ():
            if report.source is None:
                continue
            source = reversed(range(*report.source))
            key = next((key for word in source if (key := self.owner.get(word) or self._linked(word))), None)
            if key is None:
                continue
            for first, _ in report.content:
                begin = self.page.words[first].start
                for offset in (begin, begin - 1, begin - 2):
                    if offset in starts:
                        speakers[starts[offset]] = key
        return speakers

    def _linked(self, word: int) -> str | None:
        """Return the entity of the name to which the engine links a pronoun."""
        to, sure = self.page.reading.links.get(word, (word, 0.0))
        return self.owner.get(to) if sure >= _LIKELY and self.page.words[word].text.lower() in PRONOUNS else None

    # --- pronouns ---

    def _link(self, word: int) -> Link:
        """Return what the engine links a word to, and how sure it is; None as the entity: something without a name."""
        link = self.page.reading.links.get(word)
        return (self.stands_for.get(link[0]), link[1]) if link else None

    def _pronoun(self, word: int, kind: str, lower: str, quote: int) -> tuple[str, float] | None:
        if kind == "who":
            return self._relative(word, lower)
        here = self.page.sentence_of(word)
        number = range(here + 1) if quote >= 0 else self._told
        last: dict[str | None, Antecedent] = {}  # the last mention of each candidate
        barred: set[str | None] = set()
        for mention in reversed(self.recent):
            if number[here] - number[mention.sentence] > _REACH[kind]:
                break
            if self._may_be(kind, quote, mention):
                last.setdefault(mention.key, mention)
            if mention.key and self._is_barred(word, lower, mention):
                barred.add(mention.key)
        link = self._link(word)
        sayers, spoke = self._sayers(word), self._spoke_before(word)
        scores = {
            key: self._score(
                kind,
                number[here] - number[mention.sentence],
                key,
                mention,
                link,
                says=not sayers.isdisjoint((mention.word, self._above(mention.word))),
                spoke=key is not None and key == spoke,
            )
            for key, mention in last.items()
            if key not in barred
        }
        if link and link[0] is None and link[1] >= 0.3:
            scores[None] = max(scores.get(None, -9.0), WEIGHTS.link * link[1] + WEIGHTS.nameless)
        if (ahead := self._ahead(word)) and agrees(kind, self.names.entities[ahead[0]]):
            key, score = ahead
            linked = link[1] if link and link[0] == key else 0.0
            scores[key] = max(
                scores.get(key, -9.0), score + WEIGHTS.link * linked + WEIGHTS.certain * (linked > _CERTAIN_LINK)
            )
        if self._is_of_nameless(word, last, scores):
            self.recent.append(Antecedent(word, None, here, True, kind, quote))  # still who the paragraph is about
            return None
        answer = self._best(kind, scores, link)
        if answer and quote < 0 and kind in ("he", "she") and answer[1] > 0.8:
            # The narrator knows; inside a quotation `he` may be anybody.
            found = self.names.entities[answer[0]]
            found.gender = found.gender or ("m" if kind == "he" else "f")
        return answer

    def _best(self, kind: str, scores: dict[str | None, float], link: Link) -> tuple[str, float] | None:
        """Return the best candidate and its share in all that may be meant; None if it is not clearly the best."""
        if kind in ("it", "they") and not (link and link[0] and link[1] >= 0.4):
            return None  # rain, a crowd, a couple: a name near by says nothing
        if not scores:
            return None
        best = max(scores, key=lambda key: scores[key])
        total = sum(math.exp(score - scores[best]) for score in scores.values()) + math.exp(-1.5 - scores[best])
        if best is None or 1 / total < _SURE:
            return None
        if kind in ("it", "they") and link and link[0] != best:
            return None
        return best, min(0.99, 1 / total)

    def _above(self, word: int) -> int:
        """Return the noun that a name explains: `his [father] Ahmed Lee`; the word itself elsewhere."""
        return self.page.heads[word] if self.page.relation(word) in ("appos", "flat") else word

    def _sayers(self, word: int) -> set[int]:
        """Return the subjects of the verbs of which the clause of a word is the complement: `[Brandt] said he ...`."""
        page = self.page
        subjects: set[int] = set()
        if page.relation(word) != "nsubj":
            return subjects
        for _ in range(_DEEP):
            head = page.heads[word]
            if page.relation(word) in ("ccomp", "advcl"):
                subjects.update(self._subjects[head])
            if head == word:
                break
            word = head
        return subjects

    def _is_of_nameless(self, word: int, last: dict[str | None, Antecedent], scores: dict[str | None, float]) -> bool:
        """Tell whether a paragraph is about somebody without a name: `The patient lost his hearing. He told ...`.

        Whoever was named in a paragraph before is not meant then.
        """
        nameless = last.get(None)
        if nameless is None or not nameless.subject or self.page.sentence_of(word) - nameless.sentence > 1:
            return False
        paragraphs = self.page.reading.paragraph_of
        told = nameless.pronoun or self.page.words[nameless.word - 1].text.lower() == "the"
        if paragraphs[nameless.word] != paragraphs[word] or not told:
            return False
        best = max((key for key in scores if key), key=lambda key: scores[key], default=None)
        return best is not None and paragraphs[last[best].word] != paragraphs[word]

    def _spoke_before(self, word: int) -> str | None:
        """Return who spoke last in the paragraph, if a pronoun is who speaks here."""
        at = bisect_left(self._sources, (word, word + 1))
        if at == 0 or at == len(self._sources) or self._sources[at] != (word, word + 1):
            return None
        paragraphs = self.page.reading.paragraph_of
        before = self._sources[at - 1]
        if paragraphs[before[0]] != paragraphs[word] or self.page.sentence_of(before[0]) == self.page.sentence_of(word):
            return None
        key = next((key for at in reversed(range(*before)) if (key := self.stands_for.get(at))), None)
        since = (m for m in self.recent if m.subject and m.quote < 0 and not m.pronoun and m.word >= before[1])
        return None if any(m.key != key for m in since) else key

    def _ahead(self, word: int) -> tuple[str, float] | None:
        """Return the person who is the subject behind an opening phrase in which a pronoun stands, and its score.

        `After a call to his mother, Brandt left`; a clause with a subject of its own says nothing.
        """
        page = self.page
        if not page.parsed or page.relation(word) == "nsubj":
            return None
        at = word
        for _ in range(_DEEP):
            head = page.heads[at]
            if head == at or any(subject < word for subject in self._subjects[head]):
                return None
            if page.relation(at) in _AHEAD and head > word:
                key = next((self.owner[subject] for subject in self._subjects[head] if subject in self.owner), None)
                if key and self.names.entities[key].type == "person":
                    return key, _AHEAD[page.relation(at)]
            at = head
        return None

    def _score(
        self, kind: str, apart: int, key: str | None, last: Antecedent, link: Link, *, says: bool, spoke: bool
    ) -> float:
        return float(sum(map(mul, WEIGHTS, (*self._features(kind, apart, key, last, link), says, spoke))))

    def _features(self, kind: str, apart: int, key: str | None, last: Antecedent, link: Link) -> tuple[float, ...]:
        """Return what speaks for a candidate with this last mention, in the order of `Weights`."""
        linked = link[1] if link and link[0] == key else 0.0
        return (
            apart,
            apart > 1,
            last.subject and apart <= 1,
            key is not None and kind in ("he", "she") and self.names.entities[key].gender is not None,
            last.pronoun == kind,
            key is None,
            linked,
            linked > _CERTAIN_LINK,
        )

    def _may_be(self, kind: str, quote: int, mention: Antecedent) -> bool:
        if mention.key is None and mention.pronoun:
            return mention.pronoun == kind
        if mention.key is None:
            return kind in ("he", "she") and agrees_noun(kind, self.page.words[mention.word].text.lower(), self.lexicon)
        if not agrees(kind, self.names.entities[mention.key]):
            return False
        return not (quote >= 0 and self._speakers.get(quote) == mention.key)  # who speaks does not call himself he

    def _is_barred(self, word: int, lower: str, mention: Antecedent) -> bool:
        """Grammar forbids some: in `Lavrov met him` and in `his lawyer John Smith`, the name is somebody else's."""
        page = self.page
        if not page.parsed or lower in _REFLEXIVE:
            return False
        head = page.heads[word]
        if page.relations[word] == "nmod:poss":
            return mention.word == head or (page.heads[mention.word] == head and page.relation(mention.word) in (
                "appos", "flat",
            ))  # fmt: skip
        return (
            page.heads[mention.word] == head and page.relation(mention.word) in _CORE and page.relation(word) in _CORE
        )

    def _relative(self, word: int, lower: str) -> tuple[str, float] | None:
        """`Blinken, who ...`: what its clause hangs on, the name before it, or what the engine links it to.

        A place between is passed over: `Ann Lee, a nurse in Geneva, who ...`.
        """
        types = ("place", "organization", "weapon", "event", "work") if lower == "which" else ("person",)
        page = self.page
        verb = word
        for _ in range(4):
            if page.relations[verb] == "acl:relcl" and page.heads[verb] < word:
                if key := self._named_above(page.heads[verb], types):
                    return key, 0.9
                break
            verb = page.heads[verb]
        before = word - 2 if word > 1 and page.words[word - 1].text == "," else word - 1
        if (key := self.owner.get(before)) and self.names.entities[key].type in types:
            return key, 0.8
        link = self._link(word)
        near = link and page.sentence_of(page.reading.links[word][0]) == page.sentence_of(word)
        if link and link[0] and near and link[1] > _CERTAIN_LINK and self.names.entities[link[0]].type in types:
            return link[0], 0.8
        return None

    def _named_above(self, noun: int, types: tuple[str, ...]) -> str | None:
        """Return the entity of these types for which a noun stands, or the noun that it describes or belongs to."""
        page = self.page
        for _ in range(3):
            key = self.stands_for.get(noun)
            if key and self.names.entities[key].type in types:
                return key
            if page.relation(noun) not in ("appos", "flat", "nmod") or page.heads[noun] > noun:
                return None
            if key is None and page.relation(noun) == "nmod" and page.words[noun].text.lower() in self.lexicon.nouns:
                return None  # `the aide to a senator who ...`: somebody without a name
            noun = page.heads[noun]
        return None
