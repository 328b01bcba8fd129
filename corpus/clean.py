"""Clean text: what a reader would read, each character mapped to the source.

Dropped: line wraps, blanks beside Chinese characters, Markdown emphasis and
footnote marks. Nothing is added or reordered, and the only replacements are
one-to-one (full-width letters, digits and their signs, blanks), so offsets stay exact; NFKC
is never used, since it turns ``①2023`` into ``12023``.
"""

import re
from collections.abc import Collection, Iterable

from corpus.records import Clean, Span

_ONE_TO_ONE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()} | {
    ord("％"): ord("%"),
    ord("＋"): ord("+"),
    ord("－"): ord("-"),
    ord("．"): ord("."),
}
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…·◇]")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def clean(
    source: str, spans: Iterable[Span], dropped: Collection[int] = (), *, rows: bool = False
) -> Clean:
    """Give the readable text of some spans of a source.

    :param source: The whole source.
    :param spans: The spans to read, ascending.
    :param dropped: Offsets of characters that are not text (footnote marks).
    :param rows: Keep each span a line of its own, and blanks inside it (tables, lists).
    """
    characters: list[str] = []
    offsets: list[int] = []
    for span in spans:
        if characters:
            _join(characters, offsets, source, span, rows)
        for offset in range(span.start, span.end):
            if offset in dropped or source.startswith("**", offset):
                continue
            if source[offset] == "*" and offset > span.start and source[offset - 1] == "*":
                continue
            character = source[offset].translate(_ONE_TO_ONE)
            if character.isspace() and not (rows and character == "\t"):
                character = " "
            characters.append(character)
            offsets.append(offset)
    return _without_blanks(characters, offsets, rows)


def _join(characters: list[str], offsets: list[int], source: str, span: Span, rows: bool) -> None:
    """Add what stands between two spans: a row's end, or a blank between Latin words."""
    before, after = characters[-1], source[span.start]
    if rows:
        characters.append("\n")
    elif before.isascii() and before.isalpha() and after.isascii() and after.isalpha():
        characters.append(" ")
    else:
        return
    offsets.append(span.start - 1)


def _without_blanks(characters: list[str], offsets: list[int], rows: bool) -> Clean:
    """Drop doubled and outer blanks, and in prose those beside Chinese characters."""
    following = ["\n"] * len(characters)
    for index in range(len(characters) - 1, 0, -1):
        character = characters[index]
        following[index - 1] = following[index] if character == " " else character
    kept: list[int] = []
    for index, character in enumerate(characters):
        if character == " ":
            before = characters[kept[-1]] if kept else "\n"
            after = following[index]
            if before in " \n\t" or after in "\n\t":
                continue
            if not rows and (_WIDE.match(before) or _WIDE.match(after)):
                continue
        kept.append(index)
    while kept and characters[kept[-1]] == "\n":
        kept.pop()
    return Clean("".join(characters[i] for i in kept), tuple(offsets[i] for i in kept))
