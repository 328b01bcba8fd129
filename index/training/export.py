"""Export: a trained reader as an ONNX graph with int8 weights, which needs no PyTorch to run."""

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
    model.eval()
    model.body.set_attn_implementation("eager")
    example = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "pairs", 1: "tokens"} for name in _INPUTS} | {"scores": {0: "pairs"}}
    with (
        tempfile.TemporaryDirectory(prefix="wenshu-export-", dir=out) as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            model,
            (example, example, torch.zeros_like(example)),
            str(full),
            dynamo=False,
            input_names=list(_INPUTS),
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=_OPSET,
        )
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True)
        os.replace(small, out / "model.onnx")
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
