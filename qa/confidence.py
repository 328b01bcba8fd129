"""Confidence: how likely it is that the best sentence found answers a question, or that any does.

Two logistic models of the sentence's signs and of how it stands among the others, fitted on the
question bank's held-out questions and on questions that the reports do not answer
(``python -m eval.confidence``), never on the questions we are judged by.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from qa.signs import Signs

MODEL = Path(__file__).parent / "confidence.json"


@dataclass(frozen=True, slots=True)
class Standing:
    """The best sentence's signs, its ``score``, and how far it is ahead.

    ``margin`` is its lead over the best sentence of another passage that says something else,
    ``lead`` over the tenth of all; ``behind`` is how far the best of all is before it,
    which does not have the period, region or figure asked for. ``answered`` and ``unanswered`` are
    how like the question the nearest known one is that the reports answer, and that they do not.
    ``read`` is what the reader says
    of it and ``ahead`` how much less of the next that it has read; None without a reader.
    ``lacking`` says that it does not name all of the metric asked for, and that one which does is
    of another period or region.
    """

    signs: Signs
    score: float
    margin: float
    lead: float
    behind: float
    answered: float
    unanswered: float
    read: float | None = None
    ahead: float = 0.0
    lacking: bool = False

    def numbers(self) -> dict[str, float]:
        """All that counts, by name."""
        return self.signs.numbers() | {
            "score": self.score / 10,
            "margin": self.margin / 5,
            "lead": self.lead / 10,
            "behind": self.behind / 5,
            "answered": self.answered,
            "unanswered": self.unanswered,
            "read": (self.read or 0.0) / 5,
            "ahead": self.ahead / 5,
            "lacking": float(self.lacking),
            "bias": 1.0,
        }


@dataclass(frozen=True, slots=True)
class Confidence:
    """The probabilities that the best sentence is the answer, and that the reports have one."""

    right: float
    answerable: float


def confidence(standing: Standing) -> Confidence:
    """How likely the sentence answers, and how likely any does."""
    numbers = standing.numbers()
    right, answerable = (
        1 / (1 + exp(-sum(weights[name] * value for name, value in numbers.items())))
        for weights in (
            _models()["unread" if standing.read is None else "read"][of]
            for of in ("right", "answerable")
        )
    )
    return Confidence(right, answerable)


@cache
def _models() -> dict[str, dict[str, dict[str, float]]]:
    """The weights of both models, with a reader and without one."""
    weights: dict[str, dict[str, dict[str, float]]] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
