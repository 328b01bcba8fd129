"""The page's checking side, run without a browser: what it marks and what it survives."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app
import qa

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = (
    "截至2020年12月，我国网民规模达9.89亿，互联网普及率达到80.4%。<b>网络购物</b>用户规模为7.82亿。"
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    for name in ("WENSHU_CORPUS", "WENSHU_ENCODER", "WENSHU_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WENSHU_DATA", str(data_folder))


def checked(text: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.session_state["task"] = "check"
    page.run()
    page.text_area(key="article").set_value(text)
    page.button(key="check").click().run()
    assert not page.exception
    return page


class Marks(HTMLParser):
    """Collects the classes and texts of what is marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "mark":
            self.found.append([dict(attrs)["class"] or "", ""])
        self._inside = self._inside or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.found[-1][1] += data


def test_an_article_is_marked(real_assistant: qa.Assistant) -> None:
    found = real_assistant.review(ARTICLE)
    marks = Marks(app.marked(found, "zh"))
    assert marks.found == [
        ["supported", "9.89亿✓"],
        ["refuted", "80.4%✗"],
        ["supported", "7.82亿✓"],
    ]
    assert re.sub("[✓✗?]", "", marks.text) == ARTICLE


def test_the_page_counts_and_shows_each_figure() -> None:
    page = checked(ARTICLE)
    assert any("核查3处" in one.value for one in page.markdown)
    assert len([one for one in page.expander if "属实" in one.label or "不符" in one.label]) == 3
    assert any("→ 70\\.4\\%" in one.label for one in page.expander)


@pytest.mark.parametrize("text", ["", "今天天气很好。我们去公园。", "<html><p>9.89亿</p></html>"])
def test_what_cannot_be_checked_is_one_line(text: str) -> None:
    page = checked(text)
    assert len(page.warning) == 1
    assert "\n" not in page.warning[0].value


def test_nothing_is_checked_against_no_report() -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.session_state["task"] = "check"
    page.run()
    for box in page.checkbox:
        box.uncheck()
    page.text_area(key="article").set_value(ARTICLE)
    page.button(key="check").click().run()
    assert not page.exception
    assert len(page.warning) == 2
