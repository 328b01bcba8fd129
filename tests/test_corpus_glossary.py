import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import (
    CorpusError,
    Glossary,
    GlossaryEntry,
    load_glossary,
    load_reports,
    report_facts,
)


def entry(name: str, zh: tuple[str, ...] = (), en: tuple[str, ...] = ()) -> GlossaryEntry:
    return GlossaryEntry(name, zh, en, "metric", "", "")


SMALL = Glossary(
    (
        entry("网站", en=("website", "web site")),
        entry("政府网站", zh=("政府的网站",), en=("government website",)),
        entry("网上外卖", zh=("点外卖",), en=("food delivery", "order takeaway")),
        entry("IPv6地址", en=("IPv6 address",)),
    ),
    {"order": ("orders", "ordered", "ordering")},
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("政府网站有多少", ["政府网站"]),
        ("网站和政府的网站", ["网站", "政府网站"]),
        ("点外卖的有多少人", ["网上外卖"]),
        ("How many Government Websites?", ["政府网站"]),
        ("websites and web-sites", ["网站", "网站"]),
        ("order takeaways, food-delivery", ["网上外卖", "网上外卖"]),
        ("IPv6 addresses", ["IPv6地址"]),
        ("people ordered takeaway, ordering takeaways", ["网上外卖", "网上外卖"]),
        ("a border takeaway", []),
        ("subwebsite websitely", []),
        ("", []),
    ],
)
def test_terms_are_found_by_their_forms_the_longest_first(text: str, names: list[str]) -> None:
    found = SMALL.find(text)
    assert [one.entry.name for one in found] == names
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@given(st.text(alphabet="网站政府点外卖 IPv6 website地址-s", max_size=40))
@settings(max_examples=200, deadline=None)
def test_mentions_never_overlap(text: str) -> None:
    found = SMALL.find(text)
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start


def test_the_bundled_glossary_speaks_of_the_reports() -> None:
    glossary = load_glossary()
    assert len(glossary.entries) >= 600
    sources = re.sub(r"\s", "", "".join(report.source for report in load_reports()))
    assert [
        one.name for one in glossary.entries if re.sub(r"\s", "", one.name) not in sources
    ] == []
    names = {one.name for one in glossary.entries}
    assert {one.parent for one in glossary.entries if one.parent} <= names
    assert all(one.en for one in glossary.entries)


def test_definitions_stand_where_the_glossary_says() -> None:
    sources = {report.id: report.source for report in load_reports()}
    places = [
        (one, sources[report][start:end])
        for one in load_glossary().entries
        for report, start, end in one.definitions
    ]
    assert len(places) > 40
    for one, text in places:
        opening = re.sub(r"\s", "", text)[:40]
        assert re.search("指|是|即", opening), one.name
        assert any(form.lower() in opening.lower() for form in one.forms), (one.name, opening)


def test_every_metric_of_five_facts_or_more_is_named() -> None:
    glossary = load_glossary()
    facts = [fact for report in load_reports() for fact in report_facts(report)]
    counts = Counter(re.sub(r"\s", "", fact.metric) for fact in facts)
    frequent = [metric for metric, count in counts.items() if count >= 5]
    assert len(frequent) > 50
    assert [metric for metric in frequent if not glossary.find(metric)] == ["总量"]  # of what?


def test_every_form_finds_its_entry() -> None:
    glossary = load_glossary()
    for one in glossary.entries:
        for form in one.forms:
            assert [mention.entry for mention in glossary.find(form)] == [one], form


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a glossary"),
        ("[[term", "not a glossary"),
        ('[[term]]\nname = "甲"\n', "not a glossary"),
        (
            '[[term]]\nname="甲"\nzh=[]\nen=[]\nkind="thing"\nunit=""\nparent=""\n'
            'definition=["cnnic-47"]\n',
            "not a glossary",
        ),
        (
            '[[term]]\nname="甲"\nzh=["丙"]\nen=[]\nkind="thing"\nunit=""\nparent=""\n'
            '[[term]]\nname="乙"\nzh=["丙"]\nen=[]\nkind="thing"\nunit=""\nparent=""\n',
            "'丙' is a form of both 甲 and 乙",
        ),
    ],
)
def test_a_bad_glossary_is_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=says) as caught:
        load_glossary(path)
    assert "\n" not in str(caught.value)


def test_a_missing_glossary_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot read"):
        load_glossary(tmp_path / "none.toml")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_english_forms_are_found_wherever_they_stand(data: st.DataObject) -> None:
    """Whatever else is around them, and however blanks and hyphens are put."""
    forms = sorted({form for one in load_glossary().entries for form in one.en})
    form = data.draw(st.sampled_from(forms))
    before = data.draw(st.sampled_from(["", "zz ", "网民", "(", "qq-", "x y z. "]))
    behind = data.draw(st.sampled_from(["", " zz", "的", ")?", "-qq"]))
    gap = data.draw(st.sampled_from([" ", "-", "  "]))
    put = form.replace(" ", gap)
    text = f"{before}{put}{behind}"
    found = load_glossary().find(text)
    own = [one for one in load_glossary().entries if form in one.en]
    spans = [(one.start, one.end) for one in found if one.entry in own]
    longer = [one for one in found if one.end - one.start > len(put)]
    assert (len(before), len(before) + len(put)) in spans or longer


def test_a_form_inside_a_word_is_none() -> None:
    assert not SMALL.find("awebsite websitex")
    assert [one.entry.name for one in SMALL.find("web-site, web  sites and a website's")] == [
        "网站",
        "网站",
        "网站",
    ]
