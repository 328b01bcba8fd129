"""Positions: which place something holds in an order that a report gives or a table makes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus import Fact, FactKind, TableRow, load_glossary
from qa.contract import Language
from qa.operands import facts_of
from qa.question import Question
from qa.ranking import column_of
from qa.scoring import Scored

_ASKS = re.compile(
    r"(?<!的)第几(?![次季批代个年梯档])|排老几|排[名在]?[第]?几|排名(?:多少|如何|怎样|是|第)|什么名次|名次是|第多少[位名]|[排列]多少[位名]|"
    r"\b(?:what|which) (?:\w+ )?(?:rank|place|position|spot)\b|"
    r"\bwhere (?:does|did|do|is|was) .{1,60}\b(?:rank(?:ed)?|come|stand|placed?|sit|finish|land)\b|"
    r"\bhow (?:does|did|high|far down) .{0,40}\brank\b|\bwhat number (?:nation|in|among)|"
    r"\b(?:place|rank|ranking|position) (?:among|nationally|nationwide|in the country)\b|"
    r"\bwhat(?:'s| is|s) (?:its|their|\w+'s) (?:place|rank|ranking|position)\b",
    re.IGNORECASE,
)
_FROM_BELOW = re.compile(r"倒数|从[少小低]|\bfrom (?:the )?(?:bottom|below)\b", re.IGNORECASE)
_IN_TURN = re.compile("其次|次之|紧随|依次|随后")
_LOOKED_AT, _BEHIND = 3, 2.5
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Position:
    """``fact`` holds the ``place`` (from 1) among ``order``, facts from the first to the last.

    ``column`` names what a table's rows are ordered by, "" for an order that a report gives.
    """

    fact: Fact
    place: int
    order: tuple[Fact, ...]
    scored: Scored
    name: str
    column: str = ""
    rising: bool = False

    def holds(self) -> bool:
        """Whether the place is right, counted again."""
        amount = self.fact.quantity.magnitude
        if self.fact.kind is FactKind.RANK:
            return amount == self.place
        above = [
            one
            for one in self.order
            if (one.quantity.magnitude < amount) == self.rising and one.quantity.magnitude != amount
        ]
        return self.fact in self.order and len(above) + 1 == self.place

    def words(self, language: Language) -> str:
        """The place in words: 第三, third."""
        if language == "en":
            known = self.place <= len(_ORDINALS)
            return _ORDINALS[self.place - 1] if known else f"number {self.place}"
        tens, ones = divmod(self.place, 10)
        if not tens:
            return f"第{_DIGITS[ones]}"
        return f"第{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"


def position(
    question: Question, ranked: Sequence[Scored], likeness: Callable[[Fact], float]
) -> Position | None:
    """The place that a question asks for, of the best sentence or table that orders things.

    :param likeness: How like the question a metric is.
    """
    if _ASKS.search(question.topic) is None:
        return None
    found = [
        place
        for one in ranked[:_LOOKED_AT]
        if one.score >= ranked[0].score - _BEHIND
        for place in [_in_table(one, question, likeness) or _in_prose(one, question)]
        if place is not None and place.holds()
    ]
    if question.periods:
        return next(iter(found), None)
    return max(found, key=lambda place: place.scored.periods[-1].last, default=None)


def _in_prose(one: Scored, question: Question) -> Position | None:
    """The place in a list in order, or among figures that a sentence gives from the most down."""
    if isinstance(one.sentence, TableRow):
        return None
    facts = facts_of(one)
    ranks = tuple(fact for fact in facts if fact.kind is FactKind.RANK)
    for fact in ranks:
        name = _named(fact, question)
        if name:
            return Position(fact, int(fact.quantity.magnitude), ranks, one, name)
    if _IN_TURN.search(one.sentence.text) is None:
        return None
    for fact in facts:
        name = _named(fact, question)
        if name:
            alike = [
                other
                for other in facts
                if (other.kind, other.quantity.unit) == (fact.kind, fact.quantity.unit)
            ]
            order = tuple(sorted(alike, key=lambda other: -other.quantity.magnitude))
            return Position(fact, order.index(fact) + 1, order, one, name)
    return None


def _in_table(
    one: Scored, question: Question, likeness: Callable[[Fact], float]
) -> Position | None:
    if not isinstance(one.sentence, TableRow):
        return None
    label = one.sentence.row.label
    if not any(region in label for region in question.regions) and label not in question.topic:
        return None
    column = column_of(one, question, likeness)
    fact = next((each for each in column if each.sentence == one.sentence), None)
    if fact is None or len(column) < _LOOKED_AT:
        return None
    rising = _FROM_BELOW.search(question.text) is not None
    order = tuple(sorted(column, key=lambda each: each.quantity.magnitude, reverse=not rising))
    place = 1 + sum(
        (each.quantity.magnitude < fact.quantity.magnitude)
        if rising
        else (each.quantity.magnitude > fact.quantity.magnitude)
        for each in order
    )
    named = fact.metric.removeprefix(label).strip()
    return Position(fact, place, order, one, label, named or one.sentence.table.title, rising)


def _named(fact: Fact, question: Question) -> str:
    """What a fact is of, if the question names it: a region, or a term of the glossary."""
    for region in question.regions:
        if region in fact.metric:
            return region
    for one in load_glossary().find(question.topic):
        if fact.metric.startswith(one.entry.name):
            return one.entry.name
    return fact.metric[:2] if fact.metric[:2] in question.text else ""
