"""Citations: from a sentence of the corpus to a place in a report, and back."""

from dataclasses import dataclass

from corpus import Edition, Kind, Passage, Report, Span
from qa.contract import Citation, Language


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A citation's quote with the source on both sides of it.

    ``parts`` are the quote's, in order, each with whether it is the passage's own
    text or something that stands inside it (a footnote, a running head).
    """

    before: str
    parts: tuple[tuple[str, bool], ...]
    after: str

    @property
    def quote(self) -> str:
        """The quote itself."""
        return "".join(text for text, _ in self.parts)


def cite(marker: int, passage: Passage, span: Span, report: Report, language: Language) -> Citation:
    """Cite a span of a report's source that lies in a passage."""
    return Citation(
        marker=marker,
        report=report.id,
        title=report.title if language == "zh" else report.title_en,
        section=place(passage, report.edition if language == "en" else None),
        start=span.start,
        end=span.end,
        quote=report.source[span.start : span.end],
        english=_english(passage, span, report.edition),
    )


def _english(passage: Passage, span: Span, edition: Edition) -> str | None:
    """The English edition of a quote; of a table's rows, their cells with a bar between."""
    if passage.kind is not Kind.TABLE or not edition.renderings:
        return edition.at(span)
    clean = passage.clean
    characters = zip(clean.text, clean.offsets, strict=True)
    quoted = "".join(character for character, at in characters if span.start <= at < span.end)
    return "\n".join(
        " | ".join(edition.of(cell) or cell for cell in line.split("\t"))
        for line in quoted.split("\n")
    )


def place(passage: Passage, edition: Edition | None = None) -> str:
    """Say where in its report a passage stands: headings, outermost first, then the caption.

    :param edition: An English edition to name them in.
    """
    parts = [part for part in (*passage.section, passage.title) if part]
    return " › ".join((edition.of(part) if edition else None) or part for part in parts)


def surroundings(citation: Citation, report: Report, passage: Passage | None) -> Surroundings:
    """Give the passage around a citation's quote; without the passage, the quote alone."""
    source = report.source
    if passage is None:
        return Surroundings("", ((citation.quote, True),), "")
    parts: list[tuple[str, bool]] = []
    reached = citation.start
    for span in passage.spans:
        start, end = max(span.start, reached), min(span.end, citation.end)
        if start < end:
            parts += [(source[reached:start], False), (source[start:end], True)]
            reached = end
    return Surroundings(
        source[passage.start : citation.start],
        tuple((text, own or not text.strip()) for text, own in parts if text),
        source[citation.end : passage.end],
    )
