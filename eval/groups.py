"""Write what the reader learns from (``python -m eval.groups OUT``).

Each question and claim of the bank that is not held out, with the sentences that the signs rank
first for it: its best evidence among them and the best of what is none. Of a question that the
reports do not answer all are wrong; half of those are kept for the confidence to be fitted on.
"""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from corpus import load_reports, parse_month
from eval.scoring import answers
from index import load_encoder, open_index
from index.bank import BankQuestion, load_bank
from index.training.bank import NEAR
from index.training.domain import held_out
from qa.question import read_question
from qa.reading import shown
from qa.scoring import Scorer

_SIZE = 6
_DEPTH = 40


def main(out: Annotated[Path, typer.Argument(help="File of JSON lines to write.")]) -> None:
    """Write one group of sentences for each question."""
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-groups-")) / "index"
    scorer = Scorer(open_index(reports, load_encoder(), folder).unexpanded())
    written = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for asked in (*load_bank(), *load_bank(NEAR)):
            found = _group(scorer, asked, newest) if is_taught(asked) else None
            if found is not None:
                file.write(json.dumps(found, ensure_ascii=False) + "\n")
                written += 1
    typer.echo(f"{written} groups written to {out}")


def is_taught(asked: BankQuestion) -> bool:
    """Whether the reader learns from a question."""
    if held_out(asked):
        return False
    return asked.type != "unanswerable" or int(asked.id.rsplit("-", 1)[1]) % 2 == 0


def _group(scorer: Scorer, asked: BankQuestion, newest: int) -> dict[str, object] | None:
    """A question with its best evidence, if any is found, and the best that is none."""
    question = read_question(asked.turns, newest=newest)
    ranked = scorer.rank(question)[:_DEPTH]
    labels = [answers(asked, one.sentence) for one in ranked]
    right = [one for one, label in zip(ranked, labels, strict=True) if label][:1]
    wrong = [one for one, label in zip(ranked, labels, strict=True) if not label]
    if asked.evidence and not right:
        return None
    chosen = [*right, *wrong[: _SIZE - len(right)]]
    return {
        "question": question.topic,
        "sentences": [shown(scorer, question, one) for one in chosen],
        "right": [True] * len(right) + [False] * (len(chosen) - len(right)),
    }


if __name__ == "__main__":
    typer.run(main)
