"""Check the articles of eval/articles and count what was found (``python -m eval.articles``).

Each article has a list of its statistics with the right verdicts beside it. Also timed: an article
of 20,000 words, made of them over and over.
"""

import json
from collections import Counter
from pathlib import Path
from time import perf_counter

import typer

from qa import Assistant, Review, Settings, default_data, open_assistant
from qa.claims import read_article

FOLDER = Path(__file__).parent / "articles"
_WORDS = 20_000


def main() -> None:
    """Print, for each article, how many statistics were found and how many verdicts are right."""
    assistant = open_assistant(Settings(data=default_data()))
    texts = []
    for path in sorted(FOLDER.glob("*.md")):
        text = read_article(path)
        texts.append(text)
        wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        print(f"{path.stem}: {compared(assistant.review(text), wanted)}")
    print(timed(assistant, texts))


def compared(review: Review, wanted: list[dict[str, str | None]]) -> str:
    """Say how many of the statistics wanted were found, and rightly judged."""
    found = Counter[str]()
    marks = list(review.marks)
    for one in wanted:
        printed = str(one["printed"])
        mark = next((mark for mark in marks if _same(mark.figure.claimed, printed)), None)
        if mark is None:
            found["missed"] += 1
            continue
        marks.remove(mark)
        right = mark.figure.verdict == one["verdict"]
        found["found"] += 1
        found["right"] += right
        found[f"{one['verdict']}{'' if right else f' taken for {mark.figure.verdict}'}"] += 1
    others = f", {len(marks)} others marked" if marks else ""
    told = f"{found.pop('found')} of {len(wanted)} found, {found.pop('right')} rightly judged"
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    return f"{told} ({kinds}){others}"


def _same(claimed: str, printed: str) -> bool:
    """Whether a marked figure is a wanted one; either may take in more of the words around it."""
    mine, theirs = ("".join(text.split()) for text in (claimed, printed))
    return mine in theirs or theirs in mine


def timed(assistant: Assistant, texts: list[str]) -> str:
    """Check an article of 20,000 words and say how long it took."""
    words: list[str] = []
    lines: list[str] = []
    while len(words) < _WORDS:
        for text in texts:
            lines.append(text)
            words += [one for one in text if "一" <= one <= "鿿"] + text.split()
    started = perf_counter()
    review = assistant.review("\n\n".join(lines))
    taken = perf_counter() - started
    return f"{len(words):,} words with {len(review.marks)} statistics: {taken:.1f} s"


if __name__ == "__main__":
    typer.run(main)
