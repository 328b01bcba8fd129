"""The thesaurus: which of the corpus's words come nearest to a question's words.

People do not ask in a report's words, and half of them ask in English. Each
word of a question is taken to the corpus's own words by the encoder's vectors,
so that BM25 finds what the question means: ``takeaways`` finds 外卖.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log

from corpus import Glossary, GlossaryEntry
from index.chunk import Chunk
from index.encoder import Encoder
from index.vectors import VectorIndex
from index.words import words

_KEPT = 16
NEAR = 6
CLOSE = 0.3
SAME = 0.6
"""From how close on two words say the same."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question, with the corpus's words near it and how close each is (to 1).

    ``weight`` is the word's rarity in the corpus; an English word, or one that the
    corpus lacks, takes the rarity of the nearest Chinese one. ``kind`` is what the
    glossary says that it is, and empty where it lacks it.
    """

    word: str
    weight: float
    near: tuple[tuple[str, float], ...]
    kind: str = ""


class Thesaurus:
    """The corpus's words with their rarity and vectors, and the glossary's terms.

    :param chunks: What is searched; how rare a glossary's term is shows there.
    :param rarities: log(1 + chunks / chunks with the word), for each word.
    :param vectors: A vector for each word, in their order.
    """

    def __init__(
        self,
        chunks: Sequence[Chunk],
        rarities: dict[str, float],
        vectors: VectorIndex,
        encoder: Encoder,
        glossary: Glossary,
    ) -> None:
        self.rarities = rarities
        self.vectors = vectors
        self._words = list(rarities)
        self._encoder = encoder
        self._glossary = glossary
        self._chunks = chunks
        self._term_rarities: dict[str, float] = {}
        self._kept = lru_cache(maxsize=_KEPT)(self._read)

    @classmethod
    def build(cls, chunks: Sequence[Chunk], encoder: Encoder, glossary: Glossary) -> "Thesaurus":
        """Collect the words of chunks and encode each."""
        rarities = _rarities(chunks)
        return cls(chunks, rarities, VectorIndex(encoder.encode(list(rarities))), encoder, glossary)

    def terms(self, text: str) -> tuple[Term, ...]:
        """Give a question's terms: those of the glossary, then its other words.

        A word with nothing near it has an empty ``near``. A question is asked for its terms
        several times over, so those of the last texts are kept.
        """
        return self._kept(text)

    def spoken(self, text: str, terms: Sequence[Term]) -> float:
        """The share of a text's words, by rarity, that a question's terms speak of, from 0 to 1."""
        near = [pair for term in terms for pair in term.near]
        rarest = max(self.rarities.values(), default=0.0)
        weighed = [(word, self.rarities.get(word, rarest)) for word in words(text.lower())]
        total = sum(weight for _, weight in weighed)
        if not total:
            return 0.0
        said = sum(weight * _closest(word, near) for word, weight in weighed)
        return said / total

    def _read(self, text: str) -> tuple[Term, ...]:
        mentions = self._glossary.find(text)
        found = []
        for entry in dict.fromkeys(mention.entry for mention in mentions):
            near = tuple((form.lower(), 1.0) for form in entry.chinese)
            found.append(Term(entry.name, self._rarity(entry), near, entry.kind))
        rest = text
        for mention in mentions:
            blank = " " * (mention.end - mention.start)
            rest = rest[: mention.start] + blank + rest[mention.end :]
        return (*found, *self._other(words(rest)))

    def _rarity(self, entry: GlossaryEntry) -> float:
        """The rarity of a glossary's term, by any of its forms."""
        if entry.name not in self._term_rarities:
            self._term_rarities[entry.name] = self._counted(entry)
        return self._term_rarities[entry.name]

    def _counted(self, entry: GlossaryEntry) -> float:
        forms = [form.lower() for form in entry.chinese]
        count = sum(any(form in text for form in forms) for text in self._texts)
        return log(1 + len(self._texts) / max(count, 1))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(chunk.searched.lower() for chunk in self._chunks)

    def _other(self, asked: Sequence[str]) -> list[Term]:
        """Take words that the glossary lacks to the corpus's nearest, by the encoder."""
        if not asked or not self._words:
            return []
        rarest = max(self.rarities.values())
        rankings = self.vectors.nearest(self._encoder.encode(asked), NEAR)
        found = []
        for word, ranking in zip(asked, rankings, strict=True):
            near = {
                self._words[row]: score
                for row, score in ranking
                if score >= CLOSE and not self._words[row].isascii()
            }
            if word in self.rarities:
                near = {word: 1.0, **{one: score for one, score in near.items() if one != word}}
            first = next((one for one in near if not one.isascii()), next(iter(near), None))
            weight = self.rarities[first] if first else rarest
            found.append(Term(word, weight, tuple(near.items())))
        return found


def _closest(word: str, near: Iterable[tuple[str, float]]) -> float:
    """How closely some words speak of a word that one of them holds, or that holds one."""
    said = (close for other, close in near if other in word or word in other)
    return max((min(1.0, close / SAME) for close in said), default=0.0)


def _rarities(chunks: Iterable[Chunk]) -> dict[str, float]:
    texts = [set(words(f"{chunk.searched}\n{chunk.english}")) for chunk in chunks]
    counts = Counter(word for text in texts for word in text)
    return {word: log(1 + len(texts) / count) for word, count in sorted(counts.items())}
