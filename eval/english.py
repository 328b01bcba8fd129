"""Measure the English edition (``python -m eval.english``).

How much of each report it renders, and which renderings' figures are not the source's.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer

from corpus import (
    Edition,
    Kind,
    Passage,
    Report,
    TableError,
    differences,
    load_reports,
    passages,
    read_table,
    sentences,
)

_CHINESE = re.compile("[一-鿿]")


def wanted(report: Report) -> Iterator[tuple[str, str, str | None]]:
    """What a report's English edition should render: its kind, its text and its English."""
    edition = report.edition
    seen: set[str] = set()
    for passage in passages(report):
        for heading in (*passage.section, passage.title):
            if heading not in seen and _CHINESE.search(heading):
                seen.add(heading)
                yield "heading", heading, edition.of(heading)
        if passage.kind is Kind.TABLE:
            for label, english in _labels(passage, edition):
                if label not in seen and _CHINESE.search(label):
                    seen.add(label)
                    yield "table label", label, english
            continue
        for one in sentences(passage):
            if _CHINESE.search(one.text):
                yield passage.kind.value, one.text, edition.at(one.span)


def _labels(passage: Passage, edition: Edition) -> Iterator[tuple[str, str | None]]:
    try:
        table = read_table(passage)
    except TableError:
        return
    for column in table.columns:
        for header in column.headers:
            yield header, edition.of(header)
    for row in table.rows:
        for cell in (*row.labels, *row.cells):
            if cell.text:
                yield cell.text, edition.at(table.span(cell)) or edition.of(cell.text)


def run(
    misses: Annotated[bool, typer.Option(help="Print what is missing or differs.")] = False,
) -> None:
    """Print the coverage of each report by kind, and how many renderings' figures differ."""
    for report in load_reports():
        there: Counter[str] = Counter()
        done: Counter[str] = Counter()
        differing = 0
        for kind, chinese, english in wanted(report):
            there[kind] += 1
            done[kind] += english is not None
            found = differences(chinese, english) if english is not None else ()
            differing += bool(found)
            if misses and (english is None or found):
                print(f"  {kind}: {chinese} | {english} | {'; '.join(found)}")
        counts = ", ".join(f"{kind} {done[kind]} of {there[kind]}" for kind in there)
        print(f"{report.id}: {counts}; figures differ in {differing}")


if __name__ == "__main__":
    typer.run(run)
