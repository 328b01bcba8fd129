"""The measures catch what they should: systems broken on purpose."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pytest

from corpus import Fact, load_reports, report_facts
from eval.baseline import Baseline, accepted, measured
from eval.questions import Item, read_questions
from eval.score import Retrieval, Run, Scores, run, score
from eval.systems import System, product
from qa import Answer

pytestmark = pytest.mark.slow
Change = Callable[[Answer], Answer]


@cache
def whole() -> System:
    return product()


@cache
def items() -> tuple[Item, ...]:
    """Questions that the product answers rightly, and unanswerable ones."""
    asked = [one for one in read_questions() if not one.claim]
    answered = [one.item for one in run(whole(), asked[:70]) if one.grade.outcome.value == "right"]
    unanswerable = [one for one in asked if not one.answerable][:6]
    return tuple(one for one in dict.fromkeys([*answered, *unanswerable]))


def broken(change: Change) -> System:
    def answer(turns: Sequence[str]) -> Answer:
        return change(whole().answer(turns))

    return System("broken", answer, whole().rank)


@cache
def runs() -> tuple[Run, ...]:
    return run(whole(), items())


@cache
def sound() -> Scores:
    return score(runs())


def shuffled(answer: Answer) -> Answer:
    """Every digit is another one."""
    text = re.sub(r"\d(?![^\[]*\])", lambda digit: str((int(digit[0]) + 3) % 10), answer.text)
    return answer.model_copy(update={"text": text})


def shifted(answer: Answer) -> Answer:
    """Every citation quotes what stands elsewhere."""
    moved = [
        one.model_copy(update={"quote": "数据来源：统计局", "english": None})
        for one in answer.citations
    ]
    return answer.model_copy(update={"citations": moved})


def refusing(answer: Answer) -> Answer:
    return answer.model_copy(update={"status": "refused", "values": [], "reason": "nothing_fits"})


def answering(answer: Answer) -> Answer:
    return answer.model_copy(update={"status": "answered", "reason": None})


def test_the_sound_system_is_scored_well() -> None:
    assert sound().right > 0.7
    assert sound().unsupported == 0
    assert (sound().numbers_right or 0) > 0.9
    assert sound().interval[0] <= sound().right <= sound().interval[1]


def test_shuffled_digits_are_caught() -> None:
    found = score(run(broken(shuffled), items()))
    assert (found.numbers_right or 0) < 0.3
    assert found.unsupported > 10
    assert found.right < sound().right / 2


def test_shifted_citations_are_caught() -> None:
    found = score(run(broken(shifted), items()))
    assert found.citation_recall == 0
    assert found.citation_precision == 0
    assert found.unsupported > 10
    assert found.right == sound().right


def test_refusing_always_is_caught() -> None:
    found = score(run(broken(refusing), items()))
    assert found.refuses_answerable == 1
    assert found.refuses_unanswerable == 1
    assert found.right < 0.5
    assert found.wrong == 0


def test_answering_always_is_caught() -> None:
    found = score(run(broken(answering), items()))
    assert found.refuses_unanswerable == 0
    assert found.wrong > sound().wrong


def with_facts(change: Callable[[Sequence[Fact]], Sequence[Fact]]) -> Retrieval:
    """How well facts are ranked where the ranking is changed."""
    found = score([replace(one, facts=tuple(change(one.facts or ()))) for one in runs()]).facts
    assert found is not None
    return found


def doubled(facts: Sequence[Fact]) -> list[Fact]:
    return [
        replace(one, quantity=replace(one.quantity, value=2 * one.quantity.value)) for one in facts
    ]


def elsewhere(facts: Sequence[Fact]) -> list[Fact]:
    """Every fact as if the other report gave it."""
    passages = [replace(one.sentence.passage, report="elsewhere") for one in facts]
    return [
        replace(one, sentence=replace(one.sentence, passage=passage))
        for one, passage in zip(facts, passages, strict=True)
    ]


def test_facts_that_fit_are_ranked_first() -> None:
    found = with_facts(tuple)
    assert found.number > 30
    assert 0.5 < found.recall[1] <= found.recall[5] <= found.recall[20]
    assert found.recall[1] <= found.mrr <= found.recall[20]


@pytest.mark.parametrize("change", [doubled, elsewhere, lambda facts: []])
def test_facts_of_another_figure_or_place_are_not_found(
    change: Callable[[Sequence[Fact]], Sequence[Fact]],
) -> None:
    assert with_facts(change).recall[20] <= 0.05


def test_a_fact_behind_others_is_found_at_its_depth() -> None:
    """Five facts of no question before it: not among the first five, still among twenty."""
    others = elsewhere(report_facts(load_reports()[-1])[:5])
    assert len(others) == 5
    found = with_facts(lambda facts: [*others, *facts])
    assert found.recall[5] == 0
    assert with_facts(tuple).recall[5] <= found.recall[20] <= with_facts(tuple).recall[20]


def test_a_system_without_facts_is_not_scored_on_them() -> None:
    assert score([replace(one, facts=None) for one in runs()]).facts is None


def test_a_program_that_fails_is_an_error_not_a_wrong_answer() -> None:
    def failing(turns: Sequence[str]) -> Answer:
        raise RuntimeError(turns[0])

    found = score(run(System("failing", failing, whole().rank), items()))
    assert found.errors == found.number == len(items())
    assert found.wrong == found.refused == found.right == 0


def test_no_questions_is_said() -> None:
    with pytest.raises(ValueError, match="no runs"):
        score([])


def test_a_fall_is_told() -> None:
    bar = Baseline(0.5, 0.2, 0.7)
    assert bar.fallen(Baseline(0.49, 0.21, 0.68)) == ()
    assert len(bar.fallen(Baseline(0.4, 0.3, 0.5))) == 3


def test_the_product_has_not_fallen_below_what_was_accepted() -> None:
    """Eighty fixed questions of the evaluation set (``python -m eval.baseline --accept``)."""
    assert accepted().fallen(measured(whole())) == ()
