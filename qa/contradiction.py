"""Contradictions: what plainly denies a claim whose figure a report prints.

A figure that stands in a report may be said of something else: a share of all people as one of
internet users, one item's figure of a list as another's, or be ten times too large.
"""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

from corpus import Fact, FactKind, Measure
from qa.claims import Claim
from qa.match import Match

_WHOLES = {
    "not online": r"非网民|不上网的|non-?(?:internet[- ])?users?|not online|offline",
    "mobile": r"手机网民|手机上网|mobile (?:internet users|netizens)",
    "online": r"网民|上网的|上网人|internet users|netizens|people online",
    "people": r"人口|国民|全国人|中国人|population|people in China|Chinese people",
}
_SAID_OF = re.compile(
    r"(?:占(?:我国|全国|全部|所有|整个|总)?(?P<zh>[^，。；、占]{2,10})$)|"
    r"(?P<of>[^，。；、]{2,10})(?:中|里|当中)(?:有|约|近)?$"
)
_OF_ZH = re.compile(r"^的(?P<zh>[^，。；、]{2,8})")
_OF_EN = re.compile(
    r"^\s*(?:of|among) (?:all |the |its |China's |the country's |the nation's |Chinese )*"
    r"(?P<en>[\w' -]{4,30})",
    re.IGNORECASE,
)
_POWERS = tuple(Decimal(10) ** power for power in (-4, -3, -2, -1, 1, 2, 3, 4))
_CLOSE = Decimal("0.01")
_SURE, _COVERED, _COVERED_PLAINLY, _DIGITS = 1.0, 0.2, 0.6, 3
_LEAST, _PLAINLY, _HARDLY = 2, 0.5, 0.3


def of_another_whole(claim: Claim, fact: Fact) -> bool:
    """Whether a claim's share is one of internet users, say, and the fact's one of all people."""
    if fact.kind is not FactKind.SHARE or not fact.whole:
        return False
    said, given = _whole(_said_of(claim)), _whole(fact.whole)
    return bool(said and given and said != given)


def _said_of(claim: Claim) -> str:
    """What a claim's share is said to be of, in its words; "" if it does not say."""
    quantity = claim.quantity
    if quantity is None or quantity.measure is not Measure.SHARE:
        return ""
    start = claim.sentence.find(claim.printed)
    if start < 0:
        return ""
    before, behind = claim.sentence[:start], claim.sentence[start + len(claim.printed) :]
    for pattern, text in (
        (_OF_ZH, behind),
        (_OF_EN, behind),
        (_SAID_OF, before.rstrip("的达为约近 ")),
    ):
        found = pattern.search(text)
        if found:
            return next(one for one in found.groups() if one)
    return ""


def _whole(text: str) -> str:
    return next((name for name, words in _WHOLES.items() if re.search(words, text)), "")


def sibling(claim: Claim, match: Match, matches: Sequence[Match]) -> Match | None:
    """The figure of the same sentence that a claim names, if it does not name the one it gives.

    用于智能制造的占22.4% names 智能制造, of which a list gives 18.1%, and not 智慧公共事业.
    """
    beside = [
        one
        for one in matches
        if one.fact.sentence == match.fact.sentence
        and one.fact.kind is match.fact.kind
        and one.fact.metric != match.fact.metric
        and not one.signs.equal
        and one.signs.measure > 0
    ]
    own = _pairs(match.fact.metric)
    if _named(own - _all(beside), claim) > _HARDLY:
        return None
    for one in beside:
        others = _all([other for other in beside if other is not one]) | own
        alone = _pairs(one.fact.metric) - others
        if len(alone) >= _LEAST and _named(alone, claim) >= _PLAINLY:
            return one
    return None


def _named(pairs: Collection[str], claim: Claim) -> float:
    """The share of some pairs of characters that a claim has."""
    return sum(pair in claim.sentence for pair in pairs) / max(1, len(pairs))


def _all(matches: Sequence[Match]) -> set[str]:
    return {pair for one in matches for pair in _pairs(one.fact.metric)}


def _pairs(metric: str) -> set[str]:
    return {one + other for one, other in pairwise(metric)}


def of_another_scale(claim: Claim, matches: Sequence[Match]) -> Match | None:
    """The figure plainly meant by a claim that gives ten, a hundred or ten thousand times it."""
    quantity = claim.quantity
    if quantity is None or quantity.measure is not Measure.AMOUNT or not quantity.magnitude:
        return None
    telling = len(quantity.value.normalize().as_tuple().digits) >= _DIGITS
    covered = _COVERED if telling else _COVERED_PLAINLY
    top = max((one.about for one in matches), default=0.0)
    near = [
        one
        for one in matches
        if one.about >= top - _SURE
        and one.signs.measure > 0
        and one.signs.coverage >= covered
        and min(one.signs.unit, one.signs.period, one.signs.region) >= 0
        and one.fact.quantity.magnitude
        and any(
            abs(quantity.magnitude / one.fact.quantity.magnitude / power - 1) <= _CLOSE
            for power in _POWERS
        )
    ]
    return max(near, key=lambda one: one.about, default=None)
