"""``python -m index.training``: train an encoder or a reader, measure, count the bank."""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from index.encoder import EncoderError
from index.training.data import TrainingError, load_corpus

_TIMED = 480
_HERE = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 2 and one line on stderr if something cannot be read."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("RAYON_NUM_THREADS", str(getattr(options, "threads", 2)))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        commands = {
            "static": _train,
            "encoder": _encoder,
            "retrieval": _retrieval,
            "reader": _reader,
            "measure": _measure,
            "runtime": _runtime,
            "bank": _bank,
            "domain": _domain,
        }
        commands[options.command](options)
    except (TrainingError, EncoderError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    static = commands.add_parser("static", help="train the static zh-en encoder")
    static.add_argument("--reports", type=Path, help="folder of report texts, for the vocabulary")
    static.add_argument("--out", type=Path, default=_HERE / "index" / "models" / "static-zh-en")
    static.add_argument("--seed", type=int, default=13)
    static.add_argument("--epochs", type=_positive, default=None)
    static.add_argument("--dimension", type=_positive, default=None)
    static.add_argument("--limit", type=_positive, help="training pairs of each kind, for trials")
    static.add_argument("--no-dictionary", action="store_true", help="leave CC-CEDICT out")
    static.add_argument("--no-teacher", action="store_true", help="start from random vectors")
    encoder = commands.add_parser("encoder", help="train the bilingual encoder of layers")
    encoder.add_argument("--out", type=Path, required=True)
    encoder.add_argument("--layers", type=_positive, default=6)
    encoder.add_argument("--width", type=_positive, help="narrower than the teacher, e.g. 256")
    encoder.add_argument("--limit", type=_positive, help="training texts of each kind, for trials")
    retrieval = commands.add_parser("retrieval", help="tune an encoder to find what answers")
    retrieval.add_argument("--encoder", type=Path, required=True, help="folder of the encoder")
    retrieval.add_argument("--out", type=Path, required=True)
    retrieval.add_argument("--limit", type=_positive, help="texts of each kind, for trials")
    reader = commands.add_parser("reader", help="train the reader on a bilingual encoder")
    reader.add_argument("--groups", type=Path, required=True, help="from python -m eval.groups")
    reader.add_argument("--encoder", type=Path, required=True, help="folder of the encoder")
    reader.add_argument("--out", type=Path, required=True)
    reader.add_argument("--epochs", type=_positive, default=1)
    reader.add_argument("--threads", type=_positive, default=2)
    one = commands.add_parser("measure", help="held-out figures of a model, as a table")
    one.add_argument("--model", type=Path, required=True, action="append")
    runtime = commands.add_parser("runtime", help="what an encoder of layers costs to run")
    runtime.add_argument("--model", type=Path, required=True)
    runtime.add_argument("--threads", type=_positive, default=2)
    commands.add_parser("bank", help="count the question bank")
    domain = commands.add_parser("domain", help="rank evidence for the bank's held-out questions")
    domain.add_argument("--model", help="a model folder; the bundled one by default")
    for command in (static, encoder, retrieval, one):
        command.add_argument("--data", type=Path, required=True, help="folder of training data")
        command.add_argument("--threads", type=_positive, default=2)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _train(options: argparse.Namespace) -> None:
    import torch

    from index.training.measure import HEADER
    from index.training.recipe import Recipe, train
    from index.training.static import StaticSettings

    torch.set_num_threads(options.threads)
    named = {"epochs": options.epochs, "dimension": options.dimension, "seed": options.seed}
    given = {name: value for name, value in named.items() if value is not None}
    recipe = Recipe(
        training=StaticSettings(**given),
        dictionary=not options.no_dictionary,
        teacher=not options.no_teacher,
    )
    scores = train(options.data, options.out, recipe, reports=options.reports, limit=options.limit)
    print(f"{HEADER}\n{scores.row()}  {options.out}")  # noqa: T201


def _encoder(options: argparse.Namespace) -> None:
    import torch

    from index.training.bilingual import DistilSettings, distil

    torch.set_num_threads(options.threads)
    settings = DistilSettings(layers=options.layers, width=options.width)
    losses = distil(options.data, options.out, settings, limit=options.limit)
    print(f"loss {losses[0]:.3f} to {losses[-1]:.3f}, written to {options.out}")  # noqa: T201


def _retrieval(options: argparse.Namespace) -> None:
    import torch

    from index.training.retrieval import RetrievalSettings, tune

    torch.set_num_threads(options.threads)
    settings = RetrievalSettings()
    losses = tune(options.data, options.encoder, options.out, settings, limit=options.limit)
    print(f"loss {losses[0]:.3f} to {losses[-1]:.3f}, written to {options.out}")  # noqa: T201


def _reader(options: argparse.Namespace) -> None:
    import torch

    from index.training.reader import ReaderSettings, read_groups, train_reader

    torch.set_num_threads(options.threads)
    settings = ReaderSettings(epochs=options.epochs)
    _, losses = train_reader(read_groups(options.groups), options.encoder, options.out, settings)
    print(f"loss {losses[0]:.3f} to {losses[-1]:.3f}, written to {options.out}")  # noqa: T201


def _runtime(options: argparse.Namespace) -> None:
    import torch

    from corpus import load_reports
    from index.bank import load_bank
    from index.training.domain import load_domain
    from index.training.runtime import HEADER, measure_runtimes

    if not (options.model / "model.safetensors").is_file():
        raise TrainingError(f"no encoder of layers in {options.model}")
    torch.set_num_threads(options.threads)
    texts = load_domain(load_bank(), load_reports()).texts[:_TIMED]
    print(HEADER)  # noqa: T201
    print("\n".join(one.row() for one in measure_runtimes(options.model, texts)))  # noqa: T201


def _bank(_: argparse.Namespace) -> None:
    from corpus import load_reports
    from index.bank import load_bank
    from index.training.bank import by_section, table

    bank = load_bank()
    print(table(bank, by_section(bank, load_reports())))  # noqa: T201


def _domain(options: argparse.Namespace) -> None:
    from corpus import load_reports
    from index.bank import load_bank
    from index.encoder import load_encoder
    from index.training.domain import load_domain
    from index.training.measure import measure_domain

    domain = load_domain(load_bank(), load_reports())
    print(f"{len(domain.texts)} pieces of evidence\nlang    n      @1      @5     @20    MRR")  # noqa: T201
    print("\n".join(measure_domain(load_encoder(options.model), domain)))  # noqa: T201


def _measure(options: argparse.Namespace) -> None:
    from index.encoder import load_encoder
    from index.training.measure import HEADER, measure

    corpus = load_corpus(options.data)
    print(f"{HEADER}  load s  size MB  model")  # noqa: T201
    for model in options.model:
        if not model.is_dir():
            raise TrainingError(f"model folder not found: {model}")
        begun = time.perf_counter()
        encoder = load_encoder(str(model))
        seconds = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file()) / 1e6
        row = measure(encoder, corpus).row()
        print(f"{row} {seconds:7.2f} {size:8.1f}  {model}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
