"""Drafts: statements checked, numbered and put together into an answer."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpus import (
    Fact,
    Passage,
    Report,
    Sentence,
    Span,
    TableRow,
    differences,
    find_periods,
    find_quantities,
    unit_of,
)
from qa.cite import cite
from qa.compose import Statement
from qa.contract import Answer, Language, Value
from qa.evidence import PERIOD_NOT_COVERED, Evidence
from qa.generate import NO_ANSWER, Generator, prompt
from qa.position import Position
from qa.question import Question
from qa.refuse import NUMBER_CHECK_FAILED, refusal
from qa.scoring import Scored
from qa.signs import speaks_of
from qa.values import values
from qa.verify import unsupported
from qa.when import period_words

_SENTENCE_END = re.compile(
    r"(?<=[。！？!?\n])(?!\s*[\[［【]\d)|(?<=[\]］】])(?=\s*[^\s\[［【。！？!?.,，；])|(?<=[a-z)%]\.)\s(?!\s*[\[［【]\d)"
)
_MARKER = re.compile(r"[\[［【]\s*(\d+(?:\s*[,，、]\s*\d+)*)\s*[\]］】]")
_DIGITS = re.compile(r"\d+")
_WHOLE_PASSAGE = 800
_DISPUTED: dict[Language, str] = {
    "zh": "\n\n以上各处给出的数字不同，统计口径、范围或时点可能不一样。",
    "en": "\n\nThese places give different figures; what they count, or when, may differ.",
}

Place = tuple[Passage, Span]


def checked(
    statements: Iterable[Statement], reports: Mapping[str, Report] | None = None
) -> tuple[Statement, ...]:
    """Keep the statements whose every number stands in a sentence that they cite.

    What the English edition says of a sentence counts as the sentence's own words
    (COVID-19, the 18th Congress), if it shares all figures and periods with it.

    :param reports: The reports by their ids.
    """
    return tuple(one for one in statements if _supported(one, reports))


def _supported(one: Statement, reports: Mapping[str, Report] | None) -> bool:
    """Whether each number of a statement is cited, or is what its formula comes to."""
    missing = unsupported(one.text, [text for cited in one.cited for text in _said(cited, reports)])
    if one.position is not None:
        places = [one.position.words(language) for language in ("zh", "en")]
        return one.position.holds() and all(
            any(text in place or place in text for place in places) for text in missing
        )
    if one.formula is None or not missing:
        return not missing
    result, period = one.formula.result, one.formula.period
    told = [fact.base for fact in one.formula.facts if fact.base and fact.base == period]
    earlier = [period_words(base, language) for base in told for language in ("zh", "en")]
    return (
        result is not None
        and one.formula.holds()
        and all(
            any(result.equals(quantity) for quantity in find_quantities(text))
            or (find_periods(text) and any(text in words for words in earlier))
            for text in missing
        )
    )


def _said(cited: Sentence, reports: Mapping[str, Report] | None) -> tuple[str, ...]:
    if isinstance(cited, TableRow):
        return cited.text, " ".join(with_units(cited))
    report = (reports or {}).get(cited.passage.report)
    if report is None:
        return (cited.text,)
    english = report.edition.at(cited.span)
    rendered = () if english is None or differences(cited.text, english) else (english,)
    return cited.text, *rendered


def with_units(row: TableRow) -> Iterator[str]:
    """A row's cells, each with the unit that its column's head gives: 71,464万人."""
    for place, cell in enumerate(row.row.cells):
        yield cell.text + unit_of(row.row, place, row.table)


def written(generator: Generator, question: Question, evidence: Evidence) -> Iterator[Statement]:
    """Let a language model write from the evidence; each sentence is a statement.

    A sentence without a mark, or with one that names no passage, is left out.
    """
    numbered = _numbered(evidence)
    if not numbered:
        return
    asked = prompt(question.topic, [one.text for one in numbered], question.language)
    # Cut as a whole: a mark behind a full stop may be the next piece.
    text = "".join(generator.write(asked))
    yield from _statements(_SENTENCE_END.split(text), numbered, question.language)


def _statements(
    finished: Sequence[str], numbered: Sequence[Sentence], language: Language
) -> Iterator[Statement]:
    for sentence in finished:
        words = _MARKER.sub("", sentence).strip()
        marks = [
            int(mark) for found in _MARKER.findall(sentence) for mark in _DIGITS.findall(found)
        ]
        known = marks and all(1 <= mark <= len(numbered) for mark in marks)
        if words and known and NO_ANSWER[language].lower() not in words.lower():
            yield Statement(words, tuple(numbered[mark - 1] for mark in dict.fromkeys(marks)))


def _numbered(evidence: Evidence) -> tuple[Sentence, ...]:
    """What a language model reads: the passages of the evidence, a long one cut to its sentence."""
    found: dict[Passage, Sentence] = {}
    for one in evidence.chosen:
        passage = one.sentence.passage
        whole = Sentence(passage, 0, len(passage.text))
        found.setdefault(passage, whole if whole.end <= _WHOLE_PASSAGE else one.sentence)
    return tuple(found.values())


def assemble(
    question: Question,
    statements: Sequence[Statement],
    evidence: Evidence,
    reports: Mapping[str, Report],
    asked: Callable[[Scored], Fact | None] = lambda one: None,
) -> Answer:
    """Make an answer of checked statements; of none, a refusal with the nearest passage.

    :param asked: Which fact of a sentence is asked for.
    """
    language = question.language
    if statements:
        places = _places(one for statement in statements for one in statement.cited)
        reason = None
        text = "\n\n".join(_marked(statement, places) for statement in statements)
        text += _DISPUTED[language] if evidence.disputed else ""
    else:
        places = _places(one.sentence for one in evidence.nearest[:1])
        reason = evidence.reason or NUMBER_CHECK_FAILED
        dated = nearest_period(question, evidence) if reason == PERIOD_NOT_COVERED else ""
        text = refusal(reason, language, nearest=bool(places), dated=dated)
    return Answer(
        question=question.text,
        language=language,
        status="answered" if statements else "refused",
        text=text,
        values=list(_values(question, statements, places, evidence, asked)),
        citations=[
            cite(marker, passage, span, reports[passage.report], language)
            for (passage, span), marker in places.items()
        ],
        reason=reason,
        timings_ms={},
    )


def nearest_period(question: Question, evidence: Evidence) -> str:
    """The period that the nearest sentence names, in words; "" if none or one that is asked for."""
    for one in evidence.nearest[:1]:
        named = find_periods(one.sentence.text)
        for period in one.periods[:1]:
            if period in named and not speaks_of((period,), question.periods):
                return period_words(period, question.language)
    return ""


def together(
    several: Sequence[tuple[tuple[Statement, ...], Evidence]],
) -> tuple[tuple[Statement, ...], Evidence]:
    """The statements that answer several questions, each once, and all their evidence."""
    statements = dict.fromkeys(one for said, _ in several for one in said)
    answering = [evidence for said, evidence in several if said]
    chosen = {one.sentence: one for evidence in answering for one in evidence.chosen}
    first = answering[0] if answering else several[0][1]
    return tuple(statements), replace(first, chosen=tuple(chosen.values()))


def _places(cited: Iterable[Sentence]) -> dict[Place, int]:
    """Number the places cited from 1; rows that one stretch of the source holds share a number."""
    places = dict.fromkeys((one.passage, one.span) for one in cited)
    return {place: marker for marker, place in enumerate(places, 1)}


def _marked(statement: Statement, places: Mapping[Place, int]) -> str:
    markers = sorted({places[one.passage, one.span] for one in statement.cited})
    gap = "\n\n" if statement.text.endswith("|") else " "
    return f"{statement.text}{gap}{''.join(f'[{marker}]' for marker in markers)}"


def _place(position: Position, places: Mapping[Place, int]) -> Value:
    """A place that was counted, as a value."""
    fact, cited = position.fact, position.scored.sentence
    return Value(
        value=position.place,
        unit="位",
        magnitude=position.place,
        period=str(fact.period) if fact.period else None,
        role="computed",
        citation=places[cited.passage, cited.span],
    )


def _values(
    question: Question,
    statements: Sequence[Statement],
    places: Mapping[Place, int],
    evidence: Evidence,
    asked: Callable[[Scored], Fact | None],
) -> Iterator[Value]:
    """The figures of the sentences quoted; of those that a model used, only what it shows."""
    chosen = {one.sentence: one for one in evidence.chosen}
    worked = any(one.formula or one.position for one in statements)
    for statement in statements:
        for fact in statement.facts:
            yield Value(
                value=float(fact.quantity.value),
                unit=fact.quantity.printed_unit,
                magnitude=float(fact.quantity.magnitude),
                period=str(fact.period) if fact.period else None,
                role="answer",
                citation=places[fact.sentence.passage, fact.sentence.span],
            )
        if statement.facts:
            continue
        if statement.position is not None:
            yield _place(statement.position, places)
            continue
        if statement.formula is not None and statement.formula.result is not None:
            result, first = statement.formula.result, statement.cited[0]
            yield Value(
                value=float(result.value),
                unit=result.printed_unit,
                magnitude=float(result.magnitude),
                period=str(statement.formula.period) if statement.formula.period else None,
                role="computed",
                citation=places[first.passage, first.span],
            )
            continue
        for one in statement.cited:
            if one in chosen:
                scored = chosen.pop(one)
                marker = places[one.passage, one.span]
                for value in values(question, one, scored.periods, marker, asked(scored)):
                    yield value.model_copy(update={"role": "context"}) if worked else value
