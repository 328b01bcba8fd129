"""Confidence: how likely it is that the best sentence found answers a question.

A logistic model of the sentence's signs and of how it stands among the others, fitted on the
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
    which does not have the period, region or figure asked for. ``read`` is what the reader says
    of it and ``ahead`` how much less of the next that it has read; None without a reader.
    """

    signs: Signs
    score: float
    margin: float
    lead: float
    behind: float
    read: float | None = None
    ahead: float = 0.0

    def numbers(self) -> dict[str, float]:
        """All that counts, by name."""
        return self.signs.numbers() | {
            "score": self.score / 10,
            "margin": self.margin / 5,
            "lead": self.lead / 10,
            "behind": self.behind / 5,
            "read": (self.read or 0.0) / 5,
            "ahead": self.ahead / 5,
            "bias": 1.0,
        }


def confidence(standing: Standing) -> float:
    """The probability that the sentence answers."""
    weights = _models()["unread" if standing.read is None else "read"]
    total = sum(weights[name] * value for name, value in standing.numbers().items())
    return 1 / (1 + exp(-total))


@cache
def _models() -> dict[str, dict[str, float]]:
    """The weights with a reader and without one."""
    weights: dict[str, dict[str, float]] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
