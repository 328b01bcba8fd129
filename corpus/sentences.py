"""Sentences: the smallest pieces of a passage that are quoted."""

import re

from corpus.records import Kind, Passage, Sentence

_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)】》]*|[^。！？!?]+$")
_ROW = re.compile(r"[^\n]+")
_BLANKS = " \t\n"


def sentences(passage: Passage) -> tuple[Sentence, ...]:
    """Cut a passage into sentences; a table or list into its rows.

    Together they cover every printed character of the passage once.
    """
    pattern = _ROW if passage.kind in (Kind.TABLE, Kind.LIST) else _SENTENCE
    found = []
    for match in pattern.finditer(passage.text):
        start, end = match.span()
        while start < end and passage.text[start] in _BLANKS:
            start += 1
        while start < end and passage.text[end - 1] in _BLANKS:
            end -= 1
        if start < end:
            found.append(Sentence(passage, start, end))
    return tuple(found)
