"""Encoders: sentences to vectors.

An encoder is a slot. The bundled one is a table of token vectors that NumPy
reads by itself, so that a cold start does not wait for PyTorch; any other
sentence-transformers model goes through its own library.
"""

import json
import logging
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.offline import go_offline

BUNDLED = Path(__file__).parent / "models" / "static-zh-en"
_BATCH = 64

Vectors = NDArray[np.float32]


class EncoderError(Exception):
    """A sentence encoder cannot be loaded."""


class Encoder(Protocol):
    """Turns texts into unit vectors.

    ``digest`` changes whenever the vectors would: an index built with another
    digest is not used.
    """

    @property
    def name(self) -> str:
        """Name or path, as the user gave it."""

    @property
    def digest(self) -> str:
        """Hash of the model's content."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row a text: (len(texts), dimension) float32."""


class StaticEncoder:
    """The mean of a text's token vectors (sentence-transformers' StaticEmbedding).

    A token's vector is its row, float or int8, times its weight if the model has any.

    :param folder: A StaticEmbedding model as sentence-transformers saves it.
    :raises EncoderError: If the folder holds no such model or a damaged one.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self.name = str(folder)
        module = static_module(folder)
        if module is None:
            raise EncoderError(f"no StaticEmbedding model in {folder}")
        try:
            self._tokenizer = Tokenizer.from_file(str(module / "tokenizer.json"))
            tensors = load_file(module / "model.safetensors")
            rows = tensors["embedding.weight" if "embedding.weight" in tensors else "embeddings"]
            # model2vec lets several tokens share a row.
            self._rows = rows[tensors["mapping"]] if "mapping" in tensors else rows
            self._weights = tensors.get("weights", np.ones(len(self._rows), dtype=np.float32))
            if self._tokenizer.get_vocab_size() > min(len(self._rows), len(self._weights)):
                raise ValueError("its tokenizer has tokens that its table lacks")
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise EncoderError(
                f"cannot read the model in {folder}: {_first_line(error)}"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.digest = digest_of(module)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._rows.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row a text; a text without a known token gives a zero row."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, tokens in enumerate(encoded):
            if tokens.ids:
                vectors[row] = self._weights[tokens.ids] @ self._rows[tokens.ids].astype(np.float32)
        return _unit(vectors)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by folder or by an id already in the local cache.

    :raises EncoderError: If the model is not there; nothing is downloaded.
    """

    def __init__(self, name: str) -> None:
        go_offline()
        logging.getLogger("sentence_transformers").setLevel(logging.CRITICAL)
        from sentence_transformers import SentenceTransformer

        self.name = name
        try:
            self._model = SentenceTransformer(name, local_files_only=True, device="cpu")
        except Exception as error:  # the library raises many kinds
            why = f" ({_first_line(error)})" if Path(name).is_dir() else ""
            raise EncoderError(
                f"cannot load the sentence encoder {name!r}: give a model folder, or an id that "
                f"is in the local Hugging Face cache; nothing is downloaded{why}"
            ) from error
        folder = Path(name)
        self.digest = digest_of(folder) if folder.is_dir() else sha256(name.encode()).hexdigest()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.encode(["x"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row a text."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Any = self._model.encode(
            list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
        )
        return _unit(np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1))


def load_encoder(name: str | None = None) -> Encoder:
    """Load the bundled encoder, or the sentence-transformers model of that folder or id.

    :raises EncoderError: If it is not there or damaged.
    """
    folder = BUNDLED if name is None else Path(name)
    if name is None or static_module(folder) is not None:
        return StaticEncoder(folder)
    return SentenceTransformerEncoder(name)


def static_module(folder: Path) -> Path | None:
    """Give the folder of a model's StaticEmbedding module, if that is all the model has.

    A normalising module after it changes nothing, as vectors are normalised here.
    """
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
        path = folder / modules[0]["path"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return path if kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) else None


def digest_of(folder: Path) -> str:
    """Hash the files of a model folder, names and content."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    unit: Vectors = (vectors / lengths).astype(np.float32)
    return unit


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:160]
