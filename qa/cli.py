"""The command line: ``wenshu chat``, ``ask``, ``check``, ``search``, ``reports``, ``index``.

Exit 0 for an answer or a refusal, 2 with one line on standard error for bad
input or a broken installation.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import BaseModel

from qa.answer import Assistant, open_assistant
from qa.contract import Answer, Verdict
from qa.errors import EXPECTED_ERRORS
from qa.question import read_question
from qa.settings import Settings, read_environment

app = typer.Typer(
    name="wenshu",
    help="Ask Chinese statistical reports, in Chinese or English; every figure is checked "
    "against the passage it cites.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/contract.md).")]
_Reports = Annotated[
    list[str] | None, typer.Option("--report", help="Use this report only; may be repeated.")
]
_Corpus = Annotated[Path | None, typer.Option("--corpus", help="Folder of the reports.")]
_Data = Annotated[Path | None, typer.Option("--data", help="Folder for the index.")]
_Encoder = Annotated[
    str | None, typer.Option("--encoder", help="A sentence-transformers model: folder or id.")
]
_Model = Annotated[
    str | None,
    typer.Option("--model", help="A causal language model that writes answers: folder or id."),
]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="How many passages.")]
_Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Where to listen.")]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="In Chinese or English.")] = None,
    as_json: _Json = False,
    report: _Reports = None,
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option("--lang", help="Language of the answer.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='JSONL, a line {"id", "turns"} each.')
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where --batch writes JSONL.")] = None,
    corpus: _Corpus = None,
    data: _Data = None,
    encoder: _Encoder = None,
    model: _Model = None,
) -> None:
    """Answer one question, or a file of them."""
    from qa.batch import read_batch, write_batch

    if (batch is None) != (out is None) or (batch is None) == (question is None):
        raise typer.BadParameter("give a QUESTION, or --batch IN.jsonl with --out OUT.jsonl")
    items = read_batch(batch) if batch else ()
    if question is not None:
        read_question([question], lang)
    assistant = _open(corpus, data, encoder, model)
    if question is not None:
        answer = assistant.ask([question], reports=report, language=lang)
        typer.echo(_dumped(answer) if as_json else shown(answer))
    elif out is not None:
        answers = (
            (item.id, assistant.ask_or_refuse(item.turns, reports=report, language=lang))
            for item in items
        )
        count = write_batch(out, _counted(answers, len(items)))
        typer.echo(f"{count} answers written to {out}", err=True)


@app.command()
def check(
    claim: Annotated[str | None, typer.Argument(help="A statistic, in Chinese or English.")] = None,
    as_json: _Json = False,
    file: Annotated[Path | None, typer.Option("--file", help="An article, .txt or .md.")] = None,
    report: _Reports = None,
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option("--lang", help="Language of the verdict.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='JSONL, a line {"id", "claim"} each.')
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where --batch writes JSONL.")] = None,
    corpus: _Corpus = None,
    data: _Data = None,
    encoder: _Encoder = None,
) -> None:
    """Hold a claim, an article or a file of claims against the reports."""
    from qa.batch import read_batch, write_batch
    from qa.claims import read_article, read_claims

    given = sum(one is not None for one in (claim, file, batch))
    if given != 1 or (batch is None) != (out is None):
        raise typer.BadParameter(
            "give a CLAIM, or --file ARTICLE, or --batch IN.jsonl with --out OUT.jsonl"
        )
    items = read_batch(batch, claims=True) if batch else ()
    text = read_article(file) if file else claim
    if text is not None:
        read_claims(text)
    assistant = _open(corpus, data, encoder)
    if text is not None:
        with _bar("Checking") as progress:
            found = assistant.check(text, reports=report, language=lang, progress=progress)
        typer.echo(_dumped(found) if as_json else shown(found))
    elif out is not None:
        verdicts = (
            (item.id, assistant.check_or_say_why(item.turns[0], reports=report, language=lang))
            for item in items
        )
        count = write_batch(out, _counted(verdicts, len(items)))
        typer.echo(f"{count} verdicts written to {out}", err=True)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    as_json: _Json = False,
    report: _Reports = None,
    limit: _Limit = 10,
    corpus: _Corpus = None,
    data: _Data = None,
    encoder: _Encoder = None,
) -> None:
    """List the passages that fit a query, best first."""
    read_question([query])
    results = _open(corpus, data, encoder).search(query, reports=report, limit=limit)
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in results], ensure_ascii=False, indent=1))
    for one in () if as_json else results:
        typer.echo(f"{one.rank}. {one.title} · {one.section} ({one.start}-{one.end})")
        typer.echo(f"   {one.text[:200]}\n")


@app.command()
def reports(as_json: _Json = False, corpus: _Corpus = None) -> None:
    """List the reports of the corpus, with dates and quality notes."""
    from corpus import count_digits, digits_per_clause, load_reports, numbers_lost

    found = load_reports(_settings(corpus).corpus)
    if as_json:
        listed = [
            {
                name: value
                for name in one.__dataclass_fields__
                if isinstance(value := getattr(one, name), str) and name != "source"
            }
            | {
                "english": len(one.edition.renderings),
                "numbers_lost": numbers_lost(one),
                "digits_per_clause": digits_per_clause(one.source),
                "digits": count_digits(one),
            }
            for one in found
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    for one in () if as_json else found:
        lost = " (its figures are lost)" if numbers_lost(one) else ""
        typer.echo(f"{one.id}: {one.title} / {one.title_en}")
        typer.echo(f"  {one.publisher}, {one.published}; figures up to {one.data_until}{lost}")
        typer.echo(f"  {one.quality}")
        counts = (f"{kind} {count}" for kind, count in count_digits(one).items() if count)
        typer.echo(f"  digits: {', '.join(counts)}")


@app.command()
def facts(
    metric: Annotated[str, typer.Argument(help="The metric, as the reports or people call it.")],
    as_json: _Json = False,
    report: _Reports = None,
    corpus: _Corpus = None,
) -> None:
    """List what the reports give on a metric, over time, with its places."""
    from corpus import load_reports
    from qa.facts import list_facts

    read = read_question([metric], "zh").text
    found = list_facts(load_reports(_settings(corpus).corpus), read, report)
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in found], ensure_ascii=False, indent=1))
    for one in () if as_json else found:
        change = f" (against {one.base})" if one.base else ""
        share = f" of {one.whole}" if one.whole else ""
        places = ", ".join(f"{at.report} {at.start}-{at.end}" for at in one.places)
        others = (f"{it.value:,.10g}{it.unit} in {it.place.report}" for it in one.rivals)
        differs = f" (but {', '.join(others)})" if one.rivals else ""
        typer.echo(
            f"{one.metric}: {one.value:,.10g}{one.unit} {one.kind}{share}, "
            f"{one.period or 'no period'}{change}{differs}; {places}"
        )
    if not found and not as_json:
        typer.echo(f"The reports give no figure on {read!r}.")


@app.command()
def index(
    corpus: _Corpus = None, data: _Data = None, encoder: _Encoder = None, as_json: _Json = False
) -> None:
    """Build the search index, or check that it is whole and fits the corpus."""
    assistant = _open(corpus, data, encoder)
    size = {"reports": len(assistant.reports), "chunks": assistant.chunks}
    line = f"The index is ready: {size['reports']} reports, {size['chunks']} chunks."
    typer.echo(json.dumps(size) if as_json else line)


@app.command()
def chat(
    port: _Port = 8501,
    corpus: _Corpus = None,
    data: _Data = None,
    encoder: _Encoder = None,
    model: _Model = None,
) -> None:
    """Open the chat page in a browser, on this machine only."""
    from qa.serve import serve

    raise typer.Exit(serve(_settings(corpus, data, encoder, model), port, _say))


def shown(answer: Answer | Verdict) -> str:
    """Give an answer or a verdict as a person reads it in a terminal: text, then citations."""
    lines = [answer.text]
    for one in answer.citations:
        quote = " ".join(one.quote.split())
        english = " ".join((one.english or "").split()) if answer.language == "en" else ""
        rendered = f"\n    {english}" if english and english not in answer.text else ""
        lines.append(f"[{one.marker}] {one.title} · {one.section}\n    {quote}{rendered}")
    return "\n\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    command = typer.main.get_command(app)
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        status: Any = command.main(given or ["--help"], prog_name="wenshu", standalone_mode=False)
    except EXPECTED_ERRORS as error:
        return _failed(str(error))
    except SystemExit:  # typer's way to say that nobody reads on
        return 0
    except OSError as error:  # such as no space left for standard output
        return _failed(f"cannot go on: {error}")
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            return _failed(error.format_message())
        raise
    return status if isinstance(status, int) else 0


def _settings(
    corpus: Path | None = None,
    data: Path | None = None,
    encoder: str | None = None,
    model: str | None = None,
) -> Settings:
    """Put what the command names over what the environment names."""
    named = read_environment(os.environ)
    return replace(
        named,
        corpus=corpus or named.corpus,
        data=data or named.data,
        encoder=encoder or named.encoder,
        model=model or named.model,
    )


def _open(
    corpus: Path | None = None,
    data: Path | None = None,
    encoder: str | None = None,
    model: str | None = None,
) -> Assistant:
    """Open the assistant, with a progress bar on standard error while its index is built."""
    with _bar("Reading") as progress:
        return open_assistant(_settings(corpus, data, encoder, model), say=_say, progress=progress)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give what to tell how many of how many are done: it draws a bar on a terminal."""
    bars: list[Any] = []

    def progress(done: int, total: int) -> None:
        if not bars:
            from rich.console import Console
            from rich.progress import Progress

            console = Console(stderr=True)
            bars.append(Progress(console=console, transient=True, disable=not console.is_terminal))
            bars[0].start()
            bars[0].add_task(title, total=total)
        bars[0].update(bars[0].task_ids[0], completed=done)

    try:
        yield progress
    finally:
        for bar in bars:
            bar.stop()


def _counted(
    answers: Iterable[tuple[str | int, BaseModel]], total: int
) -> Iterator[tuple[str | int, BaseModel]]:
    """Pass answers on, telling on a terminal how many are done."""
    for done, answer in enumerate(answers, 1):
        if sys.stderr.isatty():
            print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr)
        yield answer


def _dumped(answer: BaseModel) -> str:
    return json.dumps(answer.model_dump(), ensure_ascii=False, indent=1)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _failed(message: str) -> int:
    """Say in one line what went wrong; the status for it."""
    print(f"wenshu: {' '.join(message.split())}", file=sys.stderr)
    return 2
