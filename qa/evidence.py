"""Evidence: the sentences that answer a question, from the passages found for it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corpus import (
    Kind,
    Measure,
    Passage,
    Period,
    Sentence,
    TableRow,
    find_periods,
    find_quantities,
    load_glossary,
    main_periods,
    numbers_lost,
    parse_month,
    quotable,
    sentences,
)
from index import Hit, Index, Term, tokens
from qa.confidence import Signs, confidence
from qa.lookup import Lookup
from qa.question import Question


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each sign of a good sentence counts, and from where on it is good enough.

    Set on eval/development.jsonl (``python -m eval --questions``), never on the
    questions we are judged by.
    """

    words: float = 1.0
    meaning: float = 1.0
    period: float = 0.25
    region: float = 0.6
    figure: float = 0.15
    definition: float = 0.5
    newest: float = 0.25
    stated: float = 0.2
    least: float = 0.6
    sure: float = 0.32
    also: float = 0.9


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with how well it fits, and the periods it speaks of.

    ``dated_by`` is the earlier sentence of its passage that names its period,
    where it names none itself.
    """

    sentence: Sentence
    score: float
    periods: tuple[Period, ...]
    dated_by: Sentence | None = None
    meaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences chosen, in reading order; none if nothing fits, with the reason."""

    chosen: tuple[Scored, ...]
    reason: str | None = None
    nearest: tuple[Scored, ...] = ()


Dated = tuple[tuple[Period, ...], Sentence | None]

NOTHING_FITS = "nothing_fits"
PERIOD_NOT_COVERED = "period_not_covered"
REGION_NOT_COVERED = "region_not_covered"
FIGURES_LOST = "figures_lost"

_ACCEPTED = {
    Measure.SHARE: {Measure.SHARE},
    Measure.POINTS: {Measure.POINTS, Measure.SHARE},
    Measure.MULTIPLE: {Measure.MULTIPLE, Measure.AMOUNT},
    Measure.AMOUNT: {Measure.AMOUNT},
}

_DEFINES = re.compile(r"(?P<term>[^，。：:]{1,24}?)(?:[：:]\s*(?:是?指|.{0,30}即)|是指|指的是)")
_PASSAGES = 36
_WHOLE = re.compile("合计|总计|全国|总体")
_YEARS_BACK = 60
_SAME = 0.6
_AS_GOOD = 0.98


class Scorer:
    """Scores sentences for questions; what it needs of the index it prepares once."""

    def __init__(self, index: Index, weights: Weights) -> None:
        self._index = index
        self._weights = weights
        self._lost = {report.id for report in index.reports if numbers_lost(report)}
        self._until = {report.id: parse_month(report.data_until) for report in index.reports}
        self._editions = {report.id: report.edition for report in index.reports}
        self._newest = max((period.last for period in self._until.values()), default=0)

    def gather(self, question: Question, reports: Collection[str] | None) -> Evidence:
        """Find the sentences that answer a question in the reports named, or in all."""
        stated = self._stated(question, reports)
        if stated is not None:
            return stated
        found, signs = self.weigh(question, reports)
        if signs is None:
            return found
        if confidence(signs) < self._weights.sure:
            return Evidence((), NOTHING_FITS, found.chosen[:1])
        return Evidence(self._choose(found.chosen, question))

    def _stated(self, question: Question, reports: Collection[str] | None) -> Evidence | None:
        """The sentence of a statistic that is plainly what is asked for, if there is one."""
        if question.wants_definition and not question.wants_figure:
            return None
        found = self._lookup.find(question, reports)
        if not found or not found[0].sure or found[0].score < self._weights.stated:
            return None
        first = found[0]
        periods = (first.statistic.period,) if first.statistic.period else ()
        dated = dict(self._dated(first.fact.sentence.passage))
        own = dated.get(first.fact.sentence)
        return Evidence((Scored(first.fact.sentence, first.score, *(own or (periods, None))),))

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._index.statistics, load_glossary(), self._editions)

    def weigh(
        self, question: Question, reports: Collection[str] | None = None
    ) -> tuple[Evidence, Signs | None]:
        """Give all sentences that may answer a question, best first, and what speaks for the best.

        There are no signs where none may answer.
        """
        hits = self._index.search(question.topic, reports=reports, limit=_PASSAGES * 2)
        found = list(dict.fromkeys(hit.passage for hit in hits))[:_PASSAGES]
        if question.wants_definition:
            defining = self._defining(question, reports)
            found = list(dict.fromkeys([*defining, *found]))
        terms = self._index.thesaurus.terms(question.topic)
        scored = kept = self._score(question, terms, found)
        for reason, passes in self._gates(question, terms):
            passing = [one for one in kept if passes(one)]
            if not passing:
                return Evidence((), reason, tuple(kept[:1])), None
            kept = passing
        return Evidence(tuple(kept)), self._signs(kept, scored, terms, hits)

    def _signs(
        self,
        kept: Sequence[Scored],
        scored: Sequence[Scored],
        terms: Sequence[Term],
        hits: Sequence[Hit],
    ) -> Signs:
        """What speaks for the best of the sentences kept, of all that were scored."""
        best = kept[0]
        passage = best.sentence.passage
        text = self._read(best.sentence)
        known = [term for term in terms if term.kind not in ("", "place")]
        other = next(
            (
                one.score
                for one in kept[1:]
                if one.sentence.passage != passage and not _repeats(best, one)
            ),
            0.0,
        )
        found = next((hit for hit in hits if hit.passage == passage), None)
        return Signs(
            coverage=_coverage(terms, text),
            meaning=best.meaning,
            named=sum(_closeness(t, text) > 0 for t in known) / len(known) if known else 1.0,
            margin=best.score - other,
            lead=best.score - scored[min(10, len(scored) - 1)].score,
            missing=max((t.weight for t in terms if _closeness(t, text) == 0), default=0.0),
            words=1 / found.lexical_rank if found and found.lexical_rank else 0.0,
            vectors=1 / found.vector_rank if found and found.vector_rank else 0.0,
            row=float(passage.kind is Kind.TABLE),
        )

    def _read(self, one: Sentence) -> str:
        """A sentence under its headings, in both languages and lower case."""
        return f"{_heading(one.passage)} {one.text} {self._in_english(one)}".lower()

    def _gates(
        self, question: Question, terms: Sequence[Term]
    ) -> Iterator[tuple[str, Callable[[Scored], bool]]]:
        """What a sentence must pass to answer a question, and the reason where none does."""
        known = [term for term in terms if term.kind not in ("", "place")]
        yield NOTHING_FITS, lambda one: one.score >= self._weights.least
        if known:
            yield NOTHING_FITS, lambda one: _names_half(one.sentence, known)
        yield NOTHING_FITS, lambda one: _row_is_named(one.sentence, terms, question.topic)
        if question.regions:
            yield REGION_NOT_COVERED, lambda one: _names_any(one.sentence, question.regions)
        if question.periods:
            yield PERIOD_NOT_COVERED, lambda one: _speaks_of(one.periods, question.periods)
        if question.bases:
            yield PERIOD_NOT_COVERED, lambda one: _speaks_of(_named(one), question.bases)
        if question.wants_figure:
            yield FIGURES_LOST, lambda one: self._holds_figure(one.sentence, question)

    def _defining(self, question: Question, reports: Collection[str] | None) -> list[Passage]:
        """The passages that define a term which the question names."""
        terms = self._index.thesaurus.terms(question.topic)
        named = {word for term in terms for word, close in term.near if close >= _SAME}
        return [
            passage
            for defined, passage in self._definitions
            if (defined in question.topic or defined in named)
            and (reports is None or passage.report in reports)
        ]

    def _defines(self, one: Sentence, question: Question) -> bool:
        defined = _DEFINES.match(one.text)
        return defined is not None and one.passage in self._defining(question, None)

    @cached_property
    def _definitions(self) -> tuple[tuple[str, Passage], ...]:
        """Every passage that opens with a term and its meaning, with that term."""
        opened = (
            (_DEFINES.match(chunk.text), chunk.passage)
            for chunk in self._index.chunks
            if chunk.start == 0
        )
        return tuple((match["term"], passage) for match, passage in opened if match)

    def _score(
        self, question: Question, terms: Sequence[Term], passages: Sequence[Passage]
    ) -> list[Scored]:
        """Score every sentence of some passages, best first."""
        dated = {one: periods for passage in passages for one, periods in self._dated(passage)}
        pieces = list(dated)
        if not pieces:
            return []
        english = question.language == "en"
        texts = [f"{_heading(one.passage)} {one.text}" for one in pieces]
        rendered = [self._in_english(one) if english else "" for one in pieces]
        vectors = self._index.encoder.encode(
            [question.topic, *(r or t for r, t in zip(rendered, texts, strict=True))]
        )
        meanings = vectors[1:] @ vectors[0]
        scored = []
        for one, text, other, meaning in zip(
            pieces, texts, rendered, np.asarray(meanings, dtype=float), strict=True
        ):
            words = _coverage(terms, f"{text} {other}".lower())
            periods, dated_by = dated[one]
            score = self._weights.words * words + self._weights.meaning * float(meaning)
            if question.periods and _speaks_of(periods, question.periods):
                score += self._weights.period
            if question.regions and _names_any(one, question.regions):
                score += self._weights.region
            if question.wants_figure and find_quantities(one.text):
                score += self._weights.figure
            if not question.periods:
                score += self._weights.newest * self._recency(periods)
            if question.wants_definition and _DEFINES.match(one.text):
                score += self._weights.definition
            if one.passage.report in self._lost:
                score -= self._weights.period
            scored.append(Scored(one, score, periods, dated_by, float(meaning)))
        return sorted(
            scored, key=lambda s: (-s.score, s.sentence.passage.report, s.sentence.span.start)
        )

    def _in_english(self, one: Sentence) -> str:
        """A sentence or row in English, under its headings, as far as there is an edition."""
        edition = self._editions[one.passage.report]
        heads = [edition.of(head) or "" for head in (*one.passage.section[-2:], one.passage.title)]
        if not isinstance(one, TableRow):
            return " ".join([*heads, edition.at(one.span) or ""]).strip()
        names = [header for column in one.table.columns for header in column.headers]
        cells = [cell.text for cell in (*one.row.labels, *one.row.cells)]
        return " ".join([*heads, *(edition.of(text) or text for text in (*names, *cells))]).strip()

    def _recency(self, periods: Sequence[Period]) -> float:
        """How new a sentence's figures are: 1 for the newest of the corpus, 0 after five years."""
        last = max(period.last for period in periods)
        return max(0.0, min(1.0, 1 - (self._newest - last) / _YEARS_BACK))

    def _dated(self, passage: Passage) -> Iterator[tuple[Sentence, Dated]]:
        """Give a passage's sentences, each with its own period, the last named or the report's."""
        until = (self._until[passage.report],)
        if passage.kind is Kind.TABLE:
            periods = find_periods(_heading(passage)) or until
            yield from ((one, (periods, None)) for one in quotable(passage))
            return
        named: tuple[Period, ...] = ()
        dated_by: Sentence | None = None
        for one in sentences(passage):
            own = main_periods(one.text, named[-1].last // 12 if named else None)
            yield one, (own, None) if own else (named[:1] or until, dated_by)
            if own:
                named, dated_by = own, one

    def _holds_figure(self, one: Sentence, question: Question) -> bool:
        """Whether a sentence gives a figure of the kind asked for."""
        if one.passage.report in self._lost:
            return False
        measures = {quantity.measure for quantity in find_quantities(one.text)}
        if question.measure is None or one.passage.kind is Kind.TABLE:
            return bool(measures)
        return bool(measures & _ACCEPTED[question.measure])

    def _choose(self, scored: Sequence[Scored], question: Question) -> tuple[Scored, ...]:
        """Keep the best sentence and those nearly as good that add a figure or a thought."""
        if question.wants_definition:
            defining = [one for one in scored if self._defines(one.sentence, question)]
            scored = defining or scored
        best = scored[0]
        limit = 2 if question.wants_figure else 3
        chosen: list[Scored] = []
        for one in scored:
            close = one.score >= best.score * self._weights.also
            if question.wants_figure and not question.periods:
                close = close and self._recency(one.periods) >= self._recency(best.periods)
            if isinstance(one.sentence, TableRow) and chosen:
                close = close and one.score >= best.score * _AS_GOOD
            if close and not any(_repeats(one, other) for other in chosen):
                chosen.append(one)
            if len(chosen) == limit:
                break
        return tuple(sorted(chosen, key=_reading_order))


def _coverage(terms: Sequence[Term], text: str) -> float:
    """The share of a question's terms, by rarity, that a sentence under its headings speaks of."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * _closeness(term, text) for term in terms) / total if total else 0.0


def _closeness(term: Term, text: str) -> float:
    """How closely a text speaks of a term: by the nearest of its words that the text has."""
    said = (close for word, close in term.near if word in text and _whole(word, text))
    return max((min(1.0, close / _SAME) for close in said), default=0.0)


def _whole(word: str, text: str) -> bool:
    """Whether a text has a word for itself: Latin letters beside it make another word."""
    if not word.isascii():
        return True
    endings = r"(?:s|es|d|ed|ing)?"
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}{endings}(?![a-z0-9])", text) is not None


def _heading(passage: Passage) -> str:
    """The headings over a passage, and a table's caption and header."""
    header = passage.text.split("\n", 1)[0] if passage.kind is Kind.TABLE else ""
    return " ".join(part for part in (*passage.section[-2:], passage.title, header) if part)


def _speaks_of(periods: Iterable[Period], asked: Collection[Period]) -> bool:
    return any(given.answers(wanted) for given in periods for wanted in asked)


def _named(one: Scored) -> tuple[Period, ...]:
    """The periods of a sentence and all others that it names."""
    text = f"{_heading(one.sentence.passage)} {one.sentence.text}"
    return (*one.periods, *find_periods(text, one.periods[0].last // 12))


def _names_any(one: Sentence, regions: Collection[str]) -> bool:
    text = f"{_heading(one.passage)} {one.text}"
    return any(region in text for region in regions)


def _names_half(one: Sentence, terms: Sequence[Term]) -> bool:
    """Whether a sentence under its headings names at least half of some terms."""
    text = f"{_heading(one.passage)} {one.text}".lower()
    return 2 * sum(_closeness(term, text) > 0 for term in terms) >= len(terms)


def _row_is_named(one: Sentence, terms: Sequence[Term], topic: str) -> bool:
    """Whether a table's row is of something that is asked about; other sentences always are."""
    if not isinstance(one, TableRow):
        return True
    label = one.row.label.lower()
    named = any(_closeness(term, label) > 0 for term in terms)
    return (
        named or _WHOLE.search(label) is not None or bool(set(tokens(label)) & set(tokens(topic)))
    )


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences say the same: a figure in common, or nearly the same words."""
    mine, theirs = (
        {(q.magnitude, q.measure) for q in find_quantities(s.sentence.text)} for s in (one, other)
    )
    if mine & theirs:
        return True
    here, there = (set(tokens(s.sentence.text)) for s in (one, other))
    return len(here & there) >= 0.8 * min(len(here), len(there), 10**6) if here and there else False


def _reading_order(one: Scored) -> tuple[str, int]:
    return one.sentence.passage.report, one.sentence.span.start
