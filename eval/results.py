"""The page of results: tables and one chart, written by ``python -m eval --results docs``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from eval.causes import Cause
from eval.claims import VerdictScores, verdict_rows
from eval.score import Retrieval, Scores

_COLOURS = {"right": "#1f7a74", "wrong": "#c0392b", "refused": "#b9c2c0", "error": "#000000"}
_BAR, _GAP, _WIDTH, _LEFT = 22, 12, 560, 150


def page(
    folder: Path,
    questions: str,
    scores: Mapping[str, Scores],
    groups: Mapping[str, dict[str, Scores]],
    steps: Mapping[str, Mapping[Cause, Counter[str]]],
    samples: Mapping[str, Scores],
    verdicts: Mapping[str, VerdictScores],
) -> None:
    """Write ``results.md`` and ``results.svg`` into a folder."""
    first = next(iter(groups))
    text = "\n\n".join(
        [
            "# Results",
            f"Written by `python -m eval --questions eval/{questions} --system all --results docs`."
            " Shares are of all questions; the interval is the 95 % bootstrap interval.",
            "![right, wrong and refused, by system](results.svg)",
            _systems(scores),
            f"## {first}, by language, type and report",
            _groups(groups[first]),
            f"## {first}, what was not right, by the step that went wrong",
            _table(("step", "number", "of which"), cause_rows(steps[first])),
            "## Verdicts on the claims",
            _verdicts(verdicts) if verdicts else "None were judged.",
            "## The sample questions that are no claims",
            _systems(samples) if samples else "None were asked.",
        ]
    )
    (folder / "results.md").write_text(text + "\n", encoding="utf-8")
    (folder / "results.svg").write_text(chart(scores), encoding="utf-8")


def chart(scores: Mapping[str, Scores]) -> str:
    """Give a bar for each system, cut into what was right, wrong, refused and failed, as SVG."""
    height = len(scores) * (_BAR + _GAP) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 20}" height="{height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="100%" height="{height}" fill="#ffffff"/>',
    ]
    for row, (name, one) in enumerate(scores.items()):
        top = row * (_BAR + _GAP) + 10
        parts.append(
            f'<text x="{_LEFT - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>'
        )
        left = float(_LEFT)
        shares = {
            "right": one.right,
            "wrong": one.wrong,
            "refused": one.refused,
            "error": one.errors / one.number,
        }
        for outcome, share in shares.items():
            width = share * _WIDTH
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}"'
                f' fill="{_COLOURS[outcome]}"/>'
            )
            if share > 0.06:
                ink = "#222222" if outcome == "refused" else "#ffffff"
                parts.append(
                    f'<text x="{left + width / 2:.1f}" y="{top + 16}" fill="{ink}"'
                    f' text-anchor="middle">{share:.0%}</text>'
                )
            left += width
    parts += [
        f'<rect x="{_LEFT + 110 * place}" y="{height - 26}" width="14" height="14"'
        f' fill="{colour}"/><text x="{_LEFT + 110 * place + 20}" y="{height - 14}">{outcome}</text>'
        for place, (outcome, colour) in enumerate(_COLOURS.items())
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def cause_rows(steps: Mapping[Cause, Counter[str]]) -> list[tuple[str, str, str]]:
    """Rows to print: each step, how many answers went wrong there, and of which types."""
    return [
        (
            step.value,
            str(types.total()),
            ", ".join(f"{name} {count}" for name, count in types.most_common()),
        )
        for step, types in steps.items()
    ]


def _systems(scores: Mapping[str, Scores]) -> str:
    header = (
        "system", "right", "interval", "wrong", "refused", "errors", "numbers right",
        "wrong figure shown", "citation precision", "citation recall", "refuses unanswerable",
        "refuses answerable", "unsupported numbers", "passage in first 1 / 5 / 20", "MRR",
        "fact in first 1 / 5 / 20", "MRR", "p50 / p95 ms",
    )  # fmt: skip
    rows = [
        (
            name, _percent(one.right), f"{one.interval[0]:.0%} to {one.interval[1]:.0%}",
            _percent(one.wrong), _percent(one.refused), str(one.errors),
            _percent(one.numbers_right), _percent(one.wrong_figures),
            _percent(one.citation_precision), _percent(one.citation_recall),
            _percent(one.refuses_unanswerable), _percent(one.refuses_answerable),
            str(one.unsupported), *_retrieval(one.passages), *_retrieval(one.facts),
            f"{one.p50:.0f} / {one.p95:.0f}",
        )
        for name, one in scores.items()
    ]  # fmt: skip
    return _table(header, rows)


def _retrieval(found: Retrieval | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    return " / ".join(f"{share:.0%}" for share in found.recall.values()), f"{found.mrr:.2f}"


def _verdicts(verdicts: Mapping[str, VerdictScores]) -> str:
    rows = [(name, *cells) for name, cells in verdict_rows(verdicts).items()]
    return _table(("measure", *verdicts), rows)


def _groups(groups: Mapping[str, Scores]) -> str:
    header = ("questions", "number", "right", "interval", "wrong", "refused", "cited")
    rows = [
        (
            name, str(one.number), _percent(one.right),
            f"{one.interval[0]:.0%} to {one.interval[1]:.0%}", _percent(one.wrong),
            _percent(one.refused), _percent(one.citation_recall),
        )
        for name, one in groups.items()
    ]  # fmt: skip
    return _table(header, rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
