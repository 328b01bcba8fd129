"""Lookup: the statistic that a question asks for, by metric, kind, period and region.

A question's metric is the glossary's terms that it names. A statistic answers if it
has all of them and, but for terms that many metrics share (用户规模), no other; if it
is of the kind asked for; and for the period asked, or else the newest.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from corpus import (
    Edition,
    Fact,
    FactKind,
    Glossary,
    Period,
    Statistic,
    TableRow,
    canonical,
    find_periods,
)
from index import tokens
from index.words import words
from qa.kinds import asked_kinds
from qa.question import Question
from qa.signs import counts

_SHARED = 8
_NEARLY = 0.6
_ASKING = re.compile(
    r"多少|几[个家款人户次种项亿万成门件张]*|有没有|是不是|到底|一共|总共|大概|大约|差不多|想知道|请问|告诉|"
    r"规模|数量|总数|人数|用户|的人|我国|中国|全国|国内|报告|截至|截止|"
    r"\b(?:users?|people|chinese|china|many|much|number|figure|total|roughly|about|exactly|"
    r"according|report|cnnic|dec|count|size|million|billion)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"用户规模|规模|总?数量?$|整体|总体|群体")


@dataclass(frozen=True, slots=True)
class Found:
    """A statistic that answers a question, with the fact to quote; best first by ``score``.

    It is ``sure`` if the question says nothing that the quoted sentence does not.
    """

    statistic: Statistic
    fact: Fact
    score: float
    sure: bool


class Lookup:
    """Finds statistics for questions; what it needs of them it prepares once."""

    def __init__(
        self,
        statistics: Sequence[Statistic],
        glossary: Glossary,
        editions: Mapping[str, Edition] | None = None,
    ) -> None:
        self._statistics = statistics
        self._glossary = glossary
        self._editions = editions or {}

    def find(self, question: Question, reports: Collection[str] | None = None) -> tuple[Found, ...]:
        """Give the statistics that answer a question, best first; none if it names no metric."""
        regions = set(question.regions)
        mentions = [one.entry for one in self._glossary.find(question.topic)]
        named = {one.name for one in mentions} - regions
        telling = named - self._shared or named
        if not telling - {one.name for one in mentions if one.kind == "place"}:
            return ()
        kinds = asked_kinds(question)
        asked = set(tokens(" ".join((question.topic, *named))))
        rest = self._rest(question.topic)
        found = []
        for place in self._candidates(telling):
            one = self._statistics[place]
            facts = [
                fact
                for fact in one.facts
                if reports is None or fact.sentence.passage.report in reports
            ]
            if not facts or one.kind not in kinds or not _timely(one, question):
                continue
            if set(one.regions) != regions:
                continue
            extra = len(one.terms - named - self._shared)
            alike = len(asked & set(tokens(one.metric))) / (len(set(tokens(one.metric))) or 1)
            score = -2.0 * extra + alike - 0.3 * kinds.index(one.kind)
            score += 0.5 * len(one.terms & named & self._shared)
            fact, said = self._said(facts, rest)
            unit = one.quantity.unit
            if question.unit and unit and not counts(question.unit, unit):
                score -= 1
            found.append(Found(one, fact, score + said - 1, said == 1 and not extra))
        best = max((one.score for one in found if one.sure), default=0.0)

        def order(one: Found) -> tuple[bool, bool, int, float]:
            newest = 0 if question.periods else -_last(one.statistic)
            return not one.sure, one.score < best - _NEARLY, newest, -one.score

        return tuple(sorted(found, key=order))

    def level(self, name: str, period: Period | None) -> Fact | None:
        """How much there is of something at a time, by its name: 网民, 手机网民."""
        bare = _SIZE.sub("", canonical(name, self._glossary))
        found = [
            one
            for one in self._statistics
            if one.kind is FactKind.LEVEL
            and not one.regions
            and _SIZE.sub("", one.metric) == bare
            and (period is None or (one.period is not None and one.period == period))
        ]
        best = max(found, key=lambda one: (_last(one), len(one.facts)), default=None)
        return _quoted(best.facts) if best and bare else None

    def newest(self, one: Statistic) -> Statistic:
        """The newest statistic of the same metric, kind and measure; itself, if none is newer."""
        same = (
            other
            for other in self._statistics
            if other.metric == one.metric
            and other.kind is one.kind
            and other.quantity.measure is one.quantity.measure
            and other.whole == one.whole
        )
        return max((one, *same), key=_last)

    def rivals(self, one: Statistic) -> tuple[Statistic, ...]:
        """The statistics that give another figure for the same thing."""
        return tuple(self._statistics[place] for place in one.rivals)

    def _rest(self, text: str) -> tuple[str, ...]:
        """The telling words of a question beside its glossary's terms and its periods."""
        spans = [(one.start, one.end) for one in self._glossary.find(text)]
        spans += [(one.start, one.end) for one in find_periods(text, 2024)]
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        text = _ASKING.sub(" ", text)
        return tuple(word for word in words(text) if " " not in word)

    def _said(self, facts: Sequence[Fact], rest: Sequence[str]) -> tuple[Fact, float]:
        """The fact to quote and the share of some words that its sentence says."""
        shares = []
        for fact in facts:
            passage = fact.sentence.passage
            edition = self._editions.get(passage.report, Edition())
            english = edition.at(fact.sentence.span) or ""
            text = " ".join((*passage.section[-2:], passage.title, fact.sentence.text, english))
            held = sum(_stem(word) in text.lower() for word in rest)
            shares.append(held / len(rest) if rest else 1.0)
        best = max(shares)
        kept = [fact for fact, share in zip(facts, shares, strict=True) if share == best]
        return _quoted(kept), best

    def _candidates(self, telling: Collection[str]) -> Iterable[int]:
        """The statistics that have all of some terms."""
        sets = [self._by_term.get(term, frozenset()) for term in telling]
        return sorted(frozenset.intersection(*sets)) if sets else ()

    @cached_property
    def _by_term(self) -> dict[str, frozenset[int]]:
        places: dict[str, set[int]] = {}
        for place, one in enumerate(self._statistics):
            for term in one.terms:
                places.setdefault(term, set()).add(place)
        return {term: frozenset(found) for term, found in places.items()}

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Terms that stand beside many others: 用户规模, 使用率, 占比."""
        beside: dict[str, set[str]] = {}
        for one in self._statistics:
            for term in one.terms:
                beside.setdefault(term, set()).update(one.terms - {term})
        alone = Counter(next(iter(one.terms)) for one in self._statistics if len(one.terms) == 1)
        return frozenset(
            term
            for term, others in beside.items()
            if len(others) >= _SHARED and alone[term] < len(others)
        )


def _stem(word: str) -> str:
    """An English word without its plural's ending, in lower case."""
    lowered = word.lower()
    return lowered[:-1] if lowered.isascii() and lowered.endswith("s") else lowered


def _timely(one: Statistic, question: Question) -> bool:
    if question.bases:
        base = one.base
        if base is None or not any(base.answers(asked) for asked in question.bases):
            return False
    if not question.periods:
        return one.period is not None
    return one.period is not None and any(one.period.answers(asked) for asked in question.periods)


def _last(one: Statistic) -> int:
    return one.period.last if one.period else 0


def _quoted(facts: Sequence[Fact]) -> Fact:
    """The fact to quote: prose before cells, the most precise, in the shortest sentence."""

    def order(fact: Fact) -> tuple[bool, Decimal, int]:
        row = isinstance(fact.sentence, TableRow)
        return row, fact.quantity.last_digit, len(fact.sentence.text)

    return min(facts, key=order)
