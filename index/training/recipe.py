"""The recipe of the shipped static encoder, from data folder to model folder."""

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Tokenizer

from corpus import load_reports
from index.bank import load_bank
from index.encoder import load_encoder
from index.training.data import (
    Corpus,
    Pair,
    group_by_source,
    load_corpus,
    read_reports,
    word_list,
)
from index.training.domain import load_domain
from index.training.measure import HEADER, Scores, measure
from index.training.static import StaticSettings, Vectors, train_static
from index.training.teacher import first_vectors, minilm_folder
from index.training.vocabulary import VocabularySettings, build_tokenizer
from index.training.weights import StaticVectors

logger = logging.getLogger(__name__)

_CARD = """---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
language: [zh, en]
license: cc-by-sa-4.0
---
# static-zh-en
A small Chinese-English sentence encoder: one vector per token, a text is their mean, scaled to
length 1. Trained by `python -m index.training static` of Wenshu; figures in `docs/models.md`.

{size:,} tokens, dimension {dimension}; rows int8 with one float32 weight each. Numbers are one
token; years 1900-2099 and names such as `5g` are kept. Case and punctuation are dropped.

Origins: {pairs:,} sentence pairs of openly licensed documentation and data sets (CC0, CC BY 4.0,
CC BY 2.0 FR, Apache-2.0, MIT), {senses:,} senses of CC-CEDICT (CC BY-SA 4.0), {questions:,}
questions of CMRC 2018 (CC BY-SA 4.0) and DRCD (CC BY-SA 3.0), jieba's word list (MIT){teacher}.
"""
_TEACHER = "\nand first vectors from all-MiniLM-L6-v2 (Apache-2.0)"


@dataclass(frozen=True)
class Recipe:
    """What to train.

    ``teacher`` starts the vectors from all-MiniLM-L6-v2; sources with ``own_batches`` pairs are
    not mixed with others in a batch; questions are seen ``question_share`` times an epoch,
    the reports' own pairs ``domain_share`` times.
    """

    vocabulary: VocabularySettings = field(default_factory=VocabularySettings)
    training: StaticSettings = field(default_factory=StaticSettings)
    dictionary: bool = True
    teacher: bool = True
    own_batches: int = 6_000
    question_share: int = 4
    domain_share: int = 6


def train(
    data: Path, out: Path, recipe: Recipe, *, reports: Path | None = None, limit: int | None = None
) -> Scores:
    """Train on ``data``, write ``out`` and return the held-out figures of what was written.

    :raises TrainingError: if data or reports cannot be read.
    """
    begun = time.perf_counter()
    boosted = read_reports(reports) if reports is not None else []
    corpus = load_corpus(data, limit=limit)
    senses = corpus.senses if recipe.dictionary else []
    tokenizer = _tokenizer(corpus, senses, recipe.vocabulary, boosted)
    logger.info("%d tokens (%.0f s)", tokenizer.get_vocab_size(), time.perf_counter() - begun)
    start = None
    if recipe.teacher:
        tokens = [tokenizer.id_to_token(i) or "" for i in range(tokenizer.get_vocab_size())]
        start = first_vectors(
            tokens, senses, load_encoder(str(minilm_folder())), recipe.training.dimension
        )

    def report(epoch: int, vectors: Vectors) -> None:
        if epoch == 1:
            logger.info("held out: %s", HEADER)
        logger.info("held out: %s", measure(StaticVectors(tokenizer, vectors), corpus).row())

    tasks = [*group_by_source(corpus.pairs, recipe.own_batches), senses]
    tasks += [corpus.questions] * recipe.question_share
    domain = load_domain(load_bank(), load_reports())
    tasks += [domain.questions, domain.english, domain.sentences] * recipe.domain_share
    vectors, _ = train_static(tokenizer, tasks, recipe.training, start=start, after_epoch=report)
    card = _CARD.format(
        size=len(vectors),
        dimension=vectors.shape[1],
        pairs=len(corpus.pairs),
        senses=len(senses),
        questions=len(corpus.questions),
        teacher=_TEACHER if recipe.teacher else "",
    )
    StaticVectors(tokenizer, vectors).save(out, card)
    logger.info("wrote %s after %.0f s", out, time.perf_counter() - begun)
    return measure(StaticVectors.load(out), corpus)


def _tokenizer(
    corpus: Corpus, senses: list[Pair], settings: VocabularySettings, boosted: list[str]
) -> Tokenizer:
    texts = [text for pair in corpus.pairs for text in (pair.left, pair.right)]
    texts += [pair.left for pair in senses]
    texts += [text for pair in corpus.questions for text in (pair.left, pair.right)]
    words = [*(pair.right for pair in senses), *word_list()]
    return build_tokenizer(texts, words, settings, boosted=boosted)
