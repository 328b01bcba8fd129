"""Sentences: the smallest pieces of a passage that are quoted."""

import re

from corpus.records import Kind, Passage, Sentence
from corpus.tables import TableError, read_table, table_rows

_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)】》]*|[^。！？!?]+$")
_ROW = re.compile(r"[^\n]+")
_BLANKS = " \t\n"


def quotable(passage: Passage) -> tuple[Sentence, ...]:
    """Give what can be quoted of a passage: its sentences, or a table's rows.

    A table that cannot be put together has no rows to quote.
    """
    if passage.kind is not Kind.TABLE:
        return sentences(passage)
    try:
        return table_rows(read_table(passage))
    except TableError:
        return ()


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
