"""Run the product on a file of questions and print how it did."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.grade import Grade, Outcome, grade
from eval.questions import QUESTIONS, Item, QuestionsError, read_questions
from qa import EXPECTED_ERRORS, Answer, open_assistant
from qa.settings import read_environment


def run(
    questions: Annotated[Path, typer.Option(help="JSONL file of questions.")] = QUESTIONS,
    save: Annotated[Path | None, typer.Option(help="Write answers and grades here.")] = None,
    show: Annotated[bool, typer.Option(help="Print what was not right.")] = False,
) -> None:
    """Grade the product on a file of questions, by language and type."""
    import os

    try:
        items = [item for item in read_questions(questions) if not item.claim]
        assistant = open_assistant(read_environment(os.environ), say=print)
    except (QuestionsError, *EXPECTED_ERRORS) as error:
        raise SystemExit(f"eval: {error}") from error
    answers = [assistant.ask_or_refuse(item.turns) for item in items]
    grades = [grade(item, answer) for item, answer in zip(items, answers, strict=True)]
    console = Console(width=100)
    console.print(_table(items, grades))
    times = [answer.timings_ms.get("total", 0.0) for answer in answers]
    tail = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    console.print(f"latency: p50 {median(times):.0f} ms, p95 {tail:.0f} ms")
    if show:
        for item, answer, one in zip(items, answers, grades, strict=True):
            if one.outcome is not Outcome.RIGHT:
                console.print(f"\n{item.id} {one.outcome.value} {one.missed}", style="bold")
                console.print(" | ".join(item.turns), markup=False)
                console.print(answer.text[:600], markup=False)
    if save:
        save.write_text("".join(_lines(items, answers, grades)), encoding="utf-8")


def _table(items: Sequence[Item], grades: Sequence[Grade]) -> Table:
    groups: dict[str, list[tuple[Item, Grade]]] = defaultdict(list)
    for item, one in zip(items, grades, strict=True):
        for name in ("all", item.language, f"{item.language} {item.type}"):
            groups[name].append((item, one))
    table = Table("questions", "number", *(outcome.value for outcome in Outcome), "cited")
    for name, group in sorted(groups.items(), key=lambda pair: (len(pair[0].split()), pair[0])):
        counts = [sum(one.outcome is outcome for _, one in group) for outcome in Outcome]
        withs = [one for item, one in group if item.evidence]
        cited = f"{sum(one.cited for one in withs)}/{len(withs)}"
        table.add_row(name, str(len(group)), *map(str, counts), cited)
    return table


def _lines(items: Sequence[Item], answers: Sequence[Answer], grades: Sequence[Grade]) -> list[str]:
    return [
        json.dumps(
            {"id": i.id, "outcome": g.outcome.value, "missed": g.missed, **a.model_dump()},
            ensure_ascii=False,
        )
        + "\n"
        for i, a, g in zip(items, answers, grades, strict=True)
    ]


if __name__ == "__main__":
    typer.run(run)
