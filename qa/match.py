"""Matches: how well a fact of the reports fits what a claim states, sign by sign."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from corpus import (
    MOVING_KINDS,
    Fact,
    FactKind,
    GlossaryEntry,
    Measure,
    Period,
    Quantity,
    Relation,
    Statistic,
    TableRow,
    find_regions,
    same_figure,
)
from qa.claims import Claim, direction
from qa.scoring import Scored

_ALIKE = {
    FactKind.LEVEL: {FactKind.LEVEL, FactKind.INDEX, FactKind.RATIO},
    FactKind.CHANGE: {FactKind.CHANGE},
    FactKind.GROWTH: {FactKind.GROWTH},
    FactKind.POINTS: {FactKind.POINTS},
    FactKind.SHARE: {FactKind.SHARE},
}
_ROUNDED = Decimal("0.01")
_UNREAD = -5.0
_LOOSELY = Decimal("0.06")
_A_TENTH, _A_QUARTER, _HALF = 10, 25, 50
_MONEY = {
    "元": "元",
    "yuan": "元",
    "人民币": "元",
    "RMB": "元",
    "美元": "美元",
    "US dollars": "美元",
}
_PEOPLE = frozenset({"人", "people", "users", "户", "households", "名", "位"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a fact being the one that a claim is about; 0 where nothing is known.

    ``coverage`` of the claim's terms by the fact's sentence, ``meaning`` of both, ``metric``,
    of the claim and the fact's metric, and ``label``, of an English claim and the words around
    the figure in the English edition, are from 0 to 1; ``terms`` is the share of glossary terms
    in common. The others are 1 where both agree and, where they can, -1 where they contradict.
    ``newest`` is the recency of the fact if the claim names no period, ``read`` what the reader
    says of its sentence; ``exact`` says that the figures are the same without rounding, ``near``
    that they are less than a tenth apart, ``digits`` that only their scale or kind differs.
    """

    coverage: float
    local: float
    meaning: float
    metric: float
    label: float
    terms: float
    group: float
    kind: float
    measure: float
    unit: float
    period: float
    region: float
    direction: float
    newest: float
    read: float
    equal: float
    exact: float
    near: float
    digits: float
    row: float

    def numbers(self) -> list[float]:
        """The signs, in their order."""
        return [getattr(self, one.name) for one in fields(self)]


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that a claim may be about, the sentence it stands in, and what speaks for it."""

    fact: Fact
    scored: Scored
    statistic: Statistic
    signs: Signs
    score: float = 0.0
    about: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether it says what the claim says."""
        signs = self.signs
        return bool(
            signs.equal
            and signs.measure > 0
            and min(signs.unit, signs.period, signs.region, signs.direction) >= 0
        )


def signs_of(
    claim: Claim,
    named: Sequence[GlossaryEntry],
    fact: Fact,
    terms: Collection[GlossaryEntry],
    scored: Scored,
    *,
    coverage: float,
    local: float,
    metric: float,
    label: float,
    newest: float,
) -> Signs:
    """Compare a claim's figure with a fact.

    :param named: The glossary's terms that the claim names.
    :param coverage: How much of the claim's terms the fact's sentence speaks of.
    :param metric: The cosine of the claim and the fact's metric.
    :param label: That of an English claim and the words around the figure in English.
    :param newest: How new the fact is, 1 for the newest.
    """
    quantity = claim.quantity
    if quantity is None:
        raise ValueError(f"the claim {claim.sentence!r} gives no figure")
    mine, theirs = set(named), set(terms)
    periods = (fact.period,) if fact.period else scored.periods
    equal = says_the_same(claim, fact.quantity)
    same_measure = quantity.measure is fact.quantity.measure
    ratio = _ratio(quantity, fact.quantity)
    return Signs(
        coverage=coverage,
        local=local,
        meaning=max(scored.signs.meaning, scored.signs.english) if scored.signs else 0.0,
        metric=metric,
        label=label,
        terms=len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0,
        group=_groups(mine, theirs),
        kind=float(fact.kind in _ALIKE.get(claim.kind or fact.kind, {claim.kind})),
        measure=float(same_measure),
        unit=_units(quantity, fact.quantity),
        period=periods_sign(claim.periods, periods),
        region=_regions(claim, fact, scored),
        direction=_directions(claim, fact),
        newest=0.0 if claim.periods else newest,
        read=(_UNREAD if scored.read is None else scored.read) / 5,
        equal=float(equal and same_measure),
        exact=float(same_measure and quantity.magnitude == fact.quantity.magnitude),
        near=float(same_measure and not equal and abs(ratio - 1) < Decimal("0.1")),
        digits=float(not (equal and same_measure) and _digits(quantity) == _digits(fact.quantity)),
        row=float(isinstance(fact.sentence, TableRow)),
    )


def says_the_same(claim: Claim, given: Quantity) -> bool:
    """Whether a claimed figure is a given one, or a rounding that a careful person accepts.

    Exact to half of the last digit that the coarser of both prints; a figure said to be
    about something within 6 %, one said to be over something up to that much below.
    """
    stated = claim.quantity
    if stated is None or stated.measure is not given.measure:
        return False
    if stated.unit == "名次" or given.unit == "名次":
        return stated.unit == given.unit and stated.magnitude == given.magnitude
    if same_figure(stated, given):
        return True
    if not given.magnitude:
        return False
    off = (given.magnitude - stated.magnitude) / abs(given.magnitude)
    if stated.unit == "分之" and abs(given.magnitude - stated.magnitude) <= Decimal("1.7"):
        return True
    if claim.over and stated.unit == "成" and 0 <= given.magnitude - stated.magnitude < _A_TENTH:
        return True
    if claim.over and 0 <= off <= _LOOSELY:
        return True
    if claim.over and _is_half(stated) and 0 <= given.magnitude - stated.magnitude <= _A_QUARTER:
        return True
    if claim.about and abs(off) <= _LOOSELY:
        return True
    digits = len(stated.value.normalize().as_tuple().digits)
    return digits <= 2 and stated.magnitude > 100 and abs(off) <= _ROUNDED


def _is_half(quantity: Quantity) -> bool:
    """Whether a share is a half: "more than half" is said of anything up to three quarters."""
    return quantity.measure is Measure.SHARE and quantity.magnitude == _HALF


def _groups(mine: Collection[GlossaryEntry], theirs: Collection[GlossaryEntry]) -> float:
    """1 if both name the same group, firm, body or place, -1 if each names another."""
    found = 0.0
    for kind in ("group", "firm", "body", "place"):
        asked = {one for one in mine if one.kind == kind}
        given = {one for one in theirs if one.kind == kind}
        if asked and given:
            found += 1.0 if asked & given else -1.0
        elif asked or given:
            found -= 0.3
    return found


def _ratio(one: Quantity, other: Quantity) -> Decimal:
    return one.magnitude / other.magnitude if other.magnitude else Decimal(0)


def _digits(quantity: Quantity) -> tuple[int, ...]:
    return quantity.value.normalize().as_tuple().digits


def _units(stated: Quantity, given: Quantity) -> float:
    mine, theirs = _MONEY.get(stated.unit), _MONEY.get(given.unit)
    if mine or theirs:
        return 0.0 if not stated.unit or not given.unit else 1.0 if mine == theirs else -1.0
    if not stated.unit or not given.unit or stated.measure is not given.measure:
        return 0.0
    if stated.unit == given.unit or replaced(stated, given).agrees(given):
        return 1.0
    if {stated.unit, given.unit} <= _PEOPLE:
        return 0.5
    return -0.5


def replaced(stated: Quantity, given: Quantity) -> Quantity:
    """The first quantity with the second's amount, to compare their units alone."""
    return Quantity(given.value, given.scale, stated.unit, stated.start, stated.end)


def periods_sign(asked: Sequence[Period], given: Sequence[Period]) -> float:
    """1 if a period given answers one asked, -1 if all are others, 0 where that is open."""
    if not asked or not given:
        return 0.0
    if any(one.answers(other) or other.answers(one) for one in given for other in asked):
        return 1.0
    if any(one.relation(other) is not Relation.DIFFERENT for one in given for other in asked):
        return 0.0
    return -1.0


def _regions(claim: Claim, fact: Fact, scored: Scored) -> float:
    given = set(find_regions(fact.metric)) or set(find_regions(scored.sentence.text))
    if not claim.regions:
        return 0.0 if not find_regions(fact.metric) else -0.5
    return 1.0 if set(claim.regions) & given else -1.0


def _directions(claim: Claim, fact: Fact) -> float:
    if not claim.direction or (claim.kind not in MOVING_KINDS and fact.kind not in MOVING_KINDS):
        return 0.0
    said = direction_of(fact)
    return 0.0 if not said else 1.0 if said == claim.direction else -1.0


def direction_of(fact: Fact) -> int:
    """Whether a fact is a rise (1), a fall (-1) or neither."""
    if fact.kind not in MOVING_KINDS:
        return 0
    if fact.quantity.value < 0:
        return -1
    if isinstance(fact.sentence, TableRow):
        return 1
    text = fact.sentence.text
    before = text[: fact.quantity.start]
    clause = max(before.rfind(mark) for mark in "，；。")
    return direction(before[clause + 1 :]) or direction(before)
