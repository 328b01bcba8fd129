"""The accepted scores: a fixed slice of the evaluation set that CI holds the product to.

``python -m eval.baseline`` measures the slice; with ``--accept`` it becomes the bar.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from eval.questions import Item, read_questions
from eval.score import run, score
from eval.systems import System, product

BASELINE = Path(__file__).parent / "baseline.json"
SIZE = 80
NOISE = 0.04


@dataclass(frozen=True, slots=True)
class Baseline:
    """Shares of the slice: right, wrong, and with a citation of what decides it."""

    right: float
    wrong: float
    cited: float

    def fallen(self, now: "Baseline") -> tuple[str, ...]:
        """Say what fell by more than the noise, of what was accepted."""
        found = []
        if now.right < self.right - NOISE:
            found.append(f"right fell from {self.right:.1%} to {now.right:.1%}")
        if now.wrong > self.wrong + NOISE:
            found.append(f"wrong rose from {self.wrong:.1%} to {now.wrong:.1%}")
        if now.cited < self.cited - NOISE:
            found.append(f"cited fell from {self.cited:.1%} to {now.cited:.1%}")
        return tuple(found)


def slice_of(items: Sequence[Item]) -> tuple[Item, ...]:
    """The questions of the slice: those whose ids' hashes come first, claims left out."""
    asked = [one for one in items if not one.claim]
    ordered = sorted(asked, key=lambda one: sha256(one.id.encode()).hexdigest())
    return tuple(sorted(ordered[:SIZE], key=lambda one: one.id))


def accepted(path: Path = BASELINE) -> Baseline:
    """Read the accepted scores."""
    return Baseline(**json.loads(path.read_text(encoding="utf-8")))


def measured(system: System) -> Baseline:
    """Score a system on the slice."""
    found = score(run(system, slice_of(read_questions())))
    return Baseline(found.right, found.wrong, found.citation_recall or 0.0)


def main(accept: Annotated[bool, typer.Option(help="Make this the bar.")] = False) -> None:
    """Measure the slice against what was accepted."""
    now = measured(product())
    print(f"{SIZE} questions: right {now.right:.1%}, wrong {now.wrong:.1%}, cited {now.cited:.1%}")
    if accept:
        BASELINE.write_text(json.dumps(asdict(now), indent=1) + "\n", encoding="utf-8")
        return
    for line in accepted().fallen(now):
        print(line)


if __name__ == "__main__":
    typer.run(main)
