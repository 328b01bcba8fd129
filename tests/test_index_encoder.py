"""Encoders: the NumPy one against a mean by hand and against sentence-transformers itself."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import WhitespaceSplit

from index import BUNDLED, Encoder, EncoderError, load_encoder
from index.encoder import StaticEncoder

KNOWN = "网民规模9亿"
ROWS = np.random.default_rng(7).normal(size=(len(KNOWN), 12)).astype(np.float32)
TEXTS = ("网民规模 9亿", "网网网民", "农村网络规划", "亿")
BLANK = ("", " ", "unknown words only", "！？")


def tokenizer() -> Tokenizer:
    """One token a character, and none for a character it does not know."""
    made = Tokenizer(BPE({character: number for number, character in enumerate(KNOWN)}, []))
    made.pre_tokenizer = WhitespaceSplit()
    return made


def write(folder: Path, tensors: dict[str, NDArray[Any]], modules: tuple[str, ...] = ("",)) -> Path:
    folder.mkdir(parents=True)
    kinds = ["StaticEmbedding", "Normalize", "Dense"]
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kinds[i]}"}
        for i, path in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(listed), encoding="utf-8")
    module = folder / modules[0]
    module.mkdir(exist_ok=True)
    tokenizer().save(str(module / "tokenizer.json"))
    save_file(tensors, module / "model.safetensors")
    return folder


def by_hand(rows: NDArray[np.float32], text: str) -> NDArray[np.float32]:
    known = [rows[KNOWN.index(character)] for character in text if character in KNOWN]
    mean = np.mean(known, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


WEIGHTS = np.asarray([1.0, 0.5, 2.0, 0.25, 3.0, 1.5], dtype=np.float32)
WHOLE = np.rint(ROWS * 40).astype(np.int8)
MAPPING = np.asarray([2, 2, 0, 1, 1, 0], dtype=np.int64)


@pytest.mark.parametrize(
    ("tensors", "rows"),
    [
        ({"embedding.weight": ROWS}, ROWS),
        ({"embeddings": ROWS}, ROWS),
        ({"embeddings": ROWS.astype(np.float16)}, ROWS.astype(np.float16).astype(np.float32)),
        ({"embeddings": WHOLE, "weights": WEIGHTS}, WHOLE * WEIGHTS[:, None]),
        ({"embeddings": ROWS[:3], "mapping": MAPPING}, ROWS[:3][MAPPING]),
        (
            {"embeddings": ROWS[:3], "mapping": MAPPING, "weights": WEIGHTS},
            ROWS[:3][MAPPING] * WEIGHTS[:, None],
        ),
    ],
    ids=["float32", "model2vec", "float16", "int8", "mapping", "mapping and weights"],
)
@pytest.mark.parametrize("modules", [("",), ("", "1_Normalize"), ("0_StaticEmbedding",)])
def test_a_text_is_the_mean_of_its_tokens(
    tmp_path: Path, tensors: dict[str, NDArray[Any]], rows: NDArray[Any], modules: tuple[str, ...]
) -> None:
    encoder = load_encoder(str(write(tmp_path / "model", tensors, modules)))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.dimension == 12
    found = encoder.encode(TEXTS)
    assert found.dtype == np.float32
    expected = np.asarray([by_hand(np.asarray(rows, dtype=np.float32), text) for text in TEXTS])
    assert np.allclose(found, expected, atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def check_blank(encoder: Encoder, blank: tuple[str, ...]) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    found = encoder.encode(blank)
    assert found.shape == (len(blank), encoder.dimension)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    lengths = np.linalg.norm(found, axis=1)
    assert (np.isclose(lengths, 1, atol=1e-4) | (lengths == 0)).all()


def test_texts_without_a_known_token_are_zero_and_no_nan(tmp_path: Path) -> None:
    encoder = load_encoder(str(write(tmp_path / "model", {"embedding.weight": ROWS})))
    check_blank(encoder, BLANK)
    assert not encoder.encode(BLANK).any()
    one, zero, other = encoder.encode((TEXTS[0], "", TEXTS[1]))
    assert not zero.any()
    assert np.array_equal(np.stack((one, other)), encoder.encode(TEXTS[:2]))


def test_the_digest_changes_with_each_file(tmp_path: Path) -> None:
    first = write(tmp_path / "a", {"embedding.weight": ROWS})
    digest = load_encoder(str(first)).digest
    assert digest == load_encoder(str(write(tmp_path / "b", {"embedding.weight": ROWS}))).digest
    changed = ROWS.copy()
    changed[3, 3] += 0.01
    assert digest != load_encoder(str(write(tmp_path / "c", {"embedding.weight": changed}))).digest
    path = first / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8").replace("模", "膜"), encoding="utf-8")
    assert digest != load_encoder(str(first)).digest


def error_of(name: str) -> str:
    with pytest.raises(EncoderError) as caught:
        load_encoder(name)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    assert len(message) < 500
    return message


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"{}", "网民".encode()])
def test_a_damaged_file(tmp_path: Path, name: str, data: bytes) -> None:
    folder = write(tmp_path / "model", {"embedding.weight": ROWS})
    (folder / name).write_bytes(data)
    assert "cannot read the model in" in error_of(str(folder))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_cut_or_missing_file(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "model", {"embedding.weight": ROWS})
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    error_of(str(folder))
    (folder / name).unlink()
    error_of(str(folder))


def test_tensors_of_another_model(tmp_path: Path) -> None:
    error_of(str(write(tmp_path / "other", {"encoder.weight": ROWS})))
    error_of(str(write(tmp_path / "few", {"embedding.weight": ROWS[:4]})))


def test_the_bundled_model_keeps_its_promises() -> None:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == str(BUNDLED)
    assert encoder.digest == load_encoder().digest
    texts = (
        "截至2020年12月，我国网民规模达9.89亿",
        "网民规模",
        "How many internet users are there?",
    )
    found = encoder.encode(texts)
    assert found.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.array_equal(found, encoder.encode(texts))
    assert np.allclose(
        encoder.encode(texts[1:2])[0], found[1], atol=1e-6
    )  # whatever stands beside it
    check_blank(encoder, ("", " ", "\0", "\u4dff\U0002a6d0", "。" * 5000))


@pytest.mark.slow
class TestAgainstSentenceTransformers:
    def model(self, folder: Path) -> Any:  # noqa: ANN401
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(folder), local_files_only=True, device="cpu")

    def check(self, folder: Path, texts: tuple[str, ...]) -> None:
        expected = self.model(folder).encode(list(texts), normalize_embeddings=True)
        found = load_encoder(str(folder)).encode(texts)
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() < 1e-3

    @pytest.mark.parametrize("normalized", [False, True])
    def test_a_model_that_it_saved(self, tmp_path: Path, normalized: bool) -> None:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

        modules: list[Any] = [StaticEmbedding(tokenizer(), embedding_weights=ROWS)]
        modules += [Normalize()] * normalized
        SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "model"))
        assert isinstance(load_encoder(str(tmp_path / "model")), StaticEncoder)
        self.check(tmp_path / "model", TEXTS)

    def test_the_bundled_model(self) -> None:
        self.check(
            BUNDLED,
            (
                "截至2020年12月，我国网民规模达9.89亿，互联网普及率达70.4%。",
                "How many people shop online?",
                "IPv6 地址数量为57634块/32",
                "网络视频（含短视频）",
            ),
        )

    def test_any_other_model_goes_through_the_library(self, tmp_path: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Dense, StaticEmbedding

        embedding = StaticEmbedding(tokenizer(), embedding_weights=ROWS)
        modules: list[Any] = [embedding, Dense(12, 5)]
        SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "model"))
        encoder = load_encoder(str(tmp_path / "model"))
        assert not isinstance(encoder, StaticEncoder)
        assert encoder.dimension == 5
        assert len(encoder.digest) == 64
        check_blank(encoder, TEXTS)
        expected = self.model(tmp_path / "model").encode(list(TEXTS), normalize_embeddings=True)
        assert np.allclose(encoder.encode(TEXTS), expected, atol=1e-5)

    def test_a_missing_folder_and_an_unknown_id(self, tmp_path: Path) -> None:
        for name in (str(tmp_path / "nowhere"), "nobody/no-such-encoder", ""):
            assert "give a model folder" in error_of(name)

    def test_a_folder_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
        error_of(str(tmp_path))
