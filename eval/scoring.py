"""Fit how sentences are scored for questions, on the question bank (``python -m eval.scoring``).

Each question's candidates are all sentences of the passages found for it; right are its
evidence and sentences that give the same figures. A tenth of the bank's places is kept
out, as in training, and measured with.
"""

import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer

from corpus import Sentence, find_quantities, load_reports, parse_month
from eval.fitting import fit_first, rounded
from index import load_encoder, open_index
from index.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.question import read_question
from qa.scoring import Scorer

WEIGHTS = Path(__file__).parent / "weights" / "scoring.json"
_SEED = 5


def main(
    write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False,
    learnt: Annotated[int, typer.Option(help="Questions to learn from.")] = 4000,
) -> None:
    """Fit the weights, print what they are worth and write them."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-scoring-")) / "index"
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    scorer = Scorer(open_index(reports, load_encoder(), folder).unexpanded())
    asked = [one for one in load_bank() if one.evidence and not one.type.startswith("claim")]
    dice = random.Random(_SEED)
    known = [one for one in asked if not held_out(one)]
    chosen = dice.sample(known, min(learnt, len(known)))
    lists = []
    for one in chosen:
        signs, right = candidates(scorer, one, newest)
        if any(right):
            lists.append((signs, right))
    print(f"{len(lists)} of {len(chosen)} questions have their evidence among the candidates")
    weights = fit_first(lists)
    if write:
        WEIGHTS.write_text(json.dumps(rounded(weights), indent=1) + "\n", encoding="utf-8")
    tested = [one for one in asked if held_out(one)]
    ranks = defaultdict(list)
    for one in tested:
        signs, right = candidates(scorer, one, newest)
        scores = [sum(weights[name] * value for name, value in sign.items()) for sign in signs]
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        rank = next((n for n, place in enumerate(order, 1) if right[place]), 0)
        for group in ("all", one.language, one.type):
            ranks[group].append(rank)
    for group, found in ranks.items():
        shares = ", ".join(f"@{k} {mean(0 < rank <= k for rank in found):.3f}" for k in (1, 5, 20))
        print(f"{group}: {len(found)} held out, {shares}")


def candidates(
    scorer: Scorer, asked: BankQuestion, newest: int
) -> tuple[Sequence[dict[str, float]], Sequence[bool]]:
    """The signs of each candidate, and whether it answers."""
    scored = scorer.rank(read_question(asked.turns, newest=newest))
    signs = [one.signs.numbers() for one in scored if one.signs]
    return signs, [answers(asked, one.sentence) for one in scored]


def answers(asked: BankQuestion, one: Sentence) -> bool:
    """Whether a sentence is one of the question's places, or gives the same figures elsewhere."""
    given = {(q.measure, q.magnitude) for q in find_quantities(one.text)}
    wanted = {(q.measure, q.magnitude) for text in asked.figures for q in find_quantities(text)}
    if wanted and wanted <= given and max(magnitude for _, magnitude in wanted) > 20:
        return True
    return any(
        report == one.passage.report and span.start < one.span.end and one.span.start < span.end
        for report, span in asked.evidence
    )


if __name__ == "__main__":
    typer.run(main)
