"""Everyday computing: questions put together of everyday names and ways to ask, and their answers.

Each way to ask is filled with things whose figures stand in the table below, copied by hand from
the reports, so that a way to ask that is misunderstood shows as a row of wrong answers::

    python -m eval.everyday [--show]
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from corpus import Measure, find_quantities
from eval.systems import product
from qa import Answer

SEED, OF_EACH = 7, 6
_TEN_THOUSAND = 10**4
_WITHIN, _LEAST = 0.015, 0.011
"""How far a result may be off, of itself and at least: operands are rounded as printed."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What people do online: a Chinese and two English phrases for it, and how many do.

    Users in ten thousands as of December 2024 (cnnic-55, chapter 3) and December 2020 (cnnic-47,
    chapter 3, table 6).
    """

    zh: str
    en: str
    did: str
    late: int
    early: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation, the kind it is of and the results that its answer must give.

    Results are people in ten thousands, percentages or multiples, by ``measure``.
    """

    kind: str
    turns: tuple[str, ...]
    results: tuple[float, ...]
    measure: Measure


THINGS = (
    Thing("上网买东西", "shop online", "shopped online", 97443, 78241),
    Thing("点外卖", "order takeaway", "ordered takeaway", 59231, 41883),
    Thing("打网约车", "hail a ride online", "hailed a ride online", 53945, 36528),
    Thing("网上听歌", "listen to music online", "listened to music online", 74795, 65825),
    Thing("看网络小说", "read novels online", "read novels online", 57491, 46013),
    Thing("看直播", "watch livestreams", "watched livestreams", 83303, 61685),
    Thing("刷短视频", "watch short videos", "watched short videos", 104000, 87335),
    Thing("网上付款", "pay online", "paid online", 102900, 85434),
    Thing("网上搜索", "search the web", "searched the web", 87782, 76977),
    Thing("网上聊天", "chat online", "chatted online", 108133, 98111),
    Thing("在家办公", "work from home", "worked from home", 57000, 34560),
    Thing("网上看病", "see a doctor online", "saw a doctor online", 41765, 21480),
)
NETIZENS = {"2024": 110800, "2020": 98900}
"""Internet users in ten thousands (cnnic-55, cnnic-47, chapter 2)."""

WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "gap": (
        ("How many more people {en} than {en2} in December {year}?",),
        ("At the end of {year}, how many more people {did} than {did2}?",),
        ("What is the gap between people who {en} and people who {en2}, end of {year}?",),
        ("Did more people {en} or {en2} in December {year}, and by how many?",),
        ("By how many did those who {did} outnumber those who {did2} in December {year}?",),
        ("{year}年底{zh}的人比{zh2}的人多多少？",),
        ("{year}年底{zh}的和{zh2}的差多少人？",),
        ("{year}年底{zh}和{zh2}，哪个人多？多多少？",),
        ("{year}年底，{zh}的人数减去{zh2}的人数是多少？",),
        ("{year}年底{zh}的有多少人？", "{zh2}的呢？", "两者差多少？"),
        (
            "How many people {did} in December {year}?",
            "And how many {did2}?",
            "And the difference?",
        ),
        ("{year}年底{zh}的有多少人？", "比{zh2}的多还是少？差多少？"),
    ),
    "times": (
        ("{year}年底{zh}的人是{zh2}的人的几倍？",),
        ("In December {year}, how many times as many people {did} as {did2}?",),
        (
            "How many times bigger is the number of people who {en} than the number who {en2}, "
            "in December {year}?",
        ),
    ),
    "share": (
        ("{year}年底，{zh2}的人数相当于{zh}的人数的百分之几？",),
        (
            "What is the number of people who {en2} as a percentage of those who {en}, "
            "in December {year}?",
        ),
    ),
    "sum": (
        ("{year}年底{zh}的人和{zh2}的人加起来有多少？",),
        ("In December {year}, how many people {did} and {did2}, added together?",),
        ("{year}年底{zh}的有多少人？", "{zh2}的呢？", "加起来多少？"),
        ("How many people {did} in December {year}?", "And how many {did2}?", "And together?"),
    ),
    "both": (
        ("{year}年底，{zh}的人和{zh2}的人各有多少？",),
        ("How many people {did} and how many {did2} in December {year}?",),
    ),
    "rest": (
        ("{year}年底有多少网民不{zh}？",),
        ("{year}年底，没有{zh}的网民有多少人？",),
        ("How many internet users did not {en} in December {year}?",),
        ("In December {year}, how many Chinese internet users never {did}?",),
        ("{year}年底{zh}的有多少人？", "那不{zh}的网民有多少？"),
    ),
    "since": (
        ("Between December 2020 and December 2024, how many more people came to {en}?",),
        (
            "How much did the number of people who {en} grow from the end of 2020 to the end of "
            "2024?",
        ),
        ("从2020年底到2024年底，{zh}的人多了多少？",),
        ("2020年12月到2024年12月，{zh}的用户一共增加了多少？",),
        ("2024年底{zh}的人比2020年底多多少？",),
        ("2024年底{zh}的有多少人？", "那2020年底呢？", "涨了多少？"),
        (
            "How many people {en} as of December 2024?",
            "And at the end of 2020?",
            "How much is that up?",
        ),
    ),
    "growth": (
        ("从2020年底到2024年底，{zh}的人增长了百分之几？",),
        ("2024年12月{zh}的用户比2020年12月增长百分之多少？",),
        (
            "By what percentage did the number of people who {en} grow between December 2020 and "
            "December 2024?",
        ),
        (
            "From December 2020 to December 2024, what was the percentage growth in people who "
            "{en}?",
        ),
        ("2024年底{zh}的有多少人？", "那2020年底呢？", "增长了百分之几？"),
    ),
}


def asked() -> Iterator[Asked]:
    """Give each way to ask with some things, always the same."""
    chance = random.Random(SEED)
    for kind, ways in WAYS.items():
        for way in ways:
            for _ in range(OF_EACH):
                one, other = chance.sample(THINGS, 2)
                year = chance.choice(("2024", "2020"))
                if _users(one, year) < _users(other, year):
                    one, other = other, one
                names = {"zh": one.zh, "en": one.en, "did": one.did, "year": year}
                names |= {"zh2": other.zh, "en2": other.en, "did2": other.did}
                turns = tuple(turn.format(**names) for turn in way)
                yield Asked(kind, turns, *_results(kind, one, other, year))


def _users(thing: Thing, year: str) -> int:
    return thing.late if year == "2024" else thing.early


def _results(kind: str, one: Thing, other: Thing, year: str) -> tuple[tuple[float, ...], Measure]:
    """What an answer must give, of what measure."""
    more, less = _users(one, year), _users(other, year)
    counted: dict[str, tuple[float, ...]] = {
        "gap": (more - less,),
        "sum": (more + less,),
        "both": (more, less),
        "rest": (NETIZENS[year] - more,),
        "since": (one.late - one.early,),
    }
    if kind in counted:
        return counted[kind], Measure.AMOUNT
    if kind == "times":
        return (more / less,), Measure.MULTIPLE
    if kind == "share":
        return (less / more * 100,), Measure.SHARE
    return ((one.late / one.early - 1) * 100,), Measure.SHARE


def gives(answer: Answer, one: Asked) -> bool:
    """Whether an answer gives the results asked for; in its first line, unless it is for two."""
    text = answer.text if len(one.results) > 1 else answer.text.split("\n")[0]
    found = [each for each in find_quantities(text) if each.measure is one.measure]
    scale = _TEN_THOUSAND if one.measure is Measure.AMOUNT else 1
    least = 110 if one.measure is Measure.AMOUNT else _LEAST
    return all(
        any(
            abs(float(each.magnitude) / scale - result) <= max(_WITHIN * abs(result), least)
            for each in found
        )
        for result in one.results
    )


def main(
    show: Annotated[bool, typer.Option(help="Print what is not right.")] = False,
) -> None:
    """Ask all, and print how many answers of each kind are right."""
    system = product()
    told: Counter[tuple[str, str]] = Counter()
    for one in asked():
        answer = system.answer(one.turns)
        outcome = "refused" if answer.status == "refused" else "wrong"
        outcome = "right" if gives(answer, one) else outcome
        told[one.kind, outcome] += 1
        if show and outcome != "right":
            print(
                f"{outcome} ({one.kind}): {' / '.join(one.turns)}\n  {answer.text.splitlines()[0]}"
            )
    print("| kind | asked | right | wrong | refused |\n|---|---|---|---|---|")
    for kind in (*WAYS, "all"):
        counts = [
            sum(n for (k, o), n in told.items() if o == outcome and kind in (k, "all"))
            for outcome in ("right", "wrong", "refused")
        ]
        print(f"| {kind} | {sum(counts)} | {' | '.join(map(str, counts))} |")


if __name__ == "__main__":
    typer.run(main)
