"""The models of layers, trained end to end on made-up data: seconds for a tiny one of each."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_training import PAIRS, data
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from corpus import load_reports
from index import load_encoder, load_reader
from index.bank import load_bank
from index.training.__main__ import main
from index.training.bilingual import DistilSettings, distil
from index.training.cross_encoder import CrossEncoder
from index.training.data import TrainingError
from index.training.domain import Domain, load_domain
from index.training.loop import LoopSettings, run
from index.training.narrow import narrowed, principal_axes
from index.training.reader import (
    Group,
    ReaderSettings,
    group_loss,
    padded,
    read_groups,
    train_reader,
)
from index.training.retrieval import RetrievalSettings, hard_negatives, tune
from index.training.runtime import measure_runtimes

__all__ = ["data"]

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
QUICK = LoopSettings(rate=3e-3, embedding_rate=1e-2, log_every=5, save_every=10)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny English encoder with random weights, saved as transformers saves one."""
    folder = tmp_path_factory.mktemp("english")
    words = sorted({word.lower() for pair in PAIRS for word in pair.left.split()})
    letters = [chr(code) for code in range(97, 123)]
    vocabulary = {one: number for number, one in enumerate([*SPECIAL, *letters, *words])}
    built = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    built.normalizer = BertNormalizer()
    built.pre_tokenizer = BertPreTokenizer()
    built.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=built, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]",
    ).save_pretrained(folder)  # fmt: skip
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    """Questions whose own sentence answers; of every fifth, no sentence does."""
    found = []
    for place, pair in enumerate(PAIRS):
        others = [PAIRS[(place + step) % len(PAIRS)].left for step in (5, 17, 31)]
        answered = place % 5 > 0
        sentences = (pair.left, *others) if answered else tuple(others)
        found.append(Group(pair.left, sentences, (answered, *[False] * (len(sentences) - 1))))
    return found


def test_an_encoder_is_distilled_and_reads_back(data: Path, english: Path, tmp_path: Path) -> None:
    settings = DistilSettings(loop=QUICK, batch=16, layers=1)
    losses = distil(data, tmp_path / "out", settings, teacher=english, limit=480)
    assert losses[-1] < losses[0]
    encoder = load_encoder(str(tmp_path / "out"))
    vectors = encoder.encode([pair.right for pair in PAIRS[:4]])
    assert vectors.shape == (4, 32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    again = load_encoder(str(tmp_path / "out")).encode([pair.right for pair in PAIRS[:4]])
    np.testing.assert_array_equal(again, vectors)


def test_a_narrower_encoder_is_distilled(data: Path, english: Path, tmp_path: Path) -> None:
    wide = BertModel.from_pretrained(english)
    wide.config.hidden_size = 32
    assert narrowed(wide, 32).config.num_attention_heads == 1
    with pytest.raises(ValueError, match="multiple of 32, not 20"):
        narrowed(wide, 20)
    big = tmp_path / "big"
    torch.manual_seed(2)
    config = BertConfig(
        vocab_size=wide.config.vocab_size, hidden_size=64, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(big)
    PreTrainedTokenizerFast.from_pretrained(english).save_pretrained(big)
    settings = DistilSettings(loop=QUICK, batch=16, layers=1, width=32)
    losses = distil(data, tmp_path / "out", settings, teacher=big, limit=480)
    assert losses[-1] < losses[0]
    assert load_encoder(str(tmp_path / "out")).encode(["schools"]).shape == (1, 32)


def test_the_axes_kept_are_those_of_numpy() -> None:
    vectors = torch.randn(40, 12, generator=torch.Generator().manual_seed(3))
    axes = principal_axes(vectors, 5).numpy()
    np.testing.assert_allclose(axes.T @ axes, np.eye(5), atol=1e-5)
    values, found = np.linalg.eigh(vectors.numpy().T @ vectors.numpy())
    assert values[-1] > values[0]
    np.testing.assert_allclose(axes @ axes.T, found[:, -5:] @ found[:, -5:].T, atol=1e-4)


def test_an_encoder_is_tuned_for_retrieval_and_reads_back(
    data: Path, english: Path, tmp_path: Path
) -> None:
    settings = RetrievalSettings(loop=QUICK, batch=16, longest=32, questions=40, replay=40)
    losses = tune(data, english, tmp_path / "out", settings, limit=60)
    assert losses[-1] < losses[0]
    first, again = (load_encoder(str(tmp_path / "out")).encode(["schools"]) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_a_hard_negative_is_near_and_not_ones_own(english: Path) -> None:
    domain: Domain = load_domain(load_bank()[:120], load_reports()[:1])
    encoder = load_encoder(str(english))
    texts, asked = domain.texts[:300], [
        one for one in domain.questions if one.right in domain.texts[:300]
    ]  # fmt: skip
    found = hard_negatives(asked, texts, encoder, RetrievalSettings(near=4))
    own: dict[str, set[str]] = {}
    for one in asked:
        own.setdefault(one.left, set()).add(one.right)
    assert asked
    assert all(wrong in texts for wrong in found)
    assert all(wrong not in own[one.left] for one, wrong in zip(asked, found, strict=True))


def test_an_encoder_runs_alike_in_every_way(english: Path) -> None:
    texts = [pair.left for pair in PAIRS[:40]]
    found = {one.name: one for one in measure_runtimes(english, texts)}
    assert found["PyTorch float32"].near == pytest.approx(1, abs=1e-5)
    assert found["ONNX Runtime float32"].near == pytest.approx(1, abs=1e-4)
    assert found["PyTorch int8"].near > 0.9
    assert found["PyTorch int8"].size < found["PyTorch float32"].size
    assert found["ONNX Runtime int8"].near > 0.9
    assert found["ONNX Runtime int8"].size < found["ONNX Runtime float32"].size
    assert all(one.row().count("|") == 8 for one in found.values())


def test_a_folder_without_an_encoder_has_no_runtime(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runtime", "--model", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: no encoder of layers in")


def test_a_reader_learns_and_reads_back(english: Path, groups: list[Group], tmp_path: Path) -> None:
    settings = ReaderSettings(loop=QUICK, epochs=12, longest=32)
    model, losses = train_reader(groups, english, tmp_path, settings)
    assert losses[-1] < losses[0] / 2
    reader = load_reader(tmp_path)
    pairs = [(groups[1].question, one) for one in groups[1].sentences]
    tokenizer = PreTrainedTokenizerFast.from_pretrained(english)
    with torch.no_grad():
        full = model(**padded(tokenizer, pairs, 32)).numpy()
    small = reader.scores(groups[1].question, groups[1].sentences)
    np.testing.assert_allclose(small, full, atol=0.5)
    assert int(small.argmax()) == int(full.argmax())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx", "tokenizer.json"]


def test_the_loss_of_a_group_is_the_cross_entropy_with_none_at_zero() -> None:
    scores = torch.tensor([2.0, -1.0, 0.5])
    every = np.exp([2.0, -1.0, 0.5, 0.0])
    right = float(group_loss(scores, (True, False, False)))
    none = float(group_loss(scores, (False, False, False)))
    assert right == pytest.approx(-np.log(every[0] / every.sum()), abs=1e-5)
    assert none == pytest.approx(-np.log(every[3] / every.sum()), abs=1e-5)


def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    def train(work: Path, broken_at: int = -1) -> torch.Tensor:
        torch.manual_seed(3)
        model = torch.nn.Linear(4, 1)
        batches = [torch.randn(8, 4, generator=torch.Generator().manual_seed(n)) for n in range(25)]

        def loss_of(batch: torch.Tensor) -> torch.Tensor:
            if batch is batches[broken_at]:
                raise KeyboardInterrupt
            loss: torch.Tensor = (model(batch) - batch.sum(dim=1, keepdim=True)).pow(2).mean()
            return loss

        if broken_at < 0:
            batches.append(torch.zeros(0, 4))
            run(model, batches[:25], loss_of, QUICK, work)
        else:
            with pytest.raises(KeyboardInterrupt):
                run(model, batches, loss_of, QUICK, work)
        return model.weight.detach()

    whole = train(tmp_path / "whole")
    train(tmp_path / "cut", broken_at=17)
    assert (tmp_path / "cut" / "state.pt").exists()
    np.testing.assert_allclose(train(tmp_path / "cut"), whole, atol=1e-6)
    assert not (tmp_path / "cut" / "state.pt").exists()


def test_a_saved_state_of_another_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes(b"not a state")
    model = torch.nn.Linear(2, 1)
    with pytest.raises(TrainingError, match="remove it to begin anew"):
        run(model, [torch.ones(1, 2)], lambda batch: model(batch).mean(), QUICK, tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"question": "a"}', '{"question": "a", "sentences": ["b"], "right": []}', "[]"],
)
def test_groups_that_cannot_be_read_are_told_in_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "groups.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError) as caught:
        read_groups(tmp_path / "groups.jsonl")
    assert "\n" not in str(caught.value)
    assert "groups.jsonl" in str(caught.value)


def test_groups_are_read_as_written(tmp_path: Path) -> None:
    line = {"question": "多少？", "sentences": ["甲", "乙"], "right": [False, True]}
    (tmp_path / "groups.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert read_groups(tmp_path / "groups.jsonl") == [Group("多少？", ("甲", "乙"), (False, True))]


def test_an_encoder_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = tmp_path / "groups.jsonl"
    groups.write_text('{"question": "a", "sentences": ["b"], "right": [true]}\n', encoding="utf-8")
    out = str(tmp_path / "out")
    given = ["--groups", str(groups), "--encoder", str(tmp_path / "none"), "--out", out]
    assert main(["reader", *given]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: cannot read the encoder in")
    assert told.count("\n") == 1


def test_a_pair_is_cut_in_the_sentence_alone(english: Path) -> None:
    tokenizer = PreTrainedTokenizerFast.from_pretrained(english)
    read = padded(tokenizer, [("schools fell", "companies " * 50)], 12)
    assert read["input_ids"].shape == (1, 12)
    begun = tokenizer("schools fell")["input_ids"]
    assert read["input_ids"][0, : len(begun)].tolist() == begun


def test_a_cross_encoder_gives_one_score_a_pair(english: Path) -> None:
    model = CrossEncoder(BertModel.from_pretrained(english)).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(english)
    pairs = [("schools", "companies"), ("schools", "companies fell in cities")]
    both = model(**padded(tokenizer, pairs, 16))
    alone = model(**padded(tokenizer, pairs[:1], 16))
    assert both.shape == (2,)
    assert float(both[0].detach()) == pytest.approx(float(alone[0].detach()), abs=1e-5)
