"""Pairs of the reports themselves: questions and what answers them, sentences and their English."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from corpus import Kind, Passage, Report, Sentence, Span, passages, quotable
from index.bank import BankQuestion
from index.training.data import Pair

_HELD_OUT = 10
_HEADINGS = 2


@dataclass(frozen=True)
class Domain:
    """What there is to learn from the reports, and what is kept back to measure.

    ``questions`` and ``test_questions`` hold (question, evidence under its headings);
    ``english`` (question, evidence in English); ``sentences`` (English, Chinese).
    ``texts`` are all pieces of evidence that a question may be asked of.
    """

    questions: list[Pair]
    english: list[Pair]
    sentences: list[Pair]
    test_questions: list[Pair]
    texts: list[str]


def load_domain(bank: Sequence[BankQuestion], reports: Iterable[Report]) -> Domain:
    """Pair the bank's questions and the reports' sentences with what belongs to them."""
    pieces: dict[tuple[str, Span], tuple[str, str]] = {}
    sentences: list[Pair] = []
    for report in reports:
        for passage in passages(report):
            for one in quotable(passage):
                english = report.edition.at(one.span) or ""
                text = _under_headings(passage, one)
                pieces.setdefault((report.id, one.span), (text, english))
                if english:
                    sentences.append(Pair("edition", english, one.text))
    questions, test, translated = [], [], []
    for asked in bank:
        if asked.type.startswith("claim"):
            continue
        text = " ".join(asked.turns)
        for place in asked.evidence:
            if place not in pieces:
                continue
            chinese, english = pieces[place]
            if held_out(asked):
                test.append(Pair("bank", text, chinese))
                break
            questions.append(Pair("bank", text, chinese))
            if english:
                translated.append(Pair("bank", text, english))
    texts = list(dict.fromkeys(text for text, _ in pieces.values()))
    return Domain(questions, translated, sentences, test, texts)


def _under_headings(passage: Passage, one: Sentence) -> str:
    header = passage.text.split("\n", 1)[0] if passage.kind is Kind.TABLE else ""
    parts = (*passage.section[-_HEADINGS:], passage.title, header, one.text)
    return " ".join(part for part in parts if part)


def held_out(asked: BankQuestion) -> bool:
    """Whether a question is kept back; those on one place stay together."""
    name = str(asked.evidence[0] if asked.evidence else asked.id)
    return int(sha256(name.encode()).hexdigest(), 16) % _HELD_OUT == 0
