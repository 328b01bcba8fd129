"""The bundled reader: what answers is read above what does not, in both languages."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from index import BUNDLED_READER, Reader, ReaderError, load_reader

SHOPPING = "截至2020年12月，我国网络购物用户规模达7.82亿，较2020年3月增长7215万。"
SENTENCES = [
    SHOPPING,
    "截至2020年12月，我国网络支付用户规模达8.54亿，较2020年3月增长8636万。",
    "截至2020年12月，我国网站数量为443万个，较2019年底下降10.9%。",
    "各地区积极推进数字政府建设，一体化服务能力显著提升。",
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("网上买东西的有多少人？", 0),
        ("How many people shop online?", 0),
        ("用手机付钱的人数", 1),
        ("How many websites does China have?", 2),
    ],
)
def test_the_sentence_that_answers_comes_first(reader: Reader, question: str, answer: int) -> None:
    assert int(reader.scores(question, SENTENCES).argmax()) == answer


def test_an_unanswered_question_scores_below_an_answered_one(reader: Reader) -> None:
    asked = reader.scores("2020年底网络购物用户有多少", [SHOPPING])[0]
    other = reader.scores("月球上有多少座环形山", [SHOPPING])[0]
    assert asked > other


def test_the_order_of_texts_does_not_matter(reader: Reader) -> None:
    straight = reader.scores("网站有多少个", SENTENCES)
    turned = reader.scores("网站有多少个", SENTENCES[::-1])
    np.testing.assert_allclose(straight, turned[::-1], atol=0.3)


def test_the_same_texts_give_the_same_scores(reader: Reader) -> None:
    first = reader.scores("网站有多少个", SENTENCES)
    np.testing.assert_array_equal(first, reader.scores("网站有多少个", SENTENCES))
    assert first.dtype == np.float32


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.scores("网站有多少个", []).shape == (0,)


@pytest.mark.parametrize("question", ["", "？" * 5000, "\x00\ufffd", "a" * 100_000])
@pytest.mark.parametrize("text", ["", "网" * 20_000, "🙂\u200d\x07"])
def test_odd_texts_are_read(reader: Reader, question: str, text: str) -> None:
    scores = reader.scores(question, [text, SHOPPING])
    assert scores.shape == (2,)
    assert np.isfinite(scores).all()


def test_a_missing_reader_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="cannot read the reader") as caught:
        load_reader(tmp_path / "none")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_damaged_reader_is_told_in_one_line(tmp_path: Path, broken: str) -> None:
    shutil.copytree(BUNDLED_READER, tmp_path / "reader")
    (tmp_path / "reader" / broken).write_bytes(b"\x00 no model")
    with pytest.raises(ReaderError) as caught:
        load_reader(tmp_path / "reader")
    assert "\n" not in str(caught.value)
