"""Lines of a source and what each shows of itself.

The reader decides from these what a line is. No pattern here names a report:
they are the conventions of Chinese official reports (第一章, 一、, （一）, 1.,
表 1, 来源：, 目录) and of text taken from PDF files.
"""

import re
from collections import Counter
from dataclasses import dataclass

TERMINAL = re.compile(r"[。！？；：!?;:…]['\"”’）)》】*]*[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3}$")
SENTENCE_END = re.compile(r"[。！？!?]['\"”’）)》】*]*[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3}$")
SUPERSCRIPT_NOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*(?=\S)")
PLAIN_NOTE = re.compile(r"(\d{1,3})\s+(?=\S)")
CAPTION = re.compile(r"附?([图表])\s*\d+(?=\s|[^\d\s.、，。])")
SOURCE_LINE = re.compile(r"(?:数据)?来源\s*[:：]")
TABLE_NOTE = re.compile(r"注\s*\d*\s*[:：]")
CONTENTS_TITLE = re.compile(r"目\s*[录次]$")
CONTENTS_LINE = re.compile(r".*?(?:\t|\.{2,}|…{2,})\s*\.*\s*\d{0,3}$")
BULLET = re.compile(r"(?:-\s*)?[◇●◆•]\s*")
LEGEND = re.compile(r"[■□▲△]\s*[^■□▲△]+[■□▲△]")

_NARROW = re.compile(r"[\u0000-\u2e7f](?<![“”‘’—…])")
_NUMERAL = "[一二三四五六七八九十]+"
NUMBERED = re.compile(
    r"\d{1,2}(?:[、.．]\s*(?=[^\d\s])|(?:\.\d{1,2})+\s+(?![亿%％]|万(?![维物众])))"
)
PAGE_NUMBER = re.compile(r"[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d+\s*页(?:\W*共\s*\d+\s*页)?")
_HEADINGS = (
    (
        1,
        re.compile(
            rf"第{_NUMERAL}[章篇编部](?:分)?(?=\s|$)|附录{_NUMERAL}|附件\s*\d*$|前\s*言|摘\s*要"
        ),
    ),
    (2, re.compile(rf"{_NUMERAL}、")),
    (3, re.compile(rf"[（(]{_NUMERAL}[)）]")),
    (4, NUMBERED),
)
_HEADING_COLUMNS = 96
_PAGE_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source without its outer blanks; ``raw`` keeps them."""

    start: int
    end: int
    text: str
    raw: str

    @property
    def blank(self) -> bool:
        """Whether nothing is printed."""
        return not self.text

    @property
    def columns(self) -> int:
        """Printed width: a Chinese character takes two columns."""
        return 2 * len(self.text) - len(_NARROW.findall(self.text))

    @property
    def starts_page(self) -> bool:
        """Whether a form feed, or the single blank it became, opens the line."""
        return self.raw[:1] in (" ", "\f") and len(self.raw) > 1 and not self.raw[1].isspace()

    @property
    def ends_paragraph(self) -> bool:
        """Whether the line ends as PDF text marks a paragraph's end: with a blank."""
        return self.raw != self.raw.rstrip()

    @property
    def heading_level(self) -> int:
        """1 to 4 for a numbered heading, else 0."""
        if self.columns > _HEADING_COLUMNS or SENTENCE_END.search(self.text):
            return 0
        return next((level for level, mark in _HEADINGS if mark.match(self.text)), 0)


def lines(source: str) -> tuple[Line, ...]:
    """Cut a source into lines, with offsets of the printed part of each."""
    found = []
    offset = 0
    for raw in source.split("\n"):
        text = raw.strip()
        start = offset + (len(raw) - len(raw.lstrip()) if text else 0)
        found.append(Line(start, start + len(text), text, raw))
        offset += len(raw) + 1
    return tuple(found)


def hard_wrapped(found: tuple[Line, ...]) -> bool:
    """Whether paragraphs are broken into lines of one page's width, as PDF text is.

    Measured: hardly any text stands in lines wider than a page, and a blank marks
    the ends of paragraphs. Without such marks, lines are read one by one.
    """
    wide = sum(line.columns for line in found if line.columns > _PAGE_COLUMNS)
    marked = sum(line.ends_paragraph for line in found if not line.blank)
    printed = sum(not line.blank for line in found)
    return wide < sum(line.columns for line in found) / 10 and marked > printed / 20


def running_heads(found: tuple[Line, ...], title: str) -> frozenset[str]:
    """Texts of lines that repeat the report's title down the pages, numbers aside."""
    name = _letters(title)
    counts = Counter(_letters(line.text) for line in found if not line.blank)
    repeated = {letters for letters, count in counts.items() if count > 2 and letters}
    return frozenset(
        line.text
        for line in found
        if _letters(line.text) in repeated and name in _letters(line.text)
    )


def _letters(text: str) -> str:
    return re.sub(r"[\d\s]", "", text)
