"""Fit which figure of a sentence is asked for, on the question bank (``python -m eval.asked``).

Learnt from the bank's questions that ask for one figure of a sentence with several; a tenth of
its places is kept out, as in training, and measured with.
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

from corpus import find_quantities, load_reports, parse_month
from eval.fitting import fit_first, rounded
from eval.scoring import answers
from index import load_encoder, open_index
from index.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.asked import fact_signs
from qa.operands import facts_of
from qa.question import read_question
from qa.scoring import Scorer

WEIGHTS = Path(__file__).parent / "weights" / "asked.json"
_SEED = 5
_DEPTH = 12
_TYPES = ("lookup", "share", "growth", "followup", "table")

Example = tuple[Sequence[dict[str, float]], Sequence[bool]]


def main(
    write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False,
    learnt: Annotated[int, typer.Option(help="Questions to learn from.")] = 3600,
) -> None:
    """Fit the weights, print what they are worth and write them."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-asked-")) / "index"
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    scorer = Scorer(open_index(reports, load_encoder(), folder).unexpanded())
    bank = [one for one in load_bank() if one.type in _TYPES and len(one.figures) == 1]
    known = [one for one in bank if not held_out(one)]
    chosen = random.Random(_SEED).sample(known, min(learnt, len(known)))
    examples = [example(scorer, one, newest) for one in chosen]
    weights = fit_first([one for one in examples if one is not None])
    if write:
        WEIGHTS.write_text(json.dumps(rounded(weights), indent=1) + "\n", encoding="utf-8")
    hits = defaultdict(list)
    for one in bank:
        found = example(scorer, one, newest) if held_out(one) else None
        if found is None:
            continue
        totals = [sum(weights[name] * value for name, value in sign.items()) for sign in found[0]]
        hit = found[1][totals.index(max(totals))]
        for group in ("all", one.language, one.type):
            hits[group].append(hit)
    for group, right in hits.items():
        print(f"{group}: {len(right)} held out, the right figure of several {mean(right):.3f}")


def example(scorer: Scorer, asked: BankQuestion, newest: int) -> Example | None:
    """The signs of each figure of the evidence and which is right; none if there is no choice."""
    question = read_question(asked.turns, newest=newest)
    ranked = scorer.rank(question)[:_DEPTH]
    one = next((each for each in ranked if answers(asked, each.sentence)), None)
    if one is None:
        return None
    facts = facts_of(one)
    wanted = [each.magnitude for each in find_quantities(asked.figures[0])]
    right = [fact.quantity.magnitude in wanted for fact in facts]
    if len(facts) < 2 or not any(right):
        return None
    return fact_signs(scorer, question, facts), right


if __name__ == "__main__":
    typer.run(main)
