"""Build the tokenizer: a Unigram model over dictionary words, frequent words and word parts.

The vocabulary is counted rather than learned from raw text: Chinese words come from the
dictionary, so each has a sense to learn, and a few rounds of segmenting and counting give their
scores. Numbers become one class, but years (1900-2099) and names such as ``5g`` stay.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
_HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HEADWORD = re.compile(rf"[{_HAN}]{{2,6}}")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_YEAR = r"(?:19|20)\d\d(?!\d|\.\d|,\d{3}(?!\d))"
_NUMBER = rf"(?<![a-z\d])(?<!\d\.)(?!{_YEAR})\d+(?:,\d{{3}}(?!\d))*(?:\.\d+)*(?![a-z\d])"


@dataclass(frozen=True)
class VocabularySettings:
    """Sizes of the vocabulary's parts; ``rounds`` of segmenting and counting."""

    chinese_words: int = 24_000
    latin_words: int = 16_000
    latin_parts: int = 2_000
    minimum: int = 2
    rounds: int = 2


def build_tokenizer(
    texts: Sequence[str],
    headwords: Iterable[str],
    settings: VocabularySettings,
    *,
    boosted: Sequence[str] = (),
) -> Tokenizer:
    """Count words in ``texts`` and build a tokenizer, the same for the same input.

    :param headwords: the Chinese words that may become tokens (2 to 6 characters are used).
    :param boosted: texts of the domain, counted ten times.
    """
    counts = _count_pretokens([*texts, *boosted])
    for word, number in _count_pretokens(boosted).items():
        counts[word] += 9 * number
    latin = Counter({word: n for word, n in counts.items() if not _HAN_CHARACTER.search(word)})
    han = Counter({word: n for word, n in counts.items() if _HAN_CHARACTER.search(word)})
    pieces = _latin_pieces(latin, settings)
    pieces.update(_chinese_pieces(han, headwords, settings))
    return _unigram(pieces)


def text_pipeline() -> tuple[normalizers.Normalizer, pre_tokenizers.PreTokenizer]:
    """Lower case, one class for numbers, no punctuation but ``%``; Han runs stand alone."""
    normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(_NUMBER), "0"),
            normalizers.Replace(Regex(r"[^\p{L}\p{N}\p{M}%]+"), " "),
        ]
    )
    splitter = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(rf"[{_HAN}]+"), "isolated"),
            pre_tokenizers.Split("%", "isolated"),
        ]
    )
    return normalizer, splitter


def _count_pretokens(texts: Iterable[str]) -> Counter[str]:
    normalizer, splitter = text_pipeline()
    counts: Counter[str] = Counter()
    for text in texts:
        pretokens = splitter.pre_tokenize_str(normalizer.normalize_str(text))
        counts.update(word for word, _ in pretokens)
    return counts


def _latin_pieces(counts: Counter[str], settings: VocabularySettings) -> Counter[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = [(word, n) for word, n in ranked if n >= settings.minimum][: settings.latin_words]
    pieces = Counter(dict(kept))
    parts: Counter[str] = Counter()
    for word in counts:
        if word not in pieces:
            parts.update(word[:length] for length in range(2, min(9, len(word))))
            parts.update(word[-length:] for length in range(2, min(7, len(word))))
    best = sorted(parts.items(), key=lambda item: (-item[1] * (len(item[0]) - 1), item[0]))
    for part, number in best[: settings.latin_parts]:
        pieces[part] = max(pieces[part], number)
    for word in counts:
        for character in word:
            pieces[character] = max(pieces[character], 1)
    return pieces


def _chinese_pieces(
    runs: Counter[str], headwords: Iterable[str], settings: VocabularySettings
) -> Counter[str]:
    characters = Counter(
        {character: 0 for run in runs for character in run if _HAN_CHARACTER.match(character)}
    )
    words = sorted({word for word in headwords if _HEADWORD.fullmatch(word)})
    pieces = characters + Counter()
    pieces.update(dict.fromkeys([*characters, *words], 1))
    for _ in range(settings.rounds):
        pieces = _recount(runs, pieces)
        kept = sorted(
            ((word, n) for word, n in pieces.items() if len(word) > 1 and n >= settings.minimum),
            key=lambda item: (-item[1], item[0]),
        )[: settings.chinese_words]
        pieces = Counter({c: max(1, pieces[c]) for c in characters})
        pieces.update(dict(kept))
    return pieces


def _recount(runs: Counter[str], pieces: Counter[str]) -> Counter[str]:
    tokenizer = _unigram(pieces)
    ordered = list(runs)
    counts: Counter[str] = Counter()
    for run, encoding in zip(ordered, tokenizer.encode_batch(ordered), strict=True):
        for token in encoding.tokens:
            counts[token] += runs[run]
    return counts


def _unigram(pieces: Counter[str]) -> Tokenizer:
    total = sum(pieces.values())
    ranked = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(UNKNOWN, -100.0)]
    vocabulary += [(piece, math.log(number / total)) for piece, number in ranked]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer, tokenizer.pre_tokenizer = text_pipeline()
    return tokenizer
