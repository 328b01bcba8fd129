"""Measure the budgets of the design on this machine (``make bench``).

Each figure is the median of several runs with its spread. Nothing here is a
test: a slow machine prints larger figures and fails nothing.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import typer
from rich.console import Console
from rich.table import Table

from corpus import load_reports
from eval.questions import read_questions
from index import BUNDLED, load_encoder, open_index
from qa import Settings, open_assistant

_RUNS = 5


def run() -> None:
    """Print index build time, latency, cold start, memory and size of the weights."""
    table = Table("what", "budget", "median", "spread")
    with tempfile.TemporaryDirectory() as folder:
        builds = _timed(lambda: _build(Path(tempfile.mkdtemp(dir=folder))))
        table.add_row("index build, five reports", "30 s", *_seconds(builds))
        data = Path(folder) / "data"
        assistant = open_assistant(Settings(data=data))
        items = [item for item in read_questions() if not item.claim]
        assistant.ask_or_refuse(items[0].turns)
        times = []
        for _ in range(_RUNS):
            for item in items:
                times.append(assistant.ask_or_refuse(item.turns).timings_ms["total"])
        marks = quantiles(times, n=20)
        table.add_row("ask, warm, p50", "150 ms", f"{median(times):.0f} ms", _range(times, "ms"))
        table.add_row("ask, warm, p95", "400 ms", f"{marks[-1]:.0f} ms", "")
        command = [sys.executable, "-c", _COLD, str(data)]
        cold = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
        table.add_row("wenshu ask, cold process", "4 s", *_seconds(cold))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row("peak memory of this process", "1,536 MB", f"{peak:,.0f} MB", "")
    weights = sum(path.stat().st_size for path in BUNDLED.parent.rglob("*") if path.is_file())
    table.add_row("shipped weights", "100 MB", f"{weights / 1e6:.1f} MB", "")
    Console(width=90).print(table)


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


def _range(times: list[float], unit: str) -> str:
    return f"{min(times):.0f} to {max(times):.0f} {unit}"


if __name__ == "__main__":
    typer.run(run)
