"""Workings: what two figures may come to, and which of it a question asks for.

Every two likely figures (:mod:`qa.pairs`) may be added, taken from each other or divided: each is a
working, and so is to compute nothing and quote. How well each fits the question is weighed by a
model fitted on the question bank and the development set (``python -m eval.workings``).
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from corpus import MOVING_KINDS, Fact, FactKind, Measure, Period, Quantity, TableRow
from index.words import words
from qa.compute import (
    formula_of,
    gives_share,
    is_change_of,
    of_things,
    shares_unit,
    states_change,
    undone,
)
from qa.derive import IN_MONEY, MONEY, amount, ratio
from qa.formula import Formula, growth, total
from qa.kinds import kind_chances
from qa.operands import AVERAGED, SIZE, Heard, facts_of, same_unit
from qa.operation import (
    PATTERNS,
    Operation,
    asks_average,
    asks_changes,
    asks_count,
    asks_doubled,
    asks_each_day,
    asks_earlier,
    asks_rate,
    asks_since,
    asks_the_most,
    asks_to_compute,
    denies,
    ends_of,
    operation,
    turns,
    wanted_measure,
)
from qa.pairs import Pair, asked_pairs
from qa.parts import compares_things
from qa.question import Question
from qa.scoring import Scored
from qa.signs import counts, speaks_of

MODEL = Path(__file__).parent / "workings.json"
QUOTE = "quote"
_HINTS = ("average", "each day", "changes", "earlier", "doubled", "computed", "denies", "things",
          "times", "multiple", "points", "both", "turns")  # fmt: skip
_LEAST = 1e-6
_ALL = 100
_NEAR = 3
PLAIN = 0.75
_ALONE, _UNRIVALLED, _IDLE = 0.6, 0.4, 0.1
"""How sure a working must be that no rule computes, as an idle sum in bold does harm; and how sure
where computing nothing is hardly likely."""

_LIKELIEST, _ROUNDED = 12, 0.004
"""How many results are looked at, and by what part of it one may differ that is as good."""

Signs = dict[str, float]
Result = tuple[Decimal, Measure]


@dataclass(frozen=True, slots=True)
class Working:
    """What two figures may come to by an operation that has a ``name``, and its signs.

    No formula where nothing is computed.
    """

    name: str
    formula: Formula | None
    signs: Signs


def formulas(one: Fact, other: Fact) -> Iterator[tuple[str, Formula | None]]:
    """All that two facts may come to, by name."""
    mine, theirs = one.quantity, other.quantity
    moving = [fact for fact in (one, other) if fact.kind in MOVING_KINDS]
    amounts = mine.measure is Measure.AMOUNT and theirs.measure is Measure.AMOUNT
    if len(moving) == 1:
        level, change = sorted((one, other), key=lambda fact: fact.kind in MOVING_KINDS)
        if level.kind in (FactKind.LEVEL, FactKind.SHARE):
            yield "before", undone(level, change)
    elif mine.measure is theirs.measure and (same_unit(mine, theirs) or shares_unit(one, other)):
        yield "difference", formula_of(Operation.DIFFERENCE, (one, other), ())
        if one.kind is not FactKind.INDEX:
            yield "sum", formula_of(Operation.SUM, (one, other), ())
        yield "times", formula_of(Operation.MULTIPLE, (one, other), ())
        if amounts and not moving:
            yield "share", formula_of(Operation.SHARE, (one, other), ())
            yield "growth", growth(one, other)
    elif mine.measure is not theirs.measure and not moving:
        level, share = sorted((one, other), key=lambda fact: fact.quantity.measure is Measure.SHARE)
        yield from _of_share(level, share)
    elif amounts and not moving and not AVERAGED.search(one.metric + other.metric):
        for above, below in ((one, other), (other, one)):
            if above.quantity.magnitude > below.quantity.magnitude:
                yield "each", ratio(above, below)


def _of_share(level: Fact, share: Fact) -> Iterator[tuple[str, Formula]]:
    """What a share of a level comes to, the whole that a level is a share of, and what is left."""
    if share.kind is not FactKind.SHARE or level.kind is not FactKind.LEVEL:
        return
    if level.quantity.measure is not Measure.AMOUNT or not share.quantity.value:
        return
    part = level.quantity.value * share.quantity.value / _ALL
    result = amount(part, level.quantity)
    yield "part", Formula((level, share), "x", result, share.period or level.period)
    if share.quantity.value < _ALL:
        whole = amount(level.quantity.value / share.quantity.value * _ALL, level.quantity)
        yield "whole", Formula((level, share), "whole", whole, level.period)
        left = total(whole, level.quantity, -1)
        yield "rest", Formula((level, share), "rest", left, level.period)


def cues(question: Question, parts: Sequence[Heard]) -> Signs:
    """What a question's words say about what is to be computed."""
    text = question.text
    first = operation(question)
    wanted = wanted_measure(text)
    two = len(parts) == 2
    found: dict[str, float] = {
        **{f"says {one}": bool(pattern.search(text)) for one, pattern in PATTERNS},
        **{f"first {one}": first is one for one, _ in PATTERNS},
        "average": asks_average(text),
        "each day": asks_each_day(text),
        "changes": asks_changes(text),
        "since": asks_since(question),
        "turns": turns(question),
        "rate": asks_rate(text),
        "earlier": asks_earlier(text),
        "doubled": asks_doubled(text),
        "computed": asks_to_compute(text),
        "most": asks_the_most(text),
        "denies": denies(text),
        "count": asks_count(text),
        "share": question.measure is Measure.SHARE,
        "points": question.measure is Measure.POINTS,
        "multiple": question.measure is Measure.MULTIPLE,
        "unit": bool(question.unit),
        "wants share": wanted is Measure.SHARE,
        "wants amount": wanted is Measure.AMOUNT,
        "things": two and of_things(parts),
        "times": two and not of_things(parts),
        "both": bool(question.before),
        "bases": bool(question.bases),
        "periods": len(question.periods) > 1,
        "period": bool(question.periods),
        "figure": question.wants_figure,
        "zh": question.language == "zh",
        "bias": True,
        **{f"chance {kind.value}": chance for kind, chance in kind_chances(question).items()},
    }
    return {name: float(value) for name, value in found.items() if value}


def may_compute(said: Mapping[str, float]) -> bool:
    """Whether anything in a question's words hints at computing."""
    if any(name.startswith("says ") or name in _HINTS for name in said):
        return True
    return "count" in said and "share" in said


def workings(
    whole: Heard,
    parts: Sequence[Heard] = (),
    ruled: Formula | None = None,
    later: Heard | None = None,
) -> list[Working]:
    """What may be computed for a question of the likeliest two figures, and to quote.

    :param ruled: What the rules of :mod:`qa.compute` compute.
    :param later: A question for a level as one for what changed since then, if none is given.
    """
    said = cues(whole.question, parts)
    found = _of_pairs(whole, parts if len(parts) == 2 else (), said)
    none = not found
    if later is not None:
        found += [
            replace(one, signs=one.signs | {"later": 1.0, **_named("later", said)})
            for one in _of_pairs(later, (), said)
            if one.name == "before" and one.formula and is_of(one.formula, whole.question.periods)
        ]
    if ruled is not None:
        agreed = False
        for place, one in enumerate(found):
            if one.formula and _same(one.formula, ruled):
                agreed = True
                formula = replace(one.formula, over_time=ruled.over_time)
                found[place] = replace(one, formula=formula, signs=one.signs | {"ruled": 1.0})
        if not agreed:
            signs = _named("ruled", said) | {"ruled": 1.0, f"ruled {ruled.sign}": 1.0}
            found.append(Working("ruled", ruled, signs | {"ruled sure": ruled.sure}))
    return [*found, Working(QUOTE, None, _quote_signs(said, whole, none, ruled is None))]


def _named(name: str, said: Signs) -> Signs:
    return {f"{name} & {cue}": value for cue, value in said.items()}


def _of_pairs(heard: Heard, parts: Sequence[Heard], said: Signs) -> list[Working]:
    """What every two likely figures may come to."""
    printed = {
        (fact.quantity.magnitude, fact.quantity.measure)
        for one in heard.ranked[:_NEAR]
        for fact in facts_of(one)
    }
    pairs = asked_pairs(heard, parts, of_all=True)
    near = _nearness(heard, pairs)
    found = []
    things = compares_things(heard.question)
    ends = () if things else ends_of(heard.question)
    for place, pair in enumerate(pairs):
        one, other = pair.first.fact, pair.second.fact
        if one.kind is other.kind and one.period and other.period:
            timed = one.period.last != other.period.last
            if (ends and not timed) or (things and timed and _bare(one) == _bare(other)):
                continue
        if things and _inside(one, other) and not _names_more(heard, one, other):
            continue
        both = (pair.first.scored, pair.second.scored)
        told = tuple({one.sentence: one for one in both}.values())
        for name, formula in formulas(one, other):
            if formula is None or formula.result is None or not formula.holds():
                continue
            if name == "growth" and _is_stated(formula.result, told):
                continue
            signs = _named(name, said) | _pair_signs(name, pair, place)
            signs |= _formula_signs(name, formula, heard.question)
            signs |= {f"{name}: {sign}": 1.0 for sign in near[place]}
            known = (formula.result.magnitude, formula.result.measure) in printed
            signs["printed"] = float(known)
            found.append(Working(name, replace(formula, scored=told), signs))
    return found


def _is_stated(rate: Quantity, told: Sequence[Scored]) -> bool:
    """Whether one of some sentences gives a rate of growth, as it is computed or nearly so."""
    return any(
        fact.kind is FactKind.GROWTH
        and abs(abs(fact.quantity.magnitude) - rate.magnitude) <= fact.quantity.last_digit
        for one in told
        for fact in facts_of(one)
    )


def _same(one: Formula, other: Formula) -> bool:
    """Whether two formulas come to the same by the same figures."""
    if one.result is None or other.result is None:
        return False
    mine, theirs = ([fact.quantity.magnitude for fact in each.facts] for each in (one, other))
    return sorted(mine) == sorted(theirs) and one.result.magnitude == other.result.magnitude


def _pair_signs(name: str, pair: Pair, place: int) -> Signs:
    likely = math.log(max(pair.sure, _LEAST))
    like = min(pair.first.like[0], pair.second.like[0])
    return {"pair": likely, f"pair {name}": likely, "first": float(not place), "likeness": like}


def _nearness(whole: Heard, pairs: Sequence[Pair]) -> list[tuple[str, ...]]:
    """Of each pair, whether its sentences are among the best for the question."""
    ranks = {one.sentence: place for place, one in enumerate(whole.ranked[:_NEAR])}
    known: dict[int, int] = {}
    found = []
    for pair in pairs:
        for one in (pair.first, pair.second):
            if id(one) not in known:
                known[id(one)] = ranks.get(one.fact.sentence, _NEAR)
        places = (known[id(pair.first)], known[id(pair.second)])
        told = {"near": max(places) < _NEAR, "best": min(places) == 0}
        found.append(tuple(sign for sign, holds in told.items() if holds))
    return found


def _formula_signs(name: str, formula: Formula, question: Question) -> Signs:
    """What speaks for a formula by itself."""
    result = formula.result
    one, other = formula.facts[:2]
    asked = (*question.periods, *question.bases)
    timely = 0.0
    if formula.period and asked:
        timely = 1.0 if speaks_of((formula.period,), asked) else -1.0
    signs: Signs = {
        "period": timely,
        f"period {name}": timely,
    }
    if result is not None and question.unit:
        signs["unit"] = 1.0 if counts(question.unit, result.unit) else -1.0
    if result is not None and question.measure:
        signs["measure"] = 1.0 if result.measure is question.measure else -1.0
    of_both = {
        "metric": one.metric == other.metric,
        "sentence": one.sentence == other.sentence,
        "time": one.period == other.period,
        "kind": one.kind is other.kind,
        "inside": _inside(one, other),
        "moving": one.kind in MOVING_KINDS and other.kind in MOVING_KINDS,
        "row": isinstance(one.sentence, TableRow),
        "average": AVERAGED.search(one.metric + other.metric) is not None,
        "whole": any(fact.kind is FactKind.SHARE and fact.whole for fact in (one, other)),
        "head": _bare(one)[-2:] == _bare(other)[-2:],
    }
    signs |= {f"{name}: {sign}": 1.0 for sign, holds in of_both.items() if holds}
    if name == "before":
        signs["of"] = float(is_change_of(other, one) or is_change_of(one, other))
        behind = one.sentence == other.sentence and other.quantity.start > one.quantity.start
        signs["behind"] = float(behind)
    if name == "each":
        money = IN_MONEY.search(question.text) is not None
        signs["money"] = float((one.quantity.unit in MONEY) is money)
    return signs


def _bare(fact: Fact) -> str:
    return "".join(SIZE.sub("", fact.metric).split())


def _inside(one: Fact, other: Fact) -> bool:
    mine, theirs = _bare(one), _bare(other)
    return mine != theirs and min(len(mine), len(theirs)) > 1 and (mine in theirs or theirs in mine)


def _names_more(heard: Heard, one: Fact, other: Fact) -> bool:
    """Whether a question names what the longer of two names has and the other lacks: 手机."""
    short, long = sorted((one, other), key=lambda fact: len(_bare(fact)))
    text = heard.question.topic.lower()
    more = _bare(long).replace(_bare(short), "").lower()
    labelled = set(words(heard.label(long))) - set(words(heard.label(short)))
    return (len(more) > 1 and more in text) or any(word in text for word in labelled)


def _quote_signs(said: Signs, whole: Heard, none: bool, unruled: bool) -> Signs:
    """What speaks for computing nothing."""
    question = whole.question
    best = facts_of(whole.ranked[0]) if whole.ranked else ()
    signs = _named(QUOTE, said)
    if question.measure:
        signs["best of measure"] = float(
            any(fact.quantity.measure is question.measure for fact in best)
        )
    if question.unit:
        signs["best of unit"] = float(
            any(counts(question.unit, fact.quantity.unit) for fact in best)
        )
    if "denies" in said:
        signs["best denies"] = float(any(denies(fact.metric) for fact in best))
    return signs | {
        "sure": whole.sure,
        "stated": float(states_change(question, whole.ranked)),
        "gives share": float(gives_share(whole)),
        "best chance": max(
            (said.get(f"chance {fact.kind.value}", 0.0) for fact in best), default=0
        ),
        "no pairs": float(none),
        "unruled": float(unruled),
    }


def asked_formula(
    whole: Heard,
    parts: Sequence[Heard] = (),
    ruled: Formula | None = None,
    later: Heard | None = None,
) -> Formula | None:
    """What a question asks to be computed, as sure as the model is; None to quote.

    The parameters are those of :func:`workings`.
    """
    if not whole.question.wants_figure:
        return ruled
    if ruled is not None and ruled.result is None and len(parts) > 2:
        return ruled
    told = ruled if ruled is not None and ruled.result is not None else None
    plain = whole.sure >= PLAIN and not may_compute(cues(whole.question, parts))
    if not whole.ranked or (told is None and later is None and plain):
        return ruled
    found = workings(whole, parts, told, later)
    totals = [_total(one.signs) for one in found]
    top = max(totals)
    chances: dict[Result | None, float] = defaultdict(float)
    for one, each in zip(found, totals, strict=True):
        chances[_result(one)] += math.exp(each - top)
    near = _with_as_good(chances)
    likely = max(near, key=lambda result: near[result])
    if likely is None:
        if ends_of(whole.question) and not states_change(whole.question, whole.ranked):
            return ruled
        if told is not None and of_things(parts) and len(told.sentences) > 1:
            return ruled
        counts_rest = asks_count(whole.question.text) and denies(whole.question.text)
        return ruled if told is None or counts_rest else None
    best = max(
        (place for place, one in enumerate(found) if _result(one) == likely),
        key=lambda place: totals[place],
    )
    formula = found[best].formula
    if found[best].name == "share" and denies(whole.question.text):
        return ruled
    heard = [one.sure for one in (whole, *parts, later) if one is not None]
    total_chance = sum(chances.values())
    sure = min(near[likely] / total_chance, max(heard))
    least = _ALONE if chances[None] > _IDLE * total_chance else _UNRIVALLED
    if formula is None or (told is None and sure < least):
        return ruled
    return replace(formula, sure=sure)


def _with_as_good(chances: Mapping[Result | None, float]) -> dict[Result | None, float]:
    """The chances of the likeliest results, with those of results that differ by rounding alone.

    4.19亿 over 6.17亿 and 41,883万 over 61,685万 are one answer.
    """
    order = sorted(chances, key=lambda result: -chances[result])[:_LIKELIEST]
    found: dict[Result | None, float] = {}
    for one in order:
        if any(_as_good(one, other) for other in found):
            continue
        found[one] = sum(chance for each, chance in chances.items() if _as_good(one, each))
    return found


def _as_good(one: Result | None, other: Result | None) -> bool:
    """Whether two results are the same, or but for rounding."""
    if one is None or other is None:
        return one is other
    figure = float(one[0])
    close = abs(float(other[0]) - figure) <= _ROUNDED * abs(figure)
    return one[1] is other[1] and close


def is_of(formula: Formula, periods: Sequence[Period]) -> bool:
    """Whether a formula's result is of one of some periods."""
    return formula.period is not None and speaks_of((formula.period,), periods)


def _result(one: Working) -> Result | None:
    """What a working comes to, by which others are told from it."""
    if one.formula is None or one.formula.result is None:
        return None
    return one.formula.result.magnitude, one.formula.result.measure


def _total(signs: Signs) -> float:
    weights = load_weights()
    return sum(weights.get(name, 0.0) * value for name, value in signs.items())


@cache
def load_weights() -> dict[str, float]:
    """The weights of the signs, by name."""
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
