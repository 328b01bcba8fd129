"""Fit which kind of figure a question asks for, on the question bank (``python -m eval.kinds``).

Learnt from the questions whose figure is a fact of one kind; a tenth of the bank's places is
kept out, as in training, and measured with.
"""

import json
from collections import Counter, defaultdict
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from corpus import Fact, Span, find_quantities, load_reports, parse_month, report_facts
from eval.fitting import Numbers, descend, softmax
from index.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.kinds import KINDS, MODEL, likely_kinds, signs
from qa.question import Question, read_question

_TYPES = ("lookup", "share", "growth", "followup", "table")
_SEEN = 5
_RIDGE = 0.0008
_SMALL = 0.05

Examples = list[tuple[BankQuestion, Question, int]]


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit the weights, write them and print what those that are written are worth."""
    examples = _examples()
    if write:
        known = [(question, kind) for asked, question, kind in examples if not held_out(asked)]
        lines = (
            f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(weights)}"
            for name, weights in _fit(known).items()
        )
        MODEL.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    hits = defaultdict(list)
    for asked, question, kind in examples:
        if held_out(asked):
            for group in ("all", asked.language, KINDS[kind].value):
                hits[group].append(likely_kinds(question)[0] is KINDS[kind])
    for group, found in hits.items():
        print(f"{group}: {len(found)} held out, the right kind first for {mean(found):.3f}")


def _examples() -> Examples:
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    facts: dict[tuple[str, Span], list[Fact]] = defaultdict(list)
    for report in reports:
        for fact in report_facts(report):
            facts[report.id, fact.sentence.span].append(fact)
    found: Examples = []
    for one in load_bank():
        if one.type not in _TYPES or len(one.figures) != 1:
            continue
        wanted = [each.magnitude for each in find_quantities(one.figures[0])]
        kinds = {
            fact.kind
            for place in one.evidence
            for fact in facts[place]
            if fact.quantity.magnitude in wanted
        }
        if len(kinds) == 1 and kinds <= set(KINDS):
            question = read_question(one.turns, newest=newest)
            found.append((one, question, KINDS.index(kinds.pop())))
    return found


def _fit(known: list[tuple[Question, int]]) -> dict[str, list[float]]:
    """Softmax weights with a ridge, one a kind, of the signs seen often enough."""
    told = [signs(question.text, question.measure) for question, _ in known]
    counts = Counter(name for one in told for name in one)
    names = sorted(name for name, count in counts.items() if count >= _SEEN)
    place = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(told), len(names)))
    for row, one in enumerate(told):
        table[row, [place[name] for name in one if name in place]] = 1
    right = np.eye(len(KINDS))[[kind for _, kind in known]]

    def slope(weights: Numbers) -> Numbers:
        shares = softmax(table @ weights)
        gradient: Numbers = table.T @ (shares - right) / len(table) + _RIDGE * weights
        return gradient

    fitted = descend(slope, (len(names), len(KINDS)), steps=400, rate=0.1)
    return {
        name: [round(float(value), 2) for value in fitted[number]]
        for name, number in place.items()
        if np.abs(fitted[number]).max() >= _SMALL
    }


if __name__ == "__main__":
    typer.run(main)
