"""Fit which two figures a question sets against each other (``python -m eval.pairs``).

Learnt from the bank's questions that compare or compute of two figures. What is printed is
measured on a tenth of its places, kept out as in training; ``--folds`` measures on all, each fifth
by weights learnt from the others.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from corpus import find_quantities, load_reports, parse_month
from eval.fitting import Numbers, fit_tables, rounded
from index import load_encoder, load_reader, open_index
from index.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.evidence import Gatherer
from qa.pairs import MODEL, candidates, pair_signs
from qa.parts import parts
from qa.question import read_question

_TYPES = ("compare", "compute")
_FOLDS = 5
_STEPS, _RATE, _RIDGE = 150, 0.1, 0.003

Example = tuple[Numbers, Numbers]


def main(
    write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False,
    folds: Annotated[bool, typer.Option(help="Measure on every fifth of the bank.")] = False,
) -> None:
    """Fit the weights, print what they are worth and write them."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-pairs-")) / "index"
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    gatherer = Gatherer(open_index(reports, load_encoder(), folder).unexpanded(), load_reader())
    bank = [one for one in load_bank() if one.type in _TYPES and len(one.figures) == 2]
    names: list[str] = []
    known: list[tuple[BankQuestion, Example]] = []
    for one in bank:
        found = _example(gatherer, one, newest)
        if found is not None:
            names, example = found
            known.append((one, example))
    print(f"{len(known)} of {len(bank)} questions have both figures among the candidates")
    learnt = [example for one, example in known if not held_out(one)]
    weights = _fit(learnt)
    if write:
        named = dict(zip(names, map(float, weights), strict=True))
        MODEL.write_text(json.dumps(rounded(named), indent=1) + "\n", encoding="utf-8")
    hits = defaultdict(list)
    for one, example in known:
        if held_out(one):
            for group in ("all", one.language, one.type):
                hits[group].append(_is_right(example, weights))
    for group, hit in hits.items():
        print(f"{group}: {len(hit)} held out, the right two first {mean(hit):.3f}")
    if folds:
        right = []
        for fold in range(_FOLDS):
            others = _fit([example for one, example in known if _fold(one) != fold])
            right += [_is_right(example, others) for one, example in known if _fold(one) == fold]
        print(f"of five fifths: {len(right)}, the right two first {mean(right):.3f}")


def _example(
    gatherer: Gatherer, asked: BankQuestion, newest: int
) -> tuple[list[str], Example] | None:
    """The signs of every two candidates and which are right; none if no two are."""
    question = read_question(asked.turns, newest=newest)
    compared = parts(question)
    heard = [gatherer.hear_part(one) for one in compared] if len(compared) == 2 else []
    whole = gatherer.hear(question)
    found = candidates(whole, heard)
    wanted = _magnitudes(asked.figures)
    if len(found) < 2 or len(wanted) < 2:
        return None
    signs, allowed = pair_signs(whole, heard, found)
    figures = [one.fact.quantity.magnitude for one in found]
    right = np.array([[sorted((one, other)) == wanted for other in figures] for one in figures])
    right &= allowed
    if not right.any():
        return None
    table = np.stack([sign[allowed] for sign in signs.values()], axis=-1)
    return list(signs), (table, right[allowed].astype(float))


def _magnitudes(figures: Sequence[str]) -> list[Decimal]:
    return sorted(one.magnitude for text in figures for one in find_quantities(text)[:1])


def _fit(examples: Sequence[Example]) -> Numbers:
    """Weights of signs that are first put on one scale."""
    spread = np.concatenate([signs for signs, _ in examples]).std(axis=0) + 1e-3
    scaled = [(signs / spread, right) for signs, right in examples]
    fitted: Numbers = fit_tables(scaled, steps=_STEPS, rate=_RATE, ridge=_RIDGE) / spread
    return fitted


def _is_right(example: Example, weights: Numbers) -> bool:
    signs, right = example
    return bool(right[(signs @ weights).argmax()])


def _fold(asked: BankQuestion) -> int:
    name = str(asked.evidence[0] if asked.evidence else asked.id)
    return int(sha256(name.encode()).hexdigest(), 16) % _FOLDS


if __name__ == "__main__":
    typer.run(main)
