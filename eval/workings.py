"""Fit what a question asks to be computed of two figures (``python -m eval.workings``).

First on the bank's questions of which the operation is known and on some that ask for one figure,
then, near the weights found so, on the development set: there a working is right if it gives the
numbers of a right answer. Five folds say what that is worth.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from corpus import find_quantities, load_reports, parse_month
from eval.adapt import DEVELOPMENT
from eval.fitting import rounded
from eval.grade import holds, plain
from eval.questions import Item, read_questions
from index import load_encoder, load_reader, open_index
from index.bank import BankQuestion, load_bank
from qa.answer import PLAINLY, UNSURE
from qa.compose import computed
from qa.compute import backwards, compute, earlier
from qa.derive import derive
from qa.evidence import Gatherer
from qa.language import language_of
from qa.operands import Heard, of_parts
from qa.operation import Operation, operation, wants_level
from qa.parts import parts
from qa.question import read_question
from qa.workings import MODEL, PLAIN, Working, cues, may_compute, workings

_FIGURES = ("lookup", "share", "growth", "table", "rank", "compare", "compute", "followup")
_ONE_FIGURE = {"lookup": 300, "share": 150, "growth": 200, "table": 80, "rank": 40}
_IN_SIGHT = 1335
"""The rules were written with development questions before this one in sight, so that those say
nothing of how often rules are right."""
_OFTEN = 30
_COMPUTING, _COUNTS = ("compare", "compute", "followup"), 2.5
"""People ask for one figure far more often than the development set does, so each such question
counts for several."""
_FOLDS, _SEED = 5, 3
_STEPS, _RATE, _RIDGE = 200, 0.1, 0.002

Signs = NDArray[np.float32]
Example = tuple[str, Sequence[dict[str, float]], Sequence[bool]]


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit the weights, print what they are worth and write them."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-workings-")) / "index"
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    index, reader = open_index(reports, load_encoder(), folder), load_reader()
    bank = list(_of_bank(Gatherer(index.unexpanded(), reader), newest))
    asked = list(_of_development(Gatherer(index, reader), newest))
    model = Model([*bank, *asked])
    prior = model.fit(bank)
    folds = np.random.default_rng(_SEED).permutation(len(asked)) % _FOLDS
    hits = defaultdict(list)
    for fold in range(_FOLDS):
        learnt = [one for one, own in zip(asked, folds, strict=True) if own != fold]
        weights = model.fit(learnt, prior)
        for place in map(int, np.flatnonzero(folds == fold)):
            for group in ("all", asked[place][0]):
                hits[group].append(model.is_right(asked[place], weights))
    print(f"{len(bank)} questions of the bank, {len(asked)} of the development set")
    for group, found in hits.items():
        print(f"{group}: {len(found)} questions, the right working first {mean(found):.3f}")
    if write:
        named = model.named(model.fit(asked, prior))
        MODEL.write_text(json.dumps(rounded(named), indent=1) + "\n", encoding="utf-8")


class Model:
    """A softmax over the workings of each question, of the signs that are seen often."""

    def __init__(self, examples: Sequence[Example]) -> None:
        counts: dict[str, int] = defaultdict(int)
        for _, listed, _ in examples:
            for signs in listed:
                for name in signs:
                    counts[name] += 1
        self.names = sorted(name for name, count in counts.items() if count >= _OFTEN)
        self._places = {name: place for place, name in enumerate(self.names)}

    def named(self, weights: Signs) -> dict[str, float]:
        """Weights by name, without those that say nothing."""
        return {
            name: float(weight)
            for name, weight in zip(self.names, weights, strict=True)
            if abs(weight) >= 1e-3
        }

    def is_right(self, one: Example, weights: Signs) -> bool:
        """Whether the working that comes first is right."""
        return one[2][int((self._table(one) @ weights).argmax())]

    def fit(self, examples: Sequence[Example], prior: Signs | None = None) -> Signs:
        """Weights near to ``prior`` ones, by which what is right comes first.

        By Adam (Kingma and Ba 2015). Questions of which no working is right are left out.
        """
        known = [one for one in examples if any(one[2])]
        counts = np.array([1 if one[0] in _COMPUTING else _COUNTS for one in known], dtype="f4")
        table = np.concatenate([self._table(one) for one in known])
        right = np.concatenate([np.array(one[2], dtype=np.float32) for one in known])
        lengths = [len(one[2]) for one in known]
        starts = np.cumsum([0, *lengths[:-1]])
        of = np.repeat(np.arange(len(known)), lengths)
        base = np.zeros(len(self.names), dtype=np.float32) if prior is None else prior
        weights, pace, square = base.copy(), np.zeros_like(base), np.zeros_like(base)
        for step in range(1, _STEPS + 1):
            totals = table @ weights
            raised = np.exp(totals - np.maximum.reduceat(totals, starts)[of])
            shares = raised / np.add.reduceat(raised, starts)[of]
            goal = shares * right
            goal /= np.add.reduceat(goal, starts)[of] + 1e-9
            gaps = (shares - goal) * counts[of]
            slope = table.T @ gaps / counts.sum() + _RIDGE * (weights - base)
            pace = 0.9 * pace + 0.1 * slope
            square = 0.99 * square + 0.01 * slope * slope
            rate = _RATE * (1 - step / (_STEPS + 1))
            moved = (pace / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
            weights = weights - rate * moved
        return weights

    def _table(self, one: Example) -> Signs:
        table = np.zeros((len(one[1]), len(self.names)), dtype=np.float32)
        for row, signs in enumerate(one[1]):
            for name, value in signs.items():
                if name in self._places:
                    table[row, self._places[name]] = value
        return table


def _of_bank(gatherer: Gatherer, newest: int) -> Iterator[Example]:
    """The workings of the bank's questions, and which come of the figures asked for."""
    left = dict(_ONE_FIGURE)
    for one in load_bank():
        computes = one.type in ("compare", "compute") and one.kind and len(one.figures) == 2
        if not computes and (len(one.figures) != 1 or not left.get(one.type)):
            continue
        found, _ = _workings(gatherer, one.turns, newest)
        if found:
            left[one.type] = left.get(one.type, 0) - 1
            right = [_is_of_bank(each, one, bool(computes)) for each in found]
            yield one.type, [each.signs for each in found], right


def _is_of_bank(one: Working, asked: BankQuestion, computes: bool) -> bool:
    if one.formula is None or not computes:
        return one.formula is None and not computes
    wanted: list[Decimal] = sorted(
        each.magnitude for text in asked.figures for each in find_quantities(text)[:1]
    )
    fitting = {asked.kind, "ruled"} | ({"difference"} if asked.kind == "rest" else set())
    given = sorted(fact.quantity.magnitude for fact in one.formula.facts)
    return one.name in fitting and given == wanted


def _of_development(gatherer: Gatherer, newest: int) -> Iterator[Example]:
    """The workings of development questions, and which give the numbers of a right answer."""
    for item in read_questions(DEVELOPMENT):
        if item.type not in _FIGURES or not item.numbers:
            continue
        found, best = _workings(gatherer, item.turns, newest)
        if int(item.id.rpartition("-")[2]) < _IN_SIGHT:
            found = [_unruled(one) for one in found if one.name != "ruled"]
        if found:
            right = [_is_right(one, item, best) for one in found]
            yield item.type, [one.signs for one in found], right


def _unruled(one: Working) -> Working:
    ruled = ("ruled", "unruled")
    return replace(
        one, signs={name: value for name, value in one.signs.items() if not name.startswith(ruled)}
    )


def _is_right(one: Working, item: Item, best: str) -> bool:
    """Whether a working gives all numbers of a right answer, one of them by computing.

    :param best: The sentence that is quoted if nothing is computed.
    """
    wanted = [replace(each, as_of=None) for each in item.numbers]
    if one.formula is None:
        return all(holds(each, plain(best)) for each in wanted)
    if one.name != "difference" and item.type not in ("compare", "compute", "followup"):
        return False
    language = language_of(item.turns[-1])
    shown = computed(one.formula, language, named=False, dated=False).text
    result = plain(shown.split("**")[1]) if "**" in shown else plain(shown)
    quoted = " ; ".join(sorted({fact.sentence.text for fact in one.formula.facts}))
    whole = plain(f"{shown} ; {quoted}")
    return any(holds(each, result) for each in wanted) and all(
        holds(each, whole) for each in wanted
    )


def _workings(gatherer: Gatherer, turns: Sequence[str], newest: int) -> tuple[list[Working], str]:
    """What may be computed for a conversation, as :class:`qa.answer.Assistant` asks for it.

    With it comes the sentence that else would be quoted.
    """
    question = read_question(turns, newest=newest)
    if operation(question) is Operation.BEFORE:
        question = earlier(question)
    evidence = gatherer.gather(question)
    later: Heard | None = None
    unsure = evidence.reason is not None or evidence.sure < UNSURE
    if unsure and question.periods and wants_level(question):
        since = gatherer.gather(earlier(question))
        later = gatherer.heard(earlier(question), since)
        if evidence.reason and since.chosen and backwards(later, question.periods, PLAINLY):
            return [], ""
    whole = gatherer.heard(question, evidence)
    heard = [gatherer.hear_part(one) for one in parts(question)]
    joint = of_parts(whole, heard)
    ruled = derive(joint) or compute(joint, heard)
    told = ruled if ruled is not None and ruled.result is not None else None
    plainly = whole.sure >= PLAIN and not may_compute(cues(question, heard))
    if not whole.ranked or (told is None and later is None and plainly):
        return [], ""
    return workings(joint, heard, told, later), whole.ranked[0].sentence.text


if __name__ == "__main__":
    typer.run(main)
