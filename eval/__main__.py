"""Run systems on a file of questions and print what their answers are worth."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from corpus import load_reports
from eval.causes import Cause, causes, read_texts
from eval.claims import Judged, VerdictScores, judge_all, score_verdicts, verdict_rows
from eval.grade import Outcome
from eval.questions import QUESTIONS, Item, QuestionsError, read_questions
from eval.results import cause_rows, page
from eval.score import Retrieval, Run, Scores, run, score
from eval.systems import systems
from qa import EXPECTED_ERRORS


def main(
    questions: Annotated[Path, typer.Option(help="JSONL file of questions.")] = QUESTIONS,
    system: Annotated[
        list[str] | None, typer.Option(help="Which to run, or all; the product by default.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Only questions of this language, type, report or id.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write answers and scores here, as JSON.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Write a page with a chart into this folder.")
    ] = None,
    show: Annotated[bool, typer.Option(help="Print what was not right.")] = False,
) -> None:
    """Score systems on a file of questions, by language, type and report."""
    known = systems()
    chosen = list(known) if system == ["all"] else system or ["product"]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"eval: no system {unknown[0]!r}: there are {', '.join(known)}")
    try:
        wanted = [one for one in read_questions(questions) if _wanted(one, only)]
        if not wanted:
            raise QuestionsError(f"no questions of {only!r} in {questions}")
        items = [one for one in wanted if not one.claim]
        claims = [one for one in wanted if one.claim]
        made = {name: known[name]() for name in chosen}
        runs = {name: run(made[name], items) for name in chosen if items}
        judged = {
            name: judge_all(one.check, claims) for name, one in made.items() if one.check and claims
        }
    except (QuestionsError, *EXPECTED_ERRORS) as error:
        raise SystemExit(f"eval: {error}") from error
    console = Console(width=110)
    groups = {name: by_group(done) for name, done in runs.items()}
    for name, found in groups.items():
        console.print(_outcomes(name, found))
        console.print(_grounds(name, found))
    scores = {name: found["all"] for name, found in groups.items()}
    console.print(_measures(scores))
    texts = read_texts(load_reports())
    steps = {name: causes(done, texts) for name, done in runs.items()}
    console.print(*(_causes(name, found) for name, found in steps.items()))
    verdicts = {name: score_verdicts(done) for name, done in judged.items()}
    console.print(_verdicts(verdicts))
    for one in [one for done in runs.values() for one in done] if show else []:
        if one.grade.outcome is not Outcome.RIGHT:
            console.print(f"\n{one.item.id} {one.grade.outcome.value} {one.grade.missed}")
            console.print(" | ".join(one.item.turns), markup=False)
            console.print(one.answer.text[:600] if one.answer else one.error, markup=False)
    for claim in [one for done in judged.values() for one in done] if show else []:
        if not claim.right or claim.corrected is False:
            console.print(f"\n{claim.item.id} {claim.item.verdict}: {claim.item.turns[-1]}")
            console.print(claim.verdict.text if claim.verdict else claim.error, markup=False)
    if save:
        save.write_text(_json(runs, scores, groups, judged, verdicts), encoding="utf-8")
    if results:
        samples = {
            name: score([one for one in done if one.item.id.startswith("sample-")])
            for name, done in runs.items()
            if any(one.item.id.startswith("sample-") for one in done)
        }
        page(results, questions.name, scores, groups, steps, samples, verdicts)


def by_group(runs: Sequence[Run]) -> dict[str, Scores]:
    """Scores of all runs, then by language, by type and by report."""
    groups: dict[str, list[Run]] = defaultdict(list)
    for one in runs:
        reports = sorted({report for report, _ in one.item.evidence}) or ["no report"]
        for name in ("all", one.item.language, one.item.type, *reports):
            groups[name].append(one)
    order = {"all": 0, "zh": 1, "en": 1}
    return {
        name: score(groups[name]) for name in sorted(groups, key=lambda n: (order.get(n, 2), n))
    }


def _wanted(item: Item, only: str | None) -> bool:
    reports = {report for report, _ in item.evidence}
    return only is None or only in {item.id, item.language, item.type, *reports}


def _outcomes(name: str, groups: dict[str, Scores]) -> Table:
    table = Table(name, "number", "right", "95 %", "wrong", "refused", "error")
    for group, one in groups.items():
        table.add_row(
            group,
            str(one.number),
            f"{one.right:.1%}",
            f"{one.interval[0]:.0%} to {one.interval[1]:.0%}",
            f"{one.wrong:.1%}",
            f"{one.refused:.1%}",
            str(one.errors),
        )
    return table


def _grounds(name: str, groups: dict[str, Scores]) -> Table:
    """What the answers of each group rest on: figures, citations, retrieval, and how long."""
    table = Table(
        name, "numbers right", "wrong figure", "cited: precision, recall", "unsupported",
        "passage in 1, 5, 20; MRR", "fact in 1, 5, 20; MRR", "p50, p95 ms",
    )  # fmt: skip
    for group, one in groups.items():
        table.add_row(
            group,
            _percent(one.numbers_right),
            _percent(one.wrong_figures),
            f"{_percent(one.citation_precision)} {_percent(one.citation_recall)}",
            str(one.unsupported),
            _retrieval(one.passages),
            _retrieval(one.facts),
            f"{one.p50:.0f}, {one.p95:.0f}",
        )
    return table


def _measures(scores: dict[str, Scores]) -> Table:
    table = Table("measure", *scores)
    rows = {
        "right": [_percent(one.right) for one in scores.values()],
        "wrong": [_percent(one.wrong) for one in scores.values()],
        "numbers right": [_percent(one.numbers_right) for one in scores.values()],
        "wrong figure shown": [_percent(one.wrong_figures) for one in scores.values()],
        "citation precision": [_percent(one.citation_precision) for one in scores.values()],
        "citation recall": [_percent(one.citation_recall) for one in scores.values()],
        "refuses unanswerable": [_percent(one.refuses_unanswerable) for one in scores.values()],
        "refuses answerable": [_percent(one.refuses_answerable) for one in scores.values()],
        "unsupported numbers": [str(one.unsupported) for one in scores.values()],
        "passage in first 1, 5, 20; MRR": [_retrieval(one.passages) for one in scores.values()],
        "fact in first 1, 5, 20; MRR": [_retrieval(one.facts) for one in scores.values()],
        "latency p50, p95": [f"{one.p50:.0f}, {one.p95:.0f} ms" for one in scores.values()],
    }
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def _causes(name: str, found: dict[Cause, Counter[str]]) -> Table:
    table = Table(name, "number", "of which")
    for row in cause_rows(found):
        table.add_row(*row)
    return table


def _verdicts(scores: dict[str, VerdictScores]) -> Table:
    table = Table("verdicts", *scores)
    for name, values in verdict_rows(scores).items():
        table.add_row(name, *values)
    return table


def _retrieval(found: Retrieval | None) -> str:
    if found is None:
        return ""
    return f"{', '.join(f'{share:.0%}' for share in found.recall.values())}; {found.mrr:.2f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _json(
    runs: dict[str, tuple[Run, ...]],
    scores: dict[str, Scores],
    groups: dict[str, dict[str, Scores]],
    judged: dict[str, tuple[Judged, ...]],
    verdicts: dict[str, VerdictScores],
) -> str:
    answers = {
        name: [
            {
                "id": one.item.id,
                "outcome": one.grade.outcome.value,
                "missed": one.grade.missed,
                "error": one.error,
                "answer": one.answer.model_dump() if one.answer else None,
            }
            for one in done
        ]
        for name, done in runs.items()
    }
    claims = {
        name: [
            {
                "id": one.item.id,
                "right": one.right,
                "corrected": one.corrected,
                "error": one.error,
                "verdict": one.verdict.model_dump() if one.verdict else None,
            }
            for one in done
        ]
        for name, done in judged.items()
    }
    written = {
        "scores": {name: asdict(one) for name, one in scores.items()},
        "groups": {
            name: {group: asdict(one) for group, one in found.items()}
            for name, found in groups.items()
        },
        "verdicts": {name: asdict(one) for name, one in verdicts.items()},
        "answers": answers,
        "claims": claims,
    }
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    typer.run(main)
