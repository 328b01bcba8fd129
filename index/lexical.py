"""Lexical search: BM25 over words and numbers, with bm25s.

The tokens are our own: bm25s' default cuts 9.89亿 into 9 and 89亿. Numbers stay
whole with their scale; Chinese becomes pairs of neighbouring characters, which
finds 网民规模 in any sentence without knowing the word.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.thesaurus import Term
from index.vectors import Ranking

Scores = NDArray[np.float32]

_TOKEN = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?(?:万亿|[万亿])?)|(?P<word>[A-Za-z]+[A-Za-z0-9]*)|(?P<han>[一-鿿]+)"
)


def tokens(text: str) -> list[str]:
    """Cut a text into search tokens: numbers whole, Latin words in lower case, Chinese in pairs.

    >>> tokens("网民规模达9.89亿")
    ['网民', '民规', '规模', '模达', '9.89亿']
    """
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        if match["number"]:
            found.append(match["number"].replace(",", ""))
        elif match["word"]:
            found.append(match["word"].lower())
        else:
            han = match["han"]
            found.extend(han[i : i + 2] for i in range(len(han) - 1))
            if len(han) == 1:
                found.append(han)
    return found


class LexicalIndex:
    """Texts ranked by BM25 (Lù 2024, bm25s; Robertson's weighting, Lucene's form)."""

    def __init__(self, texts: Iterable[str]) -> None:
        from bm25s import BM25

        self._bm25: Any = BM25(method="lucene")
        found = [tokens(text) or [""] for text in texts]
        self._bm25.index(found or [[""]], show_progress=False)

    def search(
        self, query: str, allowed: Sequence[int], limit: int, terms: Sequence[Term] = ()
    ) -> Ranking:
        """Give the allowed texts that share a token with the query or its terms, best first.

        :param terms: The query's words with the corpus's words near them; of each
            term the best word counts, by how close it is.
        """
        if not allowed:
            return []
        scores = self._scores(tokens(query), 1.0)
        for term in terms:
            scores = scores + np.max(
                [np.zeros_like(scores), *(self._word_scores(*near) for near in term.near)], axis=0
            )
        rows = np.asarray(allowed, dtype=np.int64)
        order = np.lexsort((rows, -scores[rows]))[:limit]
        return [(int(rows[i]), float(scores[rows[i]])) for i in order if scores[rows[i]] > 0]

    def _word_scores(self, word: str, closeness: float) -> Scores:
        found = tokens(word)
        return self._scores(found, closeness / max(len(found), 1))

    def _scores(self, found: Sequence[str], factor: float) -> Scores:
        """BM25 of every text for some tokens, times a factor."""
        known = [token for token in found if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], dtype=np.float32)
        scores: Scores = np.asarray(self._bm25.get_scores(known), dtype=np.float32) * factor
        return scores

    def save(self, folder: Path) -> None:
        """Write the index to a folder; :meth:`load` reads it."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what :meth:`save` wrote.

        :raises OSError: If a file is missing.
        :raises ValueError: If a file is damaged.
        """
        from bm25s import BM25

        loaded = cls.__new__(cls)
        loaded._bm25 = BM25.load(str(folder), show_progress=False)
        return loaded
