"""Signs: what speaks for a sentence answering a question, each a number with a name."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from corpus import (
    Kind,
    Measure,
    Passage,
    Period,
    Sentence,
    TableRow,
    find_periods,
    find_quantities,
)
from index import SAME, Term, tokens

DEFINES = re.compile(
    r"(?P<term>[^，。：:]{1,24}?)"
    r"(?:[：:]\s*(?:[^，。]{0,6}指(?![标数导挥出])|包括|[^。]{0,14}是对|.{0,30}即)|是指|指的是)"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ASKED_DIGITS = re.compile(
    r"(?<![A-Za-z\d.第])\d+(?:[.,]\d+)*(?![A-Za-z\d])(?!(?<![近前后过去这每约\d]\d\d)年)"
)
_WHOLE = re.compile("合计|总计|全国|总体")
_ACCEPTED = {
    Measure.SHARE: {Measure.SHARE, Measure.RATIO},
    Measure.POINTS: {Measure.POINTS, Measure.SHARE},
    Measure.MULTIPLE: {Measure.MULTIPLE, Measure.AMOUNT},
    Measure.AMOUNT: {Measure.AMOUNT},
}


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence; 0 where a sign has nothing to say.

    ``coverage`` is the share of the question's terms, by rarity, that the sentence speaks of
    under its headings, ``own`` without them, ``known`` that of the glossary's terms and
    ``missing`` the rarest term that it lacks; ``meaning`` and ``english`` are cosines of the
    question with the sentence and its English; ``words`` and ``vectors`` one over the passage's
    rank in either search. ``period``, ``base``, ``region`` and ``row`` are 1 where the sentence
    has what is asked for and -1 where it has another; so is ``digits`` for the numbers of the
    question that are no dates (an age, an amount) and ``unit`` for what
    is counted (people, hours). ``figure`` and ``measure`` say that
    it gives a figure, and one of the kind asked for. ``metric``, ``terms``, ``kind`` and
    ``when`` compare the question with the sentence's fact that fits it best. ``stated`` is 1
    for a statistic that is plainly asked for, 0.5 for one that may be. ``asked`` is the cosine of
    the question with the nearest known one that the sentence answers.
    """

    coverage: float
    own: float
    known: float
    missing: float
    meaning: float
    english: float
    words: float
    vectors: float
    period: float
    base: float
    region: float
    newest: float
    digits: float
    unit: float
    figure: float
    measure: float
    definition: float
    lost: float
    table: float
    row: float
    short: float
    metric: float
    terms: float
    kind: float
    when: float
    stated: float
    asked: float

    def numbers(self) -> dict[str, float]:
        """The signs by name, and those that count together."""
        found = {one.name: float(getattr(self, one.name)) for one in fields(self)}
        return found | {
            "coverage and meaning": self.coverage * self.meaning,
            "coverage and english": self.coverage * self.english,
            "own and meaning": self.own * self.meaning,
            "metric and kind": self.metric * self.kind,
            "metric and when": self.metric * self.when,
            "terms and kind": self.terms * self.kind,
            "asked squared": self.asked**2,
            "asked and coverage": self.asked * self.coverage,
            "full": float(self.coverage >= 0.999),
        }


def coverage(terms: Sequence[Term], text: str) -> float:
    """The share of a question's terms, by rarity, that a text in lower case speaks of."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * closeness(term, text) for term in terms) / total if total else 0.0


def closeness(term: Term, text: str) -> float:
    """How closely a text speaks of a term: by the nearest of its words that the text has."""
    said = (close for word, close in term.near if word in text and _whole(word, text))
    return max((min(1.0, close / SAME) for close in said), default=0.0)


def heading(passage: Passage) -> str:
    """The headings over a passage, and a table's caption and header."""
    header = passage.text.split("\n", 1)[0] if passage.kind is Kind.TABLE else ""
    return " ".join(part for part in (*passage.section[-2:], passage.title, header) if part)


def speaks_of(periods: Iterable[Period], asked: Collection[Period]) -> bool:
    """Whether some periods answer for one of those asked."""
    return any(given.answers(wanted) for given in periods for wanted in asked)


def names_any(one: Sentence, regions: Collection[str]) -> bool:
    """Whether a sentence under its headings names one of some regions."""
    text = f"{heading(one.passage)} {one.text}"
    return any(region in text for region in regions)


def digits_sign(asked: frozenset[str], text: str) -> float:
    """1 if a text has all the numbers asked about, -1 if it lacks one, 0 if there are none."""
    if not asked:
        return 0.0
    return 1.0 if asked <= frozenset(_DIGITS.findall(text)) else -1.0


def unit_sign(one: Sentence, asked: str) -> float:
    """1 if a sentence counts what is asked for, -1 if it counts other things alone, else 0."""
    if not asked or isinstance(one, TableRow):
        return 0.0
    units = [q.unit for q in find_quantities(one.text) if q.measure is Measure.AMOUNT]
    return 1.0 if any(counts(asked, unit) for unit in units) else -1.0


_PLACES = frozenset("家所个座处间")
"""What institutions and sites are counted in: 家 of one report is 所 of another."""


def counts(asked: str, unit: str) -> bool:
    """Whether a unit counts what 多少人 or 几次 asks for; a bare number may be of people."""
    unit = unit.removeprefix("个") or unit
    if asked == "人":
        return unit in ("", "人", "户", "个", "名", "位")
    if asked in _PLACES and unit in _PLACES:
        return True
    return asked == unit or asked == "个" or (asked == "次" and unit == "人次")


def digits_of(text: str) -> frozenset[str]:
    """The numbers of a question that are no dates or names: 60 of 60岁以上, not 4 of IPv4."""
    for period in reversed(find_periods(text, 2000)):
        text = f"{text[: period.start]} {text[period.end :]}"
    return frozenset(_ASKED_DIGITS.findall(text))


def measures(one: Sentence) -> frozenset[Measure]:
    """The kinds of figures that a sentence gives."""
    return frozenset(quantity.measure for quantity in find_quantities(one.text))


def fits_measure(one: Sentence, asked: Measure | None) -> bool:
    """Whether a sentence gives a figure of the kind asked for, if one is."""
    given = measures(one)
    if asked is None or one.passage.kind is Kind.TABLE:
        return bool(given)
    return bool(given & _ACCEPTED[asked])


def row_sign(one: Sentence, terms: Sequence[Term], topic: str) -> float:
    """1 for a table's row of something that is asked about, -1 for another row, else 0."""
    if not isinstance(one, TableRow):
        return 0.0
    label = one.row.label.lower()
    if any(closeness(term, label) > 0 for term in terms):
        return 1.0
    if _WHOLE.search(label) is not None or set(tokens(label)) & set(tokens(topic)):
        return 0.5
    return -1.0


def _whole(word: str, text: str) -> bool:
    """Whether a text has a word for itself: Latin letters beside it make another word."""
    return not word.isascii() or _word_pattern(word).search(text) is not None


@lru_cache(maxsize=4096)
def _word_pattern(word: str) -> "re.Pattern[str]":
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?:s|es|d|ed|ing)?(?![a-z0-9])")
