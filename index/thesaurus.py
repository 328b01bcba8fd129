"""The thesaurus: which of the corpus's words come nearest to a question's words.

People do not ask in a report's words, and half of them ask in English. Each
word of a question is taken to the corpus's own words by the encoder's vectors,
so that BM25 finds what the question means: ``takeaways`` finds 外卖.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from index.chunk import Chunk
from index.encoder import Encoder
from index.vectors import VectorIndex
from index.words import words

NEAR = 6
CLOSE = 0.3


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question, with the corpus's words near it and how close each is (to 1).

    ``weight`` is the word's rarity in the corpus; an English word, or one that the
    corpus lacks, takes the rarity of the nearest Chinese one.
    """

    word: str
    weight: float
    near: tuple[tuple[str, float], ...]


class Thesaurus:
    """The corpus's words, with their rarity and vectors.

    :param rarities: log(1 + chunks / chunks with the word), for each word.
    """

    def __init__(self, rarities: dict[str, float], vectors: VectorIndex, encoder: Encoder) -> None:
        self.rarities = rarities
        self.vectors = vectors
        self._words = list(rarities)
        self._encoder = encoder

    @classmethod
    def build(cls, chunks: Sequence[Chunk], encoder: Encoder) -> "Thesaurus":
        """Collect the words of chunks and encode each."""
        rarities = _rarities(chunks)
        return cls(rarities, VectorIndex(encoder.encode(list(rarities))), encoder)

    def terms(self, text: str) -> tuple[Term, ...]:
        """Give the words of a question as terms; one with nothing near it has an empty ``near``."""
        asked = words(text)
        if not asked or not self._words:
            return ()
        rarest = max(self.rarities.values())
        found = []
        for word, ranking in zip(
            asked, self.vectors.nearest(self._encoder.encode(asked), NEAR), strict=True
        ):
            near = {
                self._words[row]: score
                for row, score in ranking
                if score >= CLOSE and not self._words[row].isascii()
            }
            if word in self.rarities:
                near = {
                    word: 1.0,
                    **{other: score for other, score in near.items() if other != word},
                }
            first = next((one for one in near if not one.isascii()), next(iter(near), None))
            weight = self.rarities[first] if first else rarest
            found.append(Term(word, weight, tuple(near.items())))
        return tuple(found)


def _rarities(chunks: Iterable[Chunk]) -> dict[str, float]:
    texts = [set(words(chunk.searched)) for chunk in chunks]
    counts = Counter(word for text in texts for word in text)
    return {word: log(1 + len(texts) / count) for word, count in sorted(counts.items())}
