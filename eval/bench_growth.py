"""Measure one size of corpus: the reports and copies of them with other figures.

``python -m eval.bench_growth 10`` prints one line, its fields between tabs;
``python -m eval.bench --growth`` runs each size in a process of its own.
"""

import re
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from corpus import Edition, Report, load_reports
from eval.questions import read_questions
from index import load_encoder, load_reader, open_index
from qa import Assistant

_ASKED = 60


def main(factor: int) -> None:
    """Index so many times the corpus, ask it questions, print what it took."""
    reports = tuple(copy for number in range(factor) for copy in _copies(number))
    started = perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="wenshu-bench-")) / "index"
    index = open_index(reports, load_encoder(), folder)
    built = perf_counter() - started
    assistant = Assistant(index, load_reader())
    turns = [one.turns for one in read_questions() if not one.claim][:_ASKED]
    assistant.ask_or_refuse(turns[0])
    times = [assistant.ask_or_refuse(one).timings_ms["total"] for one in turns]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fields = (
        f"{factor} times", f"{len(index.chunks):,}", f"{built:.1f} s", f"{memory:,.0f} MB",
        f"{median(times):.0f} ms", f"{quantiles(times, n=20)[-1]:.0f} ms",
    )  # fmt: skip
    print("\t".join(fields))


def _copies(number: int) -> tuple[Report, ...]:
    """The reports; a copy has other digits, so that no two say the same."""
    reports = load_reports()
    if not number:
        return reports
    return tuple(
        replace(
            report,
            id=f"{report.id}-{number}",
            source=re.sub(
                r"(?<=\d)\d", lambda one: str((int(one[0]) + number) % 10), report.source
            ),
            edition=Edition(),
        )
        for report in reports
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
