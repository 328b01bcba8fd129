"""Pairs: which two figures a question sets against each other.

Every two figures of the sentences ranked for a question, and for each of the things that it
compares, are a candidate. How well they fit the question and each other is weighed by a model
fitted on the question bank (``python -m eval.pairs``).
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus import MOVING_KINDS, Fact, FactKind, Period, TableRow
from qa.kinds import asked_kinds, kind_chances
from qa.operands import (
    AVERAGED,
    HEADS,
    SIZE,
    Heard,
    counts_asked,
    dated,
    facts_of,
    of_time,
    same_metric,
)
from qa.operation import asks_changes, ends_of, periods_of, wanted_measure
from qa.question import Question
from qa.scoring import Scored
from qa.signs import closeness, coverage, speaks_of

MODEL = Path(__file__).parent / "pairs.json"
_SENTENCES, _OF_A_PART = 14, 10
_FACTS = 40
_UNRANKED = -1.2
_ENOUGH = 5
_LIKELY, _OF_A_SORT = 60, 40
_FAR = 0.002

_NUMBER = re.compile(r"\d+")

Numbers = NDArray[np.float64]
T = TypeVar("T")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that may be asked for, in its sentence, and how well it fits each view of a question.

    Views are the whole question, then each of the things it compares: ``like`` is how like it
    the fact's metric is, ``fit`` by how much its sentence falls short of the best, in tens.
    """

    fact: Fact
    scored: Scored
    like: tuple[float, ...]
    fit: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facts, the first for the first thing compared, and how likely they are the ones asked."""

    first: Candidate
    second: Candidate
    sure: float


def asked_pairs(
    whole: Heard, parts: Sequence[Heard] = (), *, over_time: bool = False, of_all: bool = False
) -> tuple[Pair, ...]:
    """The two figures that a question sets against each other, and the next likely, best first.

    None if it names nothing that would tell figures apart.

    :param parts: The question for each of the two things that it compares, if it names them.
    :param over_time: They are one thing at two times, so that names must be alike; none if any
        other two figures are far likelier.
    :param of_all: As many of two amounts, of an amount and its share, of a figure and a change.
    """
    found = candidates(whole, parts)
    if len(found) < 2 or not (whole.terms or of_all):
        return ()
    weights = _weights()
    signs, allowed = pair_signs(whole, parts, found)
    totals = sum(weights[name] * matrix for name, matrix in signs.items())
    raised = np.where(allowed, np.exp(totals - np.max(totals)), 0.0)
    every = raised.sum()
    if over_time:
        allowed &= _over_time(parts, found)
        raised = np.where(allowed, raised, 0.0)
    if raised.sum() <= _FAR * every:
        return ()
    shares = raised / raised.sum()
    figures = [one.fact.quantity.magnitude for one in found]
    likely: dict[frozenset[Decimal], float] = defaultdict(float)
    order = [divmod(int(place), len(found)) for place in np.argsort(-shares, axis=None)]
    open_ones = [place for place in order if allowed[place]]
    tried = _of_each_sort(open_ones, signs) if of_all else open_ones[:_LIKELY]
    for first, second in tried:
        likely[frozenset((figures[first], figures[second]))] += float(shares[first, second])
    best: dict[frozenset[Decimal], tuple[int, int]] = {}
    for first, second in tried:
        best.setdefault(frozenset((figures[first], figures[second])), (first, second))
    return tuple(
        Pair(found[first], found[second], likely[two]) for two, (first, second) in best.items()
    )


def _of_each_sort(
    places: Sequence[tuple[int, int]], signs: Mapping[str, Numbers]
) -> list[tuple[int, int]]:
    """The first pairs of each sort: alike, a figure and its change, a share, unlike units."""
    sorts = signs["unit"] * 4 + signs["measure"] * 2 + (signs["moving"] == 1)
    counts: dict[float, int] = defaultdict(int)
    found = []
    for place in places:
        sort = float(sorts[place])
        counts[sort] += 1
        if counts[sort] <= _OF_A_SORT:
            found.append(place)
    return found


def candidates(whole: Heard, parts: Sequence[Heard] = ()) -> list[Candidate]:
    """The facts of the best sentences for a question and for its parts, the likeliest first."""
    views = (whole, *parts)
    depths = (_SENTENCES, *[_OF_A_PART] * len(parts))
    ranks: dict[tuple[str, int, str], tuple[Scored, dict[int, float]]] = {}
    for place, (view, depth) in enumerate(zip(views, depths, strict=True)):
        for one in view.ranked[:depth]:
            sentence = one.sentence
            key = (sentence.passage.report, sentence.start, sentence.text)
            short = (one.score - view.ranked[0].score) / 10
            ranks.setdefault(key, (one, {}))[1][place] = short
    found = []
    ends = ends_of(whole.question)
    for one, behind in ranks.values():
        fit = tuple(behind.get(place, _UNRANKED) for place in range(len(views)))
        for fact in facts_of(one):
            if fact.kind is FactKind.RANK or _since_another(fact, ends):
                continue
            like = tuple(view.likeness(fact) for view in views)
            found.append(Candidate(dated(fact, one, whole.question), one, like, fit))
    found.sort(key=lambda one: -max(map(sum, zip(one.like, one.fit, strict=True))))
    return found[:_FACTS]


def _since_another(fact: Fact, ends: Sequence[Period]) -> bool:
    """Whether a change is counted from neither of two times, if what changed between is asked."""
    if fact.kind not in MOVING_KINDS or fact.base is None or not ends:
        return False
    return not any(fact.base.answers(one) for one in ends)


def pair_signs(
    whole: Heard, parts: Sequence[Heard], found: Sequence[Candidate]
) -> tuple[dict[str, Numbers], Flags]:
    """What speaks for each two of some candidates, by name, and which two there may be.

    Each sign is a table with a row for the first and a column for the second.

    :param parts: The question for each of two things, of which they are the first and the second.
    """
    question = whole.question
    facts = [one.fact for one in found]
    periods = periods_of(question)
    kinds, chances = asked_kinds(question), kind_chances(question)
    wanted, changes = wanted_measure(question.text), asks_changes(question.text)
    newest = max((fact.period.last for fact in facts if fact.period), default=0)
    told = _table(facts, whole.terms, lambda fact, term: closeness(term, whole.said(fact)))
    weight = np.array([term.weight for term in whole.terms])
    regions = _table(facts, question.regions, lambda fact, name: name in fact.metric) > 0
    timely = _table(facts, periods, _is_of) > 0
    two = len(parts) == 2
    first, second = (1, 2) if two else (0, 0)
    ahead, behind = ([one.like[place] for one in found] for place in (first, second))
    fit, other = ([one.fit[place] for one in found] for place in (first, second))
    unit = _equal(["" if fact.quantity.unit in HEADS else fact.quantity.unit for fact in facts])
    measure = _equal([fact.quantity.measure for fact in facts])
    kind = _equal([fact.kind for fact in facts])
    metric = _equal([fact.metric for fact in facts])
    time = _equal([fact.period for fact in facts])
    sentence = _equal([(fact.sentence.passage, fact.sentence.start) for fact in facts])
    named = [SIZE.sub("", fact.metric) for fact in facts]
    inside = np.array([[len(a) > 1 and a != b and a in b for b in named] for a in named])
    signs: dict[str, NDArray[Any]] = {
        "like": np.add.outer(ahead, behind),
        "least like": np.minimum.outer(ahead, behind),
        "fit": np.add.outer(fit, other),
        "least fit": np.minimum.outer(fit, other),
        "like all": _sum([one.like[0] for one in found]),
        "fit all": _sum([one.fit[0] for one in found]),
        "told": np.maximum(told[:, None], told[None]) @ weight / (weight.sum() or 1.0),
        "own": np.add.outer(*_own(parts, facts)) if two else 0.0 * unit,
        "apart": _apart(told > 0),
        "one region": np.logical_or.reduce(regions[:, None] ^ regions[None], axis=-1),
        "regions": (regions[:, None] | regions[None]).sum(-1) / max(1, len(question.regions)),
        "unit": unit & measure,
        "measure": measure,
        "kind": kind,
        "metric": metric,
        "alike": _alike([set(fact.metric) for fact in facts]),
        "whole": _equal([bool(fact.whole) for fact in facts]),
        "sentence": sentence,
        "passage": _equal([fact.sentence.passage for fact in facts]),
        "report": _equal([fact.sentence.passage.report for fact in facts]),
        "time": time,
        "times": _apart(timely),
        "timely": _sum([float(any(row)) for row in timely]),
        "newest": _sum([_is_newest(fact, newest) and not periods for fact in facts]),
        "chance": _sum([chances.get(fact.kind, 0.0) for fact in facts]),
        "moving": _sum([fact.kind in MOVING_KINDS for fact in facts]),
        "inside": inside | inside.T,
        "changes": _sum([fact.kind in MOVING_KINDS and changes for fact in facts]),
        "wanted": _sum([fact.quantity.measure is wanted for fact in facts]),
        "kinds": _sum([fact.kind in kinds for fact in facts]),
        "exact": _sum(
            [min(_ENOUGH, len(fact.quantity.value.as_tuple().digits)) / _ENOUGH for fact in facts]
        ),
        "counted": _sum([counts_asked(fact, question) for fact in facts]),
        "numbers": _sum([_numbers(fact, question) for fact in facts]),
        "average": _sum([AVERAGED.search(fact.metric) is not None for fact in facts]),
        "row": _sum([isinstance(fact.sentence, TableRow) for fact in facts]),
        "parallel": unit & measure & kind & time & ~metric,
        "over time": unit & measure & kind & metric & ~time,
    }
    for name in ("metric", "sentence", "over time", "parallel", "apart", "alike", "time"):
        signs[f"two, {name}"] = signs[name] * float(two)
    figure = _equal([(fact.quantity.magnitude, fact.quantity.measure) for fact in facts])
    return {name: np.asarray(sign, dtype=float) for name, sign in signs.items()}, ~figure


def _table(facts: Sequence[Fact], others: Sequence[T], of: Callable[[Fact, T], float]) -> Numbers:
    """A number for each fact (rows) and each of something else (columns)."""
    rows = [[float(of(fact, other)) for other in others] for fact in facts]
    return np.array(rows).reshape(len(facts), len(others))


def _over_time(parts: Sequence[Heard], found: Sequence[Candidate]) -> Flags:
    """Which two of some candidates are of one thing at the two times asked about."""
    facts = [one.fact for one in found]
    first, second = (
        np.array([of_time(one.fact, one.scored, part.question) for one in found]) for part in parts
    )
    kind = _equal([fact.kind for fact in facts])
    alike = np.array([[same_metric(one, other) for other in facts] for one in facts])
    still = np.array([fact.kind not in (FactKind.CHANGE, FactKind.POINTS) for fact in facts])
    first, second = first & ~second & still, second & still
    flags: Flags = first[:, None] & second[None] & kind & alike
    return flags


def _own(parts: Sequence[Heard], facts: Sequence[Fact]) -> list[list[float]]:
    """For each of two things, how much each fact tells of what is asked of that thing alone."""
    words = [{term.word for term in part.terms} for part in parts]
    alone = [
        [term for term in part.terms if term.word not in other]
        for part, other in zip(parts, reversed(words), strict=True)
    ]
    return [
        [coverage(terms, part.said(fact)) for fact in facts]
        for part, terms in zip(parts, alone, strict=True)
    ]


def _is_of(fact: Fact, asked: Period) -> bool:
    return fact.period is not None and speaks_of((fact.period,), (asked,))


def _numbers(fact: Fact, question: Question) -> float:
    """1 for a metric whose numbers (20-29岁) the question names, -1 for others; 0 without any."""
    own = frozenset(_NUMBER.findall(fact.metric))
    named = frozenset(_NUMBER.findall(question.topic))
    return 0.0 if not own else 1.0 if own <= named else -1.0


def _is_newest(fact: Fact, newest: int) -> bool:
    return fact.period is not None and fact.period.last == newest


def _sum(values: Sequence[float]) -> Numbers:
    numbers = np.array(values, dtype=float)
    sums: Numbers = numbers[:, None] + numbers[None]
    return sums


def _equal(values: Sequence[object]) -> Flags:
    """Which of some values are equal to which."""
    known: dict[object, int] = {}
    numbers = np.array([known.setdefault(value, len(known)) for value in values])
    equal: Flags = numbers[:, None] == numbers[None]
    return equal


def _apart(has: Flags) -> Flags:
    """Whether each of two rows has something that the other lacks."""
    more: Flags = np.logical_or.reduce(has[:, None] & ~has[None], axis=-1)
    return more & more.T


def _alike(names: Sequence[set[str]]) -> Numbers:
    """The share of characters that two names have in common."""
    return np.array([[len(a & b) / max(1, len(a | b)) for b in names] for a in names])


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
