"""``python -m eval.retrieval``: how often the evidence is found, by search and language.

Passages are ranked by terms, by an encoder, by both, and by the product, which reads the best
again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from eval.questions import QUESTIONS, Item, QuestionsError, read_questions
from eval.score import rank_of, retrieval
from eval.systems import System, product, top_passage
from index import EncoderError

_HEADER = """| search | questions | number | @1 | @5 | @20 | MRR |
| --- | --- | --- | --- | --- | --- | --- |"""


def main(
    encoder: Annotated[
        list[str] | None, typer.Option(help="Folder of an encoder to try beside the bundled one.")
    ] = None,
    questions: Annotated[Path, typer.Option(help="JSONL file of questions.")] = QUESTIONS,
) -> None:
    """Rank passages for the questions that have evidence and print a table."""
    try:
        items = [one for one in read_questions(questions) if one.evidence and not one.claim]
        found = [top_passage("bm25", lexical=True, vectors=False)]
        for name in (None, *(encoder or ())):
            label = f"encoder {Path(name).name}" if name else "encoder"
            found += [
                top_passage(label, lexical=False, vectors=True, encoder=name),
                top_passage(f"bm25 + {label}", lexical=True, vectors=True, encoder=name),
            ]
        found.append(product())
        typer.echo(_HEADER)
        for system in found:
            for line in rows(system, items):
                typer.echo(line)
    except (QuestionsError, EncoderError) as error:
        raise SystemExit(f"eval: {error}") from error


def rows(system: System, items: Sequence[Item]) -> list[str]:
    """A line of the table for each language, and one for the samples."""
    ranks = {one.id: rank_of(one, system.rank(one.turns)) for one in items}
    groups = {
        "Chinese": [one for one in items if one.language == "zh"],
        "English": [one for one in items if one.language == "en"],
        "samples": [one for one in items if one.id.startswith("sample-")],
    }
    lines = []
    for name, chosen in groups.items():
        got = retrieval([ranks[one.id] for one in chosen])
        if got:
            shares = " | ".join(f"{share:.1%}" for share in got.recall.values())
            lines.append(f"| {system.name} | {name} | {got.number} | {shares} | {got.mrr:.3f} |")
    return lines


if __name__ == "__main__":
    typer.run(main)
