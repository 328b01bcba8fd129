"""Fit how the sentences that were read are scored (``python -m eval.reading``).

Of each of the bank's held-out questions, which the reader has never seen, the sentences that
it reads are labelled with whether they answer; weights of the signs and of what the reader says
are fitted by which the right one comes first, and their worth is printed over five folds.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from corpus import load_reports, parse_month
from eval.fitting import fit_first, rounded
from eval.scoring import answers
from index import load_encoder, load_reader, open_index
from index.bank import load_bank
from index.training.domain import held_out
from qa.question import read_question
from qa.reading import READ, numbers, shown
from qa.scoring import Scorer

WEIGHTS = Path(__file__).parent / "weights" / "reading.json"
_SEED = 5
_FOLDS = 5

Signs = Sequence[dict[str, float]]


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit the weights, print what they are worth and write them."""
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-reading-")) / "index"
    scorer, reader = Scorer(open_index(reports, load_encoder(), folder).unexpanded()), load_reader()
    asked = [
        one
        for one in load_bank()
        if one.evidence and held_out(one) and not one.type.startswith("claim")
    ]
    lists: list[tuple[Signs, Sequence[bool]]] = []
    for one in asked:
        question = read_question(one.turns, newest=newest)
        first = scorer.rank(question)[:READ]
        said = reader.scores(question.topic, [shown(scorer, question, each) for each in first])
        signs = [numbers(each, float(logit)) for each, logit in zip(first, said, strict=True)]
        lists.append((signs, [answers(one, each.sentence) for each in first]))
    folds = np.random.default_rng(_SEED).permutation(len(lists)) % _FOLDS
    hits = defaultdict(list)
    for fold in range(_FOLDS):
        weights = _fit([one for one, place in zip(lists, folds, strict=True) if place != fold])
        for place in np.flatnonzero(folds == fold):
            candidates, right = lists[place]
            for name, model in (
                ("signs alone", {"score": 1.0}),
                ("reader alone", {"read": 1.0}),
                ("both", weights),
            ):
                hit = bool(candidates) and right[_first(candidates, model)]
                for group in ("all", asked[place].language, asked[place].type):
                    hits[group, name].append(hit)
    for (group, name), found in sorted(hits.items()):
        print(f"{group}: {name}: {len(found)} questions, first for {mean(found):.3f}")
    if write:
        WEIGHTS.write_text(json.dumps(rounded(_fit(lists)), indent=1) + "\n", encoding="utf-8")


def _fit(lists: Sequence[tuple[Signs, Sequence[bool]]]) -> dict[str, float]:
    return fit_first([one for one in lists if any(one[1])])


def _first(signs: Signs, weights: dict[str, float]) -> int:
    totals = [sum(weight * one[name] for name, weight in weights.items()) for one in signs]
    return int(np.argmax(totals))


if __name__ == "__main__":
    typer.run(main)
