"""Claims: verdicts on the claims of a file of questions, and what they are worth."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from eval.grade import covers, holds, plain, says
from eval.questions import Item
from qa import Verdict

RULINGS = ("supported", "refuted", "not_enough_info")


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the verdict on it; none if the program failed.

    ``corrected`` says of a refuted claim whether the right figure is shown; None where the
    claim's gold gives none.
    """

    item: Item
    verdict: Verdict | None
    cited: bool
    corrected: bool | None
    error: str = ""

    @property
    def right(self) -> bool:
        """Whether the verdict is the right one."""
        return self.verdict is not None and self.verdict.verdict == self.item.verdict


@dataclass(frozen=True, slots=True)
class VerdictScores:
    """Shares over some verdicts: precision, recall and F1 by ruling, and their mean F1.

    ``false_alarms`` is the share of true claims that are refuted; ``corrected`` that of rightly
    refuted ones that show the right figure.
    """

    number: int
    right: float
    precision: dict[str, float]
    recall: dict[str, float]
    f1: dict[str, float]
    macro_f1: float
    false_alarms: float | None
    corrected: float | None
    cited: float | None
    errors: int


def judge_all(check: Callable[[str], Verdict], items: Sequence[Item]) -> tuple[Judged, ...]:
    """Have every claim judged; what is raised is an error of the program."""
    found = []
    for item in items:
        try:
            verdict = check(item.turns[-1])
        except Exception as error:  # a program may fail in any way
            found.append(Judged(item, None, False, None, f"{type(error).__name__}: {error}"))
            continue
        cited = any(covers(verdict.citations, report, quote) for report, quote in item.evidence)
        found.append(Judged(item, verdict, cited, _corrected(item, verdict)))
    return tuple(found)


def score_verdicts(judged: Sequence[Judged]) -> VerdictScores:
    """Score some verdicts.

    :raises ValueError: If there are none.
    """
    if not judged:
        raise ValueError("no verdicts to score: choose claims that there are")
    counts: Counter[tuple[str, str]] = Counter(
        (one.item.verdict, one.verdict.verdict if one.verdict else "") for one in judged
    )
    precision, recall, f1 = {}, {}, {}
    for ruling in RULINGS:
        right = counts[ruling, ruling]
        said = sum(counts[other, ruling] for other in RULINGS)
        given = sum(count for (gold, _), count in counts.items() if gold == ruling)
        precision[ruling] = right / said if said else 0.0
        recall[ruling] = right / given if given else 0.0
        f1[ruling] = 2 * right / (said + given) if said + given else 0.0
    true = [one for one in judged if one.item.verdict == "supported"]
    mended = [one.corrected for one in judged if one.right and one.corrected is not None]
    evidenced = [one.cited for one in judged if one.item.evidence]
    return VerdictScores(
        number=len(judged),
        right=mean(one.right for one in judged),
        precision=precision,
        recall=recall,
        f1=f1,
        macro_f1=mean(f1.values()),
        false_alarms=counts["supported", "refuted"] / len(true) if true else None,
        corrected=mean(mended) if mended else None,
        cited=mean(evidenced) if evidenced else None,
        errors=sum(one.verdict is None for one in judged),
    )


def _corrected(item: Item, verdict: Verdict) -> bool | None:
    if item.verdict != "refuted" or not (item.numbers or item.texts):
        return None
    text = plain(verdict.text)
    return all(holds(one, text) for one in item.numbers) and all(
        any(says(verdict.text, one) for one in group) for group in item.texts
    )


def verdict_rows(scores: Mapping[str, VerdictScores]) -> dict[str, list[str]]:
    """The measures of some systems' verdicts by name, in the systems' order."""
    rows = {
        "claims": [str(one.number) for one in scores.values()],
        "right": [_percent(one.right) for one in scores.values()],
        "macro-F1": [f"{one.macro_f1:.3f}" for one in scores.values()],
    }
    for ruling in RULINGS:
        rows[f"{ruling}: precision / recall / F1"] = [
            f"{one.precision[ruling]:.2f} / {one.recall[ruling]:.2f} / {one.f1[ruling]:.2f}"
            for one in scores.values()
        ]
    return rows | {
        "true claims refuted": [_percent(one.false_alarms) for one in scores.values()],
        "refuted with the right figure": [_percent(one.corrected) for one in scores.values()],
        "evidence cited": [_percent(one.cited) for one in scores.values()],
        "errors": [str(one.errors) for one in scores.values()],
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
