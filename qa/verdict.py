"""Verdicts: what is found of each statistic of a text, put into words with its citations."""

from collections.abc import Mapping, Sequence

from corpus import Passage, Quantity, Report, Sentence, Span
from qa.cite import cite
from qa.compose import quote, western
from qa.contract import CheckedFigure, Language, Verdict
from qa.draft import checked
from qa.judge import Finding
from qa.match import Match
from qa.ruling import Ruling
from qa.scoring import Scored
from qa.when import period_words

_WORDS: dict[str, dict[Language, str]] = {
    "supported": {"zh": "**与报告一致**", "en": "**Supported**"},
    "refuted": {"zh": "**与报告不符**", "en": "**Refuted**"},
    "not_enough_info": {
        "zh": "**报告没有给出足够的信息**",
        "en": "**The reports do not say**",
    },
    "nearest": {"zh": "最接近的内容：", "en": "The nearest they have: "},
    "figure": {"zh": "“{claimed}”：", "en": "“{claimed}”: "},
    "found": {
        "zh": "报告给出的是**{found}**（{period}）。",
        "en": "the report gives **{found}** ({period}). ",
    },
    "undated": {"zh": "报告给出的是**{found}**。", "en": "the report gives **{found}**. "},
    "rounding": {"zh": "取整后一致", "en": "a fair rounding"},
    "equal": {"zh": "数值一致", "en": "the same figure"},
    "measure": {
        "zh": "计量方式不同：百分比、百分点与数量不是一回事",
        "en": "another kind of figure: per cent, percentage points and amounts are not the same",
    },
    "scale": {"zh": "数量级不同（万、亿之别）", "en": "another order of magnitude"},
    "unit": {"zh": "单位不同", "en": "another unit"},
    "direction": {"zh": "升降方向相反", "en": "the other direction"},
    "period": {"zh": "时期不同：报告的数字属于{period}", "en": "another period: {period}"},
    "region": {"zh": "地区不同", "en": "another region"},
    "group": {"zh": "对象不同", "en": "about something else"},
    "value": {"zh": "数值不同", "en": "another figure"},
}


def overall(findings: Sequence[Finding]) -> Ruling:
    """The verdict on a text: one refuted figure refutes it, one that is not given leaves it open.

    A rank or a spoken remark that the reports are silent on does not leave a text open
    whose figures are all supported.
    """
    if any(one.ruling is Ruling.REFUTED for one in findings):
        return Ruling.REFUTED
    figures = [one for one in findings if _is_figure(one)] or list(findings)
    if figures and all(one.ruling is Ruling.SUPPORTED for one in figures):
        return Ruling.SUPPORTED
    return Ruling.NOT_ENOUGH


def _is_figure(one: Finding) -> bool:
    quantity = one.claim.quantity
    return quantity is not None and quantity.unit != "名次"


def verdict(
    text: str, language: Language, findings: Sequence[Finding], reports: Mapping[str, Report]
) -> Verdict:
    """Put findings into words; every figure shown stands in what is cited for it."""
    ruling = overall(findings)
    places: dict[tuple[Passage, Span], int] = {}
    lines: list[str] = []
    records: list[CheckedFigure] = []
    for one in findings:
        evidence = _evidence(one)
        statements = checked(quote(evidence, language, reports), reports) if evidence else ()
        marks = [
            places.setdefault((cited.passage, cited.span), len(places) + 1)
            for statement in statements
            for cited in statement.cited
        ]
        match = one.match if one.ruling is not Ruling.NOT_ENOUGH and statements else None
        lines.append(_line(one, match, language, [s.text for s in statements], marks, findings))
        records.append(
            CheckedFigure(
                claimed=one.claim.printed,
                verdict=one.ruling.value,
                found=_shown(match, language) if match else None,
                difference=difference(one, match, language) if match else None,
                citation=marks[0] if marks else None,
            )
        )
    if len(findings) > 1:
        lines.insert(0, _WORDS[ruling.value][language] + ("。" if language == "zh" else "."))
    return Verdict(
        claim=text,
        language=language,
        verdict=ruling.value,
        text="\n\n".join(lines),
        findings=records,
        citations=[
            cite(marker, passage, span, reports[passage.report], language)
            for (passage, span), marker in places.items()
        ],
    )


def difference(one: Finding, match: Match, language: Language) -> str:
    """Say in a few words how a claimed figure and the one found lie to each other."""
    signs, claimed, given = match.signs, one.claim.quantity, match.fact.quantity
    if claimed is None:
        return ""
    if one.ruling is Ruling.SUPPORTED:
        same = claimed.magnitude == given.magnitude
        return _WORDS["equal" if same else "rounding"][language]
    if signs.measure == 0:
        return _WORDS["measure"][language]
    if signs.equal:
        for name in ("unit", "direction", "region"):
            if getattr(signs, name) < 0:
                return _WORDS[name][language]
        if signs.period < 0 and match.fact.period:
            period = period_words(match.fact.period, language)
            return _WORDS["period"][language].format(period=period)
        return _WORDS["group"][language]
    return _WORDS["scale" if signs.digits else "value"][language]


def _evidence(one: Finding) -> tuple[Scored, ...]:
    """The sentence to quote for a finding."""
    if one.match is not None and one.ruling is not Ruling.NOT_ENOUGH:
        return (one.match.scored,)
    return (one.nearest,) if one.nearest else ()


def _line(
    one: Finding,
    match: Match | None,
    language: Language,
    quoted: Sequence[str],
    marks: Sequence[int],
    findings: Sequence[Finding],
) -> str:
    """One finding in words: the ruling, both figures, and the passage."""
    figure = _WORDS["figure"][language].format(claimed=one.claim.printed.strip())
    opening = figure if len(findings) > 1 else ""
    ruling = _WORDS[one.ruling.value][language]
    colon, stop = ("：", "。") if language == "zh" else (": ", ". ")
    if one.ruling is Ruling.NOT_ENOUGH:
        told = f"{ruling}{stop}{_WORDS['nearest'][language] if quoted else ''}"
    elif match is not None and one.ruling is Ruling.REFUTED:
        name = "found" if match.fact.period else "undated"
        period = period_words(match.fact.period, language) if match.fact.period else ""
        shown = _WORDS[name][language].format(found=_shown(match, language), period=period)
        told = f"{ruling}（{difference(one, match, language)}）{colon}{shown}"
        if language == "en":
            told = f"{ruling} ({difference(one, match, language)}): {shown}"
    elif match is not None:
        told = f"{ruling}{colon}"
    else:
        told = f"{ruling}{stop}"
    body = "\n\n".join(quoted)
    gap = "\n\n" if body.startswith(("|", "**")) else ""
    marked = "".join(f"[{mark}]" for mark in dict.fromkeys(marks))
    tail = "\n\n" if body.endswith("|") else " "
    return f"{opening}{told}{gap}{body}{tail}{marked}".strip()


def _shown(match: Match, language: Language) -> str:
    """The figure found, as its report prints it or in English."""
    quantity = match.fact.quantity
    return western(quantity) if language == "en" else _printed(quantity, match.fact.sentence)


def _printed(quantity: Quantity, sentence: Sentence) -> str:
    if 0 <= quantity.start < quantity.end <= len(sentence.text):
        printed = sentence.text[quantity.start : quantity.end]
        if any(one.isdigit() for one in printed):
            return printed
    return f"{quantity.value:,f}{quantity.printed_unit}"
