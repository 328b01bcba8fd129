"""Computing: what a question asks for that no report prints, from the figures that they do.

A result is shown with its arithmetic, each operand as the report prints it, and is checked again
before it is shown: the operands by the number check, the result by doing the sum once more.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from corpus import (
    MOVING_KINDS,
    Fact,
    FactKind,
    Measure,
    Period,
    Quantity,
    TableRow,
    find_quantities,
    same_figure,
)
from qa.derive import amount, ratio, rest_of, whole_of
from qa.formula import Formula, fell, growth, rounded, shown, total
from qa.kinds import asked_kinds
from qa.operands import (
    AVERAGED,
    Heard,
    best_of_each,
    counts_asked,
    facts_of,
    find_operands,
    newest,
    same_unit,
    spanned,
)
from qa.operation import (
    ARITHMETIC,
    Operation,
    asks_average,
    asks_changes,
    asks_count,
    asks_earlier,
    asks_growth,
    asks_rate,
    asks_since,
    asks_the_most,
    asks_to_compute,
    denies,
    ends_of,
    operation,
    wanted_measure,
)
from qa.pairs import Pair, asked_pairs
from qa.question import Question
from qa.scoring import Scored

_LENT, _BEHIND = 12, 3.0
_ALL = 100
_PLAINLY, _UNCLEAR = 0.5, 0.12
_OF_ANSWERS = ARITHMETIC - {Operation.REST} | {Operation.COMPARE}
_ORDER = {FactKind.SHARE: 1, FactKind.CHANGE: 2, FactKind.GROWTH: 2, FactKind.POINTS: 2}
_CHANGES: dict[Measure | None, frozenset[FactKind]] = {
    Measure.AMOUNT: frozenset({FactKind.CHANGE}),
    Measure.SHARE: frozenset({FactKind.POINTS}),
}


def compute(whole: Heard, parts: Sequence[Heard] = ()) -> Formula | None:
    """What a question asks for, of the figures of the sentences ranked for it.

    :param parts: The questions for each of the things that it compares (:mod:`qa.parts`).
    """
    question = whole.question
    asked = operation(question)
    if asks_growth(question) and len(parts) == 2:
        counted = replace(whole, question=replace(question, measure=None))
        return _best_of(counted, parts, Operation.GROWTH, over_time=True)
    if not question.wants_figure and asked in (None, Operation.SUM, Operation.REST):
        return None
    if asked is Operation.SUM and len(parts) < 2:
        return None
    if asked is Operation.COMPARE and not parts and asks_the_most(question.text):
        return None
    if asked is Operation.REST and question.measure is Measure.SHARE:
        return None
    if asked is Operation.REST and len(parts) == 2 and of_things(parts):
        asked = Operation.DIFFERENCE
    if asked is Operation.WHOLE:
        return whole_of(whole, question.periods) or whole_of(whole)
    if asked is Operation.BEFORE:
        return (
            _undone(whole, parts)
            or backwards(whole, question.bases)
            or _before_the_stated(whole)
            or whole_of(whole, question.bases)
        )
    if asked in (None, Operation.COMPARE) and len(parts) < 2 and _leaves_a_part(whole):
        left = rest_of(whole)
        if left is not None:
            return left
    if asked is None and len(parts) < 2:
        shared = question.measure is Measure.SHARE and not gives_share(whole)
        if not shared and not asks_average(question.text):
            return None
        asked = Operation.SHARE if shared else None
    simple = asked in (None, Operation.DIFFERENCE, Operation.COMPARE) and not of_things(parts)
    if (simple and states_change(question, whole.ranked)) or (
        asked is Operation.SHARE and gives_share(whole)
    ):
        return None
    if asked is None and parts:
        asked = Operation.COMPARE
    if not of_things(parts):
        followed = _followed(whole, asked)
        if followed or len(parts) > 2:
            return followed or _of_several(whole, parts, asked or Operation.COMPARE)
        if parts:
            return _best_of(whole, parts, asked, over_time=True) or _of_several(
                whole, parts, asked or Operation.COMPARE
            )
    if len(parts) > 2:
        return _of_several(whole, parts, asked or Operation.COMPARE)
    found = _best_of(whole, parts, asked)
    return found or (rest_of(whole) if asked is Operation.REST else None)


def _leaves_a_part(whole: Heard) -> bool:
    """Whether it is asked how many are not something, and the best sentence counts what is."""
    if not asks_count(whole.question.text) or not denies(whole.question.text) or not whole.ranked:
        return False
    facts = facts_of(whole.ranked[0])
    return bool(facts) and not any(denies(one.metric) for one in facts)


def _best_of(
    whole: Heard,
    parts: Sequence[Heard],
    asked: Operation | None,
    *,
    over_time: bool = False,
) -> Formula | None:
    """What the likeliest two figures come to that fit what is asked.

    A sentence that plainly answers by itself beats what is computed of others.
    """
    top = max((one.score for one in whole.ranked), default=0.0)
    best = {one.sentence for one in whole.ranked if one.score >= top - _BEHIND}
    for pair in asked_pairs(whole, parts, over_time=over_time):
        formula = _of_pair(pair, whole.question, asked)
        if formula is None or not formula.holds():
            continue
        if pair.sure < _UNCLEAR:
            return None
        plainly = whole.sure >= _PLAINLY and not asks_to_compute(whole.question.text)
        if plainly and best.isdisjoint(formula.sentences):
            return None
        sure = min(pair.sure, max(one.sure for one in (whole, *parts)))
        return replace(formula, sure=sure, over_time=over_time)
    return None


def _undone(whole: Heard, parts: Sequence[Heard]) -> Formula | None:
    """A level before its change, if these are plainly the two figures that are asked for."""
    for pair in asked_pairs(whole, parts)[:1]:
        level, change = sorted((pair.first.fact, pair.second.fact), key=_moves)
        if pair.sure < _PLAINLY or _moves(level) or not _moves(change):
            return None
        formula = undone(level, change)
        bases = whole.question.bases
        if change.base and bases and not any(change.base.answers(one) for one in bases):
            return None
        if formula is not None and formula.holds():
            told = tuple(
                {one.sentence: one for one in (pair.first.scored, pair.second.scored)}.values()
            )
            return replace(formula, scored=told, sure=pair.sure)
    return None


def _moves(fact: Fact) -> bool:
    return fact.kind in MOVING_KINDS


def _followed(whole: Heard, asked: Operation | None) -> Formula | None:
    """How a metric changed that the best sentence follows over time, if a change is asked for."""
    if asked not in (Operation.DIFFERENCE, Operation.MULTIPLE) or not asks_since(whole.question):
        return None
    found = spanned(whole)
    if not found:
        return None
    formula = formula_of(asked, [one.fact for one in found], [one.scored for one in found])
    return replace(formula, sure=whole.sure) if formula and formula.holds() else None


def _of_several(whole: Heard, parts: Sequence[Heard], asked: Operation) -> Formula | None:
    """The figures of three things or more, or of one at as many times."""
    over_time = not of_things(parts)
    groups = [find_operands(one) for one in (parts if over_time else _lent(parts))]
    if over_time:
        groups = [
            found if one.question.periods else newest(found)
            for one, found in zip(parts, groups, strict=True)
        ]
    found = best_of_each(groups, whole.question, asked, over_time=over_time)
    if not found:
        return None
    sure = min(one.sure for one in parts)
    if over_time and len({one.fact.metric for one in found}) == 1:
        sure = max(one.sure for one in parts)
    if {one.scored.sentence for one in found} <= {one.sentence for one in whole.ranked[:3]}:
        sure = max(sure, whole.sure)
    formula = formula_of(asked, [one.fact for one in found], [one.scored for one in found])
    return replace(formula, sure=sure) if formula and formula.holds() else None


def _of_pair(pair: Pair, question: Question, asked: Operation | None) -> Formula | None:
    """What two figures come to: by what is asked, and by what kinds of figures they are."""
    facts = (pair.first.fact, pair.second.fact)
    scored = (pair.first.scored, pair.second.scored)
    level, other = sorted(facts, key=lambda fact: _ORDER.get(fact.kind, 0))
    if _moves(other) and not _moves(level):
        found = undone(level, other) if _asks_base(question, other) else None
    elif level.quantity.measure is not other.quantity.measure:
        found = _of_share(level, other, question, asked)
    elif not same_unit(level.quantity, other.quantity) and not shares_unit(level, other):
        found = _apiece(level, other, question)
    elif _moves(level) and not _asks_moving(question, asked):
        found = None
    elif question.measure is Measure.SHARE and asked is Operation.DIFFERENCE and _counted(facts):
        found = None
    else:
        found = formula_of(asked, facts, scored) if asked else None
    told = tuple({one.sentence: one for one in scored}.values())
    return replace(found, scored=told) if found else None


def shares_unit(one: Fact, other: Fact) -> bool:
    """Whether two figures of one thing share the unit that one has: 从29万亿到42万亿元."""
    bare = "" in (one.quantity.unit, other.quantity.unit)
    return bare and one.metric == other.metric and one.sentence == other.sentence


def _counted(facts: Sequence[Fact]) -> bool:
    """Whether all of some facts count something, so that none of their gaps is a percentage."""
    return all(fact.quantity.measure is Measure.AMOUNT for fact in facts)


def _asks_moving(question: Question, asked: Operation | None) -> bool:
    """Whether changes themselves are to be set against each other, not what changed."""
    if asked is Operation.COMPARE and MOVING_KINDS & set(asked_kinds(question)):
        return True
    return asks_changes(question.text) or question.measure is Measure.POINTS


def _asks_base(question: Question, change: Fact) -> bool:
    """Whether a question asks for the time that a change is counted from."""
    asked = (*question.periods, *question.bases)
    return change.base is not None and any(change.base.answers(one) for one in asked)


def _of_share(
    level: Fact, share: Fact, question: Question, asked: Operation | None
) -> Formula | None:
    """What a share of a level comes to, or the whole that a level is a share of."""
    if share.kind is not FactKind.SHARE or level.kind is not FactKind.LEVEL:
        return None
    if not share.quantity.value:
        return None
    if asked in (Operation.WHOLE, Operation.REST):
        exact = level.quantity.value / share.quantity.value * 100
        whole = amount(exact, level.quantity)
        if asked is not Operation.REST:
            return Formula((level, share), "whole", whole, level.period)
        return Formula((level, share), "rest", total(whole, level.quantity, -1), level.period)
    if asked not in (None, Operation.SHARE, Operation.COMPARE):
        return None
    if share.whole and share.metric == level.metric:
        return None
    if question.measure is Measure.SHARE and not asks_count(question.text):
        return None
    exact = level.quantity.value * share.quantity.value / 100
    result = amount(exact, level.quantity)
    return Formula((level, share), "x", result, share.period or level.period)


def _apiece(one: Fact, other: Fact, question: Question) -> Formula | None:
    """How much of one thing there is for each of another, if that is asked."""
    if not asks_average(question.text) or AVERAGED.search(one.metric + other.metric):
        return None
    wanted = [fact for fact in (one, other) if question.unit and counts_asked(fact, question)]
    above, below = sorted((one, other), key=lambda fact: -fact.quantity.magnitude)
    if wanted == [below]:
        above, below = below, above
    return ratio(above, below)


def _of_both(question: Question, *, timed: bool) -> Operation | None:
    """What is asked of the answers to two questions before, if it is plain.

    :param timed: They are of two times.
    """
    asked = operation(question)
    moved = asks_changes(question.text)
    if asks_average(question.text) or asks_earlier(question.text) or (moved and not timed):
        return None
    if question.measure is Measure.SHARE and asked not in (Operation.SUM, Operation.REST):
        grew = timed and (asks_growth(question) or moved or asked is Operation.DIFFERENCE)
        return Operation.GROWTH if grew else Operation.SHARE
    if asked is None:
        return Operation.DIFFERENCE if timed else None
    return asked if asked in _OF_ANSWERS else None


def of_answers(
    question: Question, facts: Sequence[Fact], sentences: Sequence[Scored]
) -> Formula | None:
    """What two figures come to that answer the two questions before one, if they count alike."""
    one, other = facts
    asked = _of_both(question, timed=one.period != other.period)
    alike = one.kind is other.kind and one.quantity.measure is other.quantity.measure
    if asked is None or not alike or not same_unit(one.quantity, other.quantity):
        return None
    if same_figure(one.quantity, other.quantity):
        return None
    formula = formula_of(asked, facts, sentences)
    computed = formula is not None and formula.result is not None and formula.holds()
    return formula if computed else None


def in_order(formula: Formula, parts: Sequence[Heard]) -> Formula:
    """A multiple of the first thing over the second, if a question says which over which."""
    if formula.sign != "/" or len(parts) != 2 or not of_things(parts):
        return formula
    larger, smaller = formula.facts
    lean = [parts[0].likeness(fact) - parts[1].likeness(fact) for fact in (larger, smaller)]
    if lean[1] <= lean[0] or not larger.quantity.magnitude:
        return formula
    exact = smaller.quantity.magnitude / larger.quantity.magnitude
    result = Quantity(shown(exact, smaller.quantity, larger.quantity), Decimal(1), "倍", -1, -1)
    return replace(formula, facts=(smaller, larger), result=result)


def change_of(heard: Heard, row: Scored) -> Formula | None:
    """The change of a table's row from its first to its last period."""
    found = spanned(replace(heard, ranked=(row,)))
    facts, scored = [one.fact for one in found], [one.scored for one in found]
    formula = formula_of(Operation.DIFFERENCE, facts, scored) if found else None
    return formula if formula is not None and formula.holds() else None


def states_result(question: Question, several: bool, chosen: Sequence[Scored]) -> bool:
    """Whether sentences may state what a question asks to be computed; True if it asks for nothing.

    :param several: Several things are compared, so that a change since a time is none of them.
    """
    asked = operation(question)
    if asked is Operation.MULTIPLE:
        return any(
            one.measure is Measure.MULTIPLE
            for scored in chosen
            for one in find_quantities(scored.sentence.text)
        )
    if asked is Operation.DIFFERENCE and question.wants_figure:
        since = question.bases or ends_of(question)
        return any(
            (fact.kind in MOVING_KINDS or fact.quantity.measure is Measure.POINTS)
            and not (several and fact.base)
            and not (fact.base and since and not _since(fact, since))
            for one in chosen
            for fact in facts_of(one)
        )
    return asked is not Operation.SUM or not several


def _before_the_stated(heard: Heard) -> Formula | None:
    """The level before that of the period asked about: "it made 33.5 in 2020; and before?"."""
    found = backwards(heard, ()) if asks_earlier(heard.question.text) else None
    if found is None or found.facts[0].period is None:
        return None
    stated = found.facts[0].period
    return found if any(stated.answers(asked) for asked in heard.question.bases) else None


def _lent(parts: Sequence[Heard]) -> list[Heard]:
    """The questions for each thing, each with the best sentences of the others as well.

    A sentence that tells of one side of a comparison often tells of the other.
    """
    best = [one.ranked[0] for one in parts if one.ranked]
    found = []
    for part in parts:
        own = {one.sentence for one in part.ranked[:_LENT]}
        last = part.ranked[0].score - _BEHIND if part.ranked else 0.0
        lent = [replace(one, score=last) for one in best if one.sentence not in own]
        found.append(replace(part, ranked=(*part.ranked[:_LENT], *lent)))
    return found


def of_things(parts: Sequence[Heard]) -> bool:
    """Whether parts are told apart by what they ask about, not by periods."""
    return len({one.question.periods for one in parts}) < len(parts)


def gives_share(heard: Heard) -> bool:
    """Whether the best sentence gives a share, and none is to be computed in so many words."""
    if asks_to_compute(heard.question.text):
        return False
    return any(fact.kind is FactKind.SHARE for one in heard.ranked[:1] for fact in facts_of(one))


def states_change(question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether the best sentence states the change that is asked for: it beats a difference."""
    wanted = wanted_measure(question.text)
    changes = _CHANGES.get(wanted, MOVING_KINDS)
    kinds = changes & set(asked_kinds(question)[:2])
    if not kinds or not ranked:
        return False
    facts = facts_of(ranked[0])
    if isinstance(ranked[0].sentence, TableRow) and not asks_rate(question.text):
        kinds -= {FactKind.GROWTH}
    return any(
        fact.kind in kinds
        and (not question.bases or _since(fact, question.bases))
        and (len(question.periods) < 2 or _since(fact, question.periods))
        for fact in facts
    )


def _since(fact: Fact, periods: Collection[Period]) -> bool:
    """Whether a change is counted from one of some periods."""
    base = fact.base
    return base is not None and any(base.answers(asked) for asked in periods)


def formula_of(
    asked: Operation, facts: Sequence[Fact], sentences: Sequence[Scored]
) -> Formula | None:
    """What some facts come to by an operation; without a result where they only compare."""
    facts, scored = tuple(facts), tuple({one.sentence: one for one in sentences}.values())
    if any(_one_figure(one, other) for one, other in combinations(facts, 2)):
        return None
    period = facts[0].period if len({fact.period for fact in facts}) == 1 else None
    larger, smaller = sorted(facts[:2], key=lambda fact: -fact.quantity.magnitude)
    if asked is Operation.SUM:
        result = facts[0].quantity
        for fact in facts[1:]:
            result = total(result, fact.quantity, 1)
        if facts[0].quantity.measure is Measure.SHARE and result.magnitude > _ALL:
            return None
        return Formula(facts, "+", result, period, scored)
    if len(facts) > 2:
        return Formula(facts, "", None, None, scored)
    if asked is Operation.GROWTH:
        counted = _counted(facts) and not any(map(_moves, facts))
        grown = growth(*facts) if counted else None
        return replace(grown, scored=scored) if grown else None
    if asked in (Operation.MULTIPLE, Operation.SHARE):
        if not smaller.quantity.magnitude:
            return None
        pair = (larger, smaller) if asked is Operation.MULTIPLE else (smaller, larger)
        operands = (pair[0].quantity, pair[1].quantity)
        exact = operands[0].magnitude / operands[1].magnitude
        if asked is Operation.MULTIPLE:
            result = Quantity(shown(exact, *operands), Decimal(1), "倍", -1, -1)
        else:
            result = Quantity(shown(exact * 100, *operands), Decimal(1), "%", -1, -1)
        return Formula(pair, "/" if asked is Operation.MULTIPLE else "%", result, period, scored)
    moving = larger.kind in MOVING_KINDS
    if moving and (asked is not Operation.DIFFERENCE or fell(larger) is not fell(smaller)):
        return Formula(facts, "", None, None, scored)
    result = total(larger.quantity, smaller.quantity, -1)
    if smaller.quantity.magnitude and result.magnitude == larger.quantity.magnitude:
        return None
    if larger.quantity.measure is Measure.SHARE:
        result = replace(result, unit="个百分点")
    if asked is Operation.COMPARE and larger.kind is FactKind.INDEX:
        return Formula(facts, "", None, None, scored)
    return Formula((larger, smaller), "-", result, period, scored)


def _one_figure(one: Fact, other: Fact) -> bool:
    """Whether two facts give one figure, rounded and not: 3994亿 and 399,364,628,784."""
    unlike = one.quantity.last_digit != other.quantity.last_digit
    return unlike and same_figure(one.quantity, other.quantity)


def earlier(question: Question) -> Question:
    """A question for a past level as one for the sentence that tells what changed since then."""
    return replace(question, periods=(), bases=question.periods or question.bases)


def states(ranked: Sequence[Scored], periods: Collection[Period]) -> Scored | None:
    """The best sentence, if it gives a level for one of some periods."""
    levels = (FactKind.LEVEL, FactKind.SHARE)
    return next(
        (
            one
            for one in ranked[:1]
            for fact in facts_of(one)
            if fact.kind in levels
            and fact.period
            and any(fact.period.answers(asked) for asked in periods)
        ),
        None,
    )


def backwards(heard: Heard, periods: Collection[Period], least: float = 0.0) -> Formula | None:
    """The level before a change or a growth rate, of the first sentence that gives both.

    :param periods: The level is asked for one of these; for any if there are none.
    :param least: How like the question its metric must be.
    """
    for one in heard.ranked[:3]:
        if isinstance(one.sentence, TableRow):
            continue
        like = {fact: heard.likeness(fact) for fact in facts_of(one)}
        told = [
            fact
            for fact, close in like.items()
            if fact.kind in MOVING_KINDS or (close >= least and counts_asked(fact, heard.question))
        ]
        told.sort(key=lambda fact: (-round(like[fact], 2), fact.quantity.last_digit))
        found = _before(told)
        if found is None or not found.holds():
            continue
        base = found.period
        if not periods or (base and any(base.answers(asked) for asked in periods)):
            return replace(found, scored=(one,))
    return None


def is_change_of(change: Fact, level: Fact) -> bool:
    """Whether a change is one of a level: of the same name, or of one that says no more."""
    if change.metric == level.metric:
        return True
    counted = change.kind is FactKind.CHANGE and change.quantity.unit == level.quantity.unit
    return counted and bool(change.metric) and set(change.metric) <= set(level.metric)


def _before(facts: Sequence[Fact]) -> Formula | None:
    """The level before a change: 24.6万家 less 3.3万家, or 7.43亿 over 1 + 31.6%."""
    for level in facts:
        if level.kind not in (FactKind.LEVEL, FactKind.SHARE):
            continue
        kinds = (
            (FactKind.CHANGE, FactKind.GROWTH)
            if level.kind is FactKind.LEVEL
            else (FactKind.POINTS,)
        )
        changes = [
            fact
            for kind in kinds
            for fact in facts
            if fact.kind is kind
            and fact.quantity.start > level.quantity.start
            and is_change_of(fact, level)
        ]
        if not changes:
            continue
        found = undone(level, changes[0])
        if found is not None:
            return found
    return None


def undone(level: Fact, change: Fact) -> Formula | None:
    """A level before its change, its growth or its points."""
    if change.kind is FactKind.GROWTH:
        rate = -change.quantity.magnitude if fell(change) else change.quantity.magnitude
        if rate <= -100 or level.kind is not FactKind.LEVEL:
            return None
        exact = level.quantity.value / (1 + rate / 100)
        digits = len(level.quantity.value.normalize().as_tuple().digits)
        result = replace(level.quantity, value=rounded(exact, max(4, digits)), start=-1, end=-1)
        return Formula((level, change), "back-" if rate < 0 else "back", result, change.base)
    counted = FactKind.CHANGE if level.kind is FactKind.LEVEL else FactKind.POINTS
    if change.kind is not counted:
        return None
    sign = "+" if fell(change) else "-"
    result = total(level.quantity, change.quantity, 1 if sign == "+" else -1)
    return Formula((level, change), sign, result, change.base)
