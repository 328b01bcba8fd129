"""Fit the confidence of answers on the question bank (``python -m eval.confidence``).

The best sentence for each of the bank's held-out questions, and for questions that the
reports do not answer, is labelled with whether it is the evidence, and with whether there is any;
a logistic model of how it stands is fitted for each label, and what they are worth printed over
five folds.
"""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from corpus import load_reports, parse_month
from eval.fitting import fit_classes, rounded
from eval.groups import is_taught
from eval.scoring import answers
from index import load_encoder, load_reader, open_index
from index.bank import load_bank
from index.training.bank import NEAR
from index.training.domain import held_out
from qa.evidence import Gatherer, Weights
from qa.question import read_question

WEIGHTS = Path(__file__).parent / "weights" / "confidence.json"
_SEED = 5
_FOLDS = 5


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit the model with the reader and without, print what it is worth and write it."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-confidence-")) / "index"
    reports = load_reports()
    index = open_index(reports, load_encoder(), folder).unexpanded()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    fitted = {}
    for name, gatherer in (
        ("unread", Gatherer(index)),
        ("read", Gatherer(index, load_reader())),
    ):
        signs, labels, answerable = _examples(gatherer, newest)
        print(f"{name}: {len(labels)} examples, {np.mean(labels):.1%} right")
        right, any_right = np.array(labels), np.array(answerable)
        guessed, answers_any = _guessed(signs, labels), _guessed(signs, answerable)
        _report(guessed, right, any_right)
        _report_refusals(answers_any, guessed, right, any_right)
        fitted[name] = {
            "right": rounded(_fit(signs, labels)),
            "answerable": rounded(_fit(signs, answerable)),
        }
    if write:
        WEIGHTS.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


def _guessed(signs: list[dict[str, float]], labels: list[bool]) -> NDArray[np.float64]:
    """The probability of each example, from a model fitted on the other folds."""
    folds = np.random.default_rng(_SEED).permutation(len(labels)) % _FOLDS
    guessed = np.zeros(len(labels))
    for fold in range(_FOLDS):
        learnt = [place for place in range(len(labels)) if folds[place] != fold]
        weights = _fit([signs[place] for place in learnt], [labels[place] for place in learnt])
        for place in np.flatnonzero(folds == fold):
            total = sum(weights[name] * value for name, value in signs[place].items())
            guessed[place] = 1 / (1 + np.exp(-total))
    return guessed


def _report(
    guessed: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> None:
    bins = np.clip((guessed * 10).astype(int), 0, 9)
    error = sum(
        abs(guessed[bins == one].sum() - right[bins == one].sum()) for one in range(10)
    ) / len(right)
    print(f"expected calibration error {error:.3f}")
    for least in (0.2, 0.3, 0.4, 0.5, 0.6):
        kept = guessed >= least
        precision, recall = right[kept].mean(), right[kept].sum() / right.sum()
        print(
            f"from {least}: {kept.sum()} answered, precision {precision:.3f}, recall {recall:.3f},"
            f" answerable refused {1 - kept[answerable].mean():.3f},"
            f" unanswerable refused {1 - kept[~answerable].mean():.3f}"
        )


def _report_refusals(
    guessed: NDArray[np.float64],
    sure: NDArray[np.float64],
    right: NDArray[np.bool_],
    answerable: NDArray[np.bool_],
) -> None:
    """Refusals by the model of what can be answered, and by both as they are used."""
    for share in (0.03, 0.05, 0.1):
        least = np.quantile(guessed[answerable], share)
        caught = (guessed[~answerable] < least).mean()
        print(
            f"at {share:.0%} of answerable refused (from {least:.3f}),"
            f" unanswerable refused {caught:.3f}"
        )
    weights = Weights()
    kept = (sure >= weights.sure) & (guessed >= weights.answerable)
    print(
        f"as used: right answers kept {kept[right].mean():.3f},"
        f" answerable refused {1 - kept[answerable].mean():.3f},"
        f" unanswerable refused {1 - kept[~answerable].mean():.3f}"
    )


def _examples(
    gatherer: Gatherer, newest: int
) -> tuple[list[dict[str, float]], list[bool], list[bool]]:
    """How the best sentence stands, whether it answers, and whether any does."""
    bank = [one for one in (*load_bank(), *load_bank(NEAR)) if not one.type.startswith("claim")]
    asked = [
        one for one in bank if held_out(one) or (one.type == "unanswerable" and not is_taught(one))
    ]
    signs, labels, answerable = [], [], []
    for one in asked:
        found, standing = gatherer.weigh(read_question(one.turns, newest=newest))
        if standing is not None:
            signs.append(standing.numbers())
            labels.append(answers(one, found.ranked[0].sentence))
            answerable.append(bool(one.evidence))
    return signs, labels, answerable


def _fit(signs: list[dict[str, float]], labels: list[bool]) -> dict[str, float]:
    """Weights of a logistic model: the difference of a softmax over right and wrong."""
    right, wrong = fit_classes(signs, [0 if label else 1 for label in labels], 2)
    return {name: right[name] - wrong[name] for name in right}


if __name__ == "__main__":
    typer.run(main)
