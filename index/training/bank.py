"""What is learnt from beside the question bank (:mod:`index.bank`), and what the bank holds.

``near.jsonl`` holds pairs, first all that a sentence answers, then to each in the same order one
that it only seems to answer: of another group, feature, part, place or time, which no report gives.
``hard_claims.jsonl`` holds claims that give figures of one sentence to the right thing or to
another: they measure, and are not learnt from.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus import Report, passages
from index.bank import BankQuestion

NEAR = Path(__file__).parent / "near.jsonl"
HARD_CLAIMS = Path(__file__).parent / "hard_claims.jsonl"
ALIKE = 0.6
_GRAM = 4


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
        ("kind of claim or operation", [one.kind for one in bank if one.kind]),
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
