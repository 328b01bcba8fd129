"""The reader: a cross-encoder that says which of the sentences found answers a question.

Question and sentence are read together (Nogueira and Cho 2019) by the bilingual encoder's
layers. In each group the evidence must come before the sentences that search took for it and
before "none of them", whose score is 0: so a score above 0 means that a sentence likely answers,
and of a question that nothing answers all sentences must score below.
"""

import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from index.reader import LONGEST
from index.training.cross_encoder import CrossEncoder
from index.training.data import TrainingError
from index.training.export import write_reader
from index.training.loop import LoopSettings, run

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReaderSettings:
    """How to train; ``batch`` is in groups, ``longest`` in tokens."""

    loop: LoopSettings = field(
        default_factory=lambda: LoopSettings(rate=1e-4, embedding_rate=2e-4, warmup=0.06)
    )
    batch: int = 6
    longest: int = LONGEST
    epochs: int = 1
    layers: int = 6
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Group:
    """A question with sentences found for it; those that are ``right`` answer it, maybe none."""

    question: str
    sentences: tuple[str, ...]
    right: tuple[bool, ...]


def read_groups(path: Path) -> list[Group]:
    """Read groups from JSON lines, as ``python -m eval.groups`` writes them.

    :raises TrainingError: If the file or a line of it cannot be read, or it holds no group.
    """
    found = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            read = json.loads(line)
            right = tuple(bool(one) for one in read["right"])
            sentences = tuple(str(one) for one in read["sentences"])
            if len(sentences) != len(right) or not sentences:
                raise ValueError(f"{len(sentences)} sentences, {len(right)} labels")
            found.append(Group(read["question"], sentences, right))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    if not found:
        raise TrainingError(f"{path} holds no groups: write them by python -m eval.groups")
    return found


def train_reader(
    groups: Sequence[Group], encoder: Path, out: Path, settings: ReaderSettings
) -> tuple[CrossEncoder, list[float]]:
    """Train a reader on an encoder's weights; give it with its losses, and write it to ``out``.

    :raises TrainingError: If the encoder cannot be read or a saved state does not fit.
    """
    torch.manual_seed(settings.seed)
    try:
        tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
        body = AutoModel.from_pretrained(encoder, local_files_only=True)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n", 1)[0]
        raise TrainingError(f"cannot read the encoder in {encoder}: {reason}") from error
    body.encoder.layer = body.encoder.layer[: settings.layers]
    body.config.num_hidden_layers = len(body.encoder.layer)
    model = CrossEncoder(body)
    batches = _batches(groups, settings)

    def loss_of(batch: Sequence[Group]) -> torch.Tensor:
        pairs = [(one.question, sentence) for one in batch for sentence in one.sentences]
        scores = model(**padded(tokenizer, pairs, settings.longest))
        parts = scores.split([len(one.sentences) for one in batch])
        losses = [group_loss(own, one.right) for own, one in zip(parts, batch, strict=True)]
        return torch.stack(losses).mean()

    losses = run(model, batches, loss_of, settings.loop, out)
    write_reader(model, tokenizer, out)
    return model, losses


def group_loss(scores: torch.Tensor, right: Sequence[bool]) -> torch.Tensor:
    """How far the right sentences, or none of them (0), are from coming first: cross-entropy."""
    every = torch.cat([scores, scores.new_zeros(1)])
    wanted = torch.tensor([*right, not any(right)])
    return torch.logsumexp(every, 0) - torch.logsumexp(every[wanted], 0)


def _batches(groups: Sequence[Group], settings: ReaderSettings) -> list[list[Group]]:
    """Batches of groups of like length, in random order, each group once an epoch."""
    dice = random.Random(settings.seed)
    batches: list[list[Group]] = []
    for _ in range(settings.epochs):
        shuffled = dice.sample(list(groups), len(groups))
        ordered = sorted(shuffled, key=lambda one: len(one.sentences[0]) // 60)
        own = [
            ordered[start : start + settings.batch]
            for start in range(0, len(ordered), settings.batch)
        ]
        dice.shuffle(own)
        batches += own
    return batches


def padded(
    tokenizer: Any,  # noqa: ANN401
    pairs: Sequence[tuple[str, str]],
    longest: int,
) -> dict[str, torch.Tensor]:
    """Tokens of questions with sentences, cut in the sentences."""
    read = tokenizer(
        [one for one, _ in pairs],
        [other for _, other in pairs],
        padding=True,
        truncation="only_second",
        max_length=longest,
        return_token_type_ids=True,
        return_tensors="pt",
    )
    return {name: read[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
