"""Measure an encoder on what was held out of training."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.training.data import Corpus, Pair
from index.training.domain import Domain


class TextEncoder(Protocol):
    """Anything that turns texts into unit rows (n, dimension)."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give unit rows, one per text."""


@dataclass(frozen=True)
class Scores:
    """Shares between 0 and 1, and sentences encoded per second."""

    chinese_to_english: float
    english_to_chinese: float
    question_rank: float
    question_first: float
    speed: float

    def row(self) -> str:
        """One line of a table: percentages, mean reciprocal rank, speed."""
        return (
            f"{self.chinese_to_english:6.1%} {self.english_to_chinese:6.1%} "
            f"{self.question_rank:6.3f} {self.question_first:6.1%} {self.speed:9,.0f}"
        )


HEADER = " zh>en  en>zh zh MRR  zh @1   texts/s"


def measure(encoder: TextEncoder, corpus: Corpus) -> Scores:
    """Accuracy of finding a pair's other side, and rank of a question's answer sentence."""
    english = [pair.left for pair in corpus.test_pairs]
    chinese = [pair.right for pair in corpus.test_pairs]
    begun = time.perf_counter()
    left, right = encoder.encode(english), encoder.encode(chinese)
    speed = (len(english) + len(chinese)) / (time.perf_counter() - begun)
    scores = left @ right.T
    truth = np.arange(len(scores))
    ranks = _question_ranks(encoder, corpus)
    return Scores(
        chinese_to_english=float((scores.argmax(axis=0) == truth).mean()),
        english_to_chinese=float((scores.argmax(axis=1) == truth).mean()),
        question_rank=float((1 / ranks).mean()),
        question_first=float((ranks == 1).mean()),
        speed=speed,
    )


def _question_ranks(encoder: TextEncoder, corpus: Corpus) -> NDArray[np.float64]:
    place = {sentence: number for number, sentence in enumerate(corpus.test_sentences)}
    answers = np.array([place[pair.right] for pair in corpus.test_questions])
    questions = encoder.encode([pair.left for pair in corpus.test_questions])
    scores = questions @ encoder.encode(corpus.test_sentences).T
    of_answer = scores[np.arange(len(answers)), answers]
    ranks: NDArray[np.float64] = (scores >= of_answer[:, None]).sum(axis=1).astype(np.float64)
    return ranks


def measure_domain(encoder: TextEncoder, domain: Domain) -> list[str]:
    """Rank every piece of evidence for the bank's held-out questions; a line a language.

    Shares of questions whose evidence is among the first 1, 5 and 20, and the mean
    reciprocal rank.
    """
    places = {text: place for place, text in enumerate(domain.texts)}
    texts = encoder.encode(domain.texts)
    lines = []
    for language, pairs in _by_language(domain.test_questions).items():
        scores = encoder.encode([pair.left for pair in pairs]) @ texts.T
        own = np.array([places[pair.right] for pair in pairs])
        ranks = 1 + (scores > scores[np.arange(len(pairs)), own][:, None]).sum(axis=1)
        shares = " ".join(f"{np.mean(ranks <= cut):7.1%}" for cut in (1, 5, 20))
        lines.append(f"{language} {len(pairs):5} {shares} {np.mean(1 / ranks):6.3f}")
    return lines


def _by_language(pairs: list[Pair]) -> dict[str, list[Pair]]:
    chinese = [pair for pair in pairs if len(re.findall("[一-鿿]", pair.left)) > 3]
    return {"zh": chinese, "en": [pair for pair in pairs if pair not in chinese]}
