"""The model folder: written for sentence-transformers, readable with NumPy alone.

``model.safetensors`` holds ``embeddings`` (vocabulary, dimension) int8 and ``weights``
(vocabulary,) float32; a token's vector is its row times its weight. sentence-transformers knows
these names (from model2vec) and multiplies in float32. Plain float16 rows would make it compute
in float16, where normalising an empty text gives NaN.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as dump
from tokenizers import Tokenizer

from index.training.data import TrainingError

_MODULES = [
    ("StaticEmbedding", "sentence_transformers.models.StaticEmbedding", ""),
    ("Normalize", "sentence_transformers.models.Normalize", "1_Normalize"),
]


@dataclass(frozen=True)
class StaticVectors:
    """A tokenizer and a table (vocabulary, dimension); encodes without torch."""

    tokenizer: Tokenizer
    table: NDArray[np.float32]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give unit rows (n, dimension) float32; a text without known tokens gives zeros."""
        vectors = np.zeros((len(texts), self.table.shape[1]), dtype=np.float32)
        found = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(found):
            if encoding.ids:
                vectors[row] = self.table[encoding.ids].mean(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-12))
        return unit

    def rounded(self) -> "StaticVectors":
        """Give the same model with the table as it will be read back after ``save``."""
        rows, weights = _quantise(self.table)
        return StaticVectors(self.tokenizer, rows * weights[:, None])

    def save(self, folder: Path, card: str = "") -> None:
        """Write the folder, the list of modules last."""
        folder.mkdir(parents=True, exist_ok=True)
        rows, weights = _quantise(self.table)
        (folder / "model.safetensors").write_bytes(dump({"embeddings": rows, "weights": weights}))
        self.tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "README.md").write_text(card, encoding="utf-8")
        settings: dict[str, object] = {
            "similarity_fn_name": "cosine",
            "prompts": {},
            "default_prompt_name": None,
        }
        _write_json(folder / "config_sentence_transformers.json", settings)
        modules = [
            {"idx": number, "name": str(number), "path": path, "type": kind}
            for number, (_, kind, path) in enumerate(_MODULES)
        ]
        (folder / "1_Normalize").mkdir(exist_ok=True)
        _write_json(folder / "1_Normalize" / "config.json", {})
        _write_json(folder / "modules.json", modules)

    @classmethod
    def load(cls, folder: Path) -> "StaticVectors":
        """Read a folder that ``save`` wrote.

        :raises TrainingError: if it is missing or not such a folder.
        """
        try:
            weights = load_file(folder / "model.safetensors")
            tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8"))
            table = weights["embeddings"].astype(np.float32) * weights["weights"][:, None]
        except (OSError, SafetensorError, KeyError) as error:
            raise TrainingError(f"cannot read a static model from {folder}: {error!r}") from error
        return cls(tokenizer, table)


def _quantise(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    weights = np.maximum(np.abs(table).max(axis=1), 1e-12).astype(np.float32) / np.float32(127)
    return np.rint(table / weights[:, None]).astype(np.int8), weights


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
