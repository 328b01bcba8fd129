"""A bilingual encoder from an English one: Chinese characters added, then distilled.

Reimers and Gurevych 2020, Making Monolingual Sentence Embeddings Multilingual: the Chinese side
of a pair learns the teacher's vector of the English side. The teacher and the first weights are
all-MiniLM-L6-v2, whose vocabulary has few Chinese characters.
"""

import json
import logging
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from corpus import load_glossary, load_reports
from index.bank import load_bank
from index.training.data import Corpus, Pair, load_corpus
from index.training.domain import Domain, load_domain
from index.training.loop import LoopSettings, run
from index.training.narrow import narrowed, principal_axes
from index.training.teacher import minilm_folder

logger = logging.getLogger(__name__)

_CHINESE = range(0x4E00, 0xA000)
_CONTRAST = 0.2
_SCALE = 20.0
_SAMPLE = 4_000


@dataclass(frozen=True)
class DistilSettings:
    """What to distil and how long; counts are of texts.

    ``width`` is that of the layers, a multiple of 32; None keeps the teacher's.
    """

    loop: LoopSettings = field(default_factory=LoopSettings)
    batch: int = 96
    longest: int = 64
    each_source: int = 22_000
    senses: int = 40_000
    replay: int = 20_000
    domain_share: int = 3
    layers: int = 6
    width: int | None = None
    seed: int = 13


def distil(
    data: Path,
    out: Path,
    settings: DistilSettings,
    *,
    teacher: Path | None = None,
    limit: int | None = None,
) -> list[float]:
    """Train the bilingual encoder, write it to ``out`` and give the losses.

    What it writes is a sentence-transformers model: ``WENSHU_ENCODER`` can name its folder.

    :param teacher: Folder of the English encoder; all-MiniLM-L6-v2 by default.
    :param limit: Texts of each kind at most, for trials.
    :raises TrainingError: If the data cannot be read.
    """
    torch.manual_seed(settings.seed)
    corpus, domain = load_corpus(data, limit=limit), load_domain(load_bank(), load_reports())
    texts = [pair.right for pair in (*corpus.pairs, *domain.sentences, *domain.questions)]
    folder = teacher or minilm_folder()
    tokenizer, model = extended(folder, texts, corpus.senses, settings.layers)
    english = AutoModel.from_pretrained(folder).eval()
    old = AutoTokenizer.from_pretrained(folder)
    lessons = _lessons(corpus, domain, settings)[:limit]
    logger.info("%d lessons", len(lessons))
    axes = None
    if settings.width and settings.width < model.config.hidden_size:
        model = narrowed(model, settings.width)
        sample = random.Random(settings.seed).sample(lessons, min(_SAMPLE, len(lessons)))
        axes = principal_axes(_taught(english, old, sample, settings), settings.width)
    batches = _batches(lessons, settings)

    def loss_of(batch: Sequence[Pair]) -> torch.Tensor:
        with torch.no_grad():
            wanted = pooled(english, padded(old, [one.left for one in batch], settings.longest))
            if axes is not None:
                wanted = functional.normalize(wanted @ axes, dim=1)
        given = pooled(model, padded(tokenizer, [one.right for one in batch], settings.longest))
        near = 1 - (wanted * given).sum(dim=1).mean()
        scores = _SCALE * given @ wanted.T
        return near + _CONTRAST * functional.cross_entropy(scores, torch.arange(len(batch)))

    losses = run(model, batches, loss_of, settings.loop, out)
    write_encoder(model, tokenizer, out)
    return losses


def _taught(
    english: Any,  # noqa: ANN401
    tokenizer: Any,  # noqa: ANN401
    lessons: Sequence[Pair],
    settings: DistilSettings,
) -> torch.Tensor:
    """The teacher's vectors of the lessons' English sides: (lessons, dimension)."""
    texts = [one.left for one in lessons]
    starts = range(0, len(texts), settings.batch)
    with torch.no_grad():
        return torch.cat(
            [
                pooled(
                    english,
                    padded(tokenizer, texts[start : start + settings.batch], settings.longest),
                )
                for start in starts
            ]
        )


def write_encoder(model: Any, tokenizer: Any, out: Path) -> None:  # noqa: ANN401
    """Write a model with its pooling, as sentence-transformers reads it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import (
        Normalize,
        Pooling,
        Transformer,
    )

    with tempfile.TemporaryDirectory(prefix="wenshu-encoder-") as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        layers = Transformer(folder, max_seq_length=256)
        pooling = Pooling(model.config.hidden_size, pooling_mode="mean")
        SentenceTransformer(modules=[layers, pooling, Normalize()], device="cpu").save(str(out))


def extended(
    teacher: Path, texts: Iterable[str], senses: Sequence[Pair], layers: int = 6
) -> tuple[PreTrainedTokenizerFast, Any]:
    """The encoder in a folder with the Chinese characters and marks of ``texts`` in its vocabulary.

    A character begins as the mean of the words that its dictionary senses are made of.
    """
    written = json.loads((teacher / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = written["model"]["vocab"]
    counts = Counter(character for text in texts for character in text)
    new = sorted(
        one
        for one, count in counts.items()
        if one not in vocabulary and count > 1 and not one.isspace() and not one.isascii()
    )
    model = AutoModel.from_pretrained(teacher)
    table = model.get_input_embeddings().weight.detach()
    means = _means(senses, Tokenizer.from_file(str(teacher / "tokenizer.json")), table)
    size = len(vocabulary)
    for number, one in enumerate(new):
        vocabulary[one] = size + number
    written["normalizer"] = {
        "type": "Sequence",
        "normalizers": [{"type": "NFKC"}, written["normalizer"]],
    }
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=Tokenizer.from_str(json.dumps(written)),
        unk_token="[UNK]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        mask_token="[MASK]",
        model_max_length=256,
    )
    model.resize_token_embeddings(len(vocabulary), mean_resizing=False)
    rows = model.get_input_embeddings().weight.data
    spread = float(table.std())
    for one in (*new, *(known for known in vocabulary if known in means)):
        noise = torch.randn(rows.shape[1]) * spread * 0.2
        first = means.get(one)
        rows[vocabulary[one]] = noise + (table.mean(dim=0) if first is None else first)
    if layers < len(model.encoder.layer):
        kept = np.linspace(0, len(model.encoder.layer) - 1, layers).round().astype(int)
        model.encoder.layer = torch.nn.ModuleList([model.encoder.layer[i] for i in kept])
        model.config.num_hidden_layers = layers
    logger.info("%d characters added, %d begin at their senses", len(new), len(means))
    return tokenizer, model


def _means(
    senses: Sequence[Pair], tokenizer: Tokenizer, table: torch.Tensor
) -> dict[str, torch.Tensor]:
    found: dict[str, list[int]] = defaultdict(list)
    for pair in senses:
        if len(pair.right) == 1 and ord(pair.right) in _CHINESE:
            found[pair.right] += tokenizer.encode(pair.left, add_special_tokens=False).ids[:6]
    return {one: table[ids].mean(dim=0) for one, ids in found.items() if ids}


def _lessons(corpus: Corpus, domain: Domain, settings: DistilSettings) -> list[Pair]:
    """Pairs whose right side is to get the teacher's vector of the left side."""
    chosen = random.Random(settings.seed)
    sources: dict[str, list[Pair]] = defaultdict(list)
    for pair in corpus.pairs:
        if len(pair.right) <= 1.5 * settings.longest:
            sources[pair.source].append(pair)
    pairs = [
        pair
        for _, found in sorted(sources.items())
        for pair in chosen.sample(found, min(len(found), settings.each_source))
    ]
    words: dict[str, list[str]] = defaultdict(list)
    for sense in corpus.senses:
        words[sense.right].append(sense.left)
    headwords = [Pair("cedict", ", ".join(meant), word) for word, meant in words.items()]
    glossary = [
        Pair("glossary", term.en[0], name)
        for term in load_glossary().entries
        if term.en
        for name in term.chinese
    ]
    english = chosen.sample(pairs, min(len(pairs), settings.replay))
    replay = [Pair("replay", pair.left, pair.left) for pair in (*english, *domain.sentences)]
    own = [*domain.sentences, *glossary] * settings.domain_share
    return [
        *pairs,
        *chosen.sample(headwords, min(len(headwords), settings.senses)),
        *own,
        *replay,
    ]


def _batches(lessons: list[Pair], settings: DistilSettings) -> list[list[Pair]]:
    """Batches of like length, in random order."""
    chosen = random.Random(settings.seed)
    shuffled = chosen.sample(lessons, len(lessons))
    ordered = sorted(shuffled, key=lambda one: len(one.right.encode()) // 24)
    batches = [
        ordered[start : start + settings.batch] for start in range(0, len(ordered), settings.batch)
    ]
    chosen.shuffle(batches)
    return batches


def pooled(model: Any, padded: Any) -> torch.Tensor:  # noqa: ANN401
    """Unit vectors: the mean of the last layer over each text's tokens."""
    states = model(**padded).last_hidden_state.float()
    mask = padded["attention_mask"].unsqueeze(-1).float()
    return functional.normalize((states * mask).sum(dim=1) / mask.sum(dim=1), dim=1)


def padded(tokenizer: Any, texts: list[str], longest: int) -> Any:  # noqa: ANN401
    """The tokens of some texts as one batch, cut at ``longest``."""
    return tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
