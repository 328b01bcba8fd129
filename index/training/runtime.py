"""What an encoder of layers costs to run, by library and number format, and how near it stays."""

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from index.training.bilingual import padded, pooled
from index.training.export import export_onnx

_LONGEST = 128
_BATCH = 16
_ONCE = 30

Vectors = NDArray[np.float32]
Encode = Callable[[Any], Vectors]


@dataclass(frozen=True, slots=True)
class Runtime:
    """One way to run an encoder.

    ``cold`` and ``load`` are seconds to import its libraries and to load it, ``speed`` texts a
    second in batches, ``once`` milliseconds for one text (median), ``size`` megabytes, ``near`` the
    mean cosine with PyTorch's float32 vectors.
    """

    name: str
    cold: float
    load: float
    speed: float
    once: float
    size: float
    near: float

    def row(self) -> str:
        """One line of a table under :data:`HEADER`."""
        return (
            f"| {self.name} | {self.cold:.1f} s | {self.load:.2f} s | {self.speed:,.0f} "
            f"| {self.once:.1f} ms | {self.size:.1f} MB | {self.near:.4f} |"
        )


HEADER = """| run by | import | load | texts/s | one text | size | cosine with float32 |
| --- | --- | --- | --- | --- | --- | --- |"""


def measure_runtimes(folder: Path, texts: Sequence[str]) -> list[Runtime]:
    """Run the encoder of a folder on some texts in five ways."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    order = sorted(texts, key=len)
    batches = [
        padded(tokenizer, order[start : start + _BATCH], _LONGEST)
        for start in range(0, len(order), _BATCH)
    ]
    single = [padded(tokenizer, [text], _LONGEST) for text in texts[:_ONCE]]
    with tempfile.TemporaryDirectory(prefix="wenshu-runtime-") as work:
        ways = _ways(folder, Path(work))
        by_torch, by_onnx = _import_time("torch, transformers"), _import_time("onnxruntime")
        first: Vectors | None = None
        found = []
        for name, open_it, size in ways:
            begun = time.perf_counter()
            encode = open_it()
            load = time.perf_counter() - begun
            encode(batches[0])
            begun = time.perf_counter()
            vectors = np.concatenate([encode(batch) for batch in batches])
            speed = len(texts) / (time.perf_counter() - begun)
            first = vectors if first is None else first
            found.append(
                Runtime(
                    name,
                    by_onnx if "ONNX" in name else by_torch,
                    load,
                    speed,
                    float(np.median([_milliseconds(encode, one) for one in single])),
                    size / 1e6,
                    float((vectors * first).sum(axis=1).mean()),
                )
            )
    return found


def _ways(folder: Path, work: Path) -> list[tuple[str, Callable[[], Encode], int]]:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full, small = work / "full.onnx", work / "small.onnx"
    export_onnx(_Pooler(AutoModel.from_pretrained(folder)), full, "vectors")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
    weights = (folder / "model.safetensors").stat().st_size
    return [
        ("PyTorch float32", lambda: _by_torch(folder, torch.float32), weights),
        ("PyTorch bfloat16", lambda: _by_torch(folder, torch.bfloat16), weights // 2),
        ("PyTorch int8", lambda: _by_torch_int8(folder), _saved(_int8(folder), work / "int8.pt")),
        ("ONNX Runtime float32", lambda: _by_onnx(full), full.stat().st_size),
        ("ONNX Runtime int8", lambda: _by_onnx(small), small.stat().st_size),
    ]


class _Pooler(torch.nn.Module):
    """An encoder with its pooling, as a graph: tokens in, unit vectors out."""

    def __init__(self, body: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.body = body

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor,
    ) -> torch.Tensor:
        """Give a unit vector a text: (texts, dimension)."""
        return pooled(
            self.body,
            {
                "input_ids": input_ids,
                "attention_mask": attention_mask,
                "token_type_ids": token_type_ids,
            },
        )


def _by_torch(folder: Path, dtype: torch.dtype) -> Encode:
    return _encode_with(AutoModel.from_pretrained(folder, dtype=dtype).eval())


def _by_torch_int8(folder: Path) -> Encode:
    return _encode_with(_int8(folder))


def _int8(folder: Path) -> Any:  # noqa: ANN401
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            AutoModel.from_pretrained(folder).eval(), {torch.nn.Linear}, dtype=torch.qint8
        )


def _saved(model: Any, path: Path) -> int:  # noqa: ANN401
    torch.save(model.state_dict(), path)
    return path.stat().st_size


def _encode_with(model: Any) -> Encode:  # noqa: ANN401
    def encode(batch: Any) -> Vectors:  # noqa: ANN401
        with torch.inference_mode():
            found: Vectors = pooled(model, batch).numpy()
        return found

    return encode


def _by_onnx(path: Path) -> Encode:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(batch: Any) -> Vectors:  # noqa: ANN401
        given = {name: tokens.numpy() for name, tokens in batch.items()}
        given.setdefault("token_type_ids", np.zeros_like(given["input_ids"]))
        found: Vectors = session.run(None, given)[0]
        return found

    return encode


def _milliseconds(encode: Encode, one: Any) -> float:  # noqa: ANN401
    begun = time.perf_counter()
    encode(one)
    return (time.perf_counter() - begun) * 1000


def _import_time(libraries: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {libraries}"], check=True)
    return time.perf_counter() - begun
