import gzip
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.training.__main__ import main
from index.training.data import (
    Pair,
    TrainingError,
    clean_glosses,
    load_corpus,
    split_pairs,
    split_sentences,
)
from index.training.features import TokenParts, gather, parts
from index.training.static import StaticSettings, train_static
from index.training.vocabulary import VocabularySettings, build_tokenizer
from index.training.weights import StaticVectors

SUBJECTS = {
    "网民": "netizens",
    "域名": "domain names",
    "网站": "websites",
    "手机": "mobile phones",
    "企业": "companies",
    "学校": "schools",
    "医院": "hospitals",
    "农民": "farmers",
}
VERBS = {"增加": "increased", "减少": "fell", "超过": "exceeded", "接近": "approached"}
PLACES = {"城市": "in cities", "农村": "in the countryside", "北京": "in Beijing"}
PAIRS = [
    Pair("made-up", f"{english} {did} {where}", f"{place}的{chinese}{verb}了")
    for (chinese, english), (verb, did), (place, where) in itertools.product(
        SUBJECTS.items(), VERBS.items(), PLACES.items()
    )
]
TINY = VocabularySettings(chinese_words=40, latin_words=60, latin_parts=20, minimum=1)
QUICK = StaticSettings(dimension=16, epochs=10, batch=32, rate=0.1, longest=32)


def tokenizer() -> Tokenizer:
    texts = [text for pair in PAIRS for text in (pair.left, pair.right)]
    return build_tokenizer(texts, [*SUBJECTS, *VERBS, *PLACES], TINY)


@pytest.fixture(scope="module")
def trained() -> tuple[StaticVectors, list[float]]:
    ready = tokenizer()
    vectors, losses = train_static(ready, [PAIRS], QUICK)
    return StaticVectors(ready, vectors), losses


def write_gzip(path: Path, text: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [f"{'tico19' if i % 3 else 'made-up'}\t{p.left}\t{p.right}" for i, p in enumerate(PAIRS)]
    write_gzip(tmp_path / "parallel.tsv.gz", "\n".join(["source\ten\tzh", *rows]) + "\n")
    words = [f"{zh}\t{en}; (coll.) {en} indeed" for zh, en in (SUBJECTS | VERBS).items()]
    write_gzip(tmp_path / "cedict.tsv.gz", "\n".join(["zh\ten", *words]) + "\n")
    contexts = [f"{a}很多。{b}在北京。" for a, b in itertools.permutations(SUBJECTS, 2)]
    items = [
        json.dumps({"question": f"{text[:2]}多吗？", "context": text, "answer": "多", "start": 1})
        for text in contexts
    ]
    write_gzip(tmp_path / "qa-zh.jsonl.gz", "\n".join(items) + "\n")
    return tmp_path


def test_loss_falls_and_partners_are_found(trained: tuple[StaticVectors, list[float]]) -> None:
    model, losses = trained
    assert losses[-1] < losses[0] / 2
    scores = model.encode([p.left for p in PAIRS]) @ model.encode([p.right for p in PAIRS]).T
    assert (scores.argmax(axis=1) == np.arange(len(PAIRS))).mean() > 0.9


def test_same_seed_gives_the_same_vectors(trained: tuple[StaticVectors, list[float]]) -> None:
    again, losses = train_static(tokenizer(), [PAIRS], QUICK)
    np.testing.assert_array_equal(again, trained[0].table)
    assert losses == trained[1]


def test_tokenizer_is_built_the_same_way_twice() -> None:
    assert tokenizer().to_str() == tokenizer().to_str()


def test_saved_model_reads_back_as_it_was(
    trained: tuple[StaticVectors, list[float]], tmp_path: Path
) -> None:
    model = trained[0]
    model.save(tmp_path / "model", "A card.\n")
    back = StaticVectors.load(tmp_path / "model")
    texts = [pair.right for pair in PAIRS]
    np.testing.assert_allclose(back.encode(texts), model.encode(texts), atol=0.01)
    np.testing.assert_array_equal(back.encode(texts), model.rounded().encode(texts))
    back.save(tmp_path / "again", "A card.\n")
    first, second = ((tmp_path / name / "model.safetensors") for name in ("model", "again"))
    assert first.read_bytes() == second.read_bytes()


def test_sentence_transformers_gives_the_same_vectors(
    trained: tuple[StaticVectors, list[float]], tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    trained[0].save(tmp_path)
    texts = [PAIRS[0].left, PAIRS[-1].right, "", "🙂", "齉", "2020年12月 10.5%"]
    theirs = SentenceTransformer(str(tmp_path), device="cpu", local_files_only=True).encode(texts)
    ours = StaticVectors.load(tmp_path).encode(texts)
    assert theirs.dtype == ours.dtype == np.float32
    np.testing.assert_allclose(theirs, ours, atol=1e-5)
    assert not ours[2:5].any()


def test_unknown_tokens_do_not_turn_a_vector(trained: tuple[StaticVectors, list[float]]) -> None:
    known, mixed = trained[0].encode(["网民增加", "网民齉增加"])
    np.testing.assert_allclose(known, mixed, atol=1e-6)


def test_no_texts_give_no_rows(trained: tuple[StaticVectors, list[float]]) -> None:
    assert trained[0].encode([]).shape == (0, 16)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("截至2020年，10.5万", ["2020", "0"]),
        ("1,000,000 and 3.14", ["0", "0"]),
        ("12345 20201", ["0", "0"]),
        ("2020.5 is no year", ["0"]),
        ("In 1997, 2021.", ["1997", "2021"]),
        ("2019，2020，15", ["2019", "2020", "0"]),
        ("2020,000", ["0"]),
        ("第1.2.3版，12,34", ["0", "0", "0"]),
        ("89.7％", ["0", "%"]),
    ],
)
def test_numbers_are_one_class_but_years_stay(text: str, tokens: list[str]) -> None:
    built = build_tokenizer([text], [], TINY)
    found = built.encode(text, add_special_tokens=False).tokens
    assert [token for token in found if re.search(r"[0-9%]", token)] == tokens


def test_names_with_digits_stay_whole() -> None:
    built = build_tokenizer(["4G 5G IPv6 IPv4"], [], TINY)
    assert built.encode("5G与IPv6").tokens[0] == "5g"
    assert built.encode("ipv6地址").tokens[0] == "ipv6"


def test_parts_of_tokens() -> None:
    assert parts("普及率") == ["普", "及", "率"]
    assert parts("ship") == ["<shi", "ship", "hip>"]
    assert parts("率") == []
    table = TokenParts.of(["普及", "普及率", "率"])
    assert table.size == 2
    assert table.starts.tolist() == [0, 2, 4, 4]


def test_gather_joins_rows() -> None:
    flat, starts = np.array([5, 6, 7, 8, 9]), np.array([0, 2, 2, 5])
    joined, offsets = gather(flat, starts, np.array([2, 1, 0]))
    assert joined.tolist() == [7, 8, 9, 5, 6]
    assert offsets.tolist() == [0, 3, 3]


@pytest.mark.parametrize(
    ("glosses", "senses"),
    [
        ("(coll.) beeper; pager", ["beeper", "pager"]),
        ("company; CL:家[jia1]", ["company"]),
        ("variant of 企業; firm (esp. (small) one)", ["firm"]),
        ("to hit sb", ["to hit"]),
        ("(bird)", []),
    ],
)
def test_glosses_are_cleaned(glosses: str, senses: list[str]) -> None:
    assert clean_glosses(glosses) == senses


def test_sentences_rebuild_the_text() -> None:
    text = "甲。乙！丙？丁"
    assert split_sentences(text) == ["甲。", "乙！", "丙？", "丁"]


def test_no_test_text_is_in_training() -> None:
    twin = Pair("k8s", PAIRS[3].left.upper() + "!", "别的话")
    pairs = [Pair("sdg", p.left, p.right) for p in PAIRS[:20]] + PAIRS[20:] + [twin]
    train, test = split_pairs(pairs, 15)
    assert len(test) == 15
    seen = {text.lower().strip("!") for p in test for text in (p.left, p.right)}
    assert not any(p.left.lower().strip("!") in seen or p.right in seen for p in train)


def test_command_trains_and_measures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    command = ["static", "--data", str(data), "--out", str(out), "--no-teacher", "--epochs", "2"]
    assert main([*command, "--dimension", "16", "--limit", "60"]) == 0
    assert main(["measure", "--data", str(data), "--model", str(out)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split()[:2] == ["zh>en", "en>zh"]
    assert printed[-1].endswith(str(out))
    assert "CC-CEDICT" in (out / "README.md").read_text(encoding="utf-8")


def test_bad_data_is_one_clear_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["static", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "o")]) == 2
    assert capsys.readouterr().err == f"error: data folder not found: {tmp_path / 'none'}\n"
    assert main(["measure", "--data", str(data), "--model", str(tmp_path / "none")]) == 2
    assert "model folder not found" in capsys.readouterr().err
    for broken, complaint in [("x\ty\n", "line 1 has 2 fields"), ("", "is empty")]:
        write_gzip(data / "parallel.tsv.gz", broken)
        with pytest.raises(TrainingError, match=complaint):
            load_corpus(data)
    (data / "parallel.tsv.gz").write_bytes(b"not gzip")
    with pytest.raises(TrainingError, match="cannot read"):
        load_corpus(data)
