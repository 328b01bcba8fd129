"""Scoring: every sentence of the passages found for a question, by the signs that speak for it."""

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import zip_longest
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import (
    Fact,
    GlossaryEntry,
    Kind,
    Passage,
    Period,
    Quantity,
    Sentence,
    Statistic,
    TableRow,
    find_periods,
    find_quantities,
    find_regions,
    load_glossary,
    main_periods,
    numbers_lost,
    parse_month,
    quotable,
    sentences,
)
from index import SAME, Index, Likeness, Term
from qa.contract import Language
from qa.kinds import asked_kinds, asks_rank
from qa.language import language_of
from qa.lookup import Lookup
from qa.question import Question, asks_for_list
from qa.signs import (
    DEFINES,
    Signs,
    closeness,
    coverage,
    digits_of,
    digits_sign,
    fits_measure,
    heading,
    measures,
    names_any,
    row_sign,
    speaks_of,
    unit_sign,
)

MODEL = Path(__file__).parent / "scoring.json"
_PASSAGES = 36
_STATED = 12
_ASKED = 12
_KEPT = 8
_OF_THE_TIME = 12
_TELLING = 0.5
_PEOPLE = re.compile("网民|群体|人员|地区|及以上|及以下|$")
_YEARS_BACK = 60
_SHORT = 2
_LONG = 400
_TERMS = 0.8
_NEAR, _FAR = 12, 60
_CLAUSE = re.compile(r"[;:]|,(?!\d)|\b(?:and|while|whereas|but)\b")

Vectors = NDArray[np.float32]
Dated = tuple[tuple[Period, ...], Sentence | None]
Place = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with how well it fits, what speaks for it, and the periods it speaks of.

    ``dated_by`` is the earlier sentence of its passage that names its period,
    where it names none itself; ``read`` what the reader says of it, if it has read it.
    """

    sentence: Sentence
    score: float
    periods: tuple[Period, ...]
    dated_by: Sentence | None = None
    signs: Signs | None = None
    read: float | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """A question with all that is needed of it to score sentences."""

    question: Question
    terms: tuple[Term, ...]
    vector: Vectors
    known: Likeness
    named: frozenset[GlossaryEntry]
    ranks: Mapping[Passage, tuple[float, float]]
    stated: Mapping[Place, float]
    digits: frozenset[str]


class Scorer:
    """Scores sentences for questions; what it needs of the index it prepares once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._glossary = load_glossary()
        self._lost = {report.id for report in index.reports if numbers_lost(report)}
        self._until = {report.id: parse_month(report.data_until) for report in index.reports}
        self._editions = {report.id: report.edition for report in index.reports}
        self._newest = max((period.last for period in self._until.values()), default=0)
        self.weights = load_weights()
        self._known: dict[str, Vectors] = {}
        self._entries: dict[str, frozenset[GlossaryEntry]] = {}
        self._labels: dict[tuple[str, int, int, str, int], str] = {}
        self.lookup = Lookup(index.statistics, self._glossary, self._editions)
        self._kept = lru_cache(maxsize=_KEPT)(self._compared)

    def rank(
        self, question: Question, reports: Collection[str] | None = None
    ) -> tuple[Scored, ...]:
        """Give all sentences of the passages found for a question, best first."""
        hearing, passages = self.hear(question, reports)
        weights = self.weights
        scored = [
            Scored(
                one,
                sum(weights[name] * value for name, value in signs.numbers().items()),
                *dated,
                signs,
            )
            for one, dated, signs in self._weighed(hearing, passages)
        ]
        return tuple(sorted(scored, key=_best_first))

    def terms(self, question: Question) -> tuple[Term, ...]:
        """A question's terms."""
        return self.terms_of(question.topic)

    def terms_of(self, text: str) -> tuple[Term, ...]:
        """A text's terms."""
        return self._index.thesaurus.terms(text)

    def metrics(self, question: Question) -> tuple[Term, ...]:
        """The glossary's terms that say what a question is about.

        They are neither places nor measures (占比, 同比), nor that a rank is asked, nor so much
        more common than another that they say little beside it: 网民 of 点外卖的网民.
        """
        named = [
            one
            for one in self.terms(question)
            if one.kind not in ("", "place", "measure") and not asks_rank(one.word)
        ]
        rarest = max((one.weight for one in named), default=0.0)
        return tuple(one for one in named if one.weight >= rarest * _TELLING)

    def names(self, one: Sentence, terms: Sequence[Term]) -> bool:
        """Whether a sentence under its headings, in either language, names all of some terms.

        A table's row also stands under the names of its columns, which may name a term between
        them: 网页 over 静态 and 动态. Who says or does something (国家网信办) may be named by
        another sentence of the passage.
        """
        columns = one.table.columns if isinstance(one, TableRow) else ()
        heads = " ".join((heading(one.passage), *(column.name for column in columns)))
        text = f"{heads} {one.text} {self.english(one)}".lower()
        return all(
            closeness(term, text) > 0
            or (bool(columns) and _is_spelled(term, heads))
            or (term.kind == "body" and closeness(term, one.passage.text.lower()) > 0)
            for term in terms
        )

    def groups(self, question: Question) -> tuple[Term, ...]:
        """The groups of people that a question asks about: 农村网民, 60岁及以上."""
        return tuple(one for one in self.terms(question) if one.kind == "group")

    def is_of(self, one: Sentence, groups: Sequence[Term]) -> bool:
        """Whether a sentence under its headings names one of some groups, if only by its stem.

        农村地区在线教育使用率 is of 农村网民.
        """
        text = f"{heading(one.passage)} {one.text}"
        columns = one.table.columns if isinstance(one, TableRow) else ()
        text += "".join(column.name for column in columns)
        return any(
            self.names(one, [group]) or _PEOPLE.sub("", group.word) in text for group in groups
        )

    def labels(self, one: Sentence, terms: Sequence[Term]) -> bool:
        """Whether a sentence is a table's row whose label, in either language, names some term."""
        if not isinstance(one, TableRow):
            return False
        label = f"{one.row.label} {self.english(one)}".lower()
        return any(closeness(term, label) > 0 for term in terms)

    def likeness(self, text: str) -> Callable[[Fact], float]:
        """How like a text a fact's metric is: a cosine, and the glossary's terms in common."""
        vector = self._index.encoder.encode([text])[0]
        language = language_of(text)
        named = self.entries(text)

        def like(fact: Fact) -> float:
            common = _common(named, self.entries(fact.metric))
            return self.closest(fact, vector, language) + _TERMS * common

        return like

    def cosines(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """How like a text some texts of the reports are, each a cosine."""
        vector = self._index.encoder.encode([text])[0]
        return [float(one) for one in self.vectors(others) @ vector]

    def spoken_share(self, text: str, terms: Sequence[Term]) -> float:
        """The share of a text's words, by rarity, that a question's terms speak of."""
        return self._index.thesaurus.spoken(text, terms)

    def known(self, question: Question) -> Likeness:
        """How like a question those are that are known of the reports' sentences.

        It is asked several times of a question, so those of the last few are kept.
        """
        return self._kept(question.topic)

    def _compared(self, topic: str) -> Likeness:
        return self._index.expansions.likeness(self._index.encoder.encode([topic])[0])

    def asking(self, question: Question) -> Callable[[Fact], Mapping[tuple[str, ...], float]]:
        """How like a question those are that ask of a fact's sentence for some figures."""
        known = self.known(question)
        return lambda fact: known.asking(fact.sentence.passage.report, fact.sentence.span)

    def hear(
        self, question: Question, reports: Collection[str] | None = None
    ) -> tuple[Hearing, tuple[Passage, ...]]:
        """Prepare a question: its terms, and the passages found for it."""
        hits = self._index.search(question.topic, reports=reports, limit=_PASSAGES * 2)
        found = dict.fromkeys(hit.passage for hit in hits)
        passages = list(found)[:_PASSAGES]
        if question.periods:
            asked = (*question.periods, *question.bases)
            dated = self._index.search(
                question.topic, reports=reports, periods=asked, limit=_OF_THE_TIME
            )
            passages += [hit.passage for hit in dated]
        ranks: dict[Passage, tuple[float, float]] = {}
        for hit in hits:
            words, vectors = ranks.get(hit.passage, (0.0, 0.0))
            ranks[hit.passage] = (
                max(words, 1 / hit.lexical_rank if hit.lexical_rank else 0.0),
                max(vectors, 1 / hit.vector_rank if hit.vector_rank else 0.0),
            )
        stated: dict[Place, float] = {}
        for one in self.lookup.find(question, reports)[:_STATED]:
            place = place_of(one.fact.sentence)
            stated[place] = max(stated.get(place, 0.0), 1.0 if one.sure else 0.5)
            passages.append(one.fact.sentence.passage)
        known = self.known(question)
        passages += [
            self._around(report, start)
            for report, start, _ in known.first(_ASKED)
            if reports is None or report in reports
        ]
        if question.wants_definition or asks_for_list(question.text):
            passages += self._defining(question, reports)
        passages += [
            passage
            for region in question.regions
            for passage in self._tables.get(region, ())
            if reports is None or passage.report in reports
        ]
        hearing = Hearing(
            question,
            self._index.thesaurus.terms(question.topic),
            self._index.encoder.encode([question.topic])[0],
            known,
            frozenset(one.entry for one in self._glossary.find(question.topic)),
            ranks,
            stated,
            digits_of(question.topic),
        )
        return hearing, tuple(dict.fromkeys(passages))

    def _weighed(
        self, hearing: Hearing, passages: Sequence[Passage]
    ) -> list[tuple[Sentence, Dated, Signs]]:
        """The signs of every sentence of some passages."""
        pieces = [(one, dated) for passage in passages for one, dated in self.dated(passage)]
        if not pieces:
            return []
        texts = [f"{heading(one.passage)} {one.text}" for one, _ in pieces]
        english = [self.english(one) for one, _ in pieces]
        meanings = self.vectors(texts) @ hearing.vector
        others = self.vectors(english) @ hearing.vector
        return [
            (one, dated, self._signs(hearing, one, dated[0], text, other, meaning, likeness))
            for (one, dated), text, other, meaning, likeness in zip(
                pieces, texts, english, map(float, meanings), map(float, others), strict=True
            )
        ]

    def _signs(
        self,
        hearing: Hearing,
        one: Sentence,
        periods: Sequence[Period],
        text: str,
        english: str,
        meaning: float,
        likeness: float,
    ) -> Signs:
        question, terms = hearing.question, hearing.terms
        whole = f"{text} {english}".lower()
        close = [closeness(term, whole) for term in terms]
        total = sum(term.weight for term in terms) or 1.0
        known = [near for term, near in zip(terms, close, strict=True) if term.kind]
        words, vectors = hearing.ranks.get(one.passage, (0.0, 0.0))
        fact = self._fact(hearing, one) if question.wants_figure else (0.0, 0.0, 0.0, 0.0)
        return Signs(
            coverage=sum(t.weight * near for t, near in zip(terms, close, strict=True)) / total,
            own=coverage(terms, f"{one.text} {self.english_alone(one)}".lower()),
            known=sum(near > 0 for near in known) / len(known) if known else 1.0,
            missing=max(
                (t.weight for t, near in zip(terms, close, strict=True) if near == 0), default=0.0
            )
            / 10,
            meaning=meaning,
            english=likeness,
            words=words,
            vectors=vectors,
            period=_sign(speaks_of(self.spoken(one, periods, question), question.periods))
            if question.periods
            else 0.0,
            base=_sign(self.counts_from(one, periods, question)) if question.bases else 0.0,
            region=_sign(names_any(one, question.regions)) if question.regions else 0.0,
            newest=0.0 if question.periods else self.recency(periods),
            digits=digits_sign(hearing.digits, whole),
            unit=unit_sign(one, question.unit),
            figure=float(question.wants_figure and bool(measures(one))),
            measure=float(question.wants_figure and fits_measure(one, question.measure)),
            definition=float(question.wants_definition and DEFINES.match(one.text) is not None),
            lost=float(one.passage.report in self._lost),
            table=float(one.passage.kind is Kind.TABLE),
            row=row_sign(one, terms, question.topic),
            short=min(1.0, log(1 + len(one.text)) / log(_LONG)),
            metric=fact[0],
            terms=fact[1],
            kind=fact[2],
            when=fact[3],
            stated=hearing.stated.get(place_of(one), 0.0),
            asked=hearing.known.of(one.passage.report, one.span),
        )

    def _fact(self, hearing: Hearing, one: Sentence) -> tuple[float, float, float, float]:
        """Of the sentence's fact that fits best: metric, terms, kind and period."""
        question = hearing.question
        kinds = asked_kinds(question)
        best = (0.0, 0.0, 0.0, 0.0)
        for _, fact in self.facts.get(place_of(one), ()):
            metric = self.closest(fact, hearing.vector, question.language)
            terms = _common(hearing.named, self.entries(fact.metric))
            kind = 1 - 0.3 * kinds.index(fact.kind) if fact.kind in kinds else 0.0
            when = 0.0
            if question.periods and fact.period:
                when = _sign(speaks_of((fact.period,), question.periods))
            found = (metric, terms, kind, when)
            best = max(best, found, key=sum)
        return best

    def _defining(self, question: Question, reports: Collection[str] | None) -> list[Passage]:
        """The passages that define a term which the question names."""
        terms = self._index.thesaurus.terms(question.topic)
        named = {word for term in terms for word, close in term.near if close >= SAME}
        return [
            passage
            for defined, passage in self._definitions
            if (_stem(defined) in question.topic or defined in named)
            and (reports is None or passage.report in reports)
        ]

    def defines(self, one: Sentence, question: Question) -> bool:
        """Whether a sentence says what a term of a question means."""
        defined = DEFINES.match(one.text)
        return defined is not None and one.passage in self._defining(question, None)

    def _around(self, report: str, start: int) -> Passage:
        """The passage that a place of a report stands in."""
        own = self._passages[report]
        return own[bisect_right(own, start, key=lambda one: one.start) - 1]

    @cached_property
    def _passages(self) -> Mapping[str, list[Passage]]:
        """The passages of each report, in reading order."""
        found: dict[str, list[Passage]] = defaultdict(list)
        for passage in dict.fromkeys(chunk.passage for chunk in self._index.chunks):
            found[passage.report].append(passage)
        return {report: sorted(own, key=lambda one: one.start) for report, own in found.items()}

    @cached_property
    def _tables(self) -> Mapping[str, list[Passage]]:
        """The tables that have a row of a region, by the region's name."""
        found: dict[str, list[Passage]] = defaultdict(list)
        for passage in dict.fromkeys(chunk.passage for chunk in self._index.chunks):
            if passage.kind is Kind.TABLE:
                for one in quotable(passage):
                    label = one.row.label if isinstance(one, TableRow) else ""
                    for region in find_regions(label):
                        found[region].append(passage)
        return found

    @cached_property
    def _definitions(self) -> tuple[tuple[str, Passage], ...]:
        """Every passage that opens with a term and its meaning, with that term."""
        opened = (
            (DEFINES.match(chunk.text), chunk.passage)
            for chunk in self._index.chunks
            if chunk.start == 0
        )
        return tuple((match["term"], passage) for match, passage in opened if match)

    @cached_property
    def facts(self) -> Mapping[Place, list[tuple[Statistic, Fact]]]:
        """Facts with their statistics, by the place of their sentence."""
        found: dict[Place, list[tuple[Statistic, Fact]]] = defaultdict(list)
        for statistic in self._index.statistics:
            for fact in statistic.facts:
                found[place_of(fact.sentence)].append((statistic, fact))
        return found

    def label(self, fact: Fact) -> str:
        """What a fact's figure is said of in the English edition: the words around it there.

        Empty where the edition lacks the sentence or the figure.
        """
        key = (*place_of(fact.sentence), fact.quantity.start)
        if key not in self._labels:
            english = (
                "" if isinstance(fact.sentence, TableRow) else self.english_alone(fact.sentence)
            )
            self._labels[key] = around(english, fact.quantity)
        return self._labels[key]

    def closest(self, fact: Fact, vector: Vectors, language: Language) -> float:
        """How like a text a fact's metric is, as a cosine; in English also by its label there."""
        names = [fact.metric, self.label(fact) if language == "en" else ""]
        return float(max(self.vectors([one for one in names if one]) @ vector))

    def entries(self, text: str) -> frozenset[GlossaryEntry]:
        """The glossary's terms that a metric names."""
        if text not in self._entries:
            self._entries[text] = frozenset(one.entry for one in self._glossary.find(text))
        return self._entries[text]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of some texts of the reports, each encoded once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._index.encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts])

    def english(self, one: Sentence) -> str:
        """A sentence or row in English, under its headings, as far as there is an edition."""
        edition = self._editions[one.passage.report]
        heads = [edition.of(head) or "" for head in (*one.passage.section[-2:], one.passage.title)]
        return " ".join([*heads, self.english_alone(one)]).strip()

    def english_alone(self, one: Sentence) -> str:
        """A sentence or row in English, as far as there is an edition."""
        edition = self._editions[one.passage.report]
        if not isinstance(one, TableRow):
            return edition.at(one.span) or ""
        names = [header for column in one.table.columns for header in column.headers]
        cells = [cell.text for cell in (*one.row.labels, *one.row.cells)]
        return " ".join(edition.of(text) or text for text in (*names, *cells))

    def head_in_english(self, row: TableRow) -> str:
        """A table row's first label in English, as far as there is an edition."""
        return self._editions[row.passage.report].of(row.row.labels[0].text) or ""

    def spoken(
        self, one: Sentence, periods: Sequence[Period], question: Question
    ) -> tuple[Period, ...]:
        """The periods that a sentence answers a question for: its own and those of its facts.

        Of 从2017年到2021年 that is also the last year. What is told, not counted, under
        2022年数字中国建设形势与展望 is of 2022 too, and without a date of the report's time.
        """
        facts = self.facts.get(place_of(one), ())
        told = () if question.wants_figure else (*_headed(one.passage.section), *self._undated(one))
        return (*periods, *told, *(fact.period for _, fact in facts if fact.period))

    def _undated(self, one: Sentence) -> tuple[Period, ...]:
        """The time of its report, of a sentence that names none."""
        return () if find_periods(one.text) else (self._until[one.passage.report],)

    def counts_from(self, one: Sentence, periods: Sequence[Period], question: Question) -> bool:
        """Whether a sentence compares with a period that the question compares with."""
        bases = [fact.base for _, fact in self.facts.get(place_of(one), ()) if fact.base]
        return speaks_of((*named_by(one, periods), *bases), question.bases)

    def recency(self, periods: Sequence[Period]) -> float:
        """How new some figures are: 1 for the newest of the corpus, 0 after five years."""
        last = max((period.last for period in periods), default=0)
        return max(0.0, min(1.0, 1 - (self._newest - last) / _YEARS_BACK))

    def is_lost(self, report: str) -> bool:
        """Whether a report's figures are lost."""
        return report in self._lost

    def dated(self, passage: Passage) -> Iterator[tuple[Sentence, Dated]]:
        """Give a passage's sentences, each with its own period, the last named or the report's."""
        until = (self._until[passage.report],)
        if passage.kind is Kind.TABLE:
            periods = find_periods(heading(passage)) or until
            yield from ((one, (periods, None)) for one in quotable(passage))
            return
        named, dated_by = self._chapter_date(passage)
        for one in sentences(passage):
            own = main_periods(one.text, named[-1].last // 12 if named else None)
            yield one, (own, None) if own else (_latest(named) or until, dated_by)
            if own and own[-1].last <= until[0].last:
                named, dated_by = own, one

    def _chapter_date(self, passage: Passage) -> tuple[tuple[Period, ...], Sentence | None]:
        """The newest period of the report, as the passages before in its chapter name it last."""
        until = self._until[passage.report]
        before = self._chapters[passage.report, passage.section[:1]]
        for other in reversed(before[: before.index(passage)]):
            for one in reversed(sentences(other)):
                named = main_periods(one.text)
                if named and named[-1].last == until.last and named[-1].answers(until):
                    return named[-1:], one
        return (), None

    @cached_property
    def _chapters(self) -> Mapping[tuple[str, tuple[str, ...]], list[Passage]]:
        """The passages of prose of each chapter, in reading order."""
        found: dict[tuple[str, tuple[str, ...]], list[Passage]] = defaultdict(list)
        passages = dict.fromkeys(chunk.passage for chunk in self._index.chunks)
        for passage in sorted(passages, key=lambda one: (one.report, one.start)):
            if passage.kind is not Kind.TABLE:
                found[passage.report, passage.section[:1]].append(passage)
        return found


def _stem(term: str) -> str:
    """A defined term as people shorten it: 双层投放 for 双层投放模式."""
    return term.removesuffix("模式").removesuffix("类").removesuffix("平台")


def _is_spelled(term: Term, heads: str) -> bool:
    """Whether a table's heads have all characters of a term's name."""
    return any(len(name) > _SHORT and set(name) <= set(heads) for name, _ in term.near)


@cache
def _headed(section: tuple[str, ...]) -> tuple[Period, ...]:
    """The periods that some headings name."""
    return tuple(period for head in section for period in find_periods(head))


def _latest(named: Sequence[Period]) -> tuple[Period, ...]:
    """The last of some periods in time: what follows 由2015年底的A增长到2020年底的B is of 2020."""
    return (max(named, key=lambda one: one.last),) if named else ()


@cache
def load_weights() -> dict[str, float]:
    """Read the fitted weights of the signs (``python -m eval.scoring``)."""
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights


def around(english: str, quantity: Quantity) -> str:
    """The words around a figure in an English sentence: its clause, up to the next figure."""
    read = find_quantities(english)
    for number, one in enumerate(read):
        if not one.equals(quantity):
            continue
        begin = max(
            (match.end() for match in _CLAUSE.finditer(english, 0, one.start)),
            default=0,
        )
        begin = max(begin, read[number - 1].end if number else 0)
        if one.start - begin < _NEAR:
            begin = max(0, read[number - 1].end if number else 0, one.start - _FAR)
        end = next((match.start() for match in _CLAUSE.finditer(english, one.end)), len(english))
        end = min(end, read[number + 1].start if number + 1 < len(read) else len(english))
        return f"{english[begin : one.start]} {english[one.end : end]}".strip(" ,.;")
    return ""


def in_turn(rankings: Iterable[Sequence[Scored]]) -> tuple[Scored, ...]:
    """The best sentence of each of several rankings, then the second of each; no place twice."""
    ranks = (one for rank in zip_longest(*rankings) for one in rank if one is not None)
    first: dict[Place, Scored] = {}
    for one in ranks:
        first.setdefault(place_of(one.sentence), one)
    return tuple(first.values())


def place_of(one: Sentence) -> Place:
    """Where a sentence stands: its report, start and end; of two rows in one line, its label."""
    span = one.span
    label = one.row.label if isinstance(one, TableRow) else ""
    return one.passage.report, span.start, span.end, label


def named_by(one: Sentence, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods of a sentence and all others that it names."""
    text = f"{heading(one.passage)} {one.text}"
    return (*periods, *find_periods(text, periods[0].last // 12 if periods else None))


def _common(some: frozenset[GlossaryEntry], others: frozenset[GlossaryEntry]) -> float:
    """The share of some terms and others that is in both."""
    return len(some & others) / len(some | others) if some or others else 0.0


def _sign(holds: bool) -> float:
    return 1.0 if holds else -1.0


def _best_first(one: Scored) -> tuple[float, str, int]:
    return -one.score, one.sentence.passage.report, one.sentence.span.start
