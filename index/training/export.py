"""Export: a trained network as an ONNX graph, which needs no PyTorch to run."""

import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch

from index.training.cross_encoder import CrossEncoder

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OPSET = 17


def write_reader(model: CrossEncoder, tokenizer: Any, out: Path) -> None:  # noqa: ANN401
    """Write ``model.onnx`` (dynamic int8) and ``tokenizer.json`` into a folder."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="wenshu-export-", dir=out) as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        export_onnx(model, full, "scores")
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
        os.replace(small, out / "model.onnx")
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))


def export_onnx(model: Any, path: Path, output: str) -> None:  # noqa: ANN401
    """Write a network over ``body`` as an ONNX graph: a row of ``output`` for each text."""
    model.eval()
    model.body.set_attn_implementation("eager")
    example = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "texts", 1: "tokens"} for name in _INPUTS} | {output: {0: "texts"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example, example, torch.zeros_like(example)),
            str(path),
            dynamo=False,
            input_names=list(_INPUTS),
            output_names=[output],
            dynamic_axes=axes,
            opset_version=_OPSET,
        )
