"""Chunks: the pieces of passages that are searched.

A chunk never reaches over a passage's bounds. What is searched is the chunk's
text under its headings, since a report names the subject in the heading and
leaves it out of the sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from corpus import Kind, Passage

CHUNK_CHARACTERS = 160
OVERLAP_CHARACTERS = 30
_SEPARATORS = ["\n", "。", "；", "，", ""]
_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a passage: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

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


def split(passages: Iterable[Passage]) -> tuple[Chunk, ...]:
    """Cut passages into chunks of at most ``CHUNK_CHARACTERS`` characters."""
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
        for document in splitter.create_documents([passage.text]):
            start = document.metadata["start_index"]
            found.append(Chunk(passage, start, start + len(document.page_content)))
    return tuple(found)
