"""Chunks, vectors, terms and their fusion, each against a plain count of our own."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus import Clean, Kind, Passage, Period, Report, Span, load_reports, parse_month, passages
from index import Chunk, Index, open_index, tokens
from index.chunk import CHUNK_CHARACTERS, split
from index.lexical import LexicalIndex
from index.search import RRF_CONSTANT, fuse
from index.vectors import VectorIndex

Vectors = NDArray[np.float32]
GENERATOR = np.random.default_rng(20260101)


class HashEncoder:
    """Counts of hashed character pairs, as unit rows."""

    name = "hash"
    digest = "hash-1"
    dimension = 48

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for pair in pairwise(text):
                vectors[row, zlib.crc32("".join(pair).encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def passage(text: str, kind: Kind = Kind.PARAGRAPH, title: str = "") -> Passage:
    clean = Clean(text, tuple(range(len(text))))
    return Passage(
        "made-up", kind, ("一、网民规模", "（一）总体"), title, (Span(0, len(text)),), clean
    )


# tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网民规模达9.89亿", ["网民", "民规", "规模", "模达", "9.89亿"]),
        ("9.89亿 98900万 989,000,000", ["9.89亿", "98900万", "989000000"]),
        ("78.6%", ["78.6"]),
        ("4.35万亿元", ["4.35万亿", "元"]),
        ("IPv6 CERNET2 5G", ["ipv6", "cernet2", "5", "g"]),
        ("Online Shoppers", ["online", "shoppers"]),
        ("网", ["网"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_a_word_is_found_in_any_sentence_without_knowing_it() -> None:
    sentence = "截至2020年12月，我国手机网民规模达9.86亿，较2020年3月增长8885万。"
    assert set(tokens("网民规模")) <= set(tokens(sentence))
    assert "9.86亿" in tokens(sentence)
    assert not set(tokens("9.86")) & set(tokens(sentence))
    assert not set(tokens("86亿")) & set(tokens(sentence))


# chunks


def check_chunks(whole: Passage, chunks: Sequence[Chunk]) -> None:
    """Chunks run through the passage in order, overlap or touch, and rebuild its text."""
    rebuilt = ""
    start = -1
    for chunk in chunks:
        assert chunk.passage is whole
        assert start < chunk.start < chunk.end <= len(whole.text)
        assert chunk.text == whole.text[chunk.start : chunk.end]
        assert len(chunk.text) <= CHUNK_CHARACTERS
        assert chunk.start <= len(rebuilt), "a gap"
        rebuilt = rebuilt[: chunk.start] + chunk.text
        start = chunk.start
    assert rebuilt == whole.text


def test_chunks_of_every_report_stay_in_their_passage_and_rebuild_it() -> None:
    everything = [read for report in load_reports() for read in passages(report)]
    chunks = list(split(everything))
    for whole in everything:
        mine = []
        while chunks and chunks[0].passage is whole:
            mine.append(chunks.pop(0))
        check_chunks(whole, mine)
    assert chunks == []


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="网民。，；\n 12a", min_size=1, max_size=900))
def test_chunks_rebuild_made_up_passages(text: str) -> None:
    whole = passage(text)
    check_chunks(whole, split([whole]))


def test_what_is_searched_names_the_headings_caption_and_header() -> None:
    rows = "省份\t2019.12\t2020.12\n" + "".join(
        f"第{row}省\t{row}\t{row + 1}\n" for row in range(60)
    )
    first, *others = split([passage(rows.rstrip("\n"), Kind.TABLE, "表 8 分省政府网站数量")])
    assert others
    for chunk in (first, *others):
        lines = chunk.searched.split("\n")
        assert lines[:4] == [
            "一、网民规模",
            "（一）总体",
            "表 8 分省政府网站数量",
            "省份\t2019.12\t2020.12",
        ]
        assert chunk.searched.endswith(chunk.text)
    assert first.searched.count("省份") == 1
    (plain,) = split([passage("我国网民规模达9.89亿。")])
    assert plain.searched == "一、网民规模\n（一）总体\n我国网民规模达9.89亿。"


# vectors


def unit_rows(count: int, dimension: int) -> Vectors:
    rows = GENERATOR.normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("limit", [1, 7, 50, 400])
def test_nearest_vectors_are_those_of_brute_force(limit: int) -> None:
    vectors, queries = unit_rows(300, 32), unit_rows(10, 32)
    index = VectorIndex(vectors)
    for query in queries:
        for allowed in (list(range(300)), list(range(0, 300, 7)), [299, 3, 250], [42]):
            scores = vectors.astype(np.float64) @ query.astype(np.float64)
            expected = sorted(allowed, key=lambda row: (-scores[row], row))[:limit]
            found = index.search(query, allowed, limit)
            assert [row for row, _ in found] == expected
            assert np.allclose([score for _, score in found], scores[expected], atol=1e-5)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(-1, 1), min_size=3, max_size=3), min_size=1, max_size=40),
    st.lists(st.integers(-1, 1), min_size=3, max_size=3),
    st.sets(st.integers(0, 39)),
    st.integers(1, 12),
)
def test_ties_come_in_the_rows_order(
    rows: list[list[int]], query: list[int], chosen: set[int], limit: int
) -> None:
    """Small whole numbers, so that scores are exact and many are equal."""
    vectors = np.asarray(rows, dtype=np.float32)
    allowed = sorted(row for row in chosen if row < len(rows))
    scores = vectors @ np.asarray(query, dtype=np.float32)
    expected = sorted(
        ((row, float(scores[row])) for row in allowed), key=lambda hit: (-hit[1], hit[0])
    )
    found = VectorIndex(vectors).search(np.asarray(query, dtype=np.float32), allowed, limit)
    assert found == expected[:limit]


def test_nothing_allowed_nothing_found() -> None:
    index = VectorIndex(unit_rows(5, 8))
    assert index.search(unit_rows(1, 8)[0], [], 3) == []
    assert index.search(unit_rows(1, 8)[0], [1, 2], 0) == []
    assert len(index) == 5


def test_vectors_are_the_same_after_save_and_load(tmp_path: Path) -> None:
    index = VectorIndex(unit_rows(100, 16))
    index.save(tmp_path / "one")
    loaded = VectorIndex.load(tmp_path / "one")
    loaded.save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    for query in unit_rows(5, 16):
        assert loaded.search(query, range(0, 100, 3), 9) == index.search(query, range(0, 100, 3), 9)


# terms


def bm25(texts: Sequence[str], query: str) -> list[float]:
    """BM25 in Lucene's form, written from the formula."""
    k1, b = 1.5, 0.75
    documents = [Counter(tokens(text) or [""]) for text in texts]
    average = sum(document.total() for document in documents) / len(documents)
    scores = [0.0] * len(documents)
    for token in tokens(query):
        having = sum(token in document for document in documents)
        idf = log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        for row, document in enumerate(documents):
            frequency = document[token]
            norm = k1 * (1 - b + b * document.total() / average)
            scores[row] += idf * frequency / (frequency + norm)
    return scores


TEXTS = (
    "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万。",
    "我国手机网民规模达9.86亿，网民使用手机上网的比例达99.7%。",
    "农村网民规模达3.09亿，占网民整体的31.3%。",
    "域名总数为4198万个。其中，“.CN”域名数量为1897万个。",
    "网络购物用户规模达7.82亿，占网民整体的79.1%。",
    "IPv6 地址数量为57634块/32，较2019年底增长13.3%。",
    "，。",
    "",
    "网民网民网民",
)


@pytest.mark.parametrize(
    "query",
    [
        "网民规模",
        "我国手机网民规模有多大？",
        "9.89亿",
        "IPv6地址 13.3%",
        "网民 网民",
        "域名数量.CN",
    ],
)
def test_lexical_scores_are_those_of_the_formula(query: str) -> None:
    index = LexicalIndex(TEXTS)
    expected = bm25(TEXTS, query)
    for allowed in (list(range(len(TEXTS))), [0, 2, 4, 8], [6, 7]):
        ranked = [row for row in allowed if expected[row] > 0]
        found = index.search(query, allowed, 20)
        assert {row for row, _ in found} == set(ranked)
        assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
        for row, score in found:
            assert score == pytest.approx(expected[row], abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text(alphabet="网民规模a1.，", max_size=14), min_size=1, max_size=12),
    st.text(alphabet="网民规模a1.", max_size=8),
    st.integers(1, 5),
)
def test_lexical_scores_of_made_up_texts(texts: list[str], query: str, limit: int) -> None:
    expected = bm25(texts, query)
    found = LexicalIndex(texts).search(query, range(len(texts)), limit)
    best = sorted((score for score in expected if score > 0), reverse=True)[:limit]
    assert [score for _, score in found] == pytest.approx(best, abs=1e-4)
    for row, score in found:
        assert score == pytest.approx(expected[row], abs=1e-4)


def test_equal_texts_come_in_their_order_and_unknown_words_find_nothing() -> None:
    index = LexicalIndex(["网民规模"] * 5)
    assert [row for row, _ in index.search("网民", [4, 1, 3], 2)] == [1, 3]
    assert index.search("量子", range(5), 5) == []
    assert index.search("", range(5), 5) == []
    assert index.search("网民", [], 5) == []
    assert LexicalIndex([]).search("网民", [], 5) == []


def test_terms_are_the_same_after_save_and_load(tmp_path: Path) -> None:
    index = LexicalIndex(TEXTS)
    index.save(tmp_path / "terms")
    loaded = LexicalIndex.load(tmp_path / "terms")
    for query in ("网民规模", "9.89亿", "ipv6", "没有这个词", ""):
        assert loaded.search(query, range(len(TEXTS)), 9) == index.search(
            query, range(len(TEXTS)), 9
        )


# fusion and filters


def test_fusion_by_hand() -> None:
    first = [(7, 9.0), (3, 5.0), (5, 4.0)]
    second = [(3, 0.9), (1, 0.8)]
    found = fuse((first, 2.0), (second, 1.0))
    assert RRF_CONSTANT == 60
    assert [(row, ranks) for row, _, ranks in found] == [
        (3, (2, 1)),
        (7, (1, None)),
        (5, (3, None)),
        (1, (None, 2)),
    ]
    by_hand = [2 / 62 + 1 / 61, 2 / 61, 2 / 63, 1 / 62]
    assert [score for _, score, _ in found] == pytest.approx(by_hand)
    assert fuse(([], 1.0), ([], 1.0)) == []


def test_fusion_keeps_the_order_of_equals() -> None:
    found = fuse(([(9, 1.0), (2, 0.5), (7, 0.4)], 1.0), ([(2, 1.0), (9, 0.5), (4, 0.4)], 1.0))
    assert [row for row, *_ in found] == [2, 9, 4, 7]


REPORTS = {
    "old": (
        "2020-12",
        ["2020年12月，网民规模达9.89亿。", "网民规模持续增长。", "2020年3月网民规模为9.04亿。"],
    ),
    "new": (
        "2024-12",
        ["2024年12月，网民规模达11.08亿。", "网民规模稳居第一。", "2016年至2018年网民规模稳定。"],
    ),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    template = load_reports()[0]
    reports: list[Report] = [
        replace(
            template, id=name, title=name, data_until=until, source="\n\n".join(paragraphs) + "\n"
        )
        for name, (until, paragraphs) in REPORTS.items()
    ]
    return open_index(tuple(reports), HashEncoder(), tmp_path_factory.mktemp("index") / "index")


def texts(index: Index, query: str, **filters: object) -> set[str]:
    found = index.search(query, **filters)  # type: ignore[arg-type]
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    return {hit.chunk.text for hit in found}


def test_without_filters_everything_is_searched(index: Index) -> None:
    assert texts(index, "网民规模") == {text for _, group in REPORTS.values() for text in group}


def test_a_filter_by_report(index: Index) -> None:
    for name, (_, paragraphs) in REPORTS.items():
        assert texts(index, "网民规模", reports={name}) == set(paragraphs)
    assert texts(index, "网民规模", reports=set(REPORTS)) == texts(index, "网民规模")
    assert texts(index, "网民规模", reports=()) == set()
    assert texts(index, "网民规模", reports=["another"]) == set()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2020-12", {"2020年12月，网民规模达9.89亿。", "网民规模持续增长。"}),
        (
            "2020",
            {"2020年12月，网民规模达9.89亿。", "网民规模持续增长。", "2020年3月网民规模为9.04亿。"},
        ),
        ("2024-12", {"2024年12月，网民规模达11.08亿。", "网民规模稳居第一。"}),
        ("2018-05", {"2016年至2018年网民规模稳定。"}),
        ("2015", set()),
    ],
)
def test_a_filter_by_period(index: Index, asked: str, expected: set[str]) -> None:
    """A passage that names no period speaks of its report's last."""
    assert texts(index, "网民规模", periods=[parse_month(asked)]) == expected


def test_filters_combine(index: Index) -> None:
    asked: list[Period] = [parse_month("2020-12"), parse_month("2024-12")]
    assert texts(index, "网民规模", reports={"new"}, periods=asked) == {
        "2024年12月，网民规模达11.08亿。",
        "网民规模稳居第一。",
    }


def test_hits_tell_their_ranks_and_obey_the_limit(index: Index) -> None:
    assert len(index.search("网民规模", limit=2)) == 2
    best = index.search("2020年12月，网民规模达9.89亿。")[0]
    assert best.chunk.text == best.passage.text == "2020年12月，网民规模达9.89亿。"
    assert (best.lexical_rank, best.vector_rank) == (1, 1)
    unknown = index.search("zzz")
    assert {hit.lexical_rank for hit in unknown} <= {None}


def test_the_same_question_gets_the_same_hits(index: Index) -> None:
    assert index.search("网民规模 2020年") == index.search("网民规模 2020年")
