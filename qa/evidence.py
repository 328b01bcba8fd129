"""Evidence: the sentences that answer a question, or why none does."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from corpus import TableRow, find_quantities
from index import Index, tokens
from qa.confidence import Standing, confidence
from qa.question import Question, asks_to_invent
from qa.scoring import Scored, Scorer, place_of
from qa.signs import fits_measure, names_any, speaks_of


@dataclass(frozen=True, slots=True)
class Weights:
    """How sure an answer must be, and how near to the best a sentence beside it.

    ``sure`` is for a figure, ``told`` for what is told in words; ``stated`` is the score from
    which a statistic that was looked up answers by itself.

    Set on eval/development.jsonl (``python -m eval --questions``), never on the
    questions we are judged by.
    """

    sure: float = 0.26
    told: float = 0.15
    stated: float = 0.2
    also: float = 0.6
    row: float = 0.1


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences chosen, in reading order; none if nothing fits, with the reason.

    ``ranked`` are all that may answer, best first.
    """

    chosen: tuple[Scored, ...]
    reason: str | None = None
    nearest: tuple[Scored, ...] = ()
    ranked: tuple[Scored, ...] = ()


NOTHING_FITS = "nothing_fits"
PERIOD_NOT_COVERED = "period_not_covered"
REGION_NOT_COVERED = "region_not_covered"
FIGURES_LOST = "figures_lost"
INVENTION_ASKED = "invention_asked"


class Gatherer:
    """Finds evidence for questions."""

    def __init__(self, index: Index, weights: Weights | None = None) -> None:
        self.scorer = Scorer(index)
        self._weights = weights or Weights()

    def gather(self, question: Question, reports: Collection[str] | None = None) -> Evidence:
        """Find the sentences that answer a question in the reports named, or in all."""
        if asks_to_invent(question.text):
            return Evidence((), INVENTION_ASKED)
        found, standing = self.weigh(question, reports)
        if standing is None:
            return found
        stated = self._stated(question, reports, found.ranked)
        if stated is not None:
            return Evidence((stated,), ranked=found.ranked)
        least = self._weights.sure if question.wants_figure else self._weights.told
        if confidence(standing) < least:
            return Evidence((), found.reason or NOTHING_FITS, found.ranked[:1], found.ranked)
        return Evidence(self._choose(found.ranked, question), ranked=found.ranked)

    def _stated(
        self, question: Question, reports: Collection[str] | None, ranked: Sequence[Scored]
    ) -> Scored | None:
        """The sentence of a statistic that is plainly what is asked for, if there is one."""
        if question.wants_definition and not question.wants_figure:
            return None
        looked_up = self.scorer.lookup.find(question, reports)
        if not looked_up or not looked_up[0].sure or looked_up[0].score < self._weights.stated:
            return None
        place = place_of(looked_up[0].fact.sentence)
        return next((one for one in ranked if place_of(one.sentence) == place), None)

    def weigh(
        self, question: Question, reports: Collection[str] | None = None
    ) -> tuple[Evidence, Standing | None]:
        """Give all sentences that may answer a question, best first, and how the best stands.

        There is no standing where none may answer.
        """
        scored = kept = self.scorer.rank(question, reports)
        if not scored:
            return Evidence((), NOTHING_FITS), None
        for reason, passes in self._gates(question):
            passing = tuple(one for one in kept if passes(one))
            if not passing:
                open_ones = scored if reason == PERIOD_NOT_COVERED else kept
                return Evidence((), reason, kept[:1], open_ones), None
            kept = passing
        lacking = self._lacking(question, scored, kept[0])
        return Evidence((), lacking, ranked=kept), _standing(kept, scored)

    def _lacking(self, question: Question, scored: Sequence[Scored], best: Scored) -> str | None:
        """What the first sentence that names all that is asked about lacks, if it may not answer.

        None if the best sentence that may answer names all of it as well.
        """
        terms = self.scorer.metrics(question)
        if not terms or self.scorer.names(best.sentence, terms):
            return None
        first = next((one for one in scored if self.scorer.names(one.sentence, terms)), None)
        if first is None:
            return None
        return next((reason for reason, passes in self._gates(question) if not passes(first)), None)

    def _gates(self, question: Question) -> Iterator[tuple[str, Callable[[Scored], bool]]]:
        """What a sentence must pass to answer a question, and the reason where none does."""
        if question.regions:
            yield REGION_NOT_COVERED, lambda one: names_any(one.sentence, question.regions)
        if question.periods:
            yield PERIOD_NOT_COVERED, lambda one: speaks_of(one.periods, question.periods)
        if question.bases:
            yield (
                PERIOD_NOT_COVERED,
                lambda one: self.scorer.counts_from(one.sentence, one.periods, question),
            )
        if question.wants_figure:
            yield FIGURES_LOST, lambda one: self._holds_figure(one, question)

    def _holds_figure(self, one: Scored, question: Question) -> bool:
        """Whether a sentence gives a figure of the kind asked for."""
        lost = self.scorer.is_lost(one.sentence.passage.report)
        return not lost and fits_measure(one.sentence, question.measure)

    def _choose(self, scored: Sequence[Scored], question: Question) -> tuple[Scored, ...]:
        """Keep the best sentence and those nearly as good that add a figure or a thought."""
        if question.wants_definition:
            defining = [one for one in scored if self.scorer.defines(one.sentence, question)]
            scored = defining or scored
        best = scored[0]
        limit = 2 if question.wants_figure else 3
        chosen: list[Scored] = []
        for one in scored:
            close = one.score >= best.score - self._weights.also
            if question.wants_figure and not question.periods:
                newest = self.scorer.recency(best.periods)
                close = close and self.scorer.recency(one.periods) >= newest
            if isinstance(one.sentence, TableRow) and chosen:
                close = close and one.score >= best.score - self._weights.row
            if close and not any(repeats(one, other) for other in chosen):
                chosen.append(one)
            if len(chosen) == limit:
                break
        return tuple(sorted(chosen, key=_reading_order))


def _standing(kept: Sequence[Scored], scored: Sequence[Scored]) -> Standing:
    """How the best of the sentences kept stands among all that were scored."""
    best = kept[0]
    if best.signs is None:
        raise ValueError("the best sentence was scored without signs")
    passage = best.sentence.passage
    other = next(
        (
            one.score
            for one in kept[1:]
            if one.sentence.passage != passage and not repeats(best, one)
        ),
        best.score - 5,
    )
    return Standing(
        best.signs,
        score=best.score,
        margin=best.score - other,
        lead=best.score - scored[min(10, len(scored) - 1)].score,
        behind=scored[0].score - best.score,
    )


def repeats(one: Scored, other: Scored) -> bool:
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
