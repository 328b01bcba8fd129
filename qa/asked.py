"""Asked: which of a sentence's figures a question asks for.

A sentence gives several: a level, its change, its share. Each is a fact with a metric, a kind and
a period; how these fit the question is weighed by a model fitted on the question bank
(``python -m eval.asked``).
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus import Fact, Measure, TableRow, find_quantities
from qa.kinds import kind_chances, likely_kinds
from qa.operands import facts_of
from qa.question import Question
from qa.scoring import Scored, Scorer
from qa.signs import coverage, speaks_of

MODEL = Path(__file__).parent / "asked.json"
_STOP = re.compile("[，；。]")
_BEHIND = 14


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
    if not facts:
        return []
    asked, spoken = scorer.likeness(question.text), scorer.likeness(question.topic)
    terms = scorer.terms_of(question.text)
    kinds, chances = likely_kinds(question), kind_chances(question)
    newest = max((fact.period.last for fact in facts if fact.period), default=0)
    metrics = scorer.cosines(question.text, [fact.metric for fact in facts])
    clauses = scorer.cosines(question.text, [_clause(fact) for fact in facts])
    asking = scorer.asking(question)
    labels = [scorer.label(fact) if question.language == "en" else "" for fact in facts]
    known = [
        [(close, _asks_for(figures, fact)) for figures, close in asking(fact).items()]
        for fact in facts
    ]
    return [
        {
            "likeness": (asked(fact) + spoken(fact)) / 2,
            "metric": metrics[place],
            "clause": clauses[place],
            "kind": 1 - 0.25 * kinds.index(fact.kind) if fact.kind in kinds else 0.0,
            "chance": chances.get(fact.kind, 0.0),
            "when": _when(fact, question, newest),
            "named": coverage(terms, f"{fact.metric} {fact.whole or ''} {label}".lower()),
            "labelled": coverage(terms, label.lower()),
            "spoken": scorer.spoken_share(fact.metric, terms),
            "long": 0.0 if isinstance(fact.sentence, TableRow) else len(fact.metric) / 20,
            "known": max((one for one, mine in known[place] if mine), default=0.0),
            "known of others": max((one for one, mine in known[place] if not mine), default=0.0),
            "place": place / 10,
            "amount": float(fact.quantity.measure is Measure.AMOUNT),
        }
        for place, (fact, label) in enumerate(zip(facts, labels, strict=True))
    ]


def _asks_for(figures: Sequence[str], fact: Fact) -> bool:
    """Whether some figures, as they are printed, have a fact's among them."""
    return any(
        one.magnitude == fact.quantity.magnitude
        for text in figures
        for one in find_quantities(text)
    )


def _clause(fact: Fact) -> str:
    """The words before a figure, back to a comma or stop, and those just behind it."""
    if isinstance(fact.sentence, TableRow):
        return fact.metric
    text, figure = fact.sentence.text, fact.quantity
    begin = max((stop.end() for stop in _STOP.finditer(text, 0, figure.start)), default=0)
    behind = _STOP.split(text[figure.end : figure.end + _BEHIND])[0]
    return f"{text[begin : figure.start]}{behind}"


def _when(fact: Fact, question: Question, newest: int) -> float:
    """1 for a fact of a period asked for, -1 for another; if none is, 1 for the newest."""
    if fact.period is None:
        return 0.0
    if question.periods:
        return 1.0 if speaks_of((fact.period,), question.periods) else -1.0
    return float(fact.period.last == newest)


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
