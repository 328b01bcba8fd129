"""The corpus's records: what a report is read into.

Every record that carries text also carries where it stands: offsets are
character positions in the report's source, and ``source[start:end]`` is what is
cited. Clean text is derived and maps back, character by character.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import accumulate


class CorpusError(Exception):
    """A report is missing, unreadable or not what its ``report.toml`` says."""


class Kind(StrEnum):
    """What a block of a source is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FOOTNOTE = "footnote"
    HEADING = "heading"
    CAPTION = "caption"
    SOURCE_LINE = "source line"
    REMNANT = "chart remnant"
    CONTENTS = "contents"
    FURNITURE = "page furniture"


CITABLE = frozenset({Kind.PARAGRAPH, Kind.LIST, Kind.TABLE, Kind.FOOTNOTE})


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters of a report's source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a source with one role, in one or several spans.

    A paragraph that a page break, a footnote or a caption cuts in two is one
    block with two spans. ``title`` is a table's caption.
    """

    kind: Kind
    spans: tuple[Span, ...]
    section: tuple[str, ...] = ()
    title: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Clean:
    """Text made readable: ``text[i]`` stems from ``source[offsets[i]]``."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the source span of ``text[start:end]``, which must not be empty."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no characters {start}:{end} in a text of {len(self.text)}")
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable block: a paragraph, list, table or footnote with its place.

    ``source[passage.start:passage.end]`` reaches from its first character to
    its last; where the source cuts it, that includes what stands in between,
    and ``spans`` leaves it out.
    """

    report: str
    kind: Kind
    section: tuple[str, ...]
    title: str
    spans: tuple[Span, ...]
    clean: Clean

    def __hash__(self) -> int:
        return hash((self.report, self.spans))

    @property
    def start(self) -> int:
        """Offset of the first character in the source."""
        return self.clean.offsets[0]

    @property
    def end(self) -> int:
        """Offset behind the last character in the source."""
        return self.clean.offsets[-1] + 1

    @property
    def text(self) -> str:
        """The clean text."""
        return self.clean.text

    @property
    def id(self) -> str:
        """A name made from the content: report, place and text."""
        content = f"{self.report}:{self.start}:{self.end}:{self.text}"
        return f"{self.report}-{sha256(content.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, list item or table row of a passage: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The clean text."""
        return self.passage.text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Where it stands in the report's source."""
        return self.passage.clean.span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The English of ``chinese``, which is ``source[span.start:span.end]``."""

    span: Span
    chinese: str
    english: str


@dataclass(frozen=True)
class Edition:
    """The English edition of a report, its renderings in the order of the source."""

    renderings: tuple[Rendering, ...] = ()

    def at(self, span: Span) -> str | None:
        """The English of a sentence by its place, or None."""
        return self._by_place.get(span)

    def within(self, span: Span) -> str:
        """The English of all sentences that reach into a span."""
        first = bisect_right(self._reached, span.start)
        last = bisect_left(self.renderings, span.end, key=lambda one: one.span.start)
        near = self.renderings[first:last]
        return " ".join(one.english for one in near if span.start < one.span.end)

    def of(self, text: str) -> str | None:
        """The English of a heading or a table's label by its words, or None."""
        return self._by_words.get(_bare(text))

    @cached_property
    def _reached(self) -> tuple[int, ...]:
        """How far each rendering and those before it reach: one may lie within another."""
        return tuple(accumulate((one.span.end for one in self.renderings), max))

    @cached_property
    def _by_place(self) -> dict[Span, str]:
        return {one.span: one.english for one in self.renderings}

    @cached_property
    def _by_words(self) -> dict[str, str]:
        return {_bare(one.chinese): one.english for one in reversed(self.renderings)}


def _bare(text: str) -> str:
    """A text without blanks and footnote marks."""
    return re.sub(r"\s|\^\{[^}]*\}|注\s?\d|[⁰¹²³⁴-⁹]", "", text)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what its ``report.toml`` says, and its source text."""

    id: str
    title: str
    title_en: str
    short: str
    short_en: str
    publisher: str
    publisher_en: str
    published: str
    data_until: str
    language: str
    sha256: str
    quality: str
    licence: str
    source: str
    edition: Edition = Edition()
