"""A narrower encoder than its teacher: fewer dimensions, all of what they can keep."""

from typing import Any

import torch
from transformers import BertConfig, BertModel

_HEAD = 32


def principal_axes(vectors: torch.Tensor, width: int) -> torch.Tensor:
    """Axes that keep most of some unit vectors' inner products: (dimension, width).

    Not centred, so that an inner product is as near as ``width`` dimensions allow.
    """
    *_, rows = torch.linalg.svd(vectors.float(), full_matrices=False)
    axes: torch.Tensor = rows[:width].T
    return axes


def narrowed(model: Any, width: int) -> BertModel:  # noqa: ANN401
    """A model of ``width`` with as many layers: its token vectors projected, its layers new.

    :raises ValueError: If ``width`` is no multiple of a head's 32 dimensions.
    """
    if width % _HEAD:
        raise ValueError(f"the width must be a multiple of {_HEAD}, not {width}")
    old = model.config
    made = BertModel(
        BertConfig(
            vocab_size=old.vocab_size,
            hidden_size=width,
            num_hidden_layers=old.num_hidden_layers,
            num_attention_heads=width // _HEAD,
            intermediate_size=4 * width,
            max_position_embeddings=old.max_position_embeddings,
        )
    )
    table = model.get_input_embeddings().weight.detach()
    rows: torch.Tensor = made.get_input_embeddings().weight  # type: ignore[no-untyped-call]
    projected = table @ principal_axes(table, width)
    with torch.no_grad():
        rows.copy_(projected / projected.std() * rows.std())
    return made
