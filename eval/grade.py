"""Grading: whether an answer is right, wrong or a refusal.

A refusal is not a wrong answer, and both are told apart from an error of the
program.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from corpus import Measure, Quantity, find_quantities
from eval.questions import Item
from qa import Answer

_LARGE = Decimal(10**6)
_SPOKEN = Decimal("0.005")


class Outcome(StrEnum):
    """How an answer did."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Grade:
    """An outcome, whether a citation holds the evidence, and what was missed."""

    outcome: Outcome
    cited: bool
    missed: tuple[str, ...] = ()


def grade(item: Item, answer: Answer) -> Grade:
    """Grade an answer to a question; claims are not graded yet."""
    cited = any(_covers(answer, report, quote) for report, quote in item.evidence)
    if answer.status == "refused":
        return Grade(Outcome.REFUSED if item.answerable else Outcome.RIGHT, cited)
    if not item.answerable:
        return Grade(Outcome.WRONG, cited, ("answered the unanswerable",))
    shown = find_quantities(answer.text)
    missed = [number for number in item.numbers if not holds(number, answer.text, shown)]
    missed += [
        "/".join(group)
        for group in item.texts
        if not any(one.lower() in answer.text.lower() for one in group)
    ]
    leading = {Decimal(str(value.value)) for value in answer.values if value.role == "answer"}
    leading |= {Decimal(str(value.magnitude)) for value in answer.values if value.role == "answer"}
    given = [one for one in item.forbid if any(q.value in leading for q in find_quantities(one))]
    missed += [f"gave {one}" for one in given if one not in item.numbers]
    return Grade(Outcome.WRONG if missed else Outcome.RIGHT, cited, tuple(missed))


def holds(expected: str, text: str, shown: tuple[Quantity, ...]) -> bool:
    """Whether a text gives a number: the same amount of the same kind, or a fair rounding of it."""
    wanted = find_quantities(expected)
    if not wanted:
        return re.sub(r"\s", "", expected) in re.sub(r"\s", "", text)
    return any(_same(wanted[0], quantity) for quantity in shown)


def _same(wanted: Quantity, given: Quantity) -> bool:
    if wanted.measure is not given.measure and not _bare(wanted, given):
        return False
    gap = abs(abs(wanted.magnitude) - abs(given.magnitude))
    exponent = wanted.value.as_tuple().exponent
    digit = Decimal(10) ** int(exponent) * wanted.scale / 2
    spoken = abs(wanted.magnitude) * _SPOKEN if abs(wanted.magnitude) >= _LARGE else Decimal(0)
    return gap < digit or gap <= spoken


def _bare(wanted: Quantity, given: Quantity) -> bool:
    """Whether a number without a unit stands for a share, as in a table whose head has the %."""
    return wanted.measure is Measure.SHARE and not given.unit and given.scale == 1


def _covers(answer: Answer, report: str, quote: str) -> bool:
    return any(
        one.report == report and _packed(quote) in _packed(one.quote) for one in answer.citations
    )


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)
