"""Judging: each statistic of a text held against the facts of the reports."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus import Fact, GlossaryEntry, load_glossary
from index import Index, Reader, Term
from qa.claims import Claim
from qa.contradiction import of_another_scale, of_another_whole, sibling
from qa.match import Match, signs_of
from qa.question import Question, read_question
from qa.reading import read_again
from qa.ruling import (
    Ruling,
    decide,
    differs,
    figure_signs,
    load_model,
    rule,
    statement_signs,
    weighed,
)
from qa.scoring import Scored, Scorer, Vectors, place_of
from qa.signs import coverage

_SENTENCES = 30
_READ = 6
_FIGURES = 0.25
_LONGEST = 900
_NAMED = 2
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a claim may be about: facts, and the sentences most like it, with their coverage."""

    matches: tuple[Match, ...]
    nearest: tuple[Scored, ...]
    coverages: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with its ruling and how sure it is.

    ``match`` is the fact that it is held against, ``nearest`` the sentence most like it.
    """

    claim: Claim
    ruling: Ruling
    sure: float
    match: Match | None
    nearest: Scored | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """The sentences most like a claim's, its terms, and the glossary's that it names."""

    key: object
    scored: tuple[Scored, ...]
    terms: tuple[Term, ...]
    named: tuple[GlossaryEntry, ...]


class Judge:
    """Judges claims over an index; what it needs of the facts it prepares once."""

    def __init__(self, index: Index, scorer: Scorer, reader: Reader | None = None) -> None:
        self._index = index
        self._scorer = scorer
        self._reader = reader
        self._glossary = load_glossary()
        self._last: _Heard | None = None

    def judge(self, claim: Claim, reports: Collection[str] | None = None) -> Finding:
        """Say whether the reports support a claim, refute it or do neither."""
        model = load_model()
        read = self.read(claim, reports)
        nearest = read.nearest[0] if read.nearest else None
        if claim.quantity is None:
            signs = statement_signs(claim, read.nearest, read.coverages)
            shares = rule(signs, model.statement)
            ruling = decide(shares)
            return Finding(claim, ruling, shares[ruling], None, nearest)
        matches = weighed(read.matches, model.match)
        shares = rule(figure_signs(claim, matches), model.figure)
        ruling = decide(shares)
        named = next((one for one in read.nearest[:_NAMED] if prints(one, claim)), None)
        given = any(one.signs.equal and one.scored is named for one in matches)
        if ruling is not Ruling.SUPPORTED and named is not None and not given:
            return Finding(claim, Ruling.SUPPORTED, shares[Ruling.SUPPORTED], None, named)
        if ruling is Ruling.SUPPORTED and not any(one.agrees for one in matches):
            ruling = Ruling.NOT_ENOUGH
        against = held_against(matches, ruling)
        denied = _denied_by(claim, ruling, against, matches)
        if denied is not None:
            return Finding(claim, Ruling.REFUTED, shares[ruling], denied, nearest)
        return Finding(claim, ruling, shares[ruling], against, nearest)

    def read(self, claim: Claim, reports: Collection[str] | None = None) -> Reading:
        """Find what a claim may be about."""
        heard = self._heard(claim, reports)
        scored, terms = heard.scored, heard.terms
        coverages = tuple(one.signs.coverage if one.signs else 0.0 for one in scored)
        covered = dict(zip(scored, coverages, strict=True))
        pairs = [
            (one, statistic, fact)
            for one in scored
            for statistic, fact in self._scorer.facts.get(place_of(one.sentence), ())
        ]
        if claim.quantity is None or not pairs:
            return Reading((), scored, coverages)
        said = claim.clause if len(claim.clause) > len(claim.sentence) / 3 else claim.sentence
        vector = self._index.encoder.encode([said])[0]
        found = (
            Match(
                fact,
                one,
                statistic,
                signs_of(
                    claim,
                    heard.named,
                    fact,
                    self._scorer.entries(fact.metric),
                    one,
                    coverage=covered[one],
                    local=coverage(terms, f"{fact.metric} {fact.whole or ''}".lower()),
                    metric=self._scorer.closest(fact, vector, "zh"),
                    label=self._labelled(fact, vector) if claim.language == "en" else 0.0,
                    newest=self._scorer.recency((fact.period,) if fact.period else ()),
                ),
            )
            for one, statistic, fact in pairs
        )
        return Reading(tuple(found), scored, coverages)

    def _heard(self, claim: Claim, reports: Collection[str] | None) -> _Heard:
        """What a claim's sentence is like; several claims of one sentence share it."""
        question = _question(claim)
        key = (question, frozenset(reports) if reports is not None else None)
        heard = self._last  # read once: pages of several users share a judge
        if heard is None or heard.key != key:
            heard = _Heard(
                key,
                read_again(
                    self._reader,
                    self._scorer,
                    question,
                    self._scorer.rank(question, reports)[:_SENTENCES],
                    _READ,
                ),
                self._index.thesaurus.terms(claim.sentence),
                tuple(one.entry for one in self._glossary.find(claim.sentence)),
            )
            self._last = heard
        return heard

    def _labelled(self, fact: Fact, vector: Vectors) -> float:
        """How like a claim the words around a fact's figure are in English."""
        label = self._scorer.label(fact)
        return float(self._scorer.vectors([label])[0] @ vector) if label else 0.0


def _denied_by(
    claim: Claim, ruling: Ruling, match: Match | None, matches: Sequence[Match]
) -> Match | None:
    """What plainly denies a claim that is else supported or left open."""
    if ruling is Ruling.SUPPORTED and match is not None and match.agrees:
        if of_another_whole(claim, match.fact):
            return match
        return sibling(claim, match, matches)
    return of_another_scale(claim, matches) if ruling is Ruling.NOT_ENOUGH else None


def prints(one: Scored, claim: Claim) -> bool:
    """Whether a sentence prints a claim's bare number, as of a name (12315) or a ratio (51:49)."""
    quantity = claim.quantity
    if quantity is None or quantity.unit or quantity.scale != 1:
        return False
    return quantity.value in {
        Decimal(found) for found in _NUMBER.findall(one.sentence.text.replace(",", ""))
    }


def held_against(matches: Collection[Match], ruling: Ruling) -> Match | None:
    """The fact to show beside a claim: the one that agrees, or the one it gets wrong."""
    if ruling is Ruling.SUPPORTED:
        agreeing = [one for one in matches if one.agrees]
        return max(agreeing or matches, key=lambda one: one.score, default=None)
    others = [one for one in matches if not one.agrees]
    if ruling is Ruling.REFUTED:
        best = max(others, key=_wrongly, default=None)
        if best is not None and best.signs.equal:
            rightly = [one for one in others if differs(one) and one.about >= best.about]
            return max(rightly, key=lambda one: one.about, default=best)
        return best
    return max(others, key=lambda one: one.about, default=None)


def _wrongly(one: Match) -> float:
    """How likely it is that a claim gets a match wrong: above all by what it is about."""
    return one.about + _FIGURES * (one.score - one.about)


def _question(claim: Claim) -> Question:
    """A claim's sentence as something to search for."""
    read = read_question([claim.sentence[:_LONGEST]])
    return replace(read, periods=claim.periods, wants_figure=claim.quantity is not None)
