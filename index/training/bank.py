"""The question bank: what people ask of the reports, to train retrieval and the reader.

``questions.jsonl`` holds one a line, written by hand: questions with the sentences or
rows that answer them, near-topic ones that the reports do not answer, and claims.
``near.jsonl`` holds pairs, first all that a sentence answers, then to each in the same order one
that it only seems to answer: of another group, feature, part, place or time, which no report gives.
``hard_claims.jsonl`` holds claims that give figures of one sentence to the right thing or to
another: they measure, and are not learnt from.
"""

import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import Report, Span, passages
from index.training.data import TrainingError

BANK = Path(__file__).parent / "questions.jsonl"
NEAR = Path(__file__).parent / "near.jsonl"
HARD_CLAIMS = Path(__file__).parent / "hard_claims.jsonl"
ALIKE = 0.6
_GRAM = 4


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of the bank, the last of ``turns``.

    ``evidence`` are the places (report and span) that answer it, none for an
    unanswerable one; ``figures`` what it asks for, as a place prints it; ``kind``
    says of a claim how it is true or false.
    """

    id: str
    language: str
    type: str
    turns: tuple[str, ...]
    evidence: tuple[tuple[str, Span], ...]
    figures: tuple[str, ...]
    kind: str


def load_bank(path: Path = BANK) -> tuple[BankQuestion, ...]:
    """Read the bank.

    :raises TrainingError: If the file or a line of it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line)
            found.append(
                BankQuestion(
                    id=read["id"],
                    language=read["lang"],
                    type=read["type"],
                    turns=tuple(read["turns"]),
                    evidence=tuple(
                        (one["report"], Span(one["start"], one["end"])) for one in read["evidence"]
                    ),
                    figures=tuple(read["figures"]),
                    kind=read.get("kind", ""),
                )
            )
        except (ValueError, LookupError, TypeError) as error:
            raise TrainingError(f"{path}, line {number}: {error!r}") from error
    return tuple(found)


def by_section(
    bank: Sequence[BankQuestion], reports: Iterable[Report]
) -> dict[tuple[str, str], int]:
    """How many questions each section of the reports has, by report and last heading."""
    counts: dict[tuple[str, str], int] = {}
    for report in reports:
        starts = sorted(
            span.start for one in bank for name, span in one.evidence if name == report.id
        )
        for passage in passages(report):
            if not passage.section:
                continue
            key = (report.id, passage.section[-1])
            asked = bisect_left(starts, passage.end) - bisect_left(starts, passage.start)
            counts[key] = counts.get(key, 0) + asked
    return counts


def alike(texts: Sequence[str], others: Sequence[str] | None = None) -> list[tuple[int, int]]:
    """Pairs of texts that are near-duplicates: most of their four-character runs are the same.

    Numbers, marks and case do not count; Jaccard similarity over ``ALIKE``.

    :param others: Compare with these; by default each text with those before it.
    """
    mine = [_grams(text) for text in texts]
    known = mine if others is None else [_grams(text) for text in others]
    counts = Counter(
        gram for grams in (*mine, *([] if others is None else known)) for gram in grams
    )
    index: dict[str, list[int]] = defaultdict(list)
    if others is not None:
        for place, grams in enumerate(known):
            for gram in _rarest(grams, counts):
                index[gram].append(place)
    found = []
    for place, grams in enumerate(mine):
        candidates = {other for gram in _rarest(grams, counts) for other in index.get(gram, ())}
        found += [
            (other, place)
            for other in sorted(candidates)
            if len(grams & known[other]) / len(grams | known[other]) > ALIKE
        ]
        if others is None:
            for gram in _rarest(grams, counts):
                index[gram].append(place)
    return found


def _rarest(grams: frozenset[str], counts: Mapping[str, int]) -> list[str]:
    """The rarest runs of a text: near-duplicates share at least one of them.

    Prefix filtering, Chaudhuri, Ganti and Kaushik 2006.
    """
    ordered = sorted(grams, key=lambda gram: (counts[gram], gram))
    return ordered[: int((1 - ALIKE) * len(ordered)) + 1]


def table(bank: Sequence[BankQuestion], sections: Mapping[tuple[str, str], int]) -> str:
    """The bank's counts, to print."""
    lines = [f"{len(bank)} lines"]
    for name, values in (
        ("language", [one.language for one in bank]),
        ("type", [one.type for one in bank]),
        ("kind of claim", [one.kind for one in bank if one.kind]),
        ("report", [report for one in bank for report in {name for name, _ in one.evidence}]),
    ):
        counts = ", ".join(f"{value} {count}" for value, count in Counter(values).most_common())
        lines.append(f"{name}: {counts}")
    empty = [f"{report} {section}" for (report, section), count in sections.items() if not count]
    fewest = min(sections.values(), default=0)
    lines.append(f"{len(sections)} sections, fewest questions {fewest}; without any: {empty}")
    pairs = alike([" ".join(one.turns) for one in bank])
    lines.append(
        f"near-duplicates (over {ALIKE:.0%} of four-character runs in common): {len(pairs)}"
    )
    return "\n".join(lines)


def _grams(text: str) -> frozenset[str]:
    bare = re.sub(r"\W", "", re.sub(r"\d[\d.,]*", "0", text.lower()))
    return frozenset(bare[i : i + _GRAM] for i in range(max(1, len(bare) - _GRAM + 1)))
