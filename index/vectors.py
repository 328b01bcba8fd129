"""Vectors: exact nearest neighbours by inner product, with FAISS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ranking = list[tuple[int, float]]


class VectorIndex:
    """Unit vectors, found by inner product.

    :param vectors: (n, dimension) float32, unit rows.
    """

    def __init__(self, vectors: Vectors) -> None:
        import faiss

        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, allowed: Sequence[int], limit: int) -> Ranking:
        """Give the best of the allowed rows for a query of shape (dimension,), best first.

        Rows of equal score come in their own order.
        """
        import faiss

        if not allowed or limit < 1:
            return []
        parameters: Any = faiss.SearchParameters
        parameters = parameters(sel=faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64)))
        # All of them, as FAISS cuts off rows of equal score in no order.
        scores, rows = self._index.search(
            query.reshape(1, -1).astype(np.float32), len(allowed), params=parameters
        )
        order = np.lexsort((rows[0], -scores[0]))[:limit]
        return [(int(rows[0, i]), float(scores[0, i])) for i in order if rows[0, i] >= 0]

    def nearest(self, queries: Vectors, limit: int) -> list[Ranking]:
        """Give the best rows for each of several queries of shape (n, dimension)."""
        limit = min(limit, len(self))
        scores, rows = self._index.search(np.ascontiguousarray(queries, dtype=np.float32), limit)
        return [
            [(int(row), float(score)) for row, score in zip(found, given, strict=True)]
            for found, given in zip(rows, scores, strict=True)
        ]

    def save(self, path: Path) -> None:
        """Write the index to a file; :meth:`load` reads it.

        :raises OSError: If it cannot be written.
        """
        import faiss

        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path) -> "VectorIndex":
        """Read what :meth:`save` wrote.

        :raises OSError: If the file is missing.
        :raises RuntimeError: If it is damaged.
        """
        import faiss

        loaded = cls.__new__(cls)
        loaded._index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        return loaded
