"""Language models: what they write is checked, and nothing of theirs is executed or fetched."""

import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from corpus import load_reports
from index import Index, load_encoder, open_index
from qa import Answer, Assistant, Settings, open_assistant
from qa.generate import NO_ANSWER, GeneratorError, TransformersGenerator, prompt

EVAL = Path(__file__).resolve().parent.parent / "eval"
QUESTION = "网络购物用户规模是多少？"
QUESTION_EN = "How many people shop online?"
MARK = re.compile(r"\[(\d+)\]")

Script = Callable[[list[str]], Iterable[str]]


@dataclass
class Scripted:
    """Writes what a script makes of the numbered passages of the prompt."""

    script: Script
    name: str = "scripted"
    prompts: list[str] = field(default_factory=list)

    def write(self, prompt: str) -> Iterator[str]:
        self.prompts.append(prompt)
        passages = re.findall(r"^\[\d+\] (.*?)(?=\n\[\d+\] |\n\n)", prompt, re.M | re.S)
        yield from self.script(passages)


@pytest.fixture(scope="module")
def index(real_assistant: Assistant, data_folder: Path) -> Index:
    folder = data_folder / "index" / "bundled"
    return open_index(load_reports(), load_encoder(), folder)


@pytest.fixture(scope="module")
def quoted(index: Index) -> Answer:
    """What is answered without a model."""
    return timeless(Assistant(index).ask([QUESTION]))


def written(index: Index, script: Script, question: str = QUESTION) -> Answer:
    return timeless(Assistant(index, generator=Scripted(script)).ask([question]))


def timeless(answer: Answer) -> Answer:
    return answer.model_copy(update={"timings_ms": {}})


def fact(passages: list[str], number: int = 1) -> str:
    """A sentence of a passage that has a figure, without its full stop."""
    pieces = re.split("[。；\n]", passages[number - 1])
    return next(piece.strip() for piece in pieces if re.search(r"\d", piece))


def changed(sentence: str) -> str:
    """The sentence with its last number replaced by one that stands nowhere."""
    *_, last = re.finditer(r"\d+(?:\.\d+)?", sentence)
    return f"{sentence[: last.start()]}777.77{sentence[last.end() :]}"


def shows(answer: Answer, sentence: str) -> bool:
    return sentence in answer.text


@pytest.mark.parametrize("question", [QUESTION, QUESTION_EN])
@pytest.mark.parametrize(
    "form",
    ["{}。[1]", "{}[1]。", "{} [1]", "{}［1］。", "{}【1】", "{}[1][1]。", "{}[ 1 ]。", "{}［１］",
     "{}。 [1] \n", "\n\n{}。\n[1]", "{}. [1] "],
)  # fmt: skip
def test_a_supported_sentence_is_shown_with_its_mark(
    index: Index, form: str, question: str
) -> None:
    facts: list[str] = []

    def script(passages: list[str]) -> list[str]:
        facts.append(fact(passages))
        return [form.format(facts[0])]

    answer = written(index, script, question)
    assert answer.status == "answered"
    assert shows(answer, facts[0])
    assert MARK.findall(answer.text) == ["1"]
    assert not re.search("[［【]|\\[\\s|\\[１", answer.text)
    (citation,) = answer.citations
    assert re.sub(r"\s", "", facts[0])[:8] in re.sub(r"\s", "", citation.quote)
    assert answer.language == ("zh" if question == QUESTION else "en")


@pytest.mark.parametrize(
    "bad",
    [
        lambda one: f"{changed(one)}。[1]",
        lambda one: f"{one}，即777.77万人。[1]",
        lambda one: f"{one}，而2035年12月更多。[1]",
        lambda one: f"{one}，超过八成七。[1]",
        lambda one: f"{one}。",
        lambda one: f"{one}（1）。",
        lambda one: f"{one}。[9]",
        lambda one: f"{one}。[0]",
        lambda one: f"{one}。[1][9]",
        lambda one: f"{one}。[1, 9]",
        lambda one: f"{one}。[-1]",
        lambda one: f"{one}。[2024]",
        lambda one: "[1]",
        lambda one: "资料中没有。[1]",
    ],
    ids=["digit", "extra", "date", "numeral", "no mark", "round", "nine", "zero", "one and nine",
         "list", "minus", "year", "mark alone", "no answer"],
)  # fmt: skip
def test_an_unsupported_sentence_is_dropped(
    index: Index, quoted: Answer, bad: Callable[[str], str]
) -> None:
    """The one behind it is shown; where there is none, the quoted answer stands in."""

    def alone(passages: list[str]) -> list[str]:
        return [bad(fact(passages))]

    def followed(passages: list[str]) -> list[str]:
        return [bad(fact(passages)), f"\n说到底，{fact(passages)}。[1]"]

    assert written(index, alone) == quoted
    answer = written(index, followed)
    assert answer.text.startswith("说到底，")
    assert answer.text.count("\n\n") == 0
    assert not re.search("777|2035|八成|没有", answer.text)
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "资料中没有。", "资料中没有", "The reports do not say.", "……", "[1][2]", "1"],
)
def test_a_model_with_nothing_to_say_is_stood_in_for(
    index: Index, quoted: Answer, text: str
) -> None:
    assert written(index, lambda passages: [text]) == quoted


def test_pieces_do_not_matter(index: Index) -> None:
    """Numbers, marks and full stops may be cut anywhere."""

    def text(passages: list[str]) -> str:
        one = fact(passages)
        shown = f"{one}。[1]总之，{one}［1］。In short, {one}. [1]"
        return f"{changed(one)}。[1]{shown} 没有出处，{one}。"

    whole = written(index, lambda passages: [text(passages)])
    assert whole.text.count("[1]") == 3
    for size in (1, 2, 3, 7):

        def cut(passages: list[str], size: int = size) -> list[str]:
            printed = text(passages)
            return [printed[at : at + size] for at in range(0, len(printed), size)]

        assert written(index, cut) == whole


def exclusive(passages: list[str]) -> str:
    """A clause of the second passage with a number that the first does not have."""
    for clause in re.split("[，。；\n]", passages[1] if len(passages) > 1 else ""):
        found = re.search(r"\d{2,}\.\d+", clause)
        if found and found[0] not in passages[0] and len(set(re.findall(r"\d+", clause))) == 2:
            return clause
    return ""


def test_a_number_of_another_passage_is_not_held(index: Index) -> None:
    """Each sentence is checked against the passages that it marks, and no other."""
    clauses: list[str] = []

    def script(passages: list[str]) -> list[str]:
        clauses.append(exclusive(passages))
        one = clauses[-1]
        return [f"甲，{one}。[1]\n乙，{one}。[2]\n丙，{one}。[1][2]"] if one else []

    lines = (EVAL / "development.jsonl").read_text(encoding="utf-8").splitlines()
    for question in (json.loads(line)["turns"][-1] for line in lines):
        answer = written(index, script, question)
        if clauses and clauses[-1]:
            break
    shown = answer.text.split("\n\n")
    assert [one[0] for one in shown] == ["乙", "丙"]
    assert [sorted(MARK.findall(one)) for one in shown] == [["1"], ["1", "2"]]
    assert [one.marker for one in answer.citations] == [1, 2]
    assert clauses[-1][:6] in re.sub(r"\s", "", answer.citations[0].quote)


def test_the_prompt_holds_question_and_numbered_passages(index: Index) -> None:
    for question, no_answer in ((QUESTION, NO_ANSWER["zh"]), (QUESTION_EN, NO_ANSWER["en"])):
        generator = Scripted(lambda passages: [])
        Assistant(index, generator=generator).ask([question])
        (asked,) = generator.prompts
        assert question in asked.rsplit("\n\n", 1)[1]
        assert no_answer in asked.split("\n\n", 1)[0]
        assert re.findall(r"^\[(\d+)\] ", asked, re.M)[0] == "1"
    assert prompt("Q?", ["a", "b"], "en").endswith("\n\n[1] a\n[2] b\n\nQuestion: Q?\n")


def test_nothing_is_written_where_there_is_no_evidence(index: Index) -> None:
    generator = Scripted(lambda passages: ["1950年没有。[1]"])
    answer = Assistant(index, generator=generator).ask(["1950年网络购物用户规模是多少？"])
    assert answer.status == "refused"
    assert generator.prompts == []


def test_a_failing_model_is_an_error_and_not_an_answer(index: Index) -> None:
    def script(passages: list[str]) -> Iterator[str]:
        yield f"{fact(passages)}。[1]"
        raise GeneratorError("out of memory")

    with pytest.raises(GeneratorError, match="out of memory"):
        written(index, script)


# Real models, made on the spot.

TEMPLATE = "{% for m in messages %}<s>{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}answer:"


def save_tokenizer(folder: Path, template: str | None = None) -> int:
    """Save a byte-level tokenizer; give the size of its vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["网民规模达9.89亿人。[1]", "974 million people. [1]"], trainer)
    make: Any = PreTrainedTokenizerFast
    fast = make(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    fast.chat_template = template
    fast.save_pretrained(folder)
    return len(fast)


def save_model(folder: Path, kind: str = "llama", template: str | None = None) -> Path:
    """Save a causal language model with random weights."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

    size = save_tokenizer(folder, template)
    ends: dict[str, Any] = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    torch.manual_seed(7)
    model: Any
    if kind == "llama":
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=size,
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                max_position_embeddings=1024,
                **ends,
            )
        )
    else:
        model = GPT2LMHeadModel(
            GPT2Config(vocab_size=size, n_embd=16, n_layer=1, n_head=2, n_positions=700, **ends)
        )
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("model"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "template"), [("llama", None), ("llama", TEMPLATE), ("gpt2", None)]
)
def test_a_model_in_a_folder_writes_the_same_twice(
    tmp_path: Path, kind: str, template: str | None
) -> None:
    generator = TransformersGenerator(str(save_model(tmp_path, kind, template)))
    assert generator.name == str(tmp_path)
    asked = prompt(QUESTION, ["网民规模达9.89亿人。"], "zh")
    pieces = list(generator.write(asked))
    assert len(pieces) > 1
    text = "".join(pieces)
    assert text.strip()
    assert QUESTION not in text, "the prompt is no part of the answer"
    assert "".join(generator.write(asked)) == text


@pytest.mark.slow
def test_a_models_own_sampling_settings_do_not_count(tmp_path: Path) -> None:
    save_model(tmp_path)
    plain = "".join(TransformersGenerator(str(tmp_path)).write("问题"))
    path = tmp_path / "generation_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings |= {"do_sample": True, "temperature": 1.9, "top_p": 0.9, "top_k": 5}
    path.write_text(json.dumps(settings), encoding="utf-8")
    generator = TransformersGenerator(str(tmp_path))
    assert ["".join(generator.write("问题")) for _ in range(2)] == [plain] * 2


@pytest.mark.slow
def test_an_assistant_with_a_model_that_babbles_quotes(
    real_assistant: Assistant, data_folder: Path, model: Path
) -> None:
    assistant = open_assistant(Settings(data=data_folder, model=str(model)))
    for turns in ([QUESTION], [QUESTION_EN]):
        assert timeless(assistant.ask(turns)) == timeless(real_assistant.ask(turns))


def failure(name: Path | str) -> str:
    """The error that loading a model ends in, which must be one line."""
    with pytest.raises(GeneratorError) as raised:
        TransformersGenerator(str(name))
    message = str(raised.value)
    assert repr(str(name)) in message
    assert "\n" not in message.strip()
    assert "tried to" not in message, "the network was tried"
    return message


@pytest.mark.parametrize(
    "name",
    ["nobody/no-such-model", "no-such-model", "/no/such/folder", "./nowhere", "a b c", "../"],
)
def test_a_model_that_is_not_there_is_named(name: str) -> None:
    assert "safetensors" in failure(name)


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    failure(tmp_path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    failure(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "no-such-kind"}', encoding="utf-8")
    failure(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    failure(tmp_path)
    file = tmp_path / "file"
    file.write_bytes(b"")
    failure(file)


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"garbage" * 50, None])
def test_damaged_weights_are_named(tmp_path: Path, content: bytes | None) -> None:
    weights = save_model(tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100] if content is None else content)
    failure(tmp_path)


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
        return exec, (f"open({str(self.path)!r}, 'w').close()",)


@pytest.mark.slow
def test_weights_that_could_run_code_are_not_read(tmp_path: Path) -> None:
    folder, sprung = save_model(tmp_path / "model"), tmp_path / "sprung"
    (folder / "model.safetensors").unlink()
    content = pickle.dumps(Trap(sprung))
    (folder / "pytorch_model.bin").write_bytes(content)
    failure(folder)
    assert not sprung.exists()
    pickle.loads(content)  # the trap works
    assert sprung.exists()


CODE = """
open({path!r}, "w").close()
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
class TrapConfig(LlamaConfig):
    model_type = "trap"
class TrapModel(LlamaForCausalLM):
    config_class = TrapConfig
class TrapTokenizer(PreTrainedTokenizerFast):
    pass
def generate(model, **kwargs):
    open({path!r}, "w").close()
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["trap", "llama"])
def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path, kind: str) -> None:
    """A model of a kind that transformers knows loads without it, another not at all."""
    folder, sprung = save_model(tmp_path / "model"), tmp_path / "sprung"
    code = CODE.format(path=str(sprung))
    (folder / "trap.py").write_text(code, encoding="utf-8")
    (folder / "custom_generate").mkdir()
    (folder / "custom_generate" / "generate.py").write_text(code, encoding="utf-8")
    mapped: dict[str, dict[str, Any]] = {
        "config.json": {
            "model_type": kind,
            "auto_map": {
                "AutoConfig": "trap.TrapConfig",
                "AutoModelForCausalLM": "trap.TrapModel",
            },
        },
        "tokenizer_config.json": {"auto_map": {"AutoTokenizer": [None, "trap.TrapTokenizer"]}},
    }
    for name, more in mapped.items():
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps({**content, **more}), encoding="utf-8")
    if kind == "trap":
        failure(folder)
    else:
        assert list(TransformersGenerator(str(folder)).write("问题"))
    assert not sprung.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "template",
    ["{{ raise_exception('roles must alternate') }}", "{{ messages[0].nothing.more }}", "{% if %}",
     "{{ ''.__class__.__mro__[1].__subclasses__() }}"],
)  # fmt: skip
def test_a_chat_template_that_fails_is_an_error(tmp_path: Path, template: str) -> None:
    generator = TransformersGenerator(str(save_model(tmp_path, template=template)))
    with pytest.raises(GeneratorError, match="cannot take a prompt") as raised:
        list(generator.write("问题"))
    assert str(tmp_path) in str(raised.value)


@pytest.mark.slow
def test_a_model_that_fails_while_writing_is_an_error(tmp_path: Path) -> None:
    save_model(tmp_path, "gpt2")
    config = tmp_path / "config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    save_tokenizer_with_more_words(tmp_path)
    assert settings["vocab_size"] < 400
    with pytest.raises(GeneratorError, match="failed"):
        list(TransformersGenerator(str(tmp_path)).write("新词新词新词"))


def save_tokenizer_with_more_words(folder: Path) -> None:
    """Give a tokenizer words that its model has no rows for."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens([f"词{number}" for number in range(200)] + ["新词"])
    tokenizer.save_pretrained(folder)
