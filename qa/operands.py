"""Operands: the facts that a question sets against each other.

They are of one kind and unit, and told apart by period, region or name: 城镇 and 农村, 2020 and
2024.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from corpus import (
    Fact,
    FactKind,
    Period,
    Quantity,
    TableRow,
    find_facts,
    same_figure,
    table_facts,
)
from index import Term
from qa.lookup import asked_kinds
from qa.operation import Operation, periods_of, wanted_measure
from qa.question import Question
from qa.scoring import Scored
from qa.signs import closeness

_COUNTED = frozenset({FactKind.LEVEL, FactKind.SHARE, FactKind.INDEX})
_COMPARED = _COUNTED | {FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE}
_MOVING = frozenset({FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE})
_SENTENCES = 14
_BEHIND = 7.0
_FACTS = 40
_KIND = 0.3
_ALIKE = 0.8
_NEWEST = 0.3
_HEADS = frozenset({"", "人", "户", "个", "家", "款"})
_ONE_METRIC = 0.6
_MEASURED = 0.5
_LEAST_APART = 0.2


@dataclass(frozen=True, slots=True)
class Operand:
    """A fact that may be an operand, how well it fits, and which of what is asked it tells."""

    fact: Fact
    scored: Scored
    fit: float
    tells: frozenset[str]


def find_operands(
    question: Question,
    ranked: Sequence[Scored],
    terms: Sequence[Term],
    likeness: Callable[[Fact], float],
) -> list[Operand]:
    """The facts of the best sentences, with what each tells of what is asked."""
    if not ranked:
        return []
    periods = periods_of(question)
    kinds = asked_kinds(question)
    wanted = wanted_measure(question.text)
    found: dict[tuple[str, Decimal, Period | None], Operand] = {}
    top = ranked[0].score
    for one in ranked[:_SENTENCES]:
        if one.score < top - _BEHIND:
            break
        for fact in facts_of(one):
            if fact.kind not in _COMPARED:
                continue
            label = fact.metric.lower()
            tells = {term.word for term in terms if closeness(term, label) > 0}
            tells |= {name for name in question.regions if name in label}
            spoken = (fact.period,) if fact.period else one.periods
            tells |= {
                str(asked) for asked in periods if any(given.answers(asked) for given in spoken)
            }
            fit = likeness(fact) + one.score / 10 + _KIND * (fact.kind in kinds)
            if wanted is not None and fact.quantity.measure is wanted:
                fit += _MEASURED
            key = (fact.metric, fact.quantity.magnitude, fact.period)
            if key not in found or found[key].fit < fit:
                found[key] = Operand(fact, one, fit, frozenset(tells))
    return sorted(found.values(), key=lambda one: -one.fit)[:_FACTS]


def best_operands(
    operands: Sequence[Operand],
    question: Question,
    sides: Sequence[Callable[[Fact], float]],
    asked: Operation,
) -> tuple[Operand, ...]:
    """The two operands that fit best and are told apart by what is asked, or more for a sum."""
    periods = frozenset(str(one) for one in periods_of(question))
    named = periods | set(question.regions)
    moving = _MOVING & set(asked_kinds(question)) if asked is Operation.COMPARE else frozenset()
    alone = not sides and asked is Operation.DIFFERENCE
    newest = max((_last(one) for one in operands), default=0)
    best: tuple[float, tuple[Operand, ...]] = (0.0, ())
    for pair in combinations(operands, 2):
        if not _joinable(pair[0].fact, pair[1].fact, asked):
            continue
        if moving and not {pair[0].fact.kind, pair[1].fact.kind} <= moving:
            continue
        if not _timely(pair, periods, alone):
            continue
        apart = _apart(pair, named, sides)
        if apart < _LEAST_APART:
            continue
        alike = _alike(pair[0].fact, pair[1].fact)
        if not sides and not question.regions and alike < _ONE_METRIC:
            continue
        score = sum(one.fit for one in pair) + _ALIKE * alike + min(apart, 1.0)
        if not periods and all(_last(one) == newest for one in pair):
            score += _NEWEST
        if score > best[0]:
            best = (score, pair)
    chosen = best[1]
    if chosen and (asked is Operation.SUM or len(named) > 2):
        chosen = _more(chosen, operands, asked)
    return chosen


def _last(one: Operand) -> int:
    return one.fact.period.last if one.fact.period else 0


def _timely(pair: Sequence[Operand], periods: frozenset[str], alone: bool) -> bool:
    """Whether two operands are of the periods asked for: both of one, or each of its own.

    :param alone: One thing is asked about, so that a table's row may give both.
    """
    told = [one.tells & periods for one in pair]
    if len(periods) > 1 and told[0] and told[1] and told[0] != told[1]:
        return True
    if pair[0].fact.metric == pair[1].fact.metric and len(periods) < 2:
        row = isinstance(pair[0].fact.sentence, TableRow)
        return alone and row and pair[0].fact.sentence == pair[1].fact.sentence
    if periods and not (told[0] and told[1]):
        return False
    return pair[0].fact.period == pair[1].fact.period or bool(periods)


def _apart(
    pair: Sequence[Operand], named: frozenset[str], sides: Sequence[Callable[[Fact], float]]
) -> float:
    """How clearly two operands are the two things asked about."""
    one, other = pair
    if one.fact.metric == other.fact.metric and one.fact.sentence == other.fact.sentence:
        return 1.0
    own = len(one.tells - other.tells), len(other.tells - one.tells)
    if (one.tells & named) != (other.tells & named) and all(own):
        return 1.0
    found = 0.3 if all(own) else 0.0
    if len(sides) == 2:
        mine, theirs = one.fact, other.fact
        straight = sides[0](mine) + sides[1](theirs)
        crossed = sides[0](theirs) + sides[1](mine)
        found += abs(straight - crossed)
    return found


def _more(
    chosen: tuple[Operand, ...], operands: Sequence[Operand], asked: Operation
) -> tuple[Operand, ...]:
    """Further operands, each of which tells something that those chosen do not."""
    for one in operands:
        told = frozenset(word for other in chosen for word in other.tells)
        if one.tells - told and all(_joinable(one.fact, other.fact, asked) for other in chosen):
            chosen = (*chosen, one)
    return chosen


def _joinable(one: Fact, other: Fact, asked: Operation) -> bool:
    """Whether two facts may be set against each other: another thing of the same kind."""
    mine, theirs = one.quantity, other.quantity
    if one.metric == other.metric and one.period == other.period:
        return False
    if bool(one.whole) is not bool(other.whole) or _is_one(one, other):
        return False
    if mine.measure is not theirs.measure:
        return False
    if asked is Operation.COMPARE:
        return one.kind is other.kind and _same_unit(mine, theirs)
    if one.kind not in _COUNTED or one.kind is not other.kind:
        return False
    return _same_unit(mine, theirs) or asked in (Operation.MULTIPLE, Operation.SHARE)


def _is_one(one: Fact, other: Fact) -> bool:
    """Whether two facts give one figure for one time, in other words or places."""
    if not same_figure(one.quantity, other.quantity) or not (one.period and other.period):
        return False
    return one.period.answers(other.period) or other.period.answers(one.period)


def _same_unit(mine: Quantity, theirs: Quantity) -> bool:
    if mine.unit == theirs.unit:
        return True
    return bool({mine.unit, theirs.unit} <= _HEADS)


def _alike(one: Fact, other: Fact) -> float:
    """How alike two metrics are worded, from 0 to 1: parallel items are."""
    here, there = set(one.metric), set(other.metric)
    return len(here & there) / max(1, len(here | there)) + 0.2 * (one.sentence == other.sentence)


def tells_all(found: Sequence[Operand], terms: Sequence[Term]) -> bool:
    """Whether some operands name all of the glossary's terms of a question, two or more."""
    named = {term.word for term in terms if term.kind not in ("", "place")}
    told = frozenset(word for one in found for word in one.tells)
    return len(named) > 1 and named <= told


def facts_of(one: Scored) -> tuple[Fact, ...]:
    """The facts of a sentence or row, read in its passage."""
    return tuple(_facts(one))


def _facts(one: Scored) -> Iterator[Fact]:
    if isinstance(one.sentence, TableRow):
        until = one.periods[0] if one.periods else None
        for fact in table_facts(one.sentence.table, until):
            if fact.sentence == one.sentence:
                yield fact
        return
    year = one.periods[0].last // 12 if one.periods else None
    for fact in find_facts(one.sentence.passage, year):
        if fact.sentence.start == one.sentence.start:
            yield fact
