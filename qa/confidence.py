"""Confidence: how likely it is that the best sentence found answers a question.

A logistic model of nine signs, fitted on the question bank's held-out questions and on
questions that the reports do not answer (``python -m eval.confidence``), never on the
questions we are judged by.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from math import exp
from pathlib import Path

MODEL = Path(__file__).parent / "confidence.json"


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence.

    ``coverage`` of the question's terms and ``meaning``, the cosine of both, are from
    0 to 1; so is ``named``, the share of glossary terms that it names. ``margin`` is its
    lead over the best sentence of another passage that says something else, ``lead`` over
    the tenth of all.
    ``missing`` is the rarest term that it lacks; ``words`` and ``vectors`` are one over
    the passage's rank in either search; ``row`` is 1 for a row of a table.
    """

    coverage: float
    meaning: float
    named: float
    margin: float
    lead: float
    missing: float
    words: float
    vectors: float
    row: float

    def numbers(self) -> list[float]:
        """The signs, in their order."""
        return [getattr(self, one.name) for one in fields(self)]


def confidence(signs: Signs) -> float:
    """The probability that the sentence answers."""
    weights, bias = _model()
    total = sum(weight * sign for weight, sign in zip(weights, signs.numbers(), strict=True))
    return 1 / (1 + exp(-(total + bias)))


@cache
def _model() -> tuple[list[float], float]:
    read = json.loads(MODEL.read_text(encoding="utf-8"))
    return [read["weights"][one.name] for one in fields(Signs)], read["bias"]
