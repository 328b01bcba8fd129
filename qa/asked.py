"""Asked: which of a sentence's figures a question asks for.

A sentence gives several: a level, its change, its share. Each is a fact with a metric, a kind and
a period; how these fit the question is weighed by a model fitted on the question bank
(``python -m eval.asked``).
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus import Fact, Measure
from qa.kinds import likely_kinds
from qa.operands import facts_of
from qa.question import Question
from qa.scoring import Scored, Scorer
from qa.signs import coverage, speaks_of

MODEL = Path(__file__).parent / "asked.json"


def asked_fact(scorer: Scorer, question: Question, one: Scored) -> Fact | None:
    """The fact of a sentence that a question asks for; none if the sentence has no facts."""
    return next(iter(asked_facts(scorer, question, one)), None)


def asked_facts(scorer: Scorer, question: Question, one: Scored) -> tuple[Fact, ...]:
    """The facts of a sentence, the one that a question asks for first."""
    facts = facts_of(one)
    weights = _weights()
    totals = [
        sum(weights[name] * value for name, value in signs.items())
        for signs in fact_signs(scorer, question, facts)
    ]
    order = sorted(range(len(facts)), key=lambda place: -totals[place])
    return tuple(facts[place] for place in order)


def fact_signs(scorer: Scorer, question: Question, facts: Sequence[Fact]) -> list[dict[str, float]]:
    """What speaks for each fact of a sentence being the one asked for, by name."""
    asked, spoken = scorer.likeness(question.text), scorer.likeness(question.topic)
    terms = scorer.terms_of(question.text)
    kinds = likely_kinds(question)
    newest = max((fact.period.last for fact in facts if fact.period), default=0)
    return [
        {
            "likeness": (asked(fact) + spoken(fact)) / 2,
            "kind": 1 - 0.25 * kinds.index(fact.kind) if fact.kind in kinds else 0.0,
            "measure": float(
                question.measure is not None and fact.quantity.measure is question.measure
            ),
            "when": _when(fact, question, newest),
            "named": coverage(terms, _label(scorer, question, fact)),
            "place": place / 10,
            "amount": float(fact.quantity.measure is Measure.AMOUNT),
        }
        for place, fact in enumerate(facts)
    ]


def _when(fact: Fact, question: Question, newest: int) -> float:
    """1 for a fact of a period asked for, -1 for another; if none is, 1 for the newest."""
    if fact.period is None:
        return 0.0
    if question.periods:
        return 1.0 if speaks_of((fact.period,), question.periods) else -1.0
    return float(fact.period.last == newest)


def _label(scorer: Scorer, question: Question, fact: Fact) -> str:
    english = scorer.label(fact) if question.language == "en" else ""
    return f"{fact.metric} {fact.whole or ''} {english}".lower()


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
