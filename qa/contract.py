"""The JSON contract: what ``--json`` and ``--batch`` print (docs/contract.md).

Others run against it, so fields are only ever added.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(_Record):
    """A stretch of a report that an answer rests on."""

    marker: int = Field(ge=1, description="The number in the text's [1].")
    report: str = Field(description="The report's id.")
    title: str = Field(description="The report's title, in the answer's language.")
    section: str = Field(description="Headings above the passage, outermost first, and a caption.")
    start: int = Field(ge=0, description="Offset of the first character in the source.")
    end: int = Field(gt=0, description="Offset behind the last character in the source.")
    quote: str = Field(description="source[start:end], unchanged.")
    english: str | None = Field(description="The quote's English edition, where there is one.")


class Value(_Record):
    """A figure of an answer, from the same record as the text."""

    value: float = Field(description="As printed: 9.89 of 9.89亿人.")
    unit: str = Field(description="With its scale, as printed: 亿人.")
    magnitude: float = Field(description="In single units: 989000000.")
    period: str | None = Field(description="2020-12, 2020 or 2020-01/2020-06.")
    role: Literal["answer", "context", "computed"]
    citation: int = Field(ge=1, description="The marker of the citation it stands in.")


class Answer(_Record):
    """An answer, or a refusal with its reason."""

    question: str
    language: Language
    status: Literal["answered", "refused"]
    text: str = Field(description="What a person reads, with [1] marks; Markdown.")
    values: list[Value]
    citations: list[Citation]
    reason: str | None = Field(description="Why it was refused; null if it was answered.")
    timings_ms: dict[str, float]


class CheckedFigure(_Record):
    """A statistic of a claim, held against the reports."""

    claimed: str = Field(description="The figure as the claim prints it, or its sentence.")
    verdict: Literal["supported", "refuted", "not_enough_info"]
    found: str | None = Field(description="The report's figure; null if it gives none.")
    difference: str | None = Field(description="How both lie to each other, in a few words.")
    citation: int | None = Field(ge=1, description="The marker of the citation to compare with.")


class Verdict(_Record):
    """A verdict on a claim or an article."""

    claim: str
    language: Language
    verdict: Literal["supported", "refuted", "not_enough_info"]
    text: str = Field(description="What a person reads, with [1] marks; Markdown.")
    findings: list[CheckedFigure] = Field(description="One for each statistic, in order.")
    citations: list[Citation]


class SearchResult(_Record):
    """A ranked passage of ``wenshu search``."""

    rank: int = Field(ge=1)
    score: float
    report: str
    title: str
    section: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(description="The passage's clean text.")


class FactPlace(_Record):
    """A sentence or table row that gives a figure, by its place in the report's source."""

    report: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    metric: str = Field(description="In the report's own words.")
    printed: str = Field(description="The figure with its unit there.")


class Rival(_Record):
    """Another figure that the reports give for the same thing."""

    value: float
    unit: str
    place: FactPlace


class FactRecord(_Record):
    """A figure with its meaning, of ``wenshu facts``."""

    metric: str = Field(description="By the glossary's names.")
    value: float = Field(description="As printed, the most precise of its places.")
    unit: str = Field(description="With its scale, as printed.")
    magnitude: float = Field(description="In single units.")
    kind: Literal[
        "level", "share", "change", "growth", "points", "multiple", "rank", "index", "ratio"
    ]
    period: str | None
    base: str | None = Field(description="What a change is counted from.")
    whole: str | None = Field(description="What a share is of, where it is said.")
    places: list[FactPlace] = Field(description="Every sentence or row that gives it.")
    rivals: list[Rival] = Field(description="What contradicts it.")
