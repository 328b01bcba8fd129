"""Fit the confidence of answers on the question bank (``python -m eval.confidence``).

The best sentence for each of the bank's held-out questions, and for questions that the
reports do not answer, is labelled with whether it is the evidence; a logistic model of
its signs is fitted, and its precision and recall printed over five folds.
"""

import json
import random
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray

from corpus import Sentence, find_quantities, load_reports, parse_month
from index import load_encoder, open_index
from index.training.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.confidence import MODEL, Signs
from qa.evidence import Scorer, Weights
from qa.question import read_question

_SEED = 5
_UNANSWERABLE = 600
_RIDGE = 1.0
Numbers = NDArray[np.float64]


def main() -> None:
    """Fit the model, print what it is worth and write it."""
    signs, labels = _examples()
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    scaled = (signs - mean) / spread
    folds = np.random.default_rng(_SEED).permutation(len(labels)) % 5
    guessed = np.zeros(len(labels))
    for fold in range(5):
        weights = _fit(scaled[folds != fold], labels[folds != fold])
        guessed[folds == fold] = _probability(scaled[folds == fold], weights)
    print(f"{len(labels)} examples, {labels.mean():.1%} right")
    for least in (0.3, 0.4, 0.5, 0.6):
        kept = guessed >= least
        precision, recall = labels[kept].mean(), labels[kept].sum() / labels.sum()
        print(
            f"from {least}: {kept.sum()} answered, precision {precision:.3f}, recall {recall:.3f}"
        )
    weights = _fit(scaled, labels)
    own = weights[:-1] / spread
    names = [one.name for one in fields(Signs)]
    model = {
        "weights": {name: round(float(w), 5) for name, w in zip(names, own, strict=True)},
        "bias": round(float(weights[-1] - (own * mean).sum()), 5),
    }
    MODEL.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def _examples() -> tuple[Numbers, Numbers]:
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-confidence-")) / "index"
    scorer = Scorer(open_index(reports, load_encoder(), folder), Weights())
    bank = [one for one in load_bank() if not one.type.startswith("claim")]
    silent = [one for one in bank if one.type == "unanswerable"]
    asked = [one for one in bank if one.evidence and held_out(one)]
    asked += random.Random(_SEED).sample(silent, _UNANSWERABLE)
    signs, labels = [], []
    for one in asked:
        found, shown = scorer.weigh(read_question(one.turns, newest=newest))
        if shown is not None:
            signs.append(shown.numbers())
            labels.append(_is_evidence(one, found.chosen[0].sentence))
    return np.array(signs), np.array(labels, dtype=float)


def _is_evidence(asked: BankQuestion, one: Sentence) -> bool:
    """Whether a sentence is one of the question's places, or gives the same figures elsewhere."""
    given = {(q.measure, q.magnitude) for q in find_quantities(one.text)}
    wanted = {(q.measure, q.magnitude) for text in asked.figures for q in find_quantities(text)}
    if wanted and wanted <= given:
        return True
    return any(
        report == one.passage.report and span.start < one.span.end and one.span.start < span.end
        for report, span in asked.evidence
    )


def _fit(signs: Numbers, labels: Numbers) -> Numbers:
    """Weights and bias of a logistic model with a ridge, by Newton's method."""
    padded = np.c_[signs, np.ones(len(signs))]
    ridge = np.append(np.full(signs.shape[1], _RIDGE), 0.0)
    weights = np.zeros(padded.shape[1])
    for _ in range(50):
        guessed = _probability(signs, weights)
        slope = padded.T @ (guessed - labels) + ridge * weights
        bend = (padded * (guessed * (1 - guessed))[:, None]).T @ padded + np.diag(ridge + 1e-9)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def _probability(signs: Numbers, weights: Numbers) -> Numbers:
    padded = np.c_[signs, np.ones(len(signs))]
    guessed: Numbers = 1 / (1 + np.exp(-(padded @ weights)))
    return guessed


if __name__ == "__main__":
    typer.run(main)
