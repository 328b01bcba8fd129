"""The page, run without a browser: what it asks, what it draws and what it survives."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import app
import qa

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "corpus" / "reports"
CHINESE = "网上外卖用户规模是多少？"
ENGLISH = "How many people shop online in China?"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wenshu")


@pytest.fixture(scope="session")
def assistant(data: Path) -> qa.Assistant:
    return qa.open_assistant(qa.Settings(data=data))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    for name in ("WENSHU_CORPUS", "WENSHU_ENCODER", "WENSHU_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WENSHU_DATA", str(data))


@dataclass
class Scripted:
    """Answers what it is told to, and remembers what it was asked."""

    answer: qa.Answer
    around: qa.Surroundings
    asked: list[tuple[list[str], list[str]]] = field(default_factory=list)
    reports: Sequence[Any] = tuple(
        SimpleNamespace(
            id=name, short=f"报告{name}", short_en=f"Report {name}", published="2021-02-03",
            data_until="2020-12",
        )
        for name in "ab"
    )  # fmt: skip

    def ask(self, turns: Sequence[str], *, reports: Collection[str]) -> qa.Answer:
        self.asked.append((list(turns), sorted(reports)))
        return self.answer

    def surroundings(self, citation: qa.Citation) -> qa.Surroundings:
        return self.around


Script = Callable[..., Scripted]
QUOTE = "规模达 5.92 亿人 $a$\n\n \n较 <b>2023</b> 年 & 后"
BARE = qa.Surroundings("", ((QUOTE, True),), "")
CITATION = qa.Citation(
    marker=1, report="a", title="报告<i>一", section="第一章 › 一、规模 $b$", start=4,
    end=4 + len(QUOTE), quote=QUOTE, english=None,
)  # fmt: skip
ANSWER = qa.Answer(
    question="问", language="zh", status="answered", text="规模为**5.92亿人**。[1]", values=[],
    citations=[CITATION], reason=None, timings_ms={},
)  # fmt: skip


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Script:
    """Put a scripted assistant in the place of the real one."""
    monkeypatch.setenv("WENSHU_DATA", str(tmp_path))  # or the page would still hold another

    def use(answer: qa.Answer = ANSWER, around: qa.Surroundings = BARE) -> Scripted:
        scripted = Scripted(answer, around)

        def opened(settings: qa.Settings, *, progress: Callable[[int, int], None]) -> Scripted:
            progress(0, 0)
            progress(1, 2)
            return scripted

        monkeypatch.setattr(qa, "open_assistant", opened)
        return scripted

    return use


def opened() -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert not page.exception
    return page


def ask(page: AppTest, question: str) -> AppTest:
    page.chat_input(key="typed").set_value(question).run()
    assert not page.exception
    return page


class Marked(HTMLParser):
    """Collects the text of a passage, and of what is marked in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.mark, self._inside = "", "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside = self._inside or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.mark += data if self._inside else ""


def unescaped(markdown: str) -> str:
    """Give the answer's text back from what the page handed to Streamlit."""
    uncoloured = re.sub(r":primary\[(\*\*.*?\*\*|\[\d+\])\]", r"\1", markdown)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", uncoloured)


@pytest.mark.parametrize("question", [CHINESE, ENGLISH, "2035年火星上有多少网民？"])
def test_what_is_drawn_is_what_was_answered(assistant: qa.Assistant, question: str) -> None:
    answer = assistant.ask([question])
    page = ask(opened(), question)
    typed, reply = page.chat_message
    assert [one.value for one in typed.text] == [question]
    drawn = reply.info if answer.status == "refused" else reply.markdown
    assert unescaped(drawn[0].value).endswith(answer.text)
    assert len(reply.expander) == len(answer.citations)
    for one, expander in zip(answer.citations, reply.expander, strict=True):
        source = (REPORTS / one.report / "source.txt").read_text(encoding="utf-8")
        shown = Marked(expander.html[0].body)
        assert shown.mark == source[one.start : one.end]
        assert one.title in shown.text
        assert unescaped(expander.label).startswith(f"[{one.marker}] {one.title}")


def test_a_conversation_is_carried_over(script: Script) -> None:
    scripted = script()
    page = opened()
    questions = [f"问题{number}" for number in range(10)]
    for question in questions:
        ask(page, question)
    assert scripted.asked[1][0] == questions[:2]
    assert scripted.asked[-1][0] == questions[2:]
    page.button(key="clear").click().run()
    assert not page.chat_message
    ask(page, "重新开始")
    assert scripted.asked[-1][0] == ["重新开始"]


def test_the_language_of_the_page(script: Script) -> None:
    script()
    page = ask(opened(), "问")
    assert page.radio(key="language").value == "zh"
    assert page.caption[0].value == app.WORDS["promise"]["zh"]
    page.checkbox(key="report b").uncheck().run()
    page.text_input(key="model").set_value("some/model").run()
    page.radio(key="language").set_value("en").run()
    assert not page.exception
    assert page.caption[0].value == app.WORDS["promise"]["en"]
    assert page.chat_input(key="typed").placeholder == app.WORDS["ask"]["en"]
    assert "Report a" in page.checkbox(key="report a").label
    assert (
        "published 2021-02-03 · data until 2020-12" in page.chat_message[1].expander[0].html[0].body
    )
    # What was said, ticked and typed stays.
    assert [one.value for one in page.text] == ["问"]
    assert [page.checkbox(key=f"report {name}").value for name in "ab"] == [True, False]
    assert page.text_input(key="model").value == "some/model"


def test_every_word_is_there_in_both_languages() -> None:
    for words in app.WORDS.values():
        assert set(words) == {"zh", "en"}
        assert words["zh"].count("{}") == words["en"].count("{}")
    assert {language: 4 <= len(asked) <= 6 for language, asked in app.EXAMPLES.items()} == {
        "zh": True,
        "en": True,
    }


FIGURES = {
    "网民规模有多少？": "11.08亿",
    "2024年网上外卖用户规模是多少？": "5.92亿",
    "农村互联网普及率是多少？": "67.4%",
    "人均每周上网时长是多少？": "28.7",
    "2020年底的网络购物用户规模是多少？": "7.82亿",
    "5G基站有多少个？": "419.1万",
    "How many online shopping users were there in 2024?": "974 million",
    "How many 5G base stations does China have?": "4.191 million",
    "How many online music users were there in December 2024?": "748 million",
    "How many online food delivery users in 2024?": "592 million",
}


def test_the_examples_are_answered_rightly(assistant: qa.Assistant) -> None:
    examples = [one for listed in app.EXAMPLES.values() for one in listed]
    assert set(examples) == set(FIGURES)
    answers = {one: assistant.ask([one]) for one in examples}
    assert {one: answer.status for one, answer in answers.items()} == dict.fromkeys(
        examples, "answered"
    )
    assert [one for one, answer in answers.items() if FIGURES[one] not in answer.text] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_example_is_asked_at_a_click(script: Script, language: qa.Language) -> None:
    scripted = script()
    page = opened()
    page.radio(key="language").set_value(language).run()
    page.button(key=f"example {language} 0").click().run()
    assert not page.exception
    assert scripted.asked == [([app.EXAMPLES[language][0]], ["a", "b"])]
    assert not [one for one in page.button if one.key != "clear"]


def test_only_the_reports_that_are_ticked_are_asked(script: Script) -> None:
    scripted = script()
    page = opened()
    page.checkbox(key="report a").uncheck().run()
    ask(page, "问")
    assert scripted.asked == [(["问"], ["b"])]


def test_no_report_is_ticked(script: Script) -> None:
    scripted = script()
    page = opened()
    for name in "ab":
        page.checkbox(key=f"report {name}").uncheck().run()
    ask(page, "网民规模")
    assert scripted.asked == []
    assert [one.value for one in page.text] == ["网民规模"]
    assert page.chat_message[1].warning[0].value == app.plain(app.WORDS["none"]["zh"])
    page.checkbox(key="report a").check().run()
    ask(page, "再问")
    assert scripted.asked == [(["再问"], ["a"])]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (" ", " "),
        ("网" * 20_000, "网" * 20_000),
        ("网民\x00规模\x1b[31m", "网民␀规模␛[31m"),
    ],
    ids=["blank", "long", "control"],
)
def test_a_question_that_cannot_be_taken(question: str, shown: str) -> None:
    page = ask(opened(), question)
    assert [one.value for one in page.text] == [shown.strip()]
    assert page.session_state.log[0].question == question
    (warning,) = page.chat_message[1].warning
    assert "\n" not in warning.value
    # It is no part of the conversation that goes on.
    ask(page, CHINESE)
    assert page.chat_message[3].expander
    assert not page.chat_message[3].warning


HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://192.0.2.1/i.png) $a$ $$b$$\n"
    "# t\n| a | b |\n|---|---|\n:red[r] :smile: `c` <img src=x onerror=alert(1)>"
)


def test_what_a_user_types_is_shown_as_typed(script: Script) -> None:
    scripted = script()
    page = ask(opened(), HOSTILE)
    # Streamlit draws st.text without Markdown, HTML or formulas.
    assert [one.value for one in page.chat_message[0].text] == [HOSTILE]
    assert not page.chat_message[0].markdown
    assert scripted.asked[0][0] == [HOSTILE]


def test_what_an_answer_holds_is_escaped(script: Script) -> None:
    script(ANSWER.model_copy(update={"text": HOSTILE.replace("\n| a | b |\n|---|---|", "")}))
    page = ask(opened(), "问")
    (drawn,) = page.chat_message[1].markdown
    assert not re.search(r"(?<!\\)[$<`!:#\[\]]", drawn.value)
    assert not drawn.allow_html
    assert page.session_state.log[0].answer.text == HOSTILE.replace("\n| a | b |\n|---|---|", "")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("为**9.74亿人**。[1][2]", "为:primary[**9\\.74亿人**]。:primary[[1]]:primary[[2]]"),
        ("占**53.4%**的", "占:primary[**53\\.4\\%**]的"),
        ("国发[2020]15号[3]", "国发\\[2020\\]15号\\[3\\]"),
        ("2*3*4 = **24", "2\\*3\\*4 \\= \\*\\*24"),
        ("|年|$|\n|---|--:|\n|2020|1\\|2|", "|年|\\$|\n|---|--:|\n|2020|1\\|2|"),
        ("- 一\n- 二-三\n\n1. 四\n2) 五", "- 一\n- 二\\-三\n\n1. 四\n2\\) 五"),
    ],
)
def test_the_markdown_that_answers_use_is_kept(text: str, markdown: str) -> None:
    assert app.formatted(text, marks=2) == markdown
    assert unescaped(markdown) == text.replace("\\|", "|")


def test_a_passage_is_shown_as_the_source_has_it(script: Script) -> None:
    around = qa.Surroundings("前文 <u>\n\n", ((QUOTE, True),), "后文")
    script(around=around)
    reply = ask(opened(), "问").chat_message[1]
    (expander,) = reply.expander
    assert unescaped(expander.label) == "[1] 报告<i>一 · 一、规模 $b$"
    html = expander.html[0].body
    assert Marked(html).mark == QUOTE
    assert Marked(html).text.endswith(f"前文 <u>\n\n{QUOTE}后文")
    assert "第一章 › 一、规模 $b$" in html
    assert "2021-02-03 发布 · 数据截至 2020-12" in html
    assert html.count('<span class="blank">') == 2
    assert not re.search(r"<(?!/?(?:div|span|br|mark)\b)", html)


def test_an_english_edition_is_shown_where_there_is_one(script: Script) -> None:
    citation = CITATION.model_copy(update={"english": "592 million <people>"})
    script(ANSWER.model_copy(update={"citations": [citation]}))
    html = ask(opened(), "问").chat_message[1].expander[0].html[0].body
    assert "592 million &lt;people&gt;" in html


def test_a_refusal_says_so_in_words(script: Script) -> None:
    refusal = {"status": "refused", "text": "报告没有给出。最接近的段落：[1]", "reason": "none"}
    script(ANSWER.model_copy(update=refusal))
    reply = ask(opened(), "问").chat_message[1]
    assert not [one for one in reply.markdown if "最接近" in one.value]
    (info,) = reply.info
    assert info.value.startswith(f"**{app.WORDS['refused']['zh']}**")
    assert len(reply.expander) == 1


def test_a_missing_corpus_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WENSHU_CORPUS", str(tmp_path / "nothing"))
    page = ask(opened(), CHINESE)
    (error,) = page.error
    assert "nothing" in error.value
    assert "\n" not in error.value
    assert [one.value for one in page.text] == [CHINESE]
    # It is answered as soon as the corpus is there.
    monkeypatch.delenv("WENSHU_CORPUS")
    page.run()
    assert not page.error
    assert page.chat_message[1].expander


def test_a_model_that_is_not_there_is_done_without() -> None:
    page = opened()
    page.text_input(key="model").set_value("no/such/folder").run()
    assert not page.exception
    (warning,) = page.warning
    assert "no/such/folder" in unescaped(warning.value)
    assert ask(page, CHINESE).chat_message[1].expander


def test_a_failure_while_answering_is_one_line(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = script()
    broken: type[Exception] = next(one for one in qa.EXPECTED_ERRORS if one is not qa.QuestionError)

    def fail(turns: object, *, reports: object) -> qa.Answer:
        raise broken("the index is\nbroken")

    monkeypatch.setattr(scripted, "ask", fail)
    page = ask(opened(), "问")
    assert "the index is broken" in page.chat_message[1].warning[0].value
    assert [one.value for one in page.text] == ["问"]


def test_settings_reach_qa(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    scripted, seen = script(), []

    def opener(settings: qa.Settings, **_: object) -> Scripted:
        seen.append(settings)
        return scripted

    monkeypatch.setattr(qa, "open_assistant", opener)
    monkeypatch.setenv("WENSHU_MODEL", "from/environment")
    monkeypatch.setenv("WENSHU_ENCODER", "an/encoder")
    page = opened()
    page.text_input(key="model").set_value(" typed ").run()
    page.run()
    assert [one.model for one in seen] == ["from/environment", "typed"]
    assert {replace(one, model=None) for one in seen} == {
        replace(seen[0], model=None, encoder="an/encoder")
    }


def values(periods: Sequence[str]) -> list[qa.Value]:
    return [
        qa.Value(value=5.0 + place, unit="亿人", magnitude=(5.0 + place) * 1e8, period=period,
                 role="answer", citation=1)
        for place, period in enumerate(periods)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("periods", "charts"), [(["2020-12", "2023-12", "2024-12"], 1), (["2020-12", "2024-12"], 0)]
)
def test_three_periods_are_drawn_over_time(script: Script, periods: list[str], charts: int) -> None:
    script(ANSWER.model_copy(update={"values": values(periods)}))
    page = ask(opened(), "走势")
    assert len(page.get("vega_lite_chart")) == charts


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-12", "2024/12/15"),
        ("2020-01/2020-06", "2020/06/15"),
        ("2017", "2017/12/15"),
    ],
)
def test_a_period_is_drawn_at_its_last_month(period: str, day: str) -> None:
    assert app.day(period) == day


def test_the_page_opens_with_its_title_alone(script: Script) -> None:
    script()
    assert [one.value for one in opened().title] == ["问数 Wenshu"]
    assert not [one for one in opened().main.markdown if "periods" in one.value]
