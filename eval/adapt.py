"""Bring weights learnt on the bank nearer to what people ask (``python -m eval.adapt``).

What is known of the bank's questions (:mod:`index.expansions`) cannot be weighed on the bank
itself, and those who wrote it ask in their own ways. So a second fit, on the development set,
begins at the weights fitted on the bank (``eval/weights``) and stays near them: with a normal
prior around them, as in Chelba and Acero 2006. Five folds say what that is worth.

What a later model is fitted on comes from earlier ones that have not seen the question (stacking,
Wolpert 1992): each half of the questions is scored by weights fitted on the other half.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Annotated, TypeVar

import numpy as np
import typer
from numpy.typing import NDArray

from corpus import load_reports, parse_month
from eval.asked import example
from eval.fitting import Numbers, adapt_chance, adapt_first, rounded
from eval.questions import QUESTIONS, as_bank, read_questions
from eval.scoring import answers, candidates
from index import load_encoder, load_reader, open_index
from index.bank import BankQuestion
from qa import asked, confidence, reading, scoring
from qa.evidence import Gatherer
from qa.question import read_question
from qa.reading import numbers

WEIGHTS = Path(__file__).parent / "weights"
DEVELOPMENT = QUESTIONS.with_name("development.jsonl")
_SEED = 5
_FOLDS = 5
_TYPES = ("lookup", "share", "growth", "followup", "table")

T = TypeVar("T")
Weights = dict[str, float]
Flags = NDArray[np.bool_]
List = tuple[Sequence[dict[str, float]], Sequence[bool]]


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit all weights on the development set, print what they are worth and write them."""
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-adapt-")) / "index"
    gatherer = Gatherer(open_index(reports, load_encoder(), folder), load_reader())
    questions = [one for one in read_questions(DEVELOPMENT) if not one.claim]
    lessons = as_bank(questions, reports)
    halves = (lessons[0::2], lessons[1::2])

    found = [
        _answerable(half, partial(candidates, gatherer.scorer, newest=newest)) for half in halves
    ]
    prior = _prior("scoring", found)
    _tell("sentences found", [*found[0], *found[1]], prior)
    scoring_of = [adapt_first(one, prior) for one in found]
    scoring_all = adapt_first([*found[0], *found[1]], prior)

    read = []
    for half, unseen in zip(halves, reversed(scoring_of), strict=True):
        gatherer.scorer.weights = rounded(unseen)
        read.append(_answerable(half, partial(_read, gatherer, newest=newest)))
    prior = _prior("reading", read)
    _tell("sentences read", [*read[0], *read[1]], prior)
    reading_of = [adapt_first(one, prior) for one in read]
    reading_all = adapt_first([*read[0], *read[1]], prior)

    signs: list[Weights] = []
    right: list[bool] = []
    answerable: list[bool] = []
    for half, other in ((halves[0], 1), (halves[1], 0)):
        gatherer.scorer.weights = rounded(scoring_of[other])
        gatherer.reading = rounded(reading_of[other])
        for one in half:
            evidence, standing = gatherer.weigh(read_question(one.turns, newest=newest))
            if standing is not None:
                signs.append(standing.numbers())
                right.append(bool(one.evidence) and answers(one, evidence.ranked[0].sentence))
                answerable.append(bool(one.evidence))
    sure = _adapt_confidence(signs, right, answerable)

    gatherer.scorer.weights = rounded(scoring_all)
    single = [one for one in lessons if one.type in _TYPES and len(one.figures) == 1]
    several = _answerable(single, partial(example, gatherer.scorer, newest=newest))
    prior = _prior("asked", [several])
    _tell("figures of a sentence", several, prior)
    if write:
        _write(scoring.MODEL, rounded(scoring_all))
        _write(reading.MODEL, rounded(reading_all))
        _write(asked.MODEL, rounded(adapt_first(several, prior)))
        _write(confidence.MODEL, sure)


def _answerable(
    lessons: Sequence[BankQuestion], of: Callable[[BankQuestion], List | None]
) -> list[List]:
    """The lists of what may answer, of the questions that are answered."""
    lists = (of(one) for one in lessons if one.evidence)
    return [one for one in lists if one is not None and one[0]]


def _tell(name: str, lists: Sequence[List], prior: Weights) -> None:
    """Print what the second fit is worth."""
    hits = _folded(lists, lambda some: adapt_first(some, prior), _is_first)
    before = mean(_is_first(one, prior) for one in lists)
    print(
        f"{name}: {len(lists)} questions, the right one first for {before:.3f};"
        f" {mean(hits):.3f} after the second fit"
    )


def _adapt_confidence(
    signs: Sequence[Weights], right: Sequence[bool], answerable: Sequence[bool]
) -> dict[str, dict[str, Weights]]:
    fitted: dict[str, dict[str, Weights]] = json.loads(
        (WEIGHTS / "confidence.json").read_text(encoding="utf-8")
    )
    names = list(signs[0])
    for of, labels in (("right", right), ("answerable", answerable)):
        prior = {name: fitted["read"][of].get(name, 0.0) for name in names}
        examples = list(zip(signs, labels, strict=True))
        guessed = _folded(
            examples,
            partial(_fit_chance, prior=prior),
            lambda one, weights: _chance(one[0], weights),
        )
        _report(of, np.array(guessed), np.array(labels), np.array(answerable))
        fitted["read"][of] = rounded(adapt_chance(signs, labels, prior))
        fitted["unread"][of] = {name: fitted["unread"][of].get(name, 0.0) for name in names}
    return fitted


def _report(of: str, guessed: Numbers, labels: Flags, answerable: Flags) -> None:
    bins = np.clip((guessed * 10).astype(int), 0, 9)
    error = sum(abs(guessed[bins == one].sum() - labels[bins == one].sum()) for one in range(10))
    print(f"{of}: {len(labels)} questions, expected calibration error {error / len(labels):.3f}")
    for share in (0.03, 0.06, 0.1):
        least = np.quantile(guessed[answerable], share)
        caught = (guessed[~answerable] < least).mean()
        print(
            f"  at {share:.0%} of the answerable refused (from {least:.3f}),"
            f" {caught:.3f} of the unanswerable refused"
        )


def _read(gatherer: Gatherer, one: BankQuestion, newest: int) -> List | None:
    """What counts for the sentences that are read for a question, and which of them answer."""
    found, _ = gatherer.weigh(read_question(one.turns, newest=newest))
    read = [(each, each.read) for each in found.ranked if each.read is not None]
    return [numbers(*each) for each in read], [answers(one, each.sentence) for each, _ in read]


def _prior(name: str, halves: Sequence[Sequence[List]]) -> Weights:
    """The weights fitted on the bank, 0 for signs that it says nothing of."""
    known = json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))
    return {sign: known.get(sign, 0.0) for sign in halves[0][0][0][0]}


def _folded(
    examples: Sequence[T],
    fit: Callable[[Sequence[T]], Weights],
    judge: Callable[[T, Weights], float],
) -> list[float]:
    """What each example comes to by weights fitted on the other folds."""
    folds = np.random.default_rng(_SEED).permutation(len(examples)) % _FOLDS
    found = [0.0] * len(examples)
    for fold in range(_FOLDS):
        learnt = [one for one, own in zip(examples, folds, strict=True) if own != fold]
        weights = fit(learnt)
        for place in map(int, np.flatnonzero(folds == fold)):
            found[place] = judge(examples[place], weights)
    return found


def _is_first(one: List, weights: Weights) -> bool:
    """Whether what comes first of a list is right."""
    totals = [sum(weights[name] * value for name, value in signs.items()) for signs in one[0]]
    return one[1][int(np.argmax(totals))]


def _fit_chance(examples: Sequence[tuple[Weights, bool]], prior: Weights) -> Weights:
    return adapt_chance([signs for signs, _ in examples], [label for _, label in examples], prior)


def _chance(signs: Weights, weights: Weights) -> float:
    total = sum(weights[name] * value for name, value in signs.items())
    return float(1 / (1 + np.exp(-total)))


def _write(path: Path, weights: object) -> None:
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
