"""Composing: chosen sentences to the text of an answer, in Chinese or English.

A text is a list of statements, each with the spans it rests on, so that each
can be checked and dropped by itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus import Kind, Measure, Period, Quantity, Sentence, find_quantities
from qa.contract import Language
from qa.evidence import Scored

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_LEADS: dict[Language, str] = {"zh": "", "en": "In the report's words:\n\n"}
_ENGLISH_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_ENGLISH_UNITS = {
    "人": "people",
    "户": "households",
    "元": "yuan",
    "人民币": "yuan",
    "美元": "US dollars",
    "美金": "US dollars",
    "公里": "km",
    "小时": "hours",
    "个小时": "hours",
    "分钟": "minutes",
    "岁": "years old",
    "人次": "person-times",
    "块/32": "/32 blocks",
    "倍": "times",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of an answer's text and the sentences of the corpus it cites."""

    text: str
    cited: tuple[Sentence, ...]


def quote(chosen: Sequence[Scored], language: Language) -> tuple[Statement, ...]:
    """Quote sentences in reading order, each with its period; a table's rows become a table."""
    statements: list[Statement] = []
    rows: dict[str, list[Sentence]] = {}
    for one in chosen:
        if one.sentence.passage.kind is Kind.TABLE:
            rows.setdefault(one.sentence.passage.id, []).append(one.sentence)
        else:
            statements.append(_quoted(one, language))
    statements += [_table(found) for found in rows.values()]
    if statements:
        first = statements[0]
        statements[0] = replace(first, text=_LEADS[language] + first.text)
    return tuple(statements)


def _quoted(one: Scored, language: Language) -> Statement:
    text = one.sentence.text
    if language == "en":
        figures = in_english(text)
        text = f"“{text}”" + (f" ({figures})" if figures else "")
    if one.dated_by is None:
        return Statement(text, (one.sentence,))
    period = period_words(one.periods[0], language)
    dated = f"{text}（时间：{period}）" if language == "zh" else f"{period}: {text}"
    return Statement(dated, (one.sentence, one.dated_by))


def _table(rows: Sequence[Sentence]) -> Statement:
    """Show rows of one table as Markdown, under its header where the columns match."""
    passage = rows[0].passage
    header = Sentence(passage, 0, len(passage.text.split("\n", 1)[0]))
    cells = [_cells(one) for one in rows]
    names = _cells(header)
    width = max(map(len, cells))
    cited = tuple(rows)
    if len(names) == width and header.start != rows[0].start:
        cited = (header, *rows)
    else:
        names = [""] * width
    lines = ["|".join(("", *names, "")), "|" + "---|" * width]
    lines += ["|".join(("", *row, *[""] * (width - len(row)), "")) for row in cells]
    return Statement("\n".join(lines), cited)


def _cells(one: Sentence) -> list[str]:
    separator = "\t" if "\t" in one.passage.text else r"\s+"
    return [cell.strip().replace("|", r"\|") or " " for cell in re.split(separator, one.text)]


def in_english(text: str) -> str:
    """List a Chinese text's quantities in Western notation, exactly, or give nothing.

    >>> in_english("网民规模达9.89亿，普及率达70.4%")
    '9.89亿 = 989 million; 70.4%'
    """
    parts = []
    for quantity in find_quantities(text):
        printed = text[quantity.start : quantity.end]
        english = western(quantity)
        if english != printed:
            parts.append(f"{printed} = {english}")
        else:
            parts.append(printed)
    return "; ".join(dict.fromkeys(parts))


def western(quantity: Quantity) -> str:
    """Write a quantity in English, without rounding: 57634块/32 is ``57,634 /32 blocks``."""
    if quantity.measure is Measure.SHARE:
        return f"{quantity.value:,f}%"
    if quantity.measure is Measure.POINTS:
        return f"{quantity.value:,f} percentage points"
    magnitude = quantity.magnitude
    unit = _ENGLISH_UNITS.get(quantity.unit, quantity.unit if quantity.unit.isascii() else "")
    for size, name in _ENGLISH_SCALES:
        scaled = magnitude / size
        if abs(scaled) >= 1 and _digits(scaled) <= 6:
            return f"{_trimmed(scaled)} {name} {unit}".strip()
    shown = f"{quantity.value:,f}" if quantity.scale == 1 else _trimmed(magnitude)
    return f"{shown} {unit}".strip()


def period_words(period: Period, language: Language) -> str:
    """Name a period: ``2020年12月``, ``December 2020``."""
    first, last = (
        (f"{month // 12}年{month % 12 + 1}月", f"{_MONTHS[month % 12]} {month // 12}")[
            language == "en"
        ]
        for month in (period.first, period.last)
    )
    if period.year:
        return f"{period.first // 12}年" if language == "zh" else f"{period.first // 12}"
    if period.month:
        return first
    return f"{first}至{last}" if language == "zh" else f"{first} to {last}"


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)
