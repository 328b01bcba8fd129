"""Values: the figures of an answer, taken from the sentences it quotes."""

import re
from collections.abc import Iterable

from corpus import (
    Fact,
    Measure,
    Period,
    Quantity,
    Sentence,
    TableRow,
    find_periods,
    find_quantities,
    unit_of,
)
from index import tokens
from qa.contract import Value
from qa.question import Question

_COMPARED = re.compile(r"(?:较|比|与|同|从|由|自)\s*$")
_CLAUSE_END = re.compile(r"[，；。：]")


def values(
    question: Question,
    sentence: Sentence,
    periods: tuple[Period, ...],
    marker: int,
    asked: Fact | None = None,
) -> tuple[Value, ...]:
    """Give the figures of a sentence; the one that fits the question best is the answer.

    :param periods: The sentence's periods, for figures beside which it names none.
    :param asked: The fact of the sentence that is asked for; found by its words if not given.
    """
    if isinstance(sentence, TableRow):
        return _cells(question, sentence, periods, marker, asked)
    quantities = find_quantities(sentence.text)
    named = find_periods(sentence.text, periods[0].last // 12 if periods else None)
    best = _given(quantities, asked) or max(
        quantities, key=lambda q: _fit(question, sentence.text, q), default=None
    )
    return tuple(
        Value(
            value=float(quantity.value),
            unit=quantity.printed_unit,
            magnitude=float(quantity.magnitude),
            period=_period(sentence.text, quantity, named, periods),
            role="answer" if quantity is best else "context",
            citation=marker,
        )
        for quantity in quantities
    )


def _given(quantities: Iterable[Quantity], asked: Fact | None) -> Quantity | None:
    """The figure of a fact among those of its sentence."""
    if asked is None:
        return None
    return next((one for one in quantities if one.start == asked.quantity.start), None)


def _cells(
    question: Question,
    row: TableRow,
    periods: tuple[Period, ...],
    marker: int,
    fact: Fact | None,
) -> tuple[Value, ...]:
    """Give the figures of a table's row; the column that fits the question best is the answer."""
    found: list[tuple[tuple[int, int, int, float, int], Quantity, Period | None]] = []
    asked = set(tokens(question.topic))
    for index, (cell, column) in enumerate(zip(row.row.cells, row.table.columns, strict=True)):
        quantities = find_quantities(f"{cell.text.rstrip('%')}{unit_of(row.row, index, row.table)}")
        if cell.number is None or len(quantities) != 1:
            continue
        named = find_periods(column.name) or periods
        period = max(named, key=lambda one: one.last, default=None)
        timely = period is not None and any(map(period.answers, question.periods))
        said = set(tokens(column.name))
        words = len(asked & said) / (len(said) or 1)
        kind = question.measure or Measure.AMOUNT
        newness = period.last if period else 0
        meant = fact is not None and quantities[0].magnitude == fact.quantity.magnitude
        fit = (int(meant), int(timely), int(quantities[0].measure is kind), words, newness)
        found.append((fit, quantities[0], period))
    best = max((fit for fit, _, _ in found), default=None)
    return tuple(
        Value(
            value=float(quantity.value),
            unit=quantity.printed_unit,
            magnitude=float(quantity.magnitude),
            period=str(period) if period else None,
            role="answer" if fit == best else "context",
            citation=marker,
        )
        for fit, quantity, period in found
    )


def _fit(question: Question, text: str, quantity: Quantity) -> tuple[int, float]:
    """How well a figure fits: first by its kind, then by the words of its clause."""
    kind = question.measure or Measure.AMOUNT
    before = text[: quantity.start]
    start = max((match.end() for match in _CLAUSE_END.finditer(before)), default=0)
    clause = set(tokens(before[start:] + text[quantity.start : quantity.end]))
    asked = set(tokens(question.topic))
    return int(quantity.measure is kind), len(clause & asked) / (len(clause) or 1)


def _period(
    text: str, quantity: Quantity, named: Iterable[Period], periods: tuple[Period, ...]
) -> str | None:
    """The last period named before a figure that it is not compared with."""
    own = [p for p in named if p.start < quantity.start and not _COMPARED.search(text[: p.start])]
    found = own[-1:] or list(periods[:1])
    return str(found[0]) if found else None
