"""Rulings: supported, refuted or not enough information, by what speaks for each.

Two small models, fitted on the question bank's claims (``python -m eval.verdicts``): one says
which fact a claim is about, one what follows for the claim. Both are linear in signs
that have names, so that a ruling can be explained.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from math import exp
from pathlib import Path

from corpus import MOVING_KINDS, FactKind
from qa.claims import Claim, direction
from qa.match import Match, Signs, periods_sign
from qa.scoring import Scored

MODEL = Path(__file__).parent / "verdict.json"
REFUTES = 0.65
"""How likely a claim must be false to be called so: to refute a true one does the most harm."""
_BY_FIGURE = (
    "equal",
    "exact",
    "near",
    "digits",
    "equal and period",
    "equal and metric",
    "equal and label",
)
_SHOWN = (
    "coverage", "meaning", "metric", "label", "period", "direction", "kind", "group", "local",
    "unit", "region", "read",
)  # fmt: skip


class Ruling(StrEnum):
    """What is said of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH = "not_enough_info"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by the names of signs: of a match, of a figure's rulings, of a statement's."""

    match: Mapping[str, float]
    figure: Mapping[Ruling, Mapping[str, float]]
    statement: Mapping[Ruling, Mapping[str, float]]


@cache
def load_model() -> Model:
    """Read the fitted weights."""
    read = json.loads(MODEL.read_text(encoding="utf-8"))
    return Model(
        read["match"],
        {one: read["figure"][one] for one in Ruling},
        {one: read["statement"][one] for one in Ruling},
    )


def match_signs(signs: Signs) -> dict[str, float]:
    """The signs of a match with those that count together, by name."""
    return {one.name: getattr(signs, one.name) for one in fields(signs)} | {
        "coverage and meaning": signs.coverage * signs.meaning,
        "equal and period": signs.equal * signs.period,
        "equal and metric": signs.equal * signs.metric,
        "equal and label": signs.equal * signs.label,
    }


def weighed(matches: Sequence[Match], weights: Mapping[str, float]) -> tuple[Match, ...]:
    """Score matches: ``score`` by all signs, ``about`` without those of the figure itself."""
    found = []
    for one in matches:
        signs = match_signs(one.signs)
        parts = {name: weights[name] * value for name, value in signs.items()}
        score = sum(parts.values())
        about = score - sum(parts[name] for name in _BY_FIGURE)
        found.append(replace(one, score=score, about=about))
    return tuple(found)


def figure_signs(claim: Claim, matches: Sequence[Match]) -> dict[str, float]:
    """What there is to say of a claimed figure, by name.

    Of the best match that agrees, of one that gives the same figure but contradicts, of one
    that gives another figure, and of one whose figure is like the claimed one.
    """
    roles = {
        "agrees": [one for one in matches if one.agrees],
        "contradicts": [one for one in matches if one.signs.equal and not one.agrees],
        "differs": [one for one in matches if differs(one)],
        "altered": [one for one in matches if one.signs.digits or one.signs.near],
    }
    top = max((one.about for one in matches), default=0.0)
    found: dict[str, float] = {}
    for role, those in roles.items():
        best = max(those, key=lambda one: one.about, default=None)
        found |= {f"{role} {name}": value for name, value in _of(best, matches, top).items()}
    kind = claim.kind
    return found | {
        "top": top / 5,
        "dated": float(bool(claim.periods)),
        "about": float(claim.about),
        "over": float(claim.over),
        "level": float(kind is FactKind.LEVEL),
        "share": float(kind is FactKind.SHARE),
        "move": float(kind in MOVING_KINDS),
        "rank": float(kind is FactKind.RANK),
        "coverage": max((one.signs.coverage for one in matches), default=0.0),
        "meaning": max((one.signs.meaning for one in matches), default=0.0),
        "bias": 1.0,
    }


def differs(one: Match) -> bool:
    """Whether a match gives another figure of the kind and for the period claimed."""
    signs = one.signs
    return not signs.equal and signs.measure > 0 and signs.kind > 0 and signs.period >= 0


def _of(best: Match | None, matches: Sequence[Match], top: float) -> dict[str, float]:
    names = ("there", "about", "behind", *_SHOWN, "metric margin", "label margin", "local margin")
    if best is None:
        return dict.fromkeys(names, 0.0)
    beside = [
        one.signs
        for one in matches
        if one.fact.sentence == best.fact.sentence
        and one.statistic is not best.statistic
        and not one.signs.equal
        and one.signs.measure > 0
        and one.signs.kind == best.signs.kind
    ]
    shown = {name: getattr(best.signs, name) for name in _SHOWN}
    return shown | {
        "there": 1.0,
        "about": best.about / 5,
        "behind": (best.about - top) / 3,
        "metric margin": best.signs.metric - max(one.metric for one in beside) if beside else 0.0,
        "label margin": best.signs.label - max(one.label for one in beside) if beside else 0.0,
        "local margin": best.signs.local - max(one.local for one in beside) if beside else 0.0,
    }


def statement_signs(
    claim: Claim, nearest: Sequence[Scored], coverages: Sequence[float]
) -> dict[str, float]:
    """What there is to say of a claim without a figure, by name, of the sentence most like it."""
    if not nearest:
        return {"bias": 1.0}
    first, covered = nearest[0], coverages[0]
    said = direction(first.sentence.text)
    turned = claim.direction * said
    return {
        "coverage": covered,
        "meaning": max(first.signs.meaning, first.signs.english) if first.signs else 0.0,
        "both": covered * (first.signs.meaning if first.signs else 0.0),
        "period": periods_sign(claim.periods, first.periods),
        "dated": float(bool(claim.periods)),
        "turned": float(turned < 0),
        "moves": float(bool(claim.direction)),
        "denied": float(_denied(claim.sentence) != _denied(first.sentence.text)),
        "read": (first.read or 0.0) / 5,
        "lead": first.score - nearest[min(5, len(nearest) - 1)].score,
        "english": float(claim.language == "en"),
        "bias": 1.0,
    }


def rule(
    signs: Mapping[str, float], weights: Mapping[Ruling, Mapping[str, float]]
) -> dict[Ruling, float]:
    """The probability of each ruling."""
    scores = {
        one: sum(weights[one][name] * value for name, value in signs.items()) for one in Ruling
    }
    top = max(scores.values())
    raised = {one: exp(score - top) for one, score in scores.items()}
    total = sum(raised.values())
    return {one: value / total for one, value in raised.items()}


def decide(shares: Mapping[Ruling, float]) -> Ruling:
    """The likeliest ruling; not enough information where that is a refutation not likely enough."""
    likeliest = max(shares, key=lambda one: shares[one])
    if likeliest is Ruling.REFUTED and shares[likeliest] < REFUTES:
        return Ruling.NOT_ENOUGH
    return likeliest


def _denied(text: str) -> bool:
    lowered = f" {text.lower()} "
    return any(word in lowered for word in ("没有", "未", "不", " not ", " no ", "n't ", " never "))
