"""Kinds: which kind of figure a question asks for: a level, a share, a change, a rate of growth.

What to look up and to compute is told by patterns, which say nothing where they do not match.
Which figure of a sentence is meant is told by a softmax over a question's words and pairs of
characters, fitted on the question bank (``python -m eval.kinds``): it always has an opinion.
"""

import json
import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus import FactKind, Measure
from qa.question import Question

MODEL = Path(__file__).parent / "kinds.json"
KINDS = (FactKind.LEVEL, FactKind.SHARE, FactKind.GROWTH, FactKind.CHANGE, FactKind.POINTS)
_LIKELY = 0.15
_KEPT = 2**12
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_RUN = re.compile("[一-鿿#]+")
_WORD = re.compile("[a-z]+|#|%")
_GROWS = re.compile(
    r"增长|增加|增幅|增速|涨|上升|提升|提高|下降|减少|降低|下滑|缩小|多了|(?<!多)少了|升了|降了|变化|新增|"
    r"\b(?:gr[eo]w\w*|ris\w+|rose|increas\w+|fell|fall\w*|dropp?\w*|declin\w+|decreas\w+|chang\w+|"
    r"shr[aiu]nk\w*|expand\w*|climb\w*|jump\w*|surg\w+|add(?:ed(?! (?:up|together|to))|itions?)|"
    r"gain\w*|up|down|lost)\b|"
    r"how (?:many|much) more(?!.{0,80}\bthan (?!(?:in|at|on|by|a|the|one|last|it|they)\b|\d))|"
    r"\b(?:get|got|become|became) (?:any )?(?:bigger|larger|smaller|fewer)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"百分之|百分比|增速|增长率|增幅|%|percent|per cent|rate of|how fast|同比|涨幅|降幅|[得更最]快|"
    r"\bfast(?:er|est)?\b",
    re.IGNORECASE,
)
_RANK = re.compile(r"第几|排名|名次|位列|\brank\w*|\bplace\b|what position", re.IGNORECASE)


def asks_rank(text: str) -> bool:
    """Whether a text asks for a place in an order."""
    return _RANK.search(text) is not None


def asked_kinds(question: Question) -> tuple[FactKind, ...]:
    """The kinds of figure that a question asks for by its patterns, the likeliest first."""
    plain = _plain(question)
    if plain:
        return plain
    if _GROWS.search(question.text):
        if _RATE.search(question.text):
            return (FactKind.GROWTH, FactKind.POINTS)
        return (FactKind.CHANGE, FactKind.POINTS, FactKind.GROWTH)
    if question.measure is Measure.SHARE:
        return (FactKind.SHARE,)
    return (FactKind.LEVEL, FactKind.INDEX, FactKind.RATIO)


def likely_kinds(question: Question) -> tuple[FactKind, ...]:
    """The kinds of figure that a question may ask for by its words, the likeliest first."""
    plain = _plain(question)
    if plain:
        return plain
    shares = _shares(question.text, question.measure)
    order = sorted(shares, key=lambda kind: -shares[kind])
    found = [kind for kind in order if kind is order[0] or shares[kind] >= _LIKELY]
    if FactKind.LEVEL in found:
        place = found.index(FactKind.LEVEL) + 1
        found[place:place] = [FactKind.INDEX, FactKind.RATIO]
    return tuple(found)


def kind_chances(question: Question) -> dict[FactKind, float]:
    """How likely a question asks for each kind of figure by its words alone, of the usual ones."""
    return _shares(question.text, question.measure)


def _plain(question: Question) -> tuple[FactKind, ...]:
    if question.measure is Measure.MULTIPLE:
        return (FactKind.MULTIPLE,)
    if question.measure is Measure.POINTS:
        return (FactKind.POINTS,)
    return (FactKind.RANK,) if asks_rank(question.text) else ()


def signs(text: str, measure: Measure | None) -> frozenset[str]:
    """What is looked at in a question: its characters and words, their pairs, plain patterns."""
    plain = _NUMBER.sub("#", text.lower())
    runs, words = _RUN.findall(plain), _WORD.findall(plain)
    pairs = [run[place : place + 2] for run in runs for place in range(len(run) - 1)]
    told = {
        "(grows)": _GROWS.search(text) is not None,
        "(rate)": _RATE.search(text) is not None,
        "(share)": measure is Measure.SHARE,
    }
    return frozenset(
        (
            *(character for run in runs for character in run),
            *(pair for pair in pairs if len(pair) == 2),
            *words,
            *(f"{one} {other}" for one, other in pairwise(words)),
            *(name for name, holds in told.items() if holds),
            "bias",
        )
    )


@lru_cache(maxsize=_KEPT)
def _shares(text: str, measure: Measure | None) -> dict[FactKind, float]:
    weights = _weights()
    totals = np.sum(
        [weights[name] for name in signs(text, measure) if name in weights], axis=0, dtype=float
    )
    raised = np.exp(totals - totals.max())
    return dict(zip(KINDS, map(float, raised / raised.sum()), strict=True))


@cache
def _weights() -> dict[str, list[float]]:
    weights: dict[str, list[float]] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
