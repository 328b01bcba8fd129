"""The chat page: it draws, and leaves every question to ``qa``.

Texts are stored as they came and escaped when they are drawn: Streamlit's
Markdown would read ``$`` as formulas, brackets as links and images, ``:a:`` as emoji.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from threading import Lock

import streamlit as st

import qa

TURNS = 8  # that a question is read with, itself included
SPECIAL = r"[!-/:-@\[-`{-~]"  # what Markdown may read as its own
LANGUAGES: dict[qa.Language, str] = {"zh": "中文", "en": "English"}
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#1f6f78"/>'
    '<path d="M9 22V15M16 22V10M23 22V18" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>'
    "</svg>"
)
STYLE = """<style>
[data-testid="stText"] { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 16rem;
  overflow-y: auto; font-family: inherit; line-height: 1.6; }
[data-testid="stMarkdownContainer"] { overflow-wrap: anywhere; line-height: 1.7; }
[data-testid="stButton"] button * { white-space: normal; }
[data-testid="stMarkdownContainer"] table { display: block; max-width: 100%; overflow-x: auto; }
[data-testid="stMarkdownContainer"] :is(td, th) { white-space: nowrap; }
[data-testid="stMarkdownContainer"] th { white-space: normal; min-width: 5.5em; }
[data-testid="stMarkdownContainer"] thead:not(:has(th:not(:empty))) { display: none; }
[data-testid="stCaptionContainer"] { color: #57606a; opacity: 1; }
.place { color: #57606a; font-size: .85rem; line-height: 1.6; margin-bottom: .6rem; }
.source { color: #57606a; line-height: 1.75; font-size: .95rem; white-space: pre-wrap;
  overflow-wrap: anywhere; tab-size: 10; }
.source mark { background: #fff0b3; color: #24292e; }
.source mark .aside { background: #fff; color: #8a929a; font-size: .85em; }
.source .blank { white-space: normal; }
.article { line-height: 1.9; white-space: pre-wrap; overflow-wrap: anywhere; }
.article mark { color: #1c2024; border-radius: 3px; padding: 0 2px; }
.article mark.supported { background: #d3f0d8; border-bottom: 2px solid #1a7f37; }
.article mark.refuted { background: #ffd9d6; border-bottom: 2px dashed #c0392b; }
.article mark.not_enough_info { background: #eceff1; border-bottom: 2px dotted #57606a; }
.compared { width: 100%; margin-bottom: .6rem; } .compared td { vertical-align: top; }
.english { border-top: 1px solid #dfe4e2; margin-top: .8rem; padding-top: .6rem; }
</style>"""
WORDS: dict[str, dict[qa.Language, str]] = {
    "promise": {
        "zh": "用中文或英文查询统计报告：每个数字都经原文核对，并附出处。",
        "en": "Ask statistical reports in Chinese or English: every figure is checked against "
        "the passage it cites.",
    },
    "ask": {"zh": "输入问题", "en": "Ask a question"},
    "try": {"zh": "可以这样问：", "en": "You could ask:"},
    "reports": {"zh": "查询哪些报告", "en": "Reports to ask"},
    "until": {"zh": "数据截至 {}", "en": "data until {}"},
    "dates": {"zh": "{} 发布 · 数据截至 {}", "en": "published {} · data until {}"},
    "english": {"zh": "英文版", "en": "English edition"},
    "none": {
        "zh": "还没有选择报告：请在侧栏至少选择一份，再提问。",
        "en": "No report is chosen: choose at least one in the sidebar, then ask.",
    },
    "settings": {"zh": "设置", "en": "Settings"},
    "model": {"zh": "语言模型（文件夹或 id）", "en": "Language model (folder or id)"},
    "about model": {
        "zh": "可以不填：没有语言模型也能回答。填写本机上的模型后，由它组织语句；它写的数字"
        "同样要与原文核对，对不上的不显示。不会下载任何东西。",
        "en": "Optional: answers need no language model. One on this machine can word them; its "
        "figures pass the same check, and what fails is not shown. Nothing is downloaded.",
    },
    "no model": {
        "zh": "语言模型没有载入，暂不用它回答：{}",
        "en": "The language model was not loaded; answers do without it: {}",
    },
    "clear": {"zh": "清空对话", "en": "Clear the conversation"},
    "local": {
        "zh": "全部在本机运行，问题和报告都不会离开这台电脑。",
        "en": "Everything runs on this machine; nothing you type leaves it.",
    },
    "loading": {"zh": "正在载入报告……", "en": "Loading the reports…"},
    "building": {"zh": "首次使用，正在建立索引……", "en": "Building the index; this happens once…"},
    "answering": {"zh": "正在查找并核对……", "en": "Looking it up and checking…"},
    "task": {"zh": "做什么", "en": "What to do"},
    "task ask": {"zh": "提问", "en": "Ask"},
    "task check": {"zh": "核查", "en": "Check"},
    "article": {"zh": "要核查的文字", "en": "Text to check"},
    "article hint": {
        "zh": "粘贴一句话或一篇文章：其中每个统计数字都会与所选报告核对。",
        "en": "Paste a sentence or an article: each statistic is held against the reports chosen.",
    },
    "check": {"zh": "核查", "en": "Check"},
    "checking": {"zh": "正在核查……", "en": "Checking…"},
    "claimed": {"zh": "原文", "en": "Claimed"},
    "found": {"zh": "报告", "en": "Found"},
    "difference": {"zh": "说明", "en": "Difference"},
    "refused": {"zh": "没有给出答案", "en": "No answer given"},
    "bad question": {"zh": "{}", "en": "{}"},
    "broken": {"zh": "出了点问题：{}", "en": "Something is wrong: {}"},
}
SERIES = 3  # periods that an answer must give to be drawn over time
SCALES: dict[qa.Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
    "en": ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")),
}
EXAMPLES: dict[qa.Language, tuple[str, ...]] = {
    "zh": (
        "网民规模有多少？",
        "2024年网上外卖用户规模是多少？",
        "农村互联网普及率是多少？",
        "人均每周上网时长是多少？",
        "2020年底的网络购物用户规模是多少？",
        "5G基站有多少个？",
    ),
    "en": (
        "How many online shopping users were there in 2024?",
        "How many 5G base stations does China have?",
        "How many online music users were there in December 2024?",
        "How many online food delivery users in 2024?",
    ),
}


@dataclass(frozen=True)
class Cited:
    """A citation with what its passage is drawn from, so that history needs no assistant."""

    citation: qa.Citation
    around: qa.Surroundings
    published: str
    data_until: str


@dataclass(frozen=True)
class Exchange:
    """A question as it was typed, and what came of it: an answer, a problem or, as yet, nothing.

    ``problem`` is a key of ``WORDS``; ``detail`` fills those words, in each language.
    """

    question: str
    answer: qa.Answer | None = None
    cited: tuple[Cited, ...] = ()
    problem: str = ""
    detail: Mapping[qa.Language, str] = field(default_factory=dict)


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="问数 Wenshu", page_icon=LOGO, initial_sidebar_state=320)
    st.html(STYLE)
    log: list[Exchange] = st.session_state.setdefault("log", [])
    language = choose_language()
    st.title("问数 Wenshu", anchor=False)
    st.caption(WORDS["promise"][language])
    checking = choose_task(language) == "check"
    if not checking and (typed := st.chat_input(WORDS["ask"][language], key="typed")):
        log.append(Exchange(typed))
    with st.sidebar:
        reports_box = st.container()
        settings = choose_model(language)
        st.button(WORDS["clear"][language], key="clear", on_click=log.clear, disabled=not log)
        st.caption(WORDS["local"][language])
    assistant = load_or_say_why(settings, language)
    with reports_box:
        chosen = choose_reports(assistant, language) if assistant else []
    if checking:
        if assistant:
            draw_check(assistant, chosen, language)
        return
    if assistant and not log:
        draw_examples(log, language)
    for number, exchange in enumerate(log):
        with st.chat_message("user", avatar=":material/person:"):
            st.text(visible(exchange.question))
        pending = not (exchange.answer or exchange.problem)
        if assistant or not pending:
            with st.chat_message("assistant", avatar=LOGO):
                if assistant and pending:
                    with st.spinner(WORDS["answering"][language]):
                        log[number] = answered(assistant, log[: number + 1], chosen)
                draw_reply(log[number], language)


def choose_language() -> qa.Language:
    """Draw the choice of language; a browser that names one other than Chinese gets English."""
    if "language" not in st.session_state:
        locale = st.context.locale or "zh"
        st.session_state.language = "zh" if locale.lower().startswith("zh") else "en"
    language: qa.Language = st.sidebar.radio(
        "语言 / Language",
        tuple(LANGUAGES),
        format_func=lambda one: LANGUAGES[one],
        horizontal=True,
        key="language",
    )
    return language


def choose_task(language: qa.Language) -> str:
    """Draw the choice between asking and checking."""
    task: str | None = st.segmented_control(
        WORDS["task"][language],
        ("ask", "check"),
        format_func=lambda one: WORDS[f"task {one}"][language],
        default="ask",
        key="task",
        label_visibility="collapsed",
    )
    return task or "ask"


def choose_model(language: qa.Language) -> qa.Settings:
    """Draw the settings; gives those of the environment with the model that is typed in."""
    settings = qa.read_environment(os.environ)
    st.session_state.setdefault("model", settings.model or "")
    with st.expander(WORDS["settings"][language]):
        model: str = st.text_input(WORDS["model"][language], key="model")
        st.caption(WORDS["about model"][language])
    return replace(settings, model=model.strip() or None)


def choose_reports(assistant: qa.Assistant, language: qa.Language) -> list[str]:
    """Draw a box for each report; gives the ids of those that are ticked."""
    st.markdown(f"**{WORDS['reports'][language]}**")
    chosen = []
    for report in assistant.reports:
        short = report.short if language == "zh" else report.short_en
        key = f"report {report.id}"
        until = WORDS["until"][language].format(report.data_until)
        if st.checkbox(f"{plain(short)} :small[:gray[{plain(until)}]]", value=True, key=key):
            chosen.append(report.id)
    if not chosen:
        st.warning(WORDS["none"][language])
    return chosen


@st.cache_resource(show_spinner=False)
def shelf() -> tuple[Lock, dict[qa.Settings, qa.Assistant]]:
    """Hold the assistant in use; a cached ``open_assistant`` could not show its progress."""
    return Lock(), {}


def load(settings: qa.Settings, language: qa.Language) -> qa.Assistant:
    """Give the assistant for these settings; only the last one is kept in memory."""
    lock, loaded = shelf()
    with lock:
        if settings not in loaded:
            bar = st.empty()

            def progress(done: int, total: int) -> None:
                bar.progress(min(done / max(total, 1), 1.0), WORDS["building"][language])

            with st.spinner(WORDS["loading"][language]):
                assistant = qa.open_assistant(settings, progress=progress)
                loaded.clear()  # at once: the next call of Streamlit may end this run
                loaded[settings] = assistant
            bar.empty()
        return loaded[settings]


def load_or_say_why(settings: qa.Settings, language: qa.Language) -> qa.Assistant | None:
    """Load the assistant; a language model that does not load is done without."""
    failed: dict[qa.Settings, str] = st.session_state.setdefault("failed", {})
    if settings not in failed:
        try:
            return load(settings, language)
        except qa.EXPECTED_ERRORS as error:
            reason = one_line(error)
        if settings.model is None:
            st.error(plain(WORDS["broken"][language].format(reason)))
            return None
        failed[settings] = reason  # not tried again at every click
    assistant = load_or_say_why(replace(settings, model=None), language)
    if assistant:
        st.warning(plain(WORDS["no model"][language].format(failed[settings])))
    return assistant


def draw_examples(log: list[Exchange], language: qa.Language) -> None:
    """Draw questions to start with."""
    st.markdown(WORDS["try"][language])
    columns = st.columns(2)
    for number, example in enumerate(EXAMPLES[language]):
        columns[number % 2].button(
            example,
            key=f"example {language} {number}",
            width="stretch",
            on_click=log.append,
            args=(Exchange(example),),
        )


def draw_check(assistant: qa.Assistant, chosen: list[str], language: qa.Language) -> None:
    """Draw where a text to be checked is put, and what was found in it."""
    st.text_area(
        WORDS["article"][language],
        key="article",
        height=200,
        placeholder=WORDS["article hint"][language],
        max_chars=None,
    )
    pressed = st.button(WORDS["check"][language], key="check", type="primary")
    if pressed and not chosen:
        st.session_state.pop("review", None)
        st.warning(WORDS["none"][language])
    elif pressed:
        st.session_state.pop("review", None)
        checked(assistant, st.session_state.article, chosen, language)
    if review := st.session_state.get("review"):
        draw_review(review, language)


def checked(assistant: qa.Assistant, text: str, chosen: list[str], language: qa.Language) -> None:
    """Check a text with a progress bar and keep what was found; say why if it cannot be."""
    bar = st.progress(0.0, WORDS["checking"][language])

    def told(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"{WORDS['checking'][language]} {done} / {total}")

    try:
        st.session_state.review = assistant.review(
            text,
            reports=chosen,
            progress=told,
        )
    except (qa.ClaimError, qa.QuestionError) as error:
        st.warning(plain(error.text(language)))
    except qa.EXPECTED_ERRORS as error:
        st.error(plain(WORDS["broken"][language].format(one_line(error))))
    finally:
        bar.empty()


def draw_review(review: qa.Review, language: qa.Language) -> None:
    """Draw a checked text: the counts, the text with its statistics marked, then each of them."""
    st.markdown(f"**{plain(qa.summary(review.verdict, language))}**")
    st.html(f'<div class="article">{marked(review, language)}</div>')
    cited = {one.marker: one for one in review.verdict.citations}
    for mark in review.marks:
        figure = mark.figure
        name = qa.verdict_name(figure.verdict, language)
        told = figure.difference if figure.found == figure.claimed else figure.found
        found = f" → {told}" if told and figure.verdict == "refuted" else ""
        with st.expander(plain(f"{mark.sign} {name} · {figure.claimed[:80]}{found}")):
            st.html(finding(mark, cited.get(figure.citation or 0), language))
    columns = st.columns(3)
    downloads = (
        ("Markdown", qa.to_markdown, "wenshu-check.md", "text/markdown"),
        ("CSV", qa.to_csv, "wenshu-check.csv", "text/csv"),
        ("ClaimReview", qa.to_claim_review, "wenshu-check.jsonld", "application/ld+json"),
    )
    for column, (label, write, name, kind) in zip(columns, downloads, strict=True):
        data = write(review, language)
        column.download_button(label, data, name, kind, width="stretch", on_click="ignore")


def marked(review: qa.Review, language: qa.Language) -> str:
    """The checked text as HTML, each statistic in a colour with a sign."""
    text, parts, reached = review.verdict.claim, [], 0
    for mark in review.marks:
        if mark.start < reached:
            continue
        name = escape(qa.verdict_name(mark.figure.verdict, language))
        parts.append(source(text[reached : mark.start]))
        parts.append(
            f'<mark class="{mark.figure.verdict}" title="{name}">'
            f"{source(text[mark.start : mark.end])}<sup>{mark.sign}</sup></mark>"
        )
        reached = mark.end
    return "".join([*parts, source(text[reached:])])


def finding(mark: qa.Mark, cited: qa.Citation | None, language: qa.Language) -> str:
    """One statistic as HTML: the claimed and the found figure side by side, and the passage."""
    figure = mark.figure
    rows = [
        (WORDS["claimed"][language], figure.claimed),
        (WORDS["found"][language], figure.found or "–"),
        (WORDS["difference"][language], figure.difference or "–"),
    ]
    cells = "".join(f"<td><b>{escape(head)}</b><br>{escape(text)}</td>" for head, text in rows)
    html = f'<table class="compared"><tr>{cells}</tr></table>'
    if cited:
        place = "<br>".join(escape(line) for line in (cited.title, cited.section) if line)
        html += f'<div class="place">{place}</div><div class="source">{source(cited.quote)}</div>'
        if cited.english:
            html += f'<div class="english">{escape(cited.english)}</div>'
    return html


def answered(assistant: qa.Assistant, log: list[Exchange], chosen: list[str]) -> Exchange:
    """Ask the last question of a conversation; those that could not be asked are no part of it."""
    *earlier, last = log
    turns = [one.question for one in earlier if one.answer][1 - TURNS :]
    if not chosen:
        return replace(last, problem="none")
    try:
        answer = assistant.ask([*turns, last.question], reports=chosen)
    except qa.QuestionError as error:
        return replace(
            last, problem="bad question", detail={one: error.text(one) for one in LANGUAGES}
        )
    except qa.EXPECTED_ERRORS as error:
        return replace(last, problem="broken", detail=dict.fromkeys(LANGUAGES, one_line(error)))
    reports = {report.id: report for report in assistant.reports}
    cited = tuple(
        Cited(one, assistant.surroundings(one), report.published, report.data_until)
        for one in answer.citations
        for report in [reports[one.report]]
    )
    return replace(last, answer=answer, cited=cited)


def draw_reply(exchange: Exchange, language: qa.Language) -> None:
    """Draw an answer with its citations, a refusal, or what kept the question from being asked."""
    if exchange.problem:
        st.warning(
            plain(WORDS[exchange.problem][language].format(exchange.detail.get(language, "")))
        )
    if answer := exchange.answer:
        text = formatted(answer.text, len(answer.citations))
        if answer.status == "refused":
            heading = WORDS["refused"][answer.language]
            st.info(f"**{heading}**\n\n{text}", icon=":material/search_off:")
        else:
            st.markdown(text)
            draw_series(answer)
    for one in exchange.cited:
        *_, innermost = one.citation.section.split(" › ")
        label = " · ".join(filter(None, (one.citation.title, innermost)))
        with st.expander(plain(f"[{one.citation.marker}] {label}")):
            st.html(passage(one, language))


def draw_series(answer: qa.Answer) -> None:
    """Draw the figures of an answer that gives several periods as a line over time."""
    points = [one for one in answer.values if one.role == "answer" and one.period]
    if len({one.period for one in points}) < SERIES or len(points) != len(answer.values):
        return
    largest = max(abs(one.magnitude) for one in points)
    size, name = next(
        ((size, name) for size, name in SCALES[answer.language] if largest >= size), (1, "")
    )
    share = all(one.unit.startswith("%") for one in points)
    st.vega_lite_chart(
        {
            "data": {
                "values": [
                    {"day": day(one.period), "figure": one.magnitude / size}
                    for one in points
                    if one.period
                ]
            },
            "height": 220,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {
                    "field": "day",
                    "type": "temporal",
                    "title": None,
                    "axis": {"format": "%Y-%m"},
                },
                "y": {
                    "field": "figure",
                    "type": "quantitative",
                    "title": "%" if share else name or None,
                },
            },
        },
        width="stretch",
    )


def day(period: str) -> str:
    """The middle of a period's last month as a browser reads a local date; a year's is December.

    >>> day("2020-01/2020-06"), day("2017")
    ('2020/06/15', '2017/12/15')
    """
    year, _, month = period.rpartition("/")[2].partition("-")
    return f"{year}/{month or 12}/15"


def passage(one: Cited, language: qa.Language) -> str:
    """Show where a quote stands, and the source around it with the quote marked, as HTML."""
    cited, around = one.citation, one.around
    dates = WORDS["dates"][language].format(one.published, one.data_until)
    place = "<br>".join(escape(line) for line in (cited.title, cited.section, dates) if line)
    html = (
        f'<div class="place">{place}</div><div class="source" lang="zh">{source(around.before)}'
        f"<mark>{''.join(part(*one) for one in around.parts)}</mark>{source(around.after)}</div>"
    )
    if cited.english:
        heading = WORDS["english"][language]
        html += f'<div class="english"><b>{heading}</b><br>{escape(cited.english)}</div>'
    return html


def part(text: str, own: bool) -> str:
    """Show a part of a quote; what only stands inside it, such as a footnote, is greyed."""
    return source(text) if own else f'<span class="aside">{source(text)}</span>'


def source(text: str) -> str:
    """Escape a source's text for HTML; its blank lines stay in it but take no room.

    Line breaks are written as entities, because ``st.html`` strips lines that look blank.
    """
    blank = r"(?<=\n)(?:[^\S\n]*\n)+"
    html = re.sub(blank, lambda one: f'<span class="blank">{one[0]}</span>', escape(text))
    return html.replace("\n", "&#10;")


def formatted(text: str, marks: int) -> str:
    """Escape all of an answer's Markdown but bold words, lists, tables and ``[1]`` marks.

    Bold words are coloured too, which holds together what Markdown would not take as bold:
    ``占**53.4%**的``.
    """
    bold, mark = r"\*\*([^*\n]+)\*\*", r"\[(\d+)\]"
    kept = r"^- |^\d+\. |^\|[|: -]+$|\\?\|"

    def shown(found: re.Match[str]) -> str:
        if found[1]:
            return f":primary[**{plain(found[1])}**]"
        if found[2] and 1 <= int(found[2]) <= marks:
            return f":primary[{found[0]}]"
        return found[3] or plain(found[0])

    return re.sub(f"{bold}|{mark}|({kept})|{SPECIAL}", shown, text, flags=re.MULTILINE)


def plain(text: str) -> str:
    """Escape all Markdown of a text."""
    return re.sub(SPECIAL, r"\\\g<0>", text)


def visible(text: str) -> str:
    """Show signs for control characters."""
    return text.translate({code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"})


def one_line(error: Exception) -> str:
    """Give an error's message without line breaks."""
    return " ".join(str(error).split())


if __name__ == "__main__":
    main()
