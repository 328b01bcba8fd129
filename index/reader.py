"""Readers: how well each of some texts answers a question, read together with it.

The bundled reader is a cross-encoder of 6 layers in int8 that ONNX Runtime runs, so that a
cold start does not wait for PyTorch (docs/models.md).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

BUNDLED_READER = Path(__file__).parent / "models" / "reader-zh-en"
LONGEST = 160
"""Tokens of a question and a text together; a longer text is cut at its end."""
_LONGEST_QUESTION = 400
_BATCH = 8
_THREADS = 2

Scores = NDArray[np.float32]


class ReaderError(Exception):
    """A reader cannot be loaded."""


class Reader(Protocol):
    """Reads a question with texts that may answer it."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Give a number a text: (len(texts),) float32; above 0 for one that likely answers."""


class OnnxReader:
    """A cross-encoder that ``python -m index.training reader`` wrote.

    :param folder: ``model.onnx`` and ``tokenizer.json``.
    :raises ReaderError: If the folder holds no such model or a damaged one.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.log_severity_level = 4
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise bare exceptions of their own
            reason = str(error).strip().split("\n", 1)[0][:160]
            raise ReaderError(f"cannot read the reader in {folder}: {reason}") from error
        self._tokenizer.enable_truncation(LONGEST, strategy="longest_first")
        self._tokenizer.enable_padding()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Give a number a text: (len(texts),) float32; above 0 for one that likely answers."""
        found = np.zeros(len(texts), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            pairs = [(question[:_LONGEST_QUESTION], texts[place]) for place in places]
            read = self._tokenizer.encode_batch(pairs)
            inputs = {
                "input_ids": np.array([one.ids for one in read]),
                "attention_mask": np.array([one.attention_mask for one in read]),
                "token_type_ids": np.array([one.type_ids for one in read]),
            }
            found[places] = self._session.run(None, inputs)[0]
        return found


def load_reader(folder: Path | None = None) -> Reader:
    """Open a reader, by default the bundled one.

    :raises ReaderError: If it is missing or damaged.
    """
    return OnnxReader(folder or BUNDLED_READER)
