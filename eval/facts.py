"""Measure the fact extractor on sentences labelled by hand (``python -m eval.facts``).

A fact counts as found if value, unit, kind and period are equal and the metric
says the same: half of the shorter one's neighbouring pairs of characters. Places that only
the order of a list gives are left out: the labels are of printed numbers.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus import (
    Clean,
    Fact,
    FactKind,
    Kind,
    Passage,
    Span,
    find_facts,
    find_quantities,
    load_reports,
    parse_month,
    passages,
)

DATA = Path(__file__).parent.parent / "tests" / "data"
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """How many facts were found, found wrongly and missed, and why."""

    right: int
    wrong: int
    missed: int
    reasons: Counter[str]
    misses: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Of the facts found, the share that is right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Of the facts there are, the share that was found."""
        return self.right / max(self.right + self.missed, 1)


def measure(path: Path) -> Score:
    """Compare what is extracted from a file's sentences with its labels."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = _extracted(rows)
    right = wrong = missed = 0
    reasons: Counter[str] = Counter()
    misses: list[str] = []
    for row, facts in zip(rows, found, strict=True):
        left = list(facts)
        for label in row["facts"]:
            same = [fact for fact in left if _amount(fact) == _labelled(label)]
            best = min(same, key=lambda fact: len(_differences(fact, label)), default=None)
            if best is None:
                missed += 1
                reasons["not found"] += 1
                misses.append(f"not found: {label} in {row['sentence']}")
                continue
            left.remove(best)
            differences = _differences(best, label)
            reasons.update(differences)
            if differences:
                missed, wrong = missed + 1, wrong + 1
                misses.append(f"{', '.join(differences)}: {label}, got {_shown(best)}")
            else:
                right += 1
        wrong += len(left)
        reasons["not labelled"] += len(left)
        misses += [f"not labelled: {_shown(fact)} in {row['sentence']}" for fact in left]
    return Score(right, wrong, missed, reasons, tuple(misses))


def _extracted(rows: Sequence[dict[str, Any]]) -> list[tuple[Fact, ...]]:
    """What is extracted from each row's sentence: in its report, or with the sentence before it."""
    reports = {report.id: report for report in load_reports()}
    by_place: dict[tuple[str, int], list[Fact]] = {}
    for report in reports.values():
        year = parse_month(report.data_until).last // 12
        for passage in passages(report):
            if passage.kind is not Kind.TABLE:
                for fact in filter(_printed, find_facts(passage, year)):
                    by_place.setdefault((report.id, fact.sentence.span.start), []).append(fact)
    found = []
    for row in rows:
        if row["report"] in reports:
            found.append(tuple(by_place.get((row["report"], row["start"]), ())))
            continue
        text = row["before"] + row["sentence"]
        clean = Clean(text, tuple(range(len(text))))
        passage = Passage("made up", Kind.PARAGRAPH, (), "", (Span(0, len(text)),), clean)
        start = len(row["before"])
        read = filter(_printed, find_facts(passage))
        found.append(tuple(fact for fact in read if fact.sentence.start >= start))
    return found


def _printed(fact: Fact) -> bool:
    """Whether the text prints a number; places by the order of a list are none."""
    printed = fact.sentence.text[fact.quantity.start : fact.quantity.end]
    return not (fact.kind is FactKind.RANK and fact.metric.startswith(printed))


def _amount(fact: Fact) -> tuple[str, Decimal]:
    if fact.kind is FactKind.RANK:
        return "rank", fact.quantity.value.normalize()
    return fact.quantity.measure.value, round(fact.quantity.magnitude, 1).normalize()


def _labelled(label: dict[str, Any]) -> tuple[str, Decimal]:
    if label["kind"] == "rank":
        return "rank", Decimal(label["value"]).normalize()
    if label["unit"] == "分之" or (label["kind"] == "share" and not label["unit"]):
        share = Decimal(float(Fraction(label["value"]) * 100))
        return "share", round(share, 1).normalize()
    read = find_quantities(f"{label['value']}{label['unit']}")
    if len(read) != 1:
        return "unread", Decimal(0)
    return read[0].measure.value, round(read[0].magnitude, 1).normalize()


def _differences(fact: Fact, label: dict[str, Any]) -> list[str]:
    period = str(fact.period) if fact.period else None
    found = [] if fact.kind.value == label["kind"] else ["kind"]
    found += [] if period == label["period"] else ["period"]
    found += [] if _alike(fact.metric, label["metric"]) else ["metric"]
    return found


def _alike(one: str, other: str) -> bool:
    first, second = _pairs(one), _pairs(other)
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"[“”（）()的 ]", "", text)
    return {bare[i : i + 2] for i in range(len(bare) - 1)} or {bare}


def _shown(fact: Fact) -> str:
    unit = fact.quantity.printed_unit
    return f"{fact.metric}: {fact.quantity.value}{unit}, {fact.kind.value}, {fact.period}"


def run(misses: Annotated[bool, typer.Option(help="Print every miss.")] = False) -> None:
    """Print precision and recall on the labelled sentences."""
    for name in ("facts.jsonl", "facts_unseen.jsonl", "facts_practice.jsonl"):
        score = measure(DATA / name)
        counts = ", ".join(f"{reason} {count}" for reason, count in score.reasons.most_common())
        print(f"{name}: precision {score.precision:.3f}, recall {score.recall:.3f} ({counts})")
        for miss in score.misses if misses else ():
            print(f"  {miss}")


if __name__ == "__main__":
    typer.run(run)
