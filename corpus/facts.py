"""Facts: what each figure of a report says, of what, for when and against what.

From sentences and from table cells. No rule names a metric: a fact's metric is
the report's own words. “分别” pairs items with figures by position.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.catalog import numbers_lost
from corpus.figures import RISES, FactKind, chains, figures, kind_of
from corpus.period import Period, find_periods, parse_month
from corpus.quantity import Measure, Quantity, find_quantities
from corpus.rankings import find_rankings
from corpus.reader import passages
from corpus.records import Kind, Passage, Report, Sentence
from corpus.sentences import sentences
from corpus.subjects import clause_before, items, subject, topic, without_dates
from corpus.tables import Table, TableError, read_table, table_rows, unit_of
from corpus.timing import ends, main_of, named_periods, when

_TITLE = re.compile(r"《[^》]*》(?!显示|指出|数据)|#[^#]*#|“\d{4}(?!年)[^”]*”")
_THIS_YEAR = re.compile(r"^(?:截至)?(?:目前|今年|本年|全年)")
_RATHER = re.compile(r"较[^，；。]*的$")
_CHANGES = (FactKind.CHANGE, FactKind.POINTS)
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its meaning; ``quantity`` has its place in the sentence.

    ``base`` is the period a change is counted from; ``whole`` what a share is of.
    """

    metric: str
    quantity: Quantity
    kind: FactKind
    period: Period | None
    base: Period | None
    whole: str | None
    sentence: Sentence


def find_facts(passage: Passage, year: int | None = None) -> tuple[Fact, ...]:
    """Find the facts of a passage's sentences, in order.

    :param year: The year that the report is about, for months named without one.
    """
    found: list[Fact] = []
    named: Period | None = None
    for sentence in sentences(passage):
        known = named.last // 12 if named else year
        read = _facts(sentence, known, named, year)
        found += read
        text = _without_titles(sentence.text)
        mains = main_of(text, named_periods(text, find_periods(text, known), year))
        named = mains[-1] if mains else None
    return tuple(found)


def table_facts(table: Table, until: Period | None = None) -> tuple[Fact, ...]:
    """Give the facts of a table's cells, row by row: a metric is a row's label and a column's name.

    :param until: The period of a table that names none.
    """
    captioned = find_periods(table.title)
    found = []
    for row in table_rows(table):
        for index, column in enumerate(table.columns):
            cell = row.row.cells[index]
            quantities = find_quantities(cell.text.rstrip("%") + unit_of(row.row, index, table))
            if cell.number is None or len(quantities) != 1:
                continue
            named = find_periods(column.name) or captioned
            period = max(named, key=lambda one: one.last, default=until)
            name = _IN_BRACKETS.sub("", without_dates(column.name)).strip()
            kind = _column_kind(column.name, quantities[0])
            base = min(named, key=lambda one: one.first, default=None)
            found.append(
                Fact(
                    metric=f"{row.row.label} {name}".strip(),
                    quantity=quantities[0],
                    kind=kind,
                    period=period,
                    base=base if kind is FactKind.GROWTH and base != period else None,
                    whole=None,
                    sentence=row,
                )
            )
    return tuple(found)


def report_facts(report: Report) -> tuple[Fact, ...]:
    """Give every fact of a report, in reading order; a report whose figures are lost has none."""
    if numbers_lost(report):
        return ()
    until = parse_month(report.data_until)
    found: list[Fact] = []
    for passage in passages(report):
        if passage.kind is not Kind.TABLE:
            found += find_facts(passage, until.last // 12)
            continue
        try:
            found += table_facts(read_table(passage), until)
        except TableError:
            continue
    return tuple(found)


def _facts(
    sentence: Sentence, year: int | None, named: Period | None, subject_year: int | None
) -> list[Fact]:
    """Find a sentence's facts; ``named`` is the period that the sentence before it names."""
    text = sentence.text
    periods = named_periods(text, find_periods(_without_titles(text), year), subject_year)
    if named is None and subject_year and _THIS_YEAR.search(text):
        named = Period(subject_year * 12, subject_year * 12 + 11)
    read = figures(text)
    paired = ends(text, chains(text, read), periods, named)
    facts: list[Fact] = []
    levels: list[str] = []
    listed: list[str] = []
    current = topic(text, read)
    from_figure = False
    for chain in chains(text, read):
        kind = kind_of(chain[0])
        own, whole = subject(chain[0], kind)
        if facts and _RATHER.search(chain[0].left):
            own, kind = facts[-1].metric, facts[-1].kind
        if not own and kind in (FactKind.SHARE, FactKind.LEVEL):
            own = clause_before(text, chain[0])
        named_whole = next((one for one in levels if whole and one in whole), current)
        metrics = [own or named_whole] * len(chain)
        if len(chain) > 1:
            listed = (
                items(chain[0].left, len(chain))
                or items(clause_before(text, chain[0]), len(chain), of=subject(chain[0], kind)[0])
                or (listed if len(listed) == len(chain) else levels[-len(chain) :])
            )
            metrics = listed if len(listed) == len(chain) else metrics
        for figure, metric in zip(chain, metrics, strict=True):
            own_kind = (
                kind_of(figure)
                if figure is not chain[0] and re.search(RISES, figure.left)
                else kind
            )
            period, base = when(text, figure, own_kind, periods, named)
            period = paired.get(figure.quantity.start, period)
            if metric:
                facts.append(Fact(metric, figure.quantity, own_kind, period, base, whole, sentence))
        if kind is FactKind.LEVEL and facts:
            levels.append(facts[-1].metric)
        if own and not chain[0].aside and (not from_figure or kind not in _CHANGES):
            current, from_figure = own, True
    return facts + _ranks(sentence, periods, named)


def _ranks(sentence: Sentence, periods: Sequence[Period], named: Period | None) -> list[Fact]:
    """The places that a sentence gives by the order of a list."""
    mains = main_of(sentence.text, periods)
    period = mains[-1] if mains else named
    return [
        Fact(
            metric=f"{one.item}{one.measure}",
            quantity=Quantity(Decimal(one.place), Decimal(1), "名次", one.start, one.end),
            kind=FactKind.RANK,
            period=period,
            base=None,
            whole=None,
            sentence=sentence,
        )
        for one in find_rankings(sentence.text)
    ]


def _without_titles(text: str) -> str:
    """A text with the titles of documents blanked out, as long as before."""
    return _TITLE.sub(lambda title: " " * len(title[0]), text)


def _column_kind(name: str, quantity: Quantity) -> FactKind:
    if "增长率" in name or re.match(r"[比较]\s?\d", name):
        return FactKind.GROWTH
    return FactKind.SHARE if quantity.measure is Measure.SHARE else FactKind.LEVEL
