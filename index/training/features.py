"""Parts of tokens: what rare tokens share with frequent ones.

During training a token's vector is its own row plus the mean of its parts' rows (characters of a
Chinese word, letter groups of a Latin one). The sum is folded into one row when the model is
written, so nothing of this is seen by a reader of the model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TokenParts:
    """Parts of token ``i`` are ``flat[starts[i]:starts[i + 1]]``, ids below ``size``."""

    flat: NDArray[np.int64]
    starts: NDArray[np.int64]
    size: int

    @classmethod
    def of(cls, tokens: Sequence[str], minimum: int = 2) -> "TokenParts":
        """Parts of each token; a part seen in fewer than ``minimum`` tokens is left out."""
        lists = [parts(token) for token in tokens]
        counts = Counter(part for found in lists for part in found)
        ids = {part: i for i, part in enumerate(sorted(p for p in counts if counts[p] >= minimum))}
        rows = [[ids[part] for part in found if part in ids] for found in lists]
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        flat = np.array([part for row in rows for part in row], dtype=np.int64)
        return cls(flat, np.concatenate([[0], np.cumsum(lengths)]), len(ids))


def parts(token: str) -> list[str]:
    """Characters of a Chinese word, letter groups of a Latin word; nothing for short tokens.

    ``"普及率"`` gives ``["普", "及", "率"]``, ``"ship"`` gives ``["<shi", "ship", "hip>"]``.
    """
    if len(token) < 2:
        return []
    if not token[0].isascii():
        return list(dict.fromkeys(token))
    marked = f"<{token}>"
    return list(dict.fromkeys(marked[i : i + 4] for i in range(max(1, len(marked) - 3))))


def gather(
    flat: NDArray[np.int64], starts: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a ragged table, joined, and where each begins."""
    lengths = starts[rows + 1] - starts[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    positions = np.arange(lengths.sum()) + np.repeat(starts[rows] - offsets, lengths)
    return flat[positions], offsets
