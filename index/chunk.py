"""Chunks: the pieces of passages that are searched.

A chunk never reaches over a passage's bounds. What is searched is the chunk's
text under its headings, since a report names the subject in the heading and
leaves it out of the sentence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus import Edition, Kind, Passage

CHUNK_CHARACTERS = 160
OVERLAP_CHARACTERS = 30
_SEPARATORS = ["\n", "。", "；", "，", ""]
_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a passage, ``passage.text[start:end]``, with its English if there is some."""

    passage: Passage
    start: int
    end: int
    english: str = ""

    @property
    def text(self) -> str:
        """The piece itself."""
        return self.passage.text[self.start : self.end]

    @property
    def searched(self) -> str:
        """What is searched: the piece under its headings, caption and table header."""
        passage = self.passage
        header = passage.text.split("\n", 1)[0] if passage.kind is Kind.TABLE and self.start else ""
        parts = (*passage.section[-_HEADINGS:], passage.title, header, self.text)
        return "\n".join(part for part in parts if part)


def split(
    passages: Iterable[Passage], editions: Mapping[str, Edition] | None = None
) -> tuple[Chunk, ...]:
    """Cut passages into chunks of at most ``CHUNK_CHARACTERS`` characters.

    :param editions: The English edition of each report, by its id.
    """
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        keep_separator="end",
        chunk_size=CHUNK_CHARACTERS,
        chunk_overlap=OVERLAP_CHARACTERS,
        strip_whitespace=False,
        add_start_index=True,
    )
    found = []
    for passage in passages:
        edition = (editions or {}).get(passage.report, Edition())
        for document in splitter.create_documents([passage.text]):
            start = document.metadata["start_index"]
            end = start + len(document.page_content)
            found.append(Chunk(passage, start, end, _english(passage, start, end, edition)))
    return tuple(found)


def _english(passage: Passage, start: int, end: int, edition: Edition) -> str:
    """A chunk in English, under its headings and caption."""
    if not edition.renderings:
        return ""
    texts = [*passage.section[-_HEADINGS:], passage.title]
    if passage.kind is Kind.TABLE:
        texts += re.split(r"[\t\n]", passage.text[start:end])
    parts = [edition.of(text) or "" for text in texts if text]
    if passage.kind is not Kind.TABLE:
        parts.append(edition.within(passage.clean.span(start, end)))
    return "\n".join(part for part in parts if part)
