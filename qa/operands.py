"""Operands: the facts that a question sets against each other.

They are of one kind and unit, and told apart by period, region or name: 城镇 and 农村, 2020 and
2024.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from corpus import (
    MOVING_KINDS,
    Fact,
    FactKind,
    Measure,
    Passage,
    Period,
    Quantity,
    Table,
    TableRow,
    find_facts,
    same_figure,
    table_facts,
    year_before,
)
from index import Term
from qa.kinds import asked_kinds
from qa.operation import Operation, asks_changes, periods_of, wanted_measure
from qa.question import Question
from qa.scoring import Scored, in_turn
from qa.signs import counts, speaks_of

_COUNTED = frozenset({FactKind.LEVEL, FactKind.SHARE, FactKind.INDEX})
_COMPARED = _COUNTED | {FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE}
_SENTENCES = 14
_BEHIND = 7.0
_FACTS = 40
_KIND = 0.3
_LIKE = 0.35
_ALIKE = 0.8
SIZE = re.compile(r"规模|数量|总[数量]|数$|占比|比例|比重")
AVERAGED = re.compile("平均|人均|[日月年户]均|每")
HEADS = frozenset({"", "人", "户", "个", "家", "款", "所"})
_NEWEST = 0.6
_ONE_METRIC = 0.6
_MEASURED = 0.5
_MEASURED_IN = frozenset({"元", "小时", "分钟", "岁"})
_WORDED = 1.0
_CLAUSE = re.compile("[，；。]")
_EXACT, _ENOUGH = 0.04, 5
_KEPT = 2**9
_HARDLY, _SURELY = 0.1, 0.8


@dataclass(frozen=True, slots=True)
class Heard:
    """A question with the sentences ranked for it and the terms it names.

    ``likeness`` is how like it a fact's metric is (:meth:`qa.scoring.Scorer.likeness`);
    ``sure`` how likely it is that the best sentence answers; ``level`` gives the size of what is
    named, at a time (:meth:`qa.lookup.Lookup.level`); ``label`` is what a fact's figure is said of
    in the question's language, where that is not the metric's.
    """

    question: Question
    ranked: Sequence[Scored]
    terms: Sequence[Term]
    likeness: Callable[[Fact], float]
    sure: float = 1.0
    level: Callable[[str, Period | None], Fact | None] = lambda name, period: None
    label: Callable[[Fact], str] = lambda fact: ""

    def said(self, fact: Fact) -> str:
        """What a fact is said of, by its metric and its label, in lower case."""
        return f"{fact.metric} {self.label(fact)}".lower()


def of_parts(whole: Heard, parts: Sequence[Heard]) -> Heard:
    """What there is to compute from: the parts' sentences where only these surely answer.

    No one sentence gives the platforms of 2020 and of 2021, but one each does.
    """
    if len(parts) != 2 or whole.sure > _HARDLY or min(one.sure for one in parts) < _SURELY:
        return whole
    return replace(whole, ranked=in_turn(one.ranked for one in parts))


@dataclass(frozen=True, slots=True)
class Operand:
    """A fact that may be an operand, and how well it fits."""

    fact: Fact
    scored: Scored
    fit: float


def find_operands(heard: Heard) -> list[Operand]:
    """The facts of the best sentences that may be asked for, the best first."""
    question, ranked = heard.question, heard.ranked
    if not ranked:
        return []
    kinds = asked_kinds(question)
    wanted = wanted_measure(question.text)
    found: dict[tuple[str, Decimal, Period | None], Operand] = {}
    top = ranked[0].score
    for one in ranked[:_SENTENCES]:
        if one.score < top - _BEHIND:
            break
        for fact in facts_of(one):
            if fact.kind not in _COMPARED or not of_time(fact, one, question):
                continue
            if not counts_asked(fact, question):
                continue
            like = heard.likeness(fact)
            if like < _LIKE:
                continue
            fit = like + one.score / 10 + _KIND * (fact.kind in kinds)
            fit += _WORDED * _shared(fact.metric, question.topic)
            fit += _EXACT * min(_ENOUGH, len(fact.quantity.value.as_tuple().digits))
            if wanted is not None and fact.quantity.measure is wanted:
                fit += _MEASURED
            fact = dated(fact, one, question)
            key = (fact.metric, fact.quantity.magnitude, fact.period)
            if key not in found or found[key].fit < fit:
                found[key] = Operand(fact, one, fit)
    return sorted(found.values(), key=lambda one: -one.fit)[:_FACTS]


def _shared(metric: str, text: str) -> float:
    """The share of a metric's pairs of characters that a text has: 平板 of 平板电脑."""
    here = {metric[place : place + 2] for place in range(len(metric) - 1)}
    return sum(pair in text for pair in here) / len(here) if here else 0.0


def counts_asked(fact: Fact, question: Question) -> bool:
    """Whether a fact is of the measure and unit asked for, if the question says which."""
    if question.measure is Measure.SHARE and fact.quantity.measure is not Measure.SHARE:
        return fact.kind in MOVING_KINDS
    if not question.unit:
        return True
    amount = fact.quantity.measure is Measure.AMOUNT
    bare = not fact.quantity.unit and question.unit not in _MEASURED_IN
    return amount and (bare or counts(question.unit, fact.quantity.unit))


def dated(fact: Fact, scored: Scored, question: Question) -> Fact:
    """A fact that names no period, with the one that an earlier sentence names for its own."""
    if fact.period or scored.dated_by is None:
        return fact
    period = scored.periods[0]
    clause = _CLAUSE.split(fact.sentence.text[: fact.quantity.start])[-1]
    base = year_before(clause, period) if fact.kind in MOVING_KINDS else None
    return replace(fact, period=period, base=fact.base or base)


def of_time(fact: Fact, scored: Scored, question: Question) -> bool:
    """Whether a fact, or else its sentence, is of a period asked for, if one is."""
    asked = periods_of(question)
    return not asked or speaks_of((fact.period,) if fact.period else scored.periods, asked)


def spanned(heard: Heard) -> tuple[Operand, ...]:
    """The first and the last figure of one metric that the best sentence follows over time."""
    wanted = wanted_measure(heard.question.text)
    for one in heard.ranked[:1]:
        pairs = [
            (heard.likeness(first), second.period.last, first, second)
            for first, second in combinations(facts_of(one), 2)
            if first.metric == second.metric
            and first.kind is second.kind
            and first.kind in _COUNTED
            and same_unit(first.quantity, second.quantity)
            and first.period
            and second.period
            and first.period.last < second.period.last
            and _told_of(first.period, second.period, heard.question)
            and wanted in (None, first.quantity.measure)
        ]
        best = max(pairs, key=lambda pair: pair[:2], default=None)
        if best:
            return tuple(Operand(fact, one, best[0]) for fact in best[2:])
    return ()


def _told_of(early: Period, late: Period, question: Question) -> bool:
    """Whether two periods are those asked for: both of them, if a question names several."""
    if len(periods_of(question)) > 1:
        return all(speaks_of((one,), periods_of(question)) for one in (early, late))
    return not question.periods or speaks_of((late,), question.periods)


def newest(found: Sequence[Operand]) -> list[Operand]:
    """Those of some operands that are of the newest period."""
    last = max(map(_last, found), default=0)
    return [one for one in found if _last(one) == last]


def best_of_each(
    groups: Sequence[Sequence[Operand]],
    question: Question,
    asked: Operation,
    *,
    over_time: bool = False,
) -> tuple[Operand, ...]:
    """One operand of each group, so that they fit together: of one kind, unit and time.

    :param over_time: The groups are of one thing at several times, so that names must be alike.
    """
    moving: frozenset[FactKind] = frozenset()
    if asked is Operation.COMPARE and not over_time:
        moving = MOVING_KINDS & set(asked_kinds(question))
        if question.measure is Measure.POINTS:
            moving |= {FactKind.GROWTH}
    elif not over_time and asks_changes(question.text):
        moving = MOVING_KINDS
    periods = periods_of(question)
    latest = max((_last(one) for group in groups for one in group), default=0)
    best: tuple[float, tuple[Operand, ...]] = (0.0, ())
    for first in groups[0]:
        if moving and first.fact.kind not in moving:
            continue
        chosen: tuple[Operand, ...] = (first,)
        score = first.fit + _NEWEST * (not periods and _last(first) == latest)
        for group in groups[1:]:
            fitting = [
                (_fit(one, first), one)
                for one in group
                if one.fact != first.fact
                and _joinable(first.fact, one.fact, asked, moving)
                and (not over_time or same_metric(first.fact, one.fact))
                and (len(periods) > 1 or _of_one_table(first.fact, one.fact))
                and (periods or _at_once(first.fact, one.fact))
            ]
            if not fitting:
                break
            fit, one = max(fitting, key=lambda pair: pair[0])
            chosen, score = (*chosen, one), score + fit
        if len(chosen) == len(groups) and score > best[0]:
            best = (score, chosen)
    return best[1]


def _last(one: Operand) -> int:
    return one.fact.period.last if one.fact.period else 0


def _at_once(one: Fact, other: Fact) -> bool:
    """Whether two facts are of one time, as far as they say."""
    return one.period is None or other.period is None or one.period == other.period


def _fit(one: Operand, first: Operand) -> float:
    return one.fit + _ALIKE * _alike(one.fact, first.fact)


def same_metric(one: Fact, other: Fact) -> bool:
    """Whether two metrics are worded nearly alike, as one is in two reports."""
    here, there = sorted((set(one.metric), set(other.metric)), key=len)
    return len(here & there) >= _ONE_METRIC * len(here)


def _joinable(
    one: Fact, other: Fact, asked: Operation, moving: frozenset[FactKind] = frozenset()
) -> bool:
    """Whether two facts may be set against each other: another thing of the same kind."""
    mine, theirs = one.quantity, other.quantity
    if one.metric == other.metric and one.period == other.period:
        return False
    if bool(one.whole) is not bool(other.whole) or _is_one(one, other):
        return False
    if mine.measure is not theirs.measure:
        return False
    if asked is Operation.COMPARE:
        return one.kind is other.kind and same_unit(mine, theirs)
    if one.kind not in (moving or _COUNTED) or one.kind is not other.kind:
        return False
    return same_unit(mine, theirs) or asked is Operation.SHARE


def _is_one(one: Fact, other: Fact) -> bool:
    """Whether two facts give one figure for one time, in other words or places."""
    if not same_figure(one.quantity, other.quantity):
        return False
    if one.period is None or other.period is None:
        return True
    return one.period.answers(other.period) or other.period.answers(one.period)


def same_unit(mine: Quantity, theirs: Quantity) -> bool:
    """Whether two figures count alike: 9.89亿 and 10.32亿人 do."""
    if mine.unit == theirs.unit:
        return True
    return bool({mine.unit, theirs.unit} <= HEADS)


def _of_one_table(one: Fact, other: Fact) -> bool:
    """Whether two facts, if both are of tables, are of one or of a column called alike."""
    if not (isinstance(one.sentence, TableRow) and isinstance(other.sentence, TableRow)):
        return True
    here, there = (
        fact.metric.removeprefix(row.row.label).strip()
        for fact, row in ((one, one.sentence), (other, other.sentence))
    )
    mine, theirs = (set(row.table.title) for row in (one.sentence, other.sentence))
    alike = len(mine & theirs) * 2 > len(mine | theirs)
    return one.sentence.passage == other.sentence.passage or (here == there and alike)


def _alike(one: Fact, other: Fact) -> float:
    """How alike two metrics are worded, from 0 to 1: parallel items are."""
    here, there = set(one.metric), set(other.metric)
    return len(here & there) / max(1, len(here | there)) + 0.2 * (one.sentence == other.sentence)


def facts_of(one: Scored) -> tuple[Fact, ...]:
    """The facts of a sentence or row, read in its passage."""
    until = one.periods[0] if one.periods else None
    if isinstance(one.sentence, TableRow):
        facts = _facts_of_table(_Held(one.sentence.table), until)
        return tuple(fact for fact in facts if fact.sentence == one.sentence)
    facts = _facts_of_passage(one.sentence.passage, until.last // 12 if until else None)
    return tuple(fact for fact in facts if fact.sentence.start == one.sentence.start)


@dataclass(frozen=True, slots=True)
class _Held:
    """A table, told from others by its passage alone: quickly."""

    table: Table

    def __hash__(self) -> int:
        return hash(self.table.passage)


@lru_cache(maxsize=_KEPT)
def _facts_of_table(held: _Held, until: Period | None) -> tuple[Fact, ...]:
    return tuple(table_facts(held.table, until))


@lru_cache(maxsize=_KEPT)
def _facts_of_passage(passage: Passage, year: int | None) -> tuple[Fact, ...]:
    return find_facts(passage, year)
