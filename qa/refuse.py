"""Refusals: what is said where the reports do not answer."""

from collections.abc import Sequence

from qa.contract import Language
from qa.evidence import (
    FIGURES_LOST,
    INVENTION_ASKED,
    NOTHING_FITS,
    PERIOD_NOT_COVERED,
    REGION_NOT_COVERED,
)

NUMBER_CHECK_FAILED = "number_check_failed"
NOT_COMPUTED = "not_computed"
BAD_QUESTION = "bad_question"

_TEXTS: dict[str, dict[Language, str]] = {
    NOTHING_FITS: {
        "zh": "所选报告没有给出能回答这个问题的内容。",
        "en": "The reports chosen do not say.",
    },
    PERIOD_NOT_COVERED: {
        "zh": "所选报告谈到了这件事，但没有给出所问时期的数据。",
        "en": "The reports chosen speak of this, but not for the period asked.",
    },
    REGION_NOT_COVERED: {
        "zh": "所选报告谈到了这件事，但没有给出所问地区的数据。",
        "en": "The reports chosen speak of this, but not for the region asked.",
    },
    INVENTION_ASKED: {
        "zh": "只按报告回答，不编造，也不撇开出处。请直接问要查的数字。",
        "en": "Answers come from the reports alone; nothing is made up. Ask for the figure itself.",
    },
    NUMBER_CHECK_FAILED: {
        "zh": "找到的内容没有通过数字核对，因此不作回答。",
        "en": "What was found did not pass the number check, so it is not shown.",
    },
    NOT_COMPUTED: {
        "zh": "所选报告没有直接给出这个结果，也没有找齐计算它所需的数字。",
        "en": "The reports chosen do not print this, and not all that it takes to compute it was"
        " found.",
    },
    FIGURES_LOST: {
        "zh": "所选报告提到了这件事，但相关数字没有给出，或在原文中已经丢失。",
        "en": "The reports chosen mention this, but give no figure, or it was lost in the text.",
    },
}
_NEAREST: dict[Language, str] = {"zh": "最接近的段落：", "en": "The nearest passage:"}
_NEAREST_DATED: dict[Language, str] = {
    "zh": "最接近的是{}的数据：",
    "en": "The nearest is for {}:",
}


_PART: dict[Language, tuple[str, ...]] = {
    "zh": ("第一部分", "第二部分", "第三部分"),
    "en": ("first part", "second part", "third part"),
}


def unsaid(places: Sequence[int], language: Language) -> str:
    """Say which parts of a question, counted from 0, the reports do not answer; "" for none."""
    if not places:
        return ""
    named = [_PART[language][place] for place in places]
    if language == "zh":
        return f"\n\n对问题的{'、'.join(named)}，所选报告没有给出答案。"
    return f"\n\nTo the {' and the '.join(named)} of the question the reports give no answer."


def refusal(reason: str, language: Language, *, nearest: bool, dated: str = "") -> str:
    """Say why the reports do not answer; with ``nearest``, the first citation is pointed to.

    :param dated: The period of the nearest passage in words, if the one asked for is what lacks.
    """
    text = _TEXTS[reason][language]
    if not nearest:
        return text
    gap = "" if language == "zh" else " "
    pointed = _NEAREST_DATED[language].format(dated) if dated else _NEAREST[language]
    return f"{text}{gap}{pointed} [1]"
