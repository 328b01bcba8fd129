"""Tune an encoder to find what answers a question (Karpukhin et al. 2020, Dense Passage Retrieval).

Each question must be nearer to its own evidence than to that of the other questions of the batch
and to a sentence that terms search, or the encoder itself, took for it.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from corpus import load_reports
from index.bank import load_bank
from index.encoder import Encoder, load_encoder
from index.lexical import LexicalIndex
from index.training.bilingual import padded, pooled, write_encoder
from index.training.data import Corpus, Pair, load_corpus
from index.training.domain import Domain, load_domain
from index.training.loop import LoopSettings, run
from index.vectors import VectorIndex

logger = logging.getLogger(__name__)

_SCALE = 20.0


@dataclass(frozen=True)
class RetrievalSettings:
    """How to tune; ``near`` is how many of the best wrong sentences one is drawn from."""

    loop: LoopSettings = field(
        default_factory=lambda: LoopSettings(rate=1e-4, embedding_rate=3e-4, warmup=0.06)
    )
    batch: int = 48
    longest: int = 96
    near: int = 12
    questions: int = 6_000
    replay: int = 8_000
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two texts that belong together and, if there is one, a third that only seems to."""

    source: str
    left: str
    right: str
    wrong: str | None = None


def tune(
    data: Path,
    encoder: Path,
    out: Path,
    settings: RetrievalSettings,
    *,
    limit: int | None = None,
) -> list[float]:
    """Tune the encoder of a folder, write it to ``out`` and give the losses.

    The bank's held-out questions are not learnt from.

    :param limit: Texts of each kind at most, for trials.
    :raises TrainingError: If the data cannot be read.
    :raises EncoderError: If the encoder cannot.
    """
    torch.manual_seed(settings.seed)
    corpus, domain = load_corpus(data, limit=limit), load_domain(load_bank(), load_reports())
    lessons = _lessons(corpus, domain, encoder, settings, limit)
    logger.info("%d lessons", len(lessons))
    tokenizer, model = AutoTokenizer.from_pretrained(encoder), AutoModel.from_pretrained(encoder)

    def loss_of(batch: Sequence[Lesson]) -> torch.Tensor:
        found = [*(one.right for one in batch), *(one.wrong for one in batch if one.wrong)]
        left = pooled(model, padded(tokenizer, [one.left for one in batch], settings.longest))
        right = pooled(model, padded(tokenizer, found, settings.longest))
        scores = (_SCALE * left @ right.T).masked_fill(_same(batch, found), -1e4)
        return functional.cross_entropy(scores, torch.arange(len(batch)))

    losses = run(model, _batches(lessons, settings), loss_of, settings.loop, out)
    write_encoder(model, tokenizer, out)
    return losses


def _same(batch: Sequence[Lesson], found: Sequence[str]) -> torch.Tensor:
    """Where another's text is one's own text too, which is no error: (batch, found)."""
    return torch.tensor(
        [
            [text == one.right and column != row for column, text in enumerate(found)]
            for row, one in enumerate(batch)
        ]
    )


def _lessons(
    corpus: Corpus, domain: Domain, encoder: Path, settings: RetrievalSettings, limit: int | None
) -> list[Lesson]:
    chosen = random.Random(settings.seed)
    asked = domain.questions[:limit]
    wrong = hard_negatives(asked, domain.texts, load_encoder(str(encoder)), settings)
    lessons = [
        Lesson("bank", pair.left, pair.right, found)
        for pair, found in zip(asked, wrong, strict=True)
    ]
    replayed = chosen.sample(corpus.pairs, min(settings.replay, len(corpus.pairs)))
    learnt = chosen.sample(corpus.questions, min(settings.questions, len(corpus.questions)))
    for name, pairs in (
        ("bank-en", domain.english),
        ("edition", domain.sentences),
        ("questions", learnt),
        ("replay", replayed),
    ):
        lessons += [Lesson(name, pair.left, pair.right) for pair in pairs[:limit]]
    return lessons


def hard_negatives(
    asked: Sequence[Pair], texts: Sequence[str], encoder: Encoder, settings: RetrievalSettings
) -> list[str | None]:
    """Give each question a text that is not its own, from the best of terms search and encoder."""
    chosen = random.Random(settings.seed)
    own: dict[str, set[str]] = defaultdict(set)
    for pair in asked:
        own[pair.left].add(pair.right)
    lexical, every = LexicalIndex(texts), range(len(texts))
    queries = encoder.encode([pair.left for pair in asked])
    near = VectorIndex(encoder.encode(texts)).nearest(queries, settings.near)
    found: list[str | None] = []
    for pair, by_vector in zip(asked, near, strict=True):
        by_term = lexical.search(pair.left, every, settings.near)
        taken = [texts[row] for row, _ in (*by_vector, *by_term)]
        others = [text for text in taken if text not in own[pair.left]]
        found.append(chosen.choice(others) if others else None)
    return found


def _batches(lessons: Sequence[Lesson], settings: RetrievalSettings) -> list[list[Lesson]]:
    """Batches of one source each, which are harder to tell apart, in random order."""
    chosen = random.Random(settings.seed)
    sources: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in chosen.sample(lessons, len(lessons)):
        sources[lesson.source].append(lesson)
    batches = [
        found[start : start + settings.batch]
        for _, found in sorted(sources.items())
        for start in range(0, len(found), settings.batch)
    ]
    chosen.shuffle(batches)
    return batches
