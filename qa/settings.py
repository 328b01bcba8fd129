"""Settings: what an assistant is made from, and how the environment names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from corpus import REPORTS
from qa.evidence import Weights

VARIABLES = {
    "corpus": "WENSHU_CORPUS",
    "data": "WENSHU_DATA",
    "encoder": "WENSHU_ENCODER",
    "model": "WENSHU_MODEL",
}


def default_data() -> Path:
    """Give the user's data folder for this program."""
    from platformdirs import user_data_path

    return user_data_path("wenshu", appauthor=False)


@dataclass(frozen=True)
class Settings:
    """What an assistant is made from.

    :param corpus: Folder of the reports.
    :param data: Folder in which indexes are kept.
    :param encoder: A sentence-transformers model in place of the bundled one.
    :param model: A causal language model that writes answers; none by default.
    """

    corpus: Path = REPORTS
    data: Path = field(default_factory=default_data)
    encoder: str | None = None
    model: str | None = None
    weights: Weights = field(default_factory=Weights)


def read_environment(environment: Mapping[str, str]) -> Settings:
    """Give the settings that ``WENSHU_CORPUS``, ``_DATA``, ``_ENCODER`` and ``_MODEL`` name."""
    named = {name: environment.get(variable) or None for name, variable in VARIABLES.items()}
    return Settings(
        corpus=Path(named["corpus"] or REPORTS),
        data=Path(named["data"] or default_data()),
        encoder=named["encoder"],
        model=named["model"],
    )


def write_environment(settings: Settings) -> dict[str, str]:
    """Give the variables that :func:`read_environment` reads these settings from."""
    known = {one.name: getattr(settings, one.name) for one in fields(settings)}
    return {variable: str(known[name]) for name, variable in VARIABLES.items() if known[name]}
