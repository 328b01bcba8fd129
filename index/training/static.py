"""Train a static encoder: one vector per token, a text is their mean.

The loss is the multiple-negatives ranking loss over a batch, in both directions: each text has
to find its partner among the partners of all others.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from index.training.data import Pair, TrainingError
from index.training.features import TokenParts, gather

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class StaticSettings:
    """How the vectors are trained; ``drop`` is the share of tokens hidden at each step."""

    dimension: int = 384
    epochs: int = 3
    batch: int = 2048
    rate: float = 0.05
    scale: float = 20.0
    drop: float = 0.15
    longest: int = 128
    seed: int = 13


@dataclass(frozen=True)
class TokenTexts:
    """Texts as token ids: text ``i`` is ``flat[starts[i]:starts[i + 1]]``."""

    flat: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> "TokenTexts":
        """Tokenize ``texts``, each cut to its first ``longest`` tokens."""
        found = [
            encoding.ids[:longest]
            for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ]
        lengths = np.array([len(ids) for ids in found], dtype=np.int64)
        flat = np.array([token for ids in found for token in ids], dtype=np.int64)
        return cls(flat, np.concatenate([[0], np.cumsum(lengths)]))


@dataclass(frozen=True)
class Task:
    """Pairs as token ids; equal numbers in a ``same_…`` array mark equal texts."""

    left: TokenTexts
    right: TokenTexts
    same_left: NDArray[np.int64]
    same_right: NDArray[np.int64]

    @classmethod
    def of(cls, tokenizer: Tokenizer, pairs: Sequence[Pair], longest: int) -> "Task":
        """Tokenize the pairs that keep a token on both sides."""
        left = TokenTexts.of(tokenizer, [pair.left for pair in pairs], longest)
        right = TokenTexts.of(tokenizer, [pair.right for pair in pairs], longest)
        same = [
            np.unique([getattr(pair, side) for pair in pairs], return_inverse=True)[1]
            for side in ("left", "right")
        ]
        return cls(left, right, same[0], same[1])

    def __len__(self) -> int:
        return len(self.same_left)


class TokenTable(torch.nn.Module):
    """Vectors of tokens: a learned weight times (own row + mean of the parts' rows)."""

    def __init__(self, parts: TokenParts, frequency: NDArray[np.float64], dimension: int) -> None:
        super().__init__()
        tokens = len(parts.starts) - 1
        self.parts = parts
        self.own = torch.nn.Parameter(torch.randn(tokens, dimension))
        self.shared = torch.nn.Parameter(torch.randn(max(1, parts.size), dimension))
        rare = 1e-3 / (1e-3 + frequency)
        self.weight = torch.nn.Parameter(torch.tensor(np.log(rare), dtype=torch.float32))

    def rows(self, tokens: NDArray[np.int64]) -> torch.Tensor:
        """Vectors of ``tokens``: (n, dimension)."""
        found, offsets = gather(self.parts.flat, self.parts.starts, tokens)
        shared = functional.embedding_bag(
            torch.from_numpy(found), self.shared, torch.from_numpy(offsets), mode="mean"
        )
        ids = torch.from_numpy(tokens)
        own = functional.embedding(ids, self.own)
        return (own + shared) * self.weight[ids].exp().unsqueeze(1)

    def folded(self) -> Vectors:
        """All vectors, scaled so that the longest has length 10; the unknown token gets zeros."""
        with torch.no_grad():
            table = self.rows(np.arange(len(self.own)))
        table[0] = 0.0
        table *= 10.0 / table.norm(dim=1).max()
        return table.numpy().astype(np.float32)


def train_static(
    tokenizer: Tokenizer,
    tasks: Sequence[Sequence[Pair]],
    settings: StaticSettings,
    *,
    start: Vectors | None = None,
    after_epoch: Callable[[int, Vectors], None] | None = None,
) -> tuple[Vectors, list[float]]:
    """Token vectors (vocabulary, dimension) and the mean loss of each epoch.

    :param tasks: each a list of pairs; a batch is drawn from one task only.
    :param start: first values of the tokens' own rows; random without it.
    :raises TrainingError: if no task has two pairs.
    """
    torch.manual_seed(settings.seed)
    generator = np.random.default_rng(settings.seed)
    prepared = [Task.of(tokenizer, task, settings.longest) for task in tasks if len(task) > 1]
    if not prepared:
        raise TrainingError("training needs at least two pairs")
    table = _new_table(tokenizer, prepared, settings, start)
    optimizer = torch.optim.Adam(table.parameters(), lr=settings.rate, fused=True)
    batches = sum(math.ceil(len(task) / settings.batch) for task in prepared)
    total = batches * settings.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _warm_then_linear(total))
    losses: list[float] = []
    for epoch in range(1, settings.epochs + 1):
        begun, running = time.perf_counter(), 0.0
        for task, rows in _batches(prepared, settings.batch, generator):
            optimizer.zero_grad()
            loss = _loss(table, task, rows, settings, generator)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            running += loss.item() / batches
        losses.append(running)
        seconds = time.perf_counter() - begun
        logger.info("epoch %d/%d loss %.4f (%.0f s)", epoch, settings.epochs, running, seconds)
        if after_epoch is not None:
            after_epoch(epoch, table.folded())
    return table.folded(), losses


def _new_table(
    tokenizer: Tokenizer, tasks: Sequence[Task], settings: StaticSettings, start: Vectors | None
) -> TokenTable:
    size = tokenizer.get_vocab_size()
    counts = np.ones(size)
    for task in tasks:
        for side in (task.left, task.right):
            counts += np.bincount(side.flat, minlength=size)
    names = [tokenizer.id_to_token(token) or "" for token in range(size)]
    table = TokenTable(TokenParts.of(names), counts / counts.sum(), settings.dimension)
    if start is not None:
        with torch.no_grad():
            table.own.copy_(torch.from_numpy(start))
    return table


def _batches(
    tasks: Sequence[Task], size: int, generator: np.random.Generator
) -> Iterator[tuple[Task, NDArray[np.int64]]]:
    drawn: list[tuple[Task, NDArray[np.int64]]] = []
    for task in tasks:
        order = generator.permutation(len(task))
        pieces = max(1, math.ceil(len(task) / size))
        drawn.extend((task, rows) for rows in np.array_split(order, pieces))
    for position in generator.permutation(len(drawn)):
        yield drawn[position]


def _loss(
    table: TokenTable,
    task: Task,
    rows: NDArray[np.int64],
    settings: StaticSettings,
    generator: np.random.Generator,
) -> torch.Tensor:
    sides = [gather(side.flat, side.starts, rows) for side in (task.left, task.right)]
    used, places = np.unique(np.concatenate([flat for flat, _ in sides]), return_inverse=True)
    vectors = table.rows(used)
    texts, begin = [], 0
    for flat, offsets in sides:
        ids = places[begin : begin + len(flat)]
        begin += len(flat)
        keep = (generator.random(len(flat)) >= settings.drop).astype(np.float32)
        summed = functional.embedding_bag(
            torch.from_numpy(ids),
            vectors,
            torch.from_numpy(offsets),
            mode="sum",
            per_sample_weights=torch.from_numpy(keep),
        )
        texts.append(functional.normalize(summed, dim=1))
    scores = settings.scale * texts[0] @ texts[1].T
    equal = (task.same_left[rows][:, None] == task.same_left[rows][None, :]) | (
        task.same_right[rows][:, None] == task.same_right[rows][None, :]
    )
    np.fill_diagonal(equal, False)
    scores = scores.masked_fill(torch.from_numpy(equal), -1e4)
    target = torch.arange(len(rows))
    both = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    return both / 2


def _warm_then_linear(total: int) -> Callable[[int], float]:
    warm = max(1, total // 10)
    return lambda step: min((step + 1) / warm, max(0.02, (total - step) / max(1, total - warm)))
