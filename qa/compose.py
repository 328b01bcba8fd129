"""Composing: chosen sentences to the text of an answer, in Chinese or English.

A text is a list of statements, each with the spans it rests on, so that each
can be checked and dropped by itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from corpus import (
    Column,
    Edition,
    Fact,
    FactKind,
    Measure,
    Passage,
    Period,
    Quantity,
    Report,
    Sentence,
    Table,
    TableRow,
    find_quantities,
    load_glossary,
    unit_of,
)
from qa.contract import Language
from qa.formula import Formula, fell, rounded
from qa.position import Position
from qa.scoring import Scored
from qa.verify import unsupported
from qa.when import period_words

_LONGEST_NAME: dict[Language, int] = {"zh": 24, "en": 48}
_DAYS: dict[Language, str] = {"zh": "这段时间的天数", "en": "the days of that time"}
_WEEKDAYS: dict[Language, str] = {"zh": "一周的天数", "en": "the days of a week"}
_WEEK = 7
_AS_LISTED = "按报告所列顺序，"
_DOUBLE = 2
_LEAD = "In the report's words:\n\n"
_NUMBERED = re.compile(r"^(?:附?表|(?:Appendix )?[Tt]able)\s*\d+(?:[-.]\d+)?[.:：]?\s*")
_IN_TENS = re.compile(r"\s*\((?:ten thousand|hundred million)[^)]*\)")
_MORE = re.compile("[余多]")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
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
    """A piece of an answer's text and the sentences of the corpus it cites.

    A ``formula`` is what it computes from figures of theirs; ``facts`` are the figures that it
    gives one by one; ``position`` the place that it counts.
    """

    text: str
    cited: tuple[Sentence, ...]
    formula: Formula | None = None
    facts: tuple[Fact, ...] = ()
    position: Position | None = None


def over_time(facts: Sequence[Fact], language: Language) -> Statement:
    """Show figures of one metric as a table, a period a line; each as a report prints it."""
    prose = [fact.metric for fact in facts if not isinstance(fact.sentence, TableRow)]
    name = _name(min(prose or [facts[0].metric], key=len), language)
    name = name[:1].upper() + name[1:]
    rows = [
        _line([period_words(fact.period, language), _shown(fact.quantity, language)])
        for fact in facts
        if fact.period
    ]
    text = "\n".join([_line(["", name]), "|---|---|", *rows])
    return Statement(text, _cited([fact.sentence for fact in facts]), facts=tuple(facts))


def _shown(quantity: Quantity, language: Language) -> str:
    """A figure as a report prints it, or in Western notation."""
    if language == "en":
        return western(quantity)
    return f"{quantity.value:,f}{quantity.printed_unit}"


def computed(
    formula: Formula, language: Language, *, named: bool = True, dated: bool = True
) -> Statement:
    """Show a formula that has a result: each operand as a report prints it, and the result.

    :param named: Say before each operand what it is a figure of.
    :param dated: Say of which period it is.
    :raises ValueError: If it only compares.
    """
    if formula.result is None:
        raise ValueError("a comparison has no result to show")

    dating = [one.dated_by for one in formula.scored if one.dated_by]
    if _over_time(formula):
        cited = _cited([*formula.sentences, *dating])
        return Statement(_moved(formula, language, dated=dated), cited, formula)
    names = _told_apart(formula.facts, language) if named else [""] * len(formula.facts)
    operands = [
        f"{name} {_shown(fact.quantity, language)}".strip()
        for name, fact in zip(names, formula.facts, strict=True)
    ]
    period = f" ({period_words(formula.period, language)})" if dated and formula.period else ""
    result = f"**{_shown(formula.result, language)}**{period}"
    if formula.sign.startswith("back"):
        return Statement(
            _went_back(operands, formula, result, language), formula.sentences, formula
        )
    sign = {"+": "+", "-": "−", "x": "×"}.get(formula.sign, "÷")
    days = _WEEKDAYS if formula.divisor == _WEEK else _DAYS
    told = f" {sign} ".join([*operands, *[days[language]] * bool(formula.divisor)])
    told += f" − {_shown(formula.facts[0].quantity, language)}" * (formula.sign == "rest")
    told += " − 100%" * (formula.sign == "grew")
    equals = "=" if formula.sign in ("+", "-") else "≈"
    text = f"{told} {equals} {result}{_ahead(formula, names, language)}"
    return Statement(text, (*formula.sentences, *dating), formula)


def _ahead(formula: Formula, names: Sequence[str], language: Language) -> str:
    """Which of two things set against each other is ahead, if both are named."""
    larger = formula.facts[0]
    if formula.sign != "-" or len(names) != 2 or not all(names) or fell(larger):
        return ""
    faster = larger.kind is FactKind.GROWTH
    amount = larger.quantity.measure is Measure.AMOUNT
    if language == "zh":
        sized = any(name.endswith(("规模", "额", "收入")) for name in names)
        more, less = ("更大", "较小") if sized else ("更多", "较少") if amount else ("更高", "较低")
        more, less = ("更快", "较慢") if faster else (more, less)
        return f"：{names[0]}{more}，{names[1]}{less}"
    more, less = ("faster", "slower") if faster else ("higher", "lower")
    return f": {names[0]} is {more}, {names[1]} {less}"


def _went_back(operands: Sequence[str], formula: Formula, result: str, language: Language) -> str:
    """Tell a level before it grew or fell by a rate."""
    rose = formula.sign == "back"
    if language == "zh":
        return f"{operands[0]}，{'增长' if rose else '下降'}{operands[1]}之前约为{result}"
    way = "up" if rose else "down"
    return f"{operands[0]} after going {way} {operands[1]}; before that about {result}"


def _english_head(position: Position, edition: Edition) -> str:
    """The English of the column that a place is counted in."""
    row = position.scored.sentence
    if not isinstance(row, TableRow):
        return ""
    bare = "".join(position.column.split())
    names = {one: "".join(_BRACKETED.sub("", one.name).split()) for one in row.table.columns}
    fitting = [one for one, said in names.items() if said and said in bare]
    column = max(fitting, key=lambda one: len(names[one]), default=None)
    named = edition.of(column.name) or _english_name(column, edition) if column else ""
    caption = _NUMBERED.sub("", edition.of(row.table.title) or "")
    told = _IN_TENS.sub("", named or caption)
    return "this column of the table" if re.search(r"\d", told) or not told else f"“{told}”"


def placed(
    position: Position, language: Language, edition: Edition, *, dated: bool = True
) -> Statement:
    """Say which place something holds, and in which order.

    :param dated: Name the period of the figures.
    """
    place = position.words(language)
    period = position.fact.period
    when = period_words(period, language) if dated and period else ""
    if language == "zh":
        turn = "少到多" if position.rising else "多到少"
        named = "".join(_NUMBERED.sub("", position.column).removeprefix("其中：").split())
        named = "表中数值" if re.search(r"\d", named) else named
        by = f"按{when}的{named}从{turn}，".replace("按的", "按") if position.column else _AS_LISTED
        text = f"{by}{position.name}排在**{place}位**"
    else:
        name = _name(position.name, "en") or position.name
        heads = _english_head(position, edition)
        by = (
            f"by {heads}{f', {when}' if when else ''}" if position.column else "as the report lists"
        )
        text = f"{name} is **{place}** {by}" + " (from the least up)" * position.rising
    rows = [fact.sentence for fact in position.order if position.column]
    return Statement(text, _cited([position.scored.sentence, *rows[:1]]), position=position)


def _told_apart(facts: Sequence[Fact], language: Language) -> list[str]:
    """What each of some figures is of, in a few words; empty where that tells nothing apart."""
    names = [_name(fact.metric, language) for fact in facts]
    if len(set(names)) < len(names) or max(map(len, names)) > _LONGEST_NAME[language]:
        return [""] * len(facts)
    return names


def _name(metric: str, language: Language) -> str:
    """A metric's name: as the report has it, or by the glossary in English."""
    if language == "zh":
        return " ".join(metric.split())
    return " ".join(one.entry.en[0] for one in load_glossary().find(metric) if one.entry.en)


def _cited(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that figures stand in; rows with the header that dates them."""
    headers = [one for row in sentences if isinstance(row, TableRow) for one in _header(row.table)]
    return tuple(dict.fromkeys([*headers, *sentences]))


def _over_time(formula: Formula) -> bool:
    """Whether a formula is the change of one metric between two periods."""
    first, *others = formula.facts
    return (
        formula.sign in ("-", "grew")
        and formula.period is None
        and len(others) == 1
        and first.period is not None
        and others[0].period is not None
        and (formula.over_time or _one_metric(first, others[0]))
        and first.period.last != others[0].period.last
    )


def multiplied(formula: Formula, language: Language) -> Statement | None:
    """Say how many times the earlier figure the later is, and whether that is double or more."""
    if not _over_time(formula):
        return None
    early, late = sorted(formula.facts, key=lambda fact: fact.period.last if fact.period else 0)
    if not early.quantity.magnitude:
        return None
    exact = late.quantity.magnitude / early.quantity.magnitude
    times = Quantity(rounded(exact, 3), Decimal(1), "倍", -1, -1)
    ratio = replace(formula, facts=(late, early), sign="/", result=times, period=None)
    if language == "zh":
        told = "翻了一番以上" if exact >= _DOUBLE else "没有翻倍"
        text = f"后者是前者的{_shown(times, 'zh')}，{told}"
    else:
        told = "more than doubled" if exact >= _DOUBLE else "did not double"
        text = f"The later figure is {_shown(times, 'en')} the earlier: it {told}"
    return Statement(text, _cited(formula.sentences), ratio)


def _one_metric(one: Fact, other: Fact) -> bool:
    """Whether two facts are named alike, as far as the shorter name goes."""
    here, there = sorted((set(one.metric), set(other.metric)), key=len)
    return here <= there


def _moved(formula: Formula, language: Language, *, dated: bool) -> str:
    """Tell a change over time: both figures with their periods, and which way it went."""
    early, late = sorted(formula.facts, key=lambda fact: fact.period.last if fact.period else 0)
    moved = late.quantity.magnitude - early.quantity.magnitude
    told = [
        period_words(fact.period, language)
        + " " * (language == "en")
        + _shown(fact.quantity, language)
        for fact in (early, late)
        if fact.period
    ]
    result = _shown(formula.result, language) if formula.result else ""
    if not dated:
        told = [_shown(fact.quantity, language) for fact in (early, late)]
    if language == "en":
        turn = f"{'up' if moved > 0 else 'down'} **{result}**" if moved else "**unchanged**"
        return f"{told[0]}{',' if dated else ' to'} {told[1]}: {turn}"
    turn = f"{'增加' if moved > 0 else '减少'}**{result}**" if moved else "**没有变化**"
    return f"{told[0]}{'，' if dated else '变为'}{told[1]}，{turn}"


def quote(
    chosen: Sequence[Scored], language: Language, reports: Mapping[str, Report] | None = None
) -> tuple[Statement, ...]:
    """Quote sentences in reading order, each with its period; a table's rows become a table.

    In English the English edition is quoted, and what it lacks as it stands.

    :param reports: The reports by their ids.
    """
    statements: list[Statement] = []
    rows: dict[Passage, list[TableRow]] = {}
    dated: tuple[Passage, Sequence[Period]] | None = None
    for one in chosen:
        if isinstance(one.sentence, TableRow):
            rows.setdefault(one.sentence.passage, []).append(one.sentence)
            continue
        passage, report = one.sentence.passage, (reports or {}).get(one.sentence.passage.report)
        if dated == (passage, one.periods):  # said of the sentence before
            one = replace(one, dated_by=None)
        elif one.dated_by:
            dated = passage, one.periods
        statements.append(_quoted(one, language, report))
    for found in rows.values():
        report = (reports or {}).get(found[0].passage.report)
        edition = report.edition if report and language == "en" else Edition()
        statements.append(_table(found, edition))
    if statements and language == "en" and re.search("[一-鿿]", statements[0].text):
        first = statements[0]
        statements[0] = replace(first, text=_LEAD + first.text)
    return tuple(statements)


def _quoted(one: Scored, language: Language, report: Report | None) -> Statement:
    text = one.sentence.text
    if language == "en":
        rendered = report.edition.at(one.sentence.span) if report else None
        figures = in_english(text)
        text = rendered or (f"“{text}”" + (f" ({figures})" if figures else ""))
    if one.dated_by is None:
        return Statement(text, (one.sentence,))
    period = period_words(one.periods[0], language)
    dated = f"{text}（时间：{period}）" if language == "zh" else f"{period}: {text}"
    cited = (one.sentence, one.dated_by)
    if unsupported(period, [each.text for each in cited]):  # 三季度 without its year
        return Statement(text, (one.sentence,))
    return Statement(dated, cited)


def _table(rows: Sequence[TableRow], edition: Edition) -> Statement:
    """Show rows of one table as Markdown under its header, which is cited with them."""
    table = rows[0].table
    names = [
        _IN_TENS.sub("", edition.of(column.name) or _english_name(column, edition))
        for column in table.columns
    ]
    blank = [""] * max(len(one.row.labels) for one in rows)
    lines = [_line([*blank, *names]), "|" + "---|" * (len(blank) + len(names))]
    for one in rows:
        labels = [
            edition.at(table.span(cell)) or edition.of(cell.text) or cell.text
            for cell in one.row.labels
        ]
        labels = [""] * (len(blank) - len(labels)) + labels
        cells = [_cell(one, place, edition) for place in range(len(one.row.cells))]
        lines.append(_line([*labels, *cells]))
    caption = _NUMBERED.sub("", edition.of(table.title) or table.title)
    heading = [] if re.search(r"\d", caption) or not caption else [f"**{caption}**", ""]
    return Statement("\n".join([*heading, *lines]), (*_header(table), *rows))


def _english_name(column: Column, edition: Edition) -> str:
    return " ".join(edition.of(one) or one for one in column.headers)


def _cell(row: TableRow, place: int, edition: Edition) -> str:
    """A cell as it is shown: with its column's unit, in English in Western notation."""
    text, unit = row.row.cells[place].text, unit_of(row.row, place, row.table)
    if not re.search(r"\d", text):
        return text
    if not edition.renderings:
        return text if text.endswith(unit) or re.search(r"\d", unit) else text + unit
    read = find_quantities(text + unit)
    if len(read) == 1 and read[0].scale != 1:
        return western(read[0])
    return edition.of(text) or text


def _header(table: Table) -> tuple[Sentence, ...]:
    """The lines above a table's first row."""
    first = min(row.labels[0].start for row in table.rows)
    text = table.passage.text[:first].rstrip()
    if not text:
        return ()
    return (Sentence(table.passage, len(text) - len(text.lstrip()), len(text)),)


def _line(cells: Sequence[str]) -> str:
    return "|" + "|".join(cell.replace("|", r"\|") or " " for cell in cells) + "|"


def in_english(text: str) -> str:
    """List a Chinese text's quantities in Western notation, exactly, or give nothing.

    >>> in_english("网民规模达9.89亿，普及率达70.4%")
    '9.89亿 = 989 million; 70.4%'
    """
    parts = []
    for quantity in find_quantities(text):
        if quantity.unit or quantity.scale != 1:
            printed = text[quantity.start : quantity.end]
            same = quantity.measure is Measure.RATIO or quantity.unit == "‰"
            english = printed if same else "over " * bool(_MORE.search(printed)) + western(quantity)
            parts.append(printed if english == printed else f"{printed} = {english}")
    return "; ".join(dict.fromkeys(parts))


def western(quantity: Quantity) -> str:
    """Write a quantity in English, without rounding: 57634块/32 is ``57,634 /32 blocks``."""
    if quantity.unit == "分之" and _digits(quantity.value) > 6:  # no decimal is a third
        return str(Fraction(quantity.value / 100).limit_denominator(100))
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


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)
