"""Hold the numbers of many answers against what they cite (``python -m eval.support``).

Asks questions of the bank, evenly spread over it, and reads each answer again with a check that
is not the one by which it was composed (:func:`eval.score.unsupported_of`).
"""

from typing import Annotated

import typer

from corpus import find_quantities
from eval.score import unsupported_of
from eval.systems import product
from index.bank import load_bank


def main(
    count: Annotated[int, typer.Option(min=1, help="How many of the bank's questions.")] = 5000,
) -> None:
    """Ask the questions, and print each number that lacks support and how many there are."""
    system = product()
    questions = [one for one in load_bank() if not one.type.startswith("claim")]
    asked = questions[:: max(1, len(questions) // count)][:count]
    answered = numbers = 0
    lacking: list[str] = []
    for one in asked:
        answer = system.answer(one.turns)
        if answer.status == "refused":
            continue
        answered += 1
        numbers += len(find_quantities(answer.text))
        found = unsupported_of(answer)
        lacking += found
        for number in found:
            print(f"{one.id}: {number!r} in {answer.text!r}")
    print(
        f"{len(asked)} questions of the bank, {answered} answered: {numbers} numbers, "
        f"{len(lacking)} without support"
    )


if __name__ == "__main__":
    typer.run(main)
