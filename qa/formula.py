"""Formulas: a result with the facts it is computed from, and the arithmetic that checks it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus import (
    Fact,
    Measure,
    Period,
    Quantity,
    Sentence,
)
from qa.scoring import Scored

_ALL = 100
_FEWEST_DIGITS = 3
_MOST_DIGITS = 4
_LESS = re.compile(r"减少|下降|降低|下滑|回落|缩小|减|降|跌|少")


@dataclass(frozen=True, slots=True)
class Formula:
    """A result of two or more facts: ``facts`` joined by ``sign``, or compared without one.

    Signs are ``+``, ``-``, ``/``; ``/days`` for a figure over the days that ``divisor`` says;
    ``%`` for a share, ``x`` for what a share comes to, ``whole`` for what a part is a share of,
    ``rest`` for that whole without the part;
    ``back`` for the level before a growth rate; ``grew`` for that rate of two levels, the later
    first. It is as ``sure`` as the least sure operand.
    ``over_time`` says that the facts are one thing at two times, though they may be named unlike.
    """

    facts: tuple[Fact, ...]
    sign: str
    result: Quantity | None
    period: Period | None = None
    scored: tuple[Scored, ...] = ()
    sure: float = 1.0
    divisor: int = 0
    over_time: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that its operands stand in."""
        return tuple(dict.fromkeys(fact.sentence for fact in self.facts))

    def holds(self) -> bool:
        """Whether the arithmetic is right, to the digits shown."""
        if self.result is None:
            return True
        operands = [fact.quantity.magnitude for fact in self.facts]
        exact = value_of(self.sign, operands + [Decimal(self.divisor)] * bool(self.divisor))
        if exact is None:
            return False
        coarser = max(fact.quantity.last_digit for fact in self.facts) / 10
        digit = (
            max(coarser, self.result.last_digit) if self.sign in "+-" else self.result.last_digit
        )
        return abs(abs(exact) - self.result.magnitude) * 2 <= digit


def growth(one: Fact, other: Fact) -> Formula | None:
    """By how much in a hundred the later of two figures is more than the earlier."""
    if one.period is None or other.period is None or one.period.last == other.period.last:
        return None
    early, late = sorted((one, other), key=lambda fact: fact.period.last if fact.period else 0)
    if not early.quantity.magnitude:
        return None
    rate = (late.quantity.magnitude / early.quantity.magnitude - 1) * 100
    result = Quantity(shown(abs(rate), late.quantity, early.quantity), Decimal(1), "%", -1, -1)
    return Formula((late, early), "grew", result)


def fell(change: Fact) -> bool:
    """Whether a change, a growth rate or points are of something that went down."""
    if change.quantity.value < 0:
        return True
    text = change.sentence.text[: max(0, change.quantity.start)]
    return bool(_LESS.search(re.split("[，；。]", text)[-1]))


def value_of(sign: str, operands: Sequence[Decimal]) -> Decimal | None:
    """What a formula comes to."""
    first, *others = operands
    if sign == "+":
        return first + sum(others)
    if sign == "-":
        return first - sum(others)
    if sign in ("/", "/days", "%", "whole"):
        factor = 100 if sign in ("%", "whole") else 1
        return None if not others[0] else first / others[0] * factor
    if sign == "rest":
        return None if not others[0] else first / others[0] * 100 - first
    if sign == "grew":
        return None if not others[0] else (first - others[0]) / others[0] * 100
    if sign == "x":
        return first * others[0] / 100
    rate = others[0] / 100
    return first / (1 + (rate if sign == "back" else -rate))


def total(first: Quantity, second: Quantity, factor: int) -> Quantity:
    """A quantity with another added or taken away, in the scale of the first.

    Of operands that are not equally exact, one digit more than the coarser prints.
    """
    total = abs(first.magnitude + factor * second.magnitude)
    digits = [one.last_digit for one in (first, second) if not _is_all(one)]
    digit = max(digits, default=first.last_digit) / 10
    if min(digits, default=digit) < digit:
        total = (total / digit).to_integral_value() * digit
    value = total / first.scale
    unit = first.unit if first.unit not in ("成", "分之") else "%"
    return Quantity(plain(value), first.scale, unit or second.unit, -1, -1)


def _is_all(one: Quantity) -> bool:
    """Whether a figure is 100%, which is exact."""
    return one.measure is Measure.SHARE and one.magnitude == _ALL


def rounded(number: Decimal, digits: int) -> Decimal:
    """A number to so many significant digits."""
    if not number:
        return number
    return plain(round(number, digits - 1 - number.adjusted()))


def shown(number: Decimal, *operands: Quantity) -> Decimal:
    """A product or quotient as it is shown: to one digit more than the least exact operand has.

    Not under three digits nor over four; or to one decimal, where that is more.
    """
    exact = min(len(one.value.as_tuple().digits) for one in operands) + 1
    digits = min(max(exact, _FEWEST_DIGITS), _MOST_DIGITS)
    return rounded(number, max(digits, number.adjusted() + 2))


def plain(value: Decimal) -> Decimal:
    """A number without zeros at its end."""
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral() else bare
