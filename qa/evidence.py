"""Evidence: the sentences that answer a question, or why none does."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import MOVING_KINDS, Fact, FactKind, Period, TableRow, find_quantities
from index import Index, Likeness, Reader, tokens
from qa.asked import asked_fact
from qa.confidence import Standing, confidence
from qa.groups import rows_of_group
from qa.kinds import asked_kinds
from qa.operands import Heard, facts_of
from qa.operation import Operation, asks_count, operation
from qa.question import (
    Question,
    asks_for_both,
    asks_for_list,
    asks_to_invent,
    asks_why_or_how,
)
from qa.reading import READ, load_weights, read_again, read_span, told_on
from qa.scoring import Scored, Scorer, place_of
from qa.signs import fits_measure, names_any, speaks_of


@dataclass(frozen=True, slots=True)
class Weights:
    """How sure an answer must be, and how near to the best a sentence beside it.

    ``sure`` is for the best sentence, ``answerable`` how likely the reports must be to have any
    answer; ``stated`` is the score from which a statistic that was looked up answers by itself,
    unless that is ``unlikely``; ``compared`` is for each operand; ``worked`` for what
    :mod:`qa.workings` computes, ``refused`` for that where the evidence alone would be refused.
    A sentence that does not name all of the metric, where another does that is of another period
    or region, must be as sure as ``lacking``, and answer in the reader's eyes (not below 0).

    Set on eval/development.jsonl (``python -m eval --questions``), never on the
    questions we are judged by.
    """

    sure: float = 0.35
    answerable: float = 0.65
    stated: float = 0.2
    unlikely: float = 0.15
    lacking: float = 0.5
    compared: float = 0.12
    worked: float = 0.3
    refused: float = 0.6
    also: float = 0.6
    row: float = 0.1


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences chosen, in reading order; none if nothing fits, with the reason.

    ``ranked`` are all that may answer, best first, and ``sure`` is how likely it is that the
    first does. Those chosen are ``disputed`` if they give different figures for the same thing.
    """

    chosen: tuple[Scored, ...]
    reason: str | None = None
    nearest: tuple[Scored, ...] = ()
    ranked: tuple[Scored, ...] = ()
    disputed: bool = False
    sure: float = 0.0


_UNREAD = 5.0
_READ_OF_A_PART = 6
_TOLD, _FEWEST_TOLD, _ALSO_TOLD, _RIVAL_TOLD = 5, 3, 2.0, 1.0
_OTHERS = 8
_TOLD_OF_A_TERM = 2
_NEAR_TOLD = 2.0
NOTHING_FITS = "nothing_fits"
PERIOD_NOT_COVERED = "period_not_covered"
REGION_NOT_COVERED = "region_not_covered"
FIGURES_LOST = "figures_lost"
INVENTION_ASKED = "invention_asked"


class Gatherer:
    """Finds evidence for questions."""

    def __init__(
        self, index: Index, reader: Reader | None = None, weights: Weights | None = None
    ) -> None:
        self.scorer = Scorer(index)
        self.reading = load_weights()
        self._reader = reader
        self.weights = weights or Weights()

    def gather(self, question: Question, reports: Collection[str] | None = None) -> Evidence:
        """Find the sentences that answer a question in the reports named, or in all."""
        if asks_to_invent(question.text):
            return Evidence((), INVENTION_ASKED)
        found, standing = self.weigh(question, reports)
        if standing is None:
            return found
        likely = confidence(standing)
        sure = likely.right
        found = replace(found, sure=sure)
        stated, rivals = self._stated(question, reports, found.ranked)
        if stated is not None and found.reason is None and sure >= self.weights.unlikely:
            chosen = tuple(sorted((stated, *rivals), key=_reading_order))
            return replace(found, chosen=chosen, reason=None, nearest=(), disputed=bool(rivals))
        unlike = (standing.read or 0.0) < 0
        if found.reason is not None and (unlike or sure < self.weights.lacking):
            return found
        if sure < self.weights.sure or likely.answerable < self.weights.answerable:
            return replace(found, reason=found.reason or NOTHING_FITS)
        if self._gives_a_place_alone(found.ranked[0], question):
            return replace(found, reason=FIGURES_LOST, nearest=found.ranked[:1])
        chosen = self._choose(self._newest_first(found.ranked, question), question)
        return replace(found, chosen=chosen, reason=None, nearest=())

    def _newest_first(self, ranked: Sequence[Scored], question: Question) -> tuple[Scored, ...]:
        """Sentences with the newest first that gives what the best gives, if no time is asked."""
        if question.periods or question.bases or not question.wants_figure:
            return tuple(ranked)
        best = ranked[0]
        fact = asked_fact(self.scorer, question, best)
        counted = self.scorer.facts.get(place_of(best.sentence), ())
        statistic = next((found for found, one in counted if one == fact), None)
        if statistic is None:
            return tuple(ranked)
        newest = self.scorer.lookup.newest(statistic)
        places = {place_of(one.sentence) for one in newest.facts}
        newer = next((one for one in ranked if place_of(one.sentence) in places), best)
        if self.scorer.recency(newer.periods) <= self.scorer.recency(best.periods):
            return tuple(ranked)
        if asked_kinds(question)[0] in MOVING_KINDS and (
            fact is None or fact.kind not in MOVING_KINDS
        ):
            return tuple(ranked)
        first = replace(newer, score=best.score)
        return (first, *(one for one in ranked if one is not newer))

    def hear(self, question: Question, reports: Collection[str] | None = None) -> Heard:
        """Give what there is to compute from for a question."""
        return self._hear(question, reports, READ)

    def hear_part(self, part: Question, reports: Collection[str] | None = None) -> Heard:
        """Give what there is to compute from for one of the things that a question compares.

        Fewer sentences are read for it, as a comparison reads for the whole and for each part.
        """
        return self._hear(part, reports, _READ_OF_A_PART)

    def _hear(self, question: Question, reports: Collection[str] | None, count: int) -> Heard:
        found, standing = self.weigh(question, reports, count=count)
        return self.heard(
            question, replace(found, sure=confidence(standing).right if standing else 0.0)
        )

    def _gives_a_place_alone(self, best: Scored, question: Question) -> bool:
        """Whether how much was asked, and the best sentence only says who comes first."""
        if not question.wants_figure or FactKind.LEVEL not in asked_kinds(question):
            return False
        if not asks_count(question.text) and not question.unit:
            return False
        fact = asked_fact(self.scorer, question, best)
        return fact is not None and fact.kind is FactKind.RANK

    def heard(self, question: Question, evidence: Evidence) -> Heard:
        """Give what there is to compute from in the evidence for a question."""
        return Heard(
            question,
            evidence.ranked,
            self.scorer.terms(question),
            self.scorer.likeness(question.topic),
            evidence.sure,
            self.scorer.lookup.level,
            self.scorer.label if question.language == "en" else _no_label,
        )

    def _stated(
        self, question: Question, reports: Collection[str] | None, ranked: Sequence[Scored]
    ) -> tuple[Scored | None, tuple[Scored, ...]]:
        """The sentence of a statistic that is plainly what is asked for, if there is one.

        With it come the sentences that give another figure for the same thing.
        """
        if question.wants_definition and not question.wants_figure:
            return None, ()
        looked_up = self.scorer.lookup.find(question, reports)
        if not looked_up or not looked_up[0].sure or looked_up[0].score < self.weights.stated:
            return None, ()
        places = {place_of(one.sentence): one for one in reversed(ranked)}
        found = looked_up[0]
        rivals = [
            places.get(place_of(rival.facts[0].sentence))
            for rival in self.scorer.lookup.rivals(found.statistic)
            if reports is None or rival.facts[0].sentence.passage.report in reports
        ]
        stated = places.get(place_of(found.fact.sentence))
        return stated, tuple(one for one in rivals if one is not None and stated is not None)

    def weigh(
        self, question: Question, reports: Collection[str] | None = None, *, count: int = READ
    ) -> tuple[Evidence, Standing | None]:
        """Give all sentences that may answer a question, best first, and how the best stands.

        There is no standing where none may answer.

        :param count: How many sentences are read again.
        """
        scored = kept = self.scorer.rank(question, reports)
        if not scored:
            return Evidence((), NOTHING_FITS), None
        for reason, passes in self._gates(question):
            passing = tuple(one for one in kept if passes(one))
            if not passing:
                open_ones = scored if reason == PERIOD_NOT_COVERED else kept
                return Evidence((), reason, self._nearest(reason, question, kept), open_ones), None
            kept = passing
        behind = scored[0].score - kept[0].score
        read = read_again(self._reader, self.scorer, question, kept, count, self.reading)
        if _is_blank(read[0], question):
            return Evidence((), PERIOD_NOT_COVERED, read[:1], read), None
        lacking = self._lacking(question, scored, read[0])
        told = scored if lacking == PERIOD_NOT_COVERED else read
        nearest = self._nearest(lacking, question, told)
        return Evidence((), lacking, nearest, read), _standing(
            read, behind, lacking is not None, self.scorer.known(question)
        )

    def _nearest(
        self, reason: str | None, question: Question, scored: Sequence[Scored]
    ) -> tuple[Scored, ...]:
        """The sentence to point to where none answers: the best, or the nearest in time.

        Where the period asked for lacks, that is the one nearest to it of those about as good
        as the best that names what is asked about.
        """
        headed = [one for one in scored if one.sentence.passage.section]
        if reason != PERIOD_NOT_COVERED:
            return tuple(headed[:1])
        terms = self.scorer.metrics(question)
        dated = [
            one
            for one in headed
            if one.periods
            and not speaks_of(one.periods, question.periods)
            and (not question.wants_figure or self._holds_figure(one, question))
        ]
        named = [one for one in dated if self.scorer.names(one.sentence, terms)] or dated
        near = [one for one in named if one.score >= named[0].score - _NEAR_TOLD]
        near.sort(key=lambda one: _away(one.periods, question.periods))
        return tuple(near[:1] or headed[:1])

    def _lacking(self, question: Question, scored: Sequence[Scored], best: Scored) -> str | None:
        """What the first sentence that names all that is asked about lacks, if it may not answer.

        None if the best sentence that may answer names all of it as well, or is a table's row
        of something asked about: what else is asked about are its columns.
        """
        terms = self.scorer.metrics(question)
        if not terms or self.scorer.names(best.sentence, terms):
            return None
        if self.scorer.labels(best.sentence, terms):
            return None
        first = next((one for one in scored if self.scorer.names(one.sentence, terms)), None)
        if first is None:
            return None
        return next((reason for reason, passes in self._gates(question) if not passes(first)), None)

    def _gates(self, question: Question) -> Iterator[tuple[str, Callable[[Scored], bool]]]:
        """What a sentence must pass to answer a question, and the reason where none does."""
        groups = self.scorer.groups(question)
        if groups and question.wants_figure and operation(question) in (None, Operation.SHARE):
            yield NOTHING_FITS, lambda one: self.scorer.is_of(one.sentence, groups)
        if question.regions:
            yield REGION_NOT_COVERED, lambda one: names_any(one.sentence, question.regions)
        if question.periods:
            yield (
                PERIOD_NOT_COVERED,
                lambda one: speaks_of(
                    self.scorer.spoken(one.sentence, one.periods, question), question.periods
                ),
            )
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
        if question.wants_definition or asks_for_list(question.text):
            defining = [one for one in scored if self.scorer.defines(one.sentence, question)]
            if defining and (question.wants_definition or _is_near(defining[0], scored)):
                return _with_the_rest(defining[0], scored)
        best = scored[0]
        group = rows_of_group(question, scored, self.scorer.head_in_english)
        if group:
            return group
        if asks_for_both(question.text):
            return _of_each(scored)
        if asks_why_or_how(question):
            span = read_span(self._reader, self.scorer, question, scored, _TOLD)
            if len(span) < _FEWEST_TOLD:
                span = told_on(span, scored, _TOLD)
            return _with_others(span, scored)
        limit = (2 if question.wants_figure else 3) + asks_for_list(question.text)
        chosen: list[Scored] = []
        for one in scored:
            close = one.score >= best.score - self.weights.also
            if question.wants_figure and not question.periods:
                newest = self.scorer.recency(best.periods)
                close = close and self.scorer.recency(one.periods) >= newest
            if isinstance(one.sentence, TableRow) and chosen:
                close = close and one.score >= best.score - self.weights.row
            if close and not any(repeats(one, other) for other in chosen):
                chosen.append(one)
            if len(chosen) == limit:
                break
        return tuple(sorted(chosen, key=_reading_order))


def _no_label(fact: Fact) -> str:
    return ""


def _away(given: Sequence[Period], asked: Sequence[Period]) -> int:
    """How many months lie between some periods and the nearest of those asked for."""
    return min(
        (abs(one.last - other.last) for one in given for other in asked), default=sys.maxsize
    )


def _is_blank(one: Scored, question: Question) -> bool:
    """Whether a table's row has no figure in the columns of the period asked for."""
    if not isinstance(one.sentence, TableRow) or not question.periods:
        return False
    dated = [fact.period for fact in facts_of(one) if fact.period]
    return bool(dated) and not speaks_of(dated, question.periods)


def _is_near(one: Scored, scored: Sequence[Scored]) -> bool:
    """Whether a sentence is nearly as good as the best."""
    return one.score >= scored[0].score - _NEAR_TOLD


def _with_the_rest(definition: Scored, scored: Sequence[Scored]) -> tuple[Scored, ...]:
    """A definition with what its passage says after it."""
    behind = [
        one
        for one in scored
        if one.sentence.passage == definition.sentence.passage
        and one.sentence.start > definition.sentence.start
    ]
    behind.sort(key=lambda one: one.sentence.start)
    return (definition, *behind[:_TOLD_OF_A_TERM])


def _with_others(span: Sequence[Scored], scored: Sequence[Scored]) -> tuple[Scored, ...]:
    """The sentences of a passage that answer together and, if few, others nearly as good."""
    chosen = list(span)
    best = max(span, key=lambda one: one.score)
    others = [one for one in scored if one not in chosen and not repeats(best, one)]
    near = [one for one in others if one.score >= best.score - _ALSO_TOLD]
    chosen += near[: max(0, _FEWEST_TOLD - len(chosen))]
    rival = next((one for one in others if one.sentence.passage != best.sentence.passage), None)
    if rival and rival not in chosen and rival.score >= best.score - _RIVAL_TOLD:
        chosen.append(rival)
    return tuple(sorted(chosen, key=_reading_order))


def _of_each(scored: Sequence[Scored]) -> tuple[Scored, ...]:
    """The best sentence, and the best of another passage that gives another figure."""
    best = scored[0]
    other = next(
        (
            one
            for one in scored[1:_OTHERS]
            if one.sentence.passage != best.sentence.passage and not repeats(best, one)
        ),
        None,
    )
    return tuple(sorted((best, other), key=_reading_order)) if other else (best,)


def _standing(ranked: Sequence[Scored], behind: float, lacking: bool, known: Likeness) -> Standing:
    """How the best of the sentences that may answer stands among them.

    :param behind: How far the best of all was before it.
    :param lacking: A sentence that names more of the metric is of another period or region.
    :param known: How like the question those are that are known.
    """
    best, *others = ranked
    if best.signs is None:
        raise ValueError("the best sentence was scored without signs")
    passage = best.sentence.passage
    other = next(
        (one.score for one in others if one.sentence.passage != passage and not repeats(best, one)),
        best.score - 5,
    )
    return Standing(
        best.signs,
        score=best.score,
        margin=best.score - other,
        lead=best.score - ranked[min(10, len(ranked) - 1)].score,
        behind=behind,
        answered=known.answered,
        unanswered=known.unanswered,
        read=best.read,
        ahead=0.0 if best.read is None else best.read - _next_read(best, others),
        lacking=lacking,
    )


def _next_read(best: Scored, others: Sequence[Scored]) -> float:
    """The most that the reader says of another sentence, if it says something else."""
    said = (one.read for one in others if one.read is not None and not repeats(best, one))
    return max(said, default=-_UNREAD)


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
