"""Generators: a local language model that writes an answer from numbered passages.

A generator is a slot that is empty by default. Whatever it writes passes the
number check sentence by sentence, and what fails is not shown.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from index import go_offline
from qa.contract import Language

_NEW_TOKENS = 320
_INSTRUCTION = {
    "zh": "只根据下面编号的段落回答问题。每句话末尾用[编号]注明所依据的段落，数字照抄原文。"
    "段落里没有答案，就只写：资料中没有。",
    "en": "Answer the question from the numbered passages alone. End each sentence with the "
    "[number] of the passage it rests on, and copy figures exactly. If the passages do not hold "
    "the answer, write only: The reports do not say.",
}
NO_ANSWER = {"zh": "资料中没有", "en": "The reports do not say"}


class GeneratorError(Exception):
    """A language model cannot be loaded or cannot write."""


class Generator(Protocol):
    """Continues a prompt."""

    @property
    def name(self) -> str:
        """Id or folder, as the user gave it."""

    def write(self, prompt: str) -> Iterator[str]:
        """Write an answer to a prompt, piece by piece, the same each time."""


class TransformersGenerator:
    """A causal language model of transformers, from a folder or the local cache.

    Only safetensors weights are read, code that comes with a model is not run,
    and nothing is downloaded.

    :raises GeneratorError: If the model is not there or is not such a model.
    """

    def __init__(self, name: str) -> None:
        from huggingface_hub import constants

        go_offline()
        from transformers import AutoModelForCausalLM, AutoTokenizer

        # For a local model too, it would fetch a list to make its user agent from.
        constants.HF_HUB_OFFLINE = True
        self.name = name
        options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name, **options)
            self._model: Any = AutoModelForCausalLM.from_pretrained(
                name, use_safetensors=True, **options
            )
        except Exception as error:  # the library raises many kinds
            reason = str(error).strip().split("\n", 1)[0][:160]
            why = f" ({reason})" if Path(name).is_dir() else ""
            raise GeneratorError(
                f"cannot load the language model {name!r}: give a folder with safetensors weights, "
                f"or an id that is in the local Hugging Face cache; nothing is downloaded{why}"
            ) from error
        self._model.train(False)
        self._tokenizer.truncation_side = "left"  # the question stands at the end

    def write(self, prompt: str) -> Iterator[str]:
        """Write greedily, piece by piece.

        :raises GeneratorError: If the model fails while it writes.
        """
        from threading import Thread

        from transformers import TextIteratorStreamer

        try:
            inputs = self._inputs(prompt)
        except Exception as error:  # a chat template may raise what it likes
            raise GeneratorError(
                f"the language model {self.name!r} cannot take a prompt: {error}"
            ) from error
        streamer: Any = TextIteratorStreamer(
            self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=None
        )
        failure: list[Exception] = []

        def run() -> None:
            try:
                self._model.generate(
                    **inputs, streamer=streamer, max_new_tokens=_NEW_TOKENS, do_sample=False
                )
            except Exception as error:  # handed over to the reader of the stream
                failure.append(error)
                streamer.end()

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield from streamer
        thread.join()
        if failure:
            raise GeneratorError(f"the language model {self.name!r} failed: {failure[0]}")

    def _inputs(self, prompt: str) -> dict[str, Any]:
        """Tokenise a prompt, through the model's chat template if it has one, cut to its window."""
        window = getattr(self._model.config, "max_position_embeddings", 4096)
        options = {"truncation": True, "max_length": max(window - _NEW_TOKENS, window // 2)}
        if self._tokenizer.chat_template:
            text = self._tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
            )
            return dict(
                self._tokenizer(text, return_tensors="pt", add_special_tokens=False, **options)
            )
        return dict(self._tokenizer(prompt, return_tensors="pt", **options))


def prompt(question: str, passages: Sequence[str], language: Language) -> str:
    """Put a question under the passages it is to be answered from, numbered from 1."""
    numbered = "\n".join(f"[{number}] {text}" for number, text in enumerate(passages, 1))
    ask = {"zh": "问题：", "en": "Question: "}[language]
    return f"{_INSTRUCTION[language]}\n\n{numbered}\n\n{ask}{question}\n"
