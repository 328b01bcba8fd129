"""Spelling: English words of a question that are typed wrong, as the reports' edition writes them.

``goverment`` is in no passage and lies nearest to nothing that it means. A word is mended only
if neither the English edition nor common English has it or its stem, and one letter away stands
a word of the edition that begins alike: ``government``.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from index.encoder import BUNDLED, static_module

_WORD = re.compile(r"(?<![\w.@/-])[a-z]{3,}(?![\w@/'’-])")
_LETTERS = re.compile("[a-z]+")
_ENDINGS = re.compile("(?:s|es|d|ed|ing|r|er|ers|ly)$")
_SHORTEST, _SHORTEST_CHANGED = 5, 6
"""From how many letters on a word may lack a letter, and have a wrong one or one too many."""
_FREQUENT = 10
"""How often a word of fewer letters stands in the texts, of which two may be swapped."""


class Spelling:
    """Mends single letters of English words by the words of some texts.

    :param texts: Well-spelled texts, the English edition and the glossary.
    :param folder: A StaticEmbedding model, whose tokens are taken for common words.
    """

    def __init__(self, texts: Iterable[str], folder: Path = BUNDLED) -> None:
        self._texts = tuple(texts)
        self._folder = folder

    def mended(self, text: str) -> str:
        """Give a text with its lower-case English words spelled as they were meant."""
        return _WORD.sub(lambda found: self._meant(found[0]) or found[0], text)

    def _meant(self, word: str) -> str | None:
        if self._is_known(word):
            return None
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(
            word, list(self._counts), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        meant = [
            other
            for other, *_ in near
            if _slips_into(other, word)
            and (len(word) >= _SHORTEST or self._counts[other] >= _FREQUENT)
        ]
        return max(meant, key=lambda one: (one[0] == word[0], self._counts[one]), default=None)

    def _is_known(self, word: str) -> bool:
        if word in self._counts:
            return True
        stem = _ENDINGS.sub("", word)
        forms = {word, *(word[: -len(end)] for end in ("s", "d") if word.endswith(end)), stem}
        forms |= {stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem}
        return any(form in self._common or form in self._counts for form in forms)

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often each word stands in the texts, with hyphens and joined without them."""
        lower = [text.lower() for text in self._texts]
        joined = [text.replace("-", "") for text in lower if "-" in text]
        return Counter(word for text in (*lower, *joined) for word in _LETTERS.findall(text))

    @cached_property
    def _common(self) -> frozenset[str]:
        from tokenizers import Tokenizer

        module = static_module(self._folder)
        if module is None:
            return frozenset()
        vocabulary = Tokenizer.from_file(str(module / "tokenizer.json")).get_vocab()
        return frozenset(token for token in vocabulary if _LETTERS.fullmatch(token))


def _slips_into(meant: str, word: str) -> bool:
    """Whether a word is likely another one with one slip of the fingers."""
    if sorted(meant) == sorted(word):
        return True
    if meant[0] != word[0]:
        return False
    if len(word) < len(meant):
        return len(word) >= _SHORTEST
    return len(word) >= _SHORTEST_CHANGED
