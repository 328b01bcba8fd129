"""Measure the budgets of the design on this machine (``make bench``).

Each figure is the median of several runs with its spread. Nothing here is a
test: a slow machine prints larger figures and fails nothing.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from corpus import load_reports
from eval.questions import read_questions
from index import BUNDLED, load_encoder, open_index
from qa import Settings, open_assistant

_RUNS = 5
_EVERY = 3  # of the evaluation set's questions one in three is asked
_FACTORS = (1, 10, 100)


def run(
    growth: Annotated[
        bool, typer.Option(help="Also index 10 and 100 copies with other figures.")
    ] = False,
    page: Annotated[Path | None, typer.Option(help="Write the figures to this page.")] = None,
) -> None:
    """Print index build time, latency, cold start, memory and size of the weights."""
    rows = _budgets()
    tables = [("what", "budget", "median", "spread"), *rows]
    _print(tables)
    grown: list[tuple[str, ...]] = []
    if growth:
        grown = [("corpus", "passages in chunks", "build", "memory", "ask p50", "ask p95")]
        for factor in _FACTORS:
            command = [sys.executable, "-m", "eval.bench_growth", str(factor)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            grown.append(tuple(done.stdout.strip().split("\t")))
        _print(grown)
    if page:
        parts = [
            "# Speed and size",
            f"Written by `python -m eval.bench{' --growth' * growth} --page docs/bench.md`.",
        ]
        parts += [_markdown(tables), *([_markdown(grown)] if grown else [])]
        page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _budgets() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        builds = _timed(lambda: _build(Path(tempfile.mkdtemp(dir=folder))))
        rows.append(("index build, five reports", "30 s", *_seconds(builds)))
        data = Path(folder) / "data"
        assistant = open_assistant(Settings(data=data))
        items = [item for item in read_questions() if not item.claim][::_EVERY]
        assistant.ask_or_refuse(items[0].turns)
        middles, slows = [], []
        for _ in track(range(_RUNS), f"{len(items)} questions, {_RUNS} times", transient=True):
            times = [assistant.ask_or_refuse(item.turns).timings_ms["total"] for item in items]
            middles.append(median(times))
            slows.append(quantiles(times, n=20)[-1])
        rows.append(("ask, warm, p50", "150 ms", *_milliseconds(middles)))
        rows.append(("ask, warm, p95", "400 ms", *_milliseconds(slows)))
        command = [sys.executable, "-c", _COLD, str(data)]
        cold = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
        rows.append(("wenshu ask, cold process", "4 s", *_seconds(cold)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(("peak memory of this process", "1,536 MB", f"{peak:,.0f} MB", ""))
    weights = sum(path.stat().st_size for path in BUNDLED.parent.rglob("*") if path.is_file())
    rows.append(("shipped weights", "100 MB", f"{weights / 1e6:.1f} MB", ""))
    return rows


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(*rows[0])
    for row in rows[1:]:
        table.add_row(*row)
    Console(width=100).print(table)


def _markdown(rows: Sequence[tuple[str, ...]]) -> str:
    lines = [rows[0], tuple("---" for _ in rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


_COLD = """
import sys
from qa.cli import main
sys.exit(main(["ask", "网民规模是多少？", "--data", sys.argv[1]]))
"""


def _build(folder: Path) -> None:
    open_index(load_reports(), load_encoder(), folder / "index")


def _timed(action: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(_RUNS):
        started = perf_counter()
        action()
        times.append(perf_counter() - started)
    return times


def _seconds(times: list[float]) -> tuple[str, str]:
    return f"{median(times):.1f} s", f"{min(times):.1f} to {max(times):.1f} s"


def _milliseconds(times: list[float]) -> tuple[str, str]:
    return f"{median(times):.0f} ms", f"{min(times):.0f} to {max(times):.0f} ms"


if __name__ == "__main__":
    typer.run(run)
