"""What every answer holds: asked of the real reports with the questions of eval."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qa import (
    Answer,
    Assistant,
    QuestionError,
    SearchResult,
    Settings,
    open_assistant,
)

EVAL = Path(__file__).resolve().parent.parent / "eval"
MARK = re.compile(r"\[(\d+)\]")
REASONS = {
    "nothing_fits",
    "period_not_covered",
    "region_not_covered",
    "figures_lost",
    "number_check_failed",
    "not_computed",
}


@dataclass(frozen=True)
class Asked:
    """A question of eval and the answer to it."""

    id: str
    language: str
    turns: tuple[str, ...]
    answer: Answer


@cache
def questions() -> tuple[dict[str, Any], ...]:
    """The evaluation set, and every third question of the development set."""
    found = []
    for name, step in (("questions.jsonl", 1), ("development.jsonl", 3)):
        lines = (EVAL / name).read_text(encoding="utf-8").splitlines()
        found += [json.loads(line) for line in lines[::step]]
    return tuple(found)


@pytest.fixture(scope="module")
def asked(real_assistant: Assistant) -> tuple[Asked, ...]:
    return tuple(
        Asked(row["id"], row["lang"], tuple(row["turns"]), real_assistant.ask(row["turns"]))
        for row in questions()
    )


@pytest.fixture(scope="module")
def answered(asked: tuple[Asked, ...]) -> list[Asked]:
    return [one for one in asked if one.answer.status == "answered"]


@pytest.fixture(scope="module")
def refused(asked: tuple[Asked, ...]) -> list[Asked]:
    return [one for one in asked if one.answer.status == "refused"]


def test_there_is_enough_to_look_at(answered: list[Asked], refused: list[Asked]) -> None:
    assert len(answered) >= 25
    assert len(refused) >= 10
    assert {one.language for one in answered} == {one.language for one in refused} == {"zh", "en"}


# The numbers of an answer, found and compared without the code that is tested.

SCALES = {
    "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "万万": 10**8,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
NUMBER = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)\s*[余多]?\s*"
    rf"({'|'.join(sorted(SCALES, key=len, reverse=True))})?"
)
DIGITS = {character: digit for digit, character in enumerate("零一二三四五六七八九十")}
SPANS: dict[str, tuple[int, ...]] = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "前三季度": (1, 9),
    "前两季度": (1, 6),
}
SPANS |= {f"{q}季度": (3 * n - 2, 3 * n) for n, q in enumerate("一二三四", 1)}
SPANS |= {f"十{n}五": (2006 + 5 * k, 2010 + 5 * k, 1, 12) for k, n in enumerate("一二三四五")}
SPANS |= {f"年{end}": (12,) for end in "底末终"}
ONE_TO_ONE = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF0E: ".", 0xFF0C: "，"}


def numbers(text: str) -> set[Decimal]:
    """Every number of a text, with its scale: 9.74 and 亿 make 974000000."""
    return {
        Decimal(digits.replace(",", "")) * SCALES.get(scale, 1)
        for digits, scale in NUMBER.findall(text)
    }


ROUND = {"百万": Decimal(10**6), "千万": Decimal(10**7), "百亿": Decimal(10**10)}
YEAR_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")


def held(quote: str) -> set[Decimal]:
    """Every number that a quote holds, in digits or in Chinese."""
    text = quote.translate(ONE_TO_ONE)
    for year in re.findall("[一二][〇九][〇一二三四五六七八九]{2}(?=年)", text):
        text += f" {year.translate(YEAR_DIGITS)}"
    found = numbers(text) | numbers(re.sub(r"\s", "", text))
    for year, month in re.findall(r"(20\d\d)\.(1[0-2]|[1-9])(?!\d)", text):
        found |= {Decimal(year), Decimal(month)}
    text = re.sub(r"\s", "", text)
    for span, months in SPANS.items():
        if span in text:
            found |= set(map(Decimal, months))
    found |= {Decimal(DIGITS[one] * 10) for one in re.findall("([一二三四五六七八九])成", text)}
    for tens, ones in re.findall("([一二三四五六七八九]?)十([一二三四五六七八九]?)", text):
        found.add(Decimal(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)))
    found |= {Decimal(DIGITS[one]) for one in re.findall("[一二三四五六七八九]", text)}
    for first, second in re.findall(r"(\d+\.\d+)[:：](\d+\.\d+)", text):
        found.add(Decimal(first) / Decimal(second))
    found |= {Decimal(2) * SCALES[scale] for scale in re.findall("两([万亿])", text)}
    found |= {Decimal(50)} if re.search("一半|半数", text) else set()
    found |= {size for name, size in ROUND.items() if name in text}
    for whole, part in re.findall("([二三四五六七八九十])分之([一二三四五六七八九])", text):
        found.add(Decimal(DIGITS[part] * 100) / DIGITS[whole])
    for part, whole in re.findall(r"(?<!\d)(\d)/(\d)(?!\d)", text):
        found.add(Decimal(int(part) * 100) / int(whole))
    return found


def unheld(answer: Answer) -> set[Decimal]:
    """The numbers of an answer's text that none of its quotes holds."""
    shown = MARK.sub(" ", answer.text).translate(ONE_TO_ONE)
    shown = re.sub(r"[A-Za-z]+-\d+", "", shown)  # a name: COVID-19
    shown = re.sub(r"(?<=÷ \()1(?= [+−])", "", shown)  # what a growth rate is added to
    shown = shown.replace("/32 blocks", "").replace("块/32", "")  # a unit
    quoted = [held(one.quote) for one in answer.citations]
    if any(re.search(r"[（(]万", one.quote) for one in answer.citations):  # a column's unit
        quoted += [{one * 10**4 for one in found} for found in quoted]
    computed = {Decimal(str(one.value)) for one in answer.values if one.role == "computed"}
    computed |= {Decimal(str(one.magnitude)) for one in answer.values if one.role == "computed"}
    for one in answer.values:
        if one.role == "computed":
            computed |= numbers(one.period or "")
    return numbers(shown).difference(*quoted, computed)


def test_every_number_shown_stands_in_a_quote(answered: list[Asked]) -> None:
    assert {one.id: wrong for one in answered if (wrong := unheld(one.answer))} == {}


def test_a_refusal_shows_no_number_but_the_date_of_the_nearest_passage(
    refused: list[Asked],
) -> None:
    chinese = r"\d{4}年(?:\d{1,2}月)?(?:至\d{4}年\d{1,2}月)?"
    english = r"(?:[A-Z][a-z]+ )?\d{4}(?: to [A-Z][a-z]+ \d{4})?"
    date = re.compile(f"{chinese}|{english}")
    for one in refused:
        assert not re.search(r"\d", date.sub("", MARK.sub("", one.answer.text))), one.id
        assert unheld(one.answer) == set(), one.id


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("规模达9.74亿人，占87.9%。[1]", []),
        ("974 million people, 87.9% [1]", []),
        ("规模达9.74万人 [1]", [97400]),
        ("规模达9.75亿人 [1]", [975000000]),
        ("占87.8% [1]", ["87.8"]),
        ("974 thousand [1]", [974000]),
        ("9.74 people [1]", ["9.74"]),
        ("As of December 2023: 974 million [1]", [2023]),
    ],
)
def test_this_check_sees_a_wrong_number(text: str, missing: list[str | int]) -> None:
    cited = {
        "marker": 1, "report": "r", "title": "t", "section": "", "start": 0, "end": 9,
        "quote": "截至 2024年12月，规模达 9.74 亿\n人，占87.9%", "english": None,
    }  # fmt: skip
    answer = Answer.model_validate(
        {
            "question": "q",
            "language": "zh",
            "status": "answered",
            "text": text,
            "values": [],
            "citations": [cited],
            "reason": None,
            "timings_ms": {},
        }
    )
    assert unheld(answer) == set(map(Decimal, missing))


# The contract.


def test_quotes_are_what_stands_in_the_source(
    asked: tuple[Asked, ...], real_assistant: Assistant
) -> None:
    reports = {report.id: report for report in real_assistant.reports}
    for one in asked:
        for citation in one.answer.citations:
            report = reports[citation.report]
            assert citation.quote == report.source[citation.start : citation.end], one.id
            assert citation.quote.strip(), one.id
            title = report.title if one.answer.language == "zh" else report.title_en
            assert citation.title == title, one.id
            assert citation.section, one.id


def test_marks_count_from_one_and_every_citation_is_used(asked: tuple[Asked, ...]) -> None:
    for one in asked:
        answer = one.answer
        markers = [citation.marker for citation in answer.citations]
        assert markers == list(range(1, len(markers) + 1)), one.id
        assert {int(mark) for mark in MARK.findall(answer.text)} == set(markers), one.id
        places = [(cited.report, cited.start, cited.end) for cited in answer.citations]
        assert len(set(places)) == len(places), one.id


def test_an_answer_cites_and_a_refusal_says_why(
    answered: list[Asked], refused: list[Asked]
) -> None:
    for one in answered:
        assert one.answer.reason is None, one.id
        assert one.answer.citations, one.id
    for one in refused:
        assert one.answer.reason in REASONS, one.id
        assert one.answer.values == [], one.id
        assert len(one.answer.citations) <= 1, one.id
        assert one.answer.text, one.id


def test_values_stand_in_the_quotes_they_cite(answered: list[Asked]) -> None:
    for one in answered:
        quotes = {cited.marker: cited.quote for cited in one.answer.citations}
        for value in one.answer.values:
            assert value.citation in quotes, one.id
            if value.role == "computed":
                continue  # see test_qa_compute
            printed, magnitude = Decimal(str(value.value)), Decimal(str(value.magnitude))
            stated = held(quotes[value.citation])  # a cell's scale may stand in its column's head
            close = [n for n in stated if abs(n - abs(magnitude)) <= n / 10**9 or n == abs(printed)]
            assert close, (one.id, value)
            scale = re.match("[十百千万亿]*?(?=千瓦|千米|千克|[^十百千万亿]|$)", value.unit)
            assert scale is not None
            expected = printed * SCALES.get(scale[0], 1)
            assert abs(expected - magnitude) <= abs(magnitude) / 10**9, (one.id, value)
            if value.period is not None:
                assert re.fullmatch(r"\d{4}(-\d\d(/\d{4}-\d\d)?)?", value.period), (one.id, value)
        per_quote = Counter(value.citation for value in one.answer.values if value.role == "answer")
        cells = max(line.count("|") for line in one.answer.text.splitlines())
        rows = one.answer.text.count("\n|")
        assert max(per_quote.values(), default=0) <= max(1, rows, cells - 2), one.id


def test_the_language_is_the_questions(asked: tuple[Asked, ...]) -> None:
    for one in asked:
        answer = one.answer
        assert answer.language == one.language, one.id
        own = answer.text
        for citation in answer.citations:  # what is left is not the report's own words
            own = own.replace(re.sub(r"\s", "", citation.quote), "")
        own = re.sub("“[^”]*”|“.*”|\\([^()]*\\)|^\\|.*", "", own, flags=re.MULTILINE)
        if one.language == "en" and answer.status == "refused":
            assert not re.search("[一-鿿]", own), (one.id, own)
        if one.language == "en":
            assert re.search("[A-Za-z]{3}", answer.text), (one.id, answer.text)
        else:
            assert not re.search("the report|The report", own), (one.id, own)


def test_answers_fit_the_json_schema(asked: tuple[Asked, ...]) -> None:
    schema = Answer.model_json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for one in asked:
        printed = json.dumps(one.answer.model_dump(), ensure_ascii=False, allow_nan=False)
        assert [error.message for error in validator.iter_errors(json.loads(printed))] == []
        assert Answer.model_validate_json(printed) == one.answer
        assert one.answer.question == one.turns[-1].strip()


def test_timings_are_told(asked: tuple[Asked, ...]) -> None:
    for one in asked:
        timings = one.answer.timings_ms
        assert set(timings) == {"evidence", "answer", "total"}
        assert 0 <= timings["evidence"] <= timings["total"]
        assert timings["total"] == pytest.approx(timings["evidence"] + timings["answer"], abs=0.05)


def timeless(answer: Answer) -> Answer:
    return answer.model_copy(update={"timings_ms": {}})


def test_the_same_question_gives_the_same_answer(
    asked: tuple[Asked, ...], real_assistant: Assistant, data_folder: Path
) -> None:
    """Asked again, in another order, and of an assistant that loads the index."""
    loaded = open_assistant(Settings(data=data_folder))
    for one in asked[::-9]:
        assert timeless(real_assistant.ask(one.turns)) == timeless(one.answer), one.id
        assert timeless(loaded.ask(one.turns)) == timeless(one.answer), one.id


# What can be asked for besides.

QUESTION = "网络购物用户规模是多少？"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("香港网民多少", "region_not_covered"),
        ("上海有多少人点外卖", "region_not_covered"),
        ("广东的短视频用户有多少", "region_not_covered"),
        ("2022年网民规模", "period_not_covered"),
        ("直播用户2018年有多少", "period_not_covered"),
        ("网购用户比2018年多了多少", "period_not_covered"),
        ("2020年底农村网民人均每周上网多久", "nothing_fits"),
        ("What share of over-60s was shopping online in December 2024?", "nothing_fits"),
    ],
)
def test_another_metric_of_the_place_or_another_period_is_no_answer(
    real_assistant: Assistant, question: str, reason: str
) -> None:
    """The reports have tables by province and these metrics, but not one by the other."""
    answer = real_assistant.ask([question])
    assert (answer.status, answer.reason) == ("refused", reason)


@pytest.mark.parametrize(
    ("question", "words", "period"),
    [
        ("2025年底网民有多少", "网民", "2024年12月"),
        ("到2026年6月互联网普及率是多少", "普及率", "2024年12月"),
        ("How many online shoppers will there be in December 2026?", "网络购物", "December 2024"),
    ],
)
def test_where_a_period_lacks_the_nearest_in_time_is_named(
    real_assistant: Assistant, question: str, words: str, period: str
) -> None:
    answer = real_assistant.ask([question])
    assert (answer.status, answer.reason) == ("refused", "period_not_covered")
    assert period in answer.text
    assert words in answer.citations[0].quote


def test_a_figure_is_not_dated_by_what_it_is_compared_with(real_assistant: Assistant) -> None:
    """The sentence says 3.88亿，较2020年3月增长; the one before it, 截至2020年12月."""
    answer = real_assistant.ask(["电商直播用户规模有多大"])
    assert [(v.value, v.unit, v.period) for v in answer.values if v.role == "answer"] == [
        (3.88, "亿", "2020-12")
    ]
    assert any(cite.quote.startswith("截至2020年12月") for cite in answer.citations)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("网购用户比2023年多了多少", "较2023年12月增长5947万人"),
        ("how many more people shop online than in 2023", "up 59.47 million from December 2023"),
    ],
)
def test_a_change_is_counted_from_the_period_asked_for(
    real_assistant: Assistant, question: str, said: str
) -> None:
    assert said in real_assistant.ask([question]).text


def test_without_a_period_the_newest_figures_answer(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["河南的政府网站"])
    assert [(v.value, v.period) for v in answer.values if v.role == "answer"] == [(854, "2024-12")]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Sichuan dynamic web pages at the end of 2024", "2112306835"),
        ("2024年底四川的静态网页有多少", "4610464822"),
    ],
)
def test_a_region_has_a_column_of_what_is_asked_about(
    real_assistant: Assistant, question: str, said: str
) -> None:
    assert said in real_assistant.ask([question]).text.replace(",", "")


@pytest.mark.parametrize("chosen", [["cnnic-47"], ["cnnic-55"], ["cnnic-55", "news-2021"]])
def test_only_the_reports_named_are_cited(real_assistant: Assistant, chosen: list[str]) -> None:
    answer = real_assistant.ask([QUESTION], reports=chosen)
    assert answer.citations
    assert {one.report for one in answer.citations} <= set(chosen)
    results = real_assistant.search(QUESTION, reports=chosen)
    assert results
    assert {one.report for one in results} <= set(chosen)


def test_a_report_that_is_not_there_is_named(real_assistant: Assistant) -> None:
    for call in (
        lambda: real_assistant.ask([QUESTION], reports=["cnnic-47", "cnnic-48"]),
        lambda: real_assistant.ask_or_refuse([QUESTION], reports=["cnnic-48"]),
        lambda: real_assistant.search(QUESTION, reports=["cnnic-48"]),
    ):
        with pytest.raises(QuestionError, match="no report 'cnnic-48': there are cnnic-47, "):
            call()
    with pytest.raises(QuestionError, match="no report is chosen"):
        real_assistant.ask([QUESTION], reports=[])


def test_the_language_of_an_answer_can_be_chosen(real_assistant: Assistant) -> None:
    for question, language in ((QUESTION, "en"), ("How many people shop online?", "zh")):
        other = real_assistant.ask([question], language="en" if language == "en" else "zh")
        assert other.language == language
        assert other.question == question
        titles = {report.title_en if language == "en" else report.title for report in
                  real_assistant.reports}  # fmt: skip
        assert {one.title for one in other.citations} <= titles


@pytest.mark.parametrize(
    ("turns", "says"),
    [([], "empty"), ([""], "empty"), (["网民", "\0"], "control"), (["x" * 2000], "2,000"),
     (["\ud800网民"], "surrogate"), (["Сколько пользователей?"], "another language")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused(
    real_assistant: Assistant, turns: list[str], says: str
) -> None:
    with pytest.raises(QuestionError, match=says) as caught:
        real_assistant.ask(turns)
    answer = real_assistant.ask_or_refuse(turns)
    assert (answer.status, answer.reason) == ("refused", "bad_question")
    assert answer.text == caught.value.text(answer.language)
    assert (answer.values, answer.citations) == ([], [])
    assert json.dumps(answer.model_dump(), ensure_ascii=False).encode()


def test_search_ranks_passages_of_the_sources(real_assistant: Assistant) -> None:
    sources = {report.id: report for report in real_assistant.reports}
    for limit in (1, 7, 100):
        results = real_assistant.search("网络购物用户规模", limit=limit)
        assert 0 < len(results) <= limit
        assert [one.rank for one in results] == list(range(1, len(results) + 1))
        scores = [one.score for one in results]
        assert scores == sorted(scores, reverse=True)
        assert len({(one.report, one.start) for one in results}) == len(results)
        for one in results:
            report = sources[one.report]
            assert one.title == report.title
            quoted = report.source[one.start : one.end].translate(ONE_TO_ONE)
            rest = iter(re.sub(r"\s", "", quoted))
            assert all(character in rest for character in re.sub(r"\s", "", one.text))
            assert SearchResult.model_validate_json(one.model_dump_json()) == one
    assert "网络购物" in real_assistant.search("网络购物用户规模")[0].text


def test_surroundings_are_the_source_around_the_quote(
    answered: list[Asked], real_assistant: Assistant
) -> None:
    sources = {report.id: report.source for report in real_assistant.reports}
    for one in answered[::4]:
        for citation in one.answer.citations:
            around = real_assistant.surroundings(citation)
            assert around.quote == citation.quote
            start, end = citation.start - len(around.before), citation.end + len(around.after)
            assert (
                around.before + around.quote + around.after == sources[citation.report][start:end]
            )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many Chinese were online at the end of 2020", "989 million"),
        ("intenet users china dec 2020??", "989 million"),
        ("展望2022年，国际上给数字中国带来哪些挑战？", "单边主义"),
        ("Chinese goverment websites at the end of 2024, number", "13,580"),
        ("food delivery users in 2021", "544 million"),
        ("关键意见消费者是什么，跟关键意见领袖有什么不同", "粉丝更少"),
    ],
)
def test_what_is_put_as_people_put_it_is_found(
    real_assistant: Assistant, question: str, said: str
) -> None:
    assert said in real_assistant.ask([question]).text


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("2021年的职业培训券，发出去的有百分之几被用掉了", "26.48%"),
        ("By how much did data output in China rise between 2017 and 2021?", "4.3"),
        ("上线的政府数据开放平台，2021年10月城市平台占百分之几？请算一下", "89.64%"),
    ],
)
def test_what_the_best_sentence_gives_both_figures_for_is_computed(
    real_assistant: Assistant, question: str, result: str
) -> None:
    """496.21 of 1,873.74; 6.6 less 2.3; 173 of 193: by hand."""
    assert f"**{result}" in real_assistant.ask([question]).text


@pytest.mark.parametrize(
    ("question", "own", "other"),
    [
        ("What share of web pages was dynamic in December 2024?", "31.1", "68.9"),
        ("静态网页2024年12月占网页总数的比例", "68.9", "31.1"),
    ],
)
def test_a_row_whose_label_recurs_is_that_of_the_row_above(
    real_assistant: Assistant, question: str, own: str, other: str
) -> None:
    text = real_assistant.ask([question]).text
    assert own in text
    assert other not in text


def test_all_rows_under_a_label_answer_for_it(real_assistant: Assistant) -> None:
    text = real_assistant.ask(["2021年评价指标体系里，数字政府下面有哪些二级指标？"]).text
    quoted = [line for line in text.splitlines() if line.startswith("|数字政府|")]
    source = next(one for one in real_assistant.reports if one.id == "digital-china-2021").source
    start = source.index("\n数字政府\t")
    block = source[start + 1 : source.index("\n数字社会\t", start)]
    assert len(quoted) == sum("\t" in line for line in block.splitlines())


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("江苏和浙江2020年底的政府网站差多少", ("江苏", "浙江")),
        ("网民2024年底比2020年底多了多少", ("11.08亿", "9.89亿")),
        ("2020年底网民有多少？2024年底手机网民呢？", ("9.89亿", "11.05亿")),
    ],
)
def test_what_is_ranked_holds_all_that_is_asked_for(
    real_assistant: Assistant, question: str, rows: tuple[str, ...]
) -> None:
    """Both figures of a comparison, and the answers to both questions of a turn, come first."""
    first = [one.sentence.text for one in real_assistant.rank([question])[:8]]
    for row in rows:
        assert any(row in text for text in first), row
    assert len(first) == len(set(first))
