"""The page in a real browser: what a reader sees, and that nothing leaves the machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

import qa

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
START_SECONDS = 60
LOAD_SECONDS = 60


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wenshu")


@pytest.fixture(scope="module")
def address(chromium: str, data: Path) -> Iterator[str]:
    """Serve the page as a checkout does, until the tests are done."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    environment = {name: value for name, value in os.environ.items() if "WENSHU_" not in name}
    log = data / "streamlit.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=ROOT,
            env={**environment, "WENSHU_DATA": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; fail with what it printed if it does not."""
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the page did not start: {log.read_text(encoding='utf-8', errors='replace')}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open the page in a browser of a language and a width; it may reach this machine only."""
    locale, width = request.param
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 850})
    page = context.new_page()
    page.set_default_timeout(LOAD_SECONDS * 1000)
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith((f"{address}/", "data:", "blob:"))
            else elsewhere.append(sent.url)
        ),
    )
    page.goto(address)
    yield page
    context.close()
    assert elsewhere == []


def ask(page: Page, question: str) -> Locator:
    """Type a question and give the message that answers it."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    reply = page.get_by_test_id("stChatMessage").nth(1)
    reply.get_by_test_id("stExpander").first.wait_for()
    return reply


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than its window."""
    width: int = page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    return width


def spaced(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("page", "question", "placeholder"),
    [
        (("zh-CN", 1400), "网上外卖用户规模是多少？", "输入问题"),
        (("en-US", 400), "How many people shop online in China?", "Ask a question"),
    ],
    indirect=["page"],
    ids=["zh-wide", "en-narrow"],
)
def test_an_answer_and_its_passage(page: Page, data: Path, question: str, placeholder: str) -> None:
    page.get_by_placeholder(placeholder).wait_for()
    assert overflow(page) <= 1
    reply = ask(page, question)
    expander = reply.get_by_test_id("stExpander").first
    expander.locator("summary").click()
    mark = expander.locator("mark")
    mark.wait_for()
    assert mark.is_visible()

    citation = qa.open_assistant(qa.Settings(data=data)).ask([question]).citations[0]
    source = (ROOT / "corpus/reports" / citation.report / "source.txt").read_text(encoding="utf-8")
    assert mark.text_content() == source[citation.start : citation.end]
    assert spaced(mark.inner_text()) == spaced(source[citation.start : citation.end])
    assert citation.title in expander.inner_text()
    assert overflow(page) <= 1


@pytest.mark.parametrize("page", [("zh-CN", 400)], indirect=True)
def test_hostile_words_do_nothing(page: Page) -> None:
    typed = (
        "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'> $a$ 网民 "
        "[x](javascript:window.hit=1) ![i](http://192.0.2.1/i.png) " + "w" * 400
    )
    ask(page, typed)
    asked = page.get_by_test_id("stChatMessage").first
    assert asked.get_by_test_id("stText").inner_text() == typed
    assert page.evaluate("window.hit") is None
    assert asked.locator("script, a, .katex").count() == 0
    assert overflow(page) <= 1


@pytest.mark.parametrize("page", [("zh-CN", 400)], indirect=True)
def test_a_wide_table_scrolls(page: Page) -> None:
    reply = ask(page, "网上外卖用户规模是多少？")
    scrolls = reply.get_by_test_id("stMarkdownContainer").first.evaluate(
        """answer => {
            answer.innerHTML = `<table><tr>${'<td>57,634块/32</td>'.repeat(12)}</tr></table>`;
            const table = answer.firstChild;
            return table.scrollWidth > table.clientWidth && table.clientWidth <= 400;
        }"""
    )
    assert scrolls
    assert overflow(page) <= 1


@pytest.mark.parametrize("page", [("zh-CN", 400)], indirect=True)
def test_the_sidebar_fits_a_narrow_window(page: Page) -> None:
    page.get_by_placeholder("输入问题").wait_for()
    page.get_by_test_id("stExpandSidebarButton").click()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("English", exact=True).click()
    sidebar.get_by_text("Reports to ask").wait_for()
    assert overflow(page) <= 1
