"""Reading: the best sentences found for a question, read once more together with it.

The signs of :mod:`qa.signs` compare a question with a sentence term by term; the reader
(:mod:`index.reader`) reads both at once. It is slow, so it reads the first few alone.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from index import Reader
from qa.question import Question
from qa.scoring import Scored, Scorer
from qa.signs import heading

MODEL = Path(__file__).parent / "reading.json"
READ = 12
"""How many sentences are read."""
_FAR, _FEWEST = 6.0, 6
_LONGEST = 420
_POINT = re.compile(
    "[（(]?[一二三四五六七八九][）)]?是|第[一二三四五六七八九]|首先|其次|再次|最后|此外"
)


def read_again(
    reader: Reader | None,
    scorer: Scorer,
    question: Question,
    scored: Sequence[Scored],
    count: int = READ,
    weights: Mapping[str, float] | None = None,
) -> tuple[Scored, ...]:
    """Give the sentences scored for a question anew, the first few by what the reader says too.

    What it has not read comes after what it has: what stands behind the first ``count``, or far
    behind the best, from where nothing has come first.

    :param weights: What each sign counts; as fitted by default.
    """
    near = sum(one.score >= scored[0].score - _FAR for one in scored[:count]) if scored else 0
    count = min(count, max(near, _FEWEST))
    first, rest = scored[:count], scored[count:]
    if reader is None or not first:
        return tuple(scored)
    said = reader.scores(question.topic, [shown(scorer, question, one) for one in first])
    weights = weights or load_weights()
    read = [
        replace(
            one,
            score=sum(weights[name] * value for name, value in numbers(one, float(logit)).items()),
            read=float(logit),
        )
        for one, logit in zip(first, said, strict=True)
    ]
    read.sort(key=lambda one: -one.score)
    fall = read[-1].score - rest[0].score if rest else 0.0
    return (*read, *(replace(one, score=one.score + fall) for one in rest))


def read_span(
    reader: Reader | None,
    scorer: Scorer,
    question: Question,
    scored: Sequence[Scored],
    longest: int,
) -> tuple[Scored, ...]:
    """The run of sentences around the best one that answers, in reading order.

    The sentences of its passage count by the reader's number, which is above 0 for one that
    likely answers: the run is the one of the greatest sum, as for spans of words in Devlin et al.
    2019. Without a reader it is the best sentence alone.

    :param longest: Sentences at most.
    """
    best = scored[0]
    told = sorted(
        (one for one in scored if one.sentence.passage == best.sentence.passage),
        key=lambda one: one.sentence.start,
    )
    middle = told.index(best)
    first = max(0, middle - longest + 1)
    near = told[first : middle + longest]
    if reader is None or len(near) == 1:
        return (best,)
    said = reader.scores(question.topic, [shown(scorer, question, one) for one in near])
    own = middle - first
    runs = [
        (float(sum(said[start:end])), -(end - start), start, end)
        for start in range(own + 1)
        for end in range(own + 1, min(start + longest, len(near)) + 1)
    ]
    *_, start, end = max(runs)
    return tuple(near[start:end])


def told_on(span: Sequence[Scored], scored: Sequence[Scored], longest: int) -> tuple[Scored, ...]:
    """A run of sentences with what its passage goes on to tell of its last one.

    Of one that makes a point (二是平台助老服务更加完善) that is what follows up to the next point,
    of one that points follow, what opens each.

    :param longest: Sentences at most.
    """
    last = span[-1].sentence
    behind = sorted(
        (
            one
            for one in scored
            if one.sentence.passage == last.passage and one.sentence.start > last.start
        ),
        key=lambda one: one.sentence.start,
    )
    points = [one for one in behind if _POINT.match(one.sentence.text)]
    if _POINT.match(last.text):
        told = behind[: behind.index(points[0])] if points else behind
    else:
        told = points if points and points[0] == behind[0] else []
    return (*span, *told[: max(0, longest - len(span))])


def numbers(one: Scored, said: float) -> dict[str, float]:
    """What counts for a sentence that was read: its signs, its score by them, the reader's."""
    signs = one.signs.numbers() if one.signs else {}
    return signs | {"score": one.score / 5, "read": said / 5}


def shown(scorer: Scorer, question: Question, one: Scored) -> str:
    """What the reader is shown of a sentence: in English for an English question."""
    sentence = one.sentence
    if question.language == "en" and scorer.english_alone(sentence):
        return scorer.english(sentence)[:_LONGEST]
    return f"{heading(sentence.passage)} {sentence.text}"[:_LONGEST]


@cache
def load_weights() -> dict[str, float]:
    """Read the fitted weights of what counts (``python -m eval.reading``)."""
    weights: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return weights
