"""Attribution: the report's name goes, what is asked stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.attribution import unattributed


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("按2020年那份数字中国报告，线上开庭一共多少次？", "线上开庭一共多少次？"),
        ("CNNIC第47次报告里，裁判文书网公开了多少份文书？", "裁判文书网公开了多少份文书？"),
        ("电子社保卡服务过多少人次，按2020年那份报告", "电子社保卡服务过多少人次，"),
        (
            "How precise is BeiDou-3 worldwide, according to the 2020 Digital China report?",
            "How precise is BeiDou-3 worldwide ?",
        ),
        (
            "How did working from home help firms in 2020, according to CNNIC?",
            "How did working from home help firms in 2020 ?",
        ),
    ],
)
def test_where_it_is_told_is_left_out(question: str, asked: str) -> None:
    assert unattributed(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "2020年CNCERT收到多少网络安全事件报告？",
        "政府工作报告里提了什么？",
        "这份报告一年出几回，从哪年开始的？",
        "第47次报告比第55次报告多多少页？",
        "给两会报告起草组递了多少条建言？",
        "what does the report cover",
        "How many incident reports did CNCERT get in 2020?",
        "网民有多少？",
    ],
)
def test_a_report_that_is_asked_about_stays(question: str) -> None:
    assert unattributed(question) == question


@given(st.text(max_size=80))
def test_nothing_is_added(text: str) -> None:
    assert len(unattributed(text)) <= len(text)
