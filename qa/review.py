"""Reviews: a text with the verdict on each of its statistics marked, and ways to hand it on."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from qa.contract import CheckedFigure, Language, Verdict
from qa.judge import Finding

_RATINGS = {"supported": 5, "not_enough_info": 3, "refuted": 1}
_NAMES: dict[str, dict[Language, str]] = {
    "supported": {"zh": "属实", "en": "supported"},
    "refuted": {"zh": "不符", "en": "refuted"},
    "not_enough_info": {"zh": "报告未载", "en": "not in the reports"},
}
_SIGNS = {"supported": "✓", "refuted": "✗", "not_enough_info": "?"}
_HEADER: dict[Language, tuple[str, ...]] = {
    "zh": ("结论", "原文数字", "原文句子", "报告数字", "说明", "出处", "报告原文"),
    "en": ("verdict", "claimed", "sentence", "found", "difference", "source", "passage"),
}
_SUMMARY: dict[Language, str] = {
    "zh": "核查{all}处：{supported}处属实，{refuted}处不符，{silent}处报告未载",
    "en": "{all} checked: {supported} supported, {refuted} refuted, {silent} not in the reports",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A statistic of a text: ``text[start:end]``, its sentence and what was found of it."""

    start: int
    end: int
    sentence: str
    figure: CheckedFigure

    @property
    def sign(self) -> str:
        """A sign for the verdict, beside its colour."""
        return _SIGNS[self.figure.verdict]


@dataclass(frozen=True, slots=True)
class Review:
    """A text's verdict, with a mark for each finding, in the same order."""

    verdict: Verdict
    marks: tuple[Mark, ...]


def review(verdict: Verdict, findings: Sequence[Finding]) -> Review:
    """Put a verdict's findings where they stand in the text."""
    return Review(
        verdict,
        tuple(
            Mark(one.claim.start, one.claim.end, one.claim.sentence.strip(), figure)
            for one, figure in zip(findings, verdict.findings, strict=True)
        ),
    )


def summary(verdict: Verdict, language: Language) -> str:
    """Count the findings of a verdict by what was said of them."""
    said = [one.verdict for one in verdict.findings]
    return _SUMMARY[language].format(
        all=len(said),
        supported=said.count("supported"),
        refuted=said.count("refuted"),
        silent=said.count("not_enough_info"),
    )


def verdict_name(ruling: str, language: Language) -> str:
    """Name a verdict in a word or two."""
    return _NAMES[ruling][language]


def to_markdown(one: Review, language: Language) -> str:
    """A review as Markdown: the summary, a table of the findings and the passages."""
    header = _HEADER[language][:5]
    lines = [
        f"**{summary(one.verdict, language)}**",
        "",
        _row(header),
        "|" + "---|" * len(header),
    ]
    for mark in one.marks:
        figure = mark.figure
        cited = f" [{figure.citation}]" if figure.citation else ""
        name = f"{mark.sign} {verdict_name(figure.verdict, language)}"
        cells = (name, figure.claimed, mark.sentence, f"{figure.found or ''}{cited}")
        lines.append(_row((*cells, figure.difference or "")))
    for cited_one in one.verdict.citations:
        quote = " ".join(cited_one.quote.split())
        lines += ["", f"[{cited_one.marker}] {cited_one.title} · {cited_one.section}: {quote}"]
    return "\n".join(lines) + "\n"


def to_csv(one: Review, language: Language) -> str:
    """A review as CSV, a finding a row, with a byte order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADER[language])
    cited = {citation.marker: citation for citation in one.verdict.citations}
    for mark in one.marks:
        figure = mark.figure
        citation = cited.get(figure.citation or 0)
        cells = (
            verdict_name(figure.verdict, language),
            figure.claimed,
            mark.sentence,
            figure.found or "",
            figure.difference or "",
            f"{citation.title} · {citation.section}" if citation else "",
            " ".join(citation.quote.split()) if citation else "",
        )
        writer.writerow([_harmless(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def to_claim_review(one: Review, language: Language) -> str:
    """A review as JSON-LD, a schema.org ClaimReview for each finding."""
    cited = {citation.marker: citation for citation in one.verdict.citations}
    records = []
    for mark in one.marks:
        citation = cited.get(mark.figure.citation or 0)
        records.append(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "inLanguage": language,
                "claimReviewed": mark.sentence,
                "author": {"@type": "Organization", "name": "Wenshu"},
                "itemReviewed": {"@type": "Claim", "text": mark.figure.claimed},
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": _RATINGS[mark.figure.verdict],
                    "bestRating": 5,
                    "worstRating": 1,
                    "alternateName": verdict_name(mark.figure.verdict, language),
                    "ratingExplanation": mark.figure.difference or "",
                },
                "reviewBody": mark.figure.found or "",
                "citation": f"{citation.title} · {citation.section}" if citation else "",
            }
        )
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", r"\|").split()) for cell in cells) + " |"


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
