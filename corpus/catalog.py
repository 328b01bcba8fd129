"""Which reports there are: ``reports/<id>/`` with ``source.txt`` and ``report.toml``."""

import re
import tomllib
from dataclasses import fields
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from corpus.english import load_edition
from corpus.period import parse_month
from corpus.records import CorpusError, Report

REPORTS = Path(__file__).parent / "reports"
_CLAUSE = re.compile(r"[^，。；！？：、\n]{4,}")
_LEGIBLE = 0.15


def load_reports(folder: Path = REPORTS) -> tuple[Report, ...]:
    """Load every report of a corpus folder, oldest data first.

    :param folder: Holds one folder a report.
    :raises CorpusError: If the folder or a report is missing, unreadable, not
        UTF-8, or its source is not the one whose sha256 ``report.toml`` gives.
    """
    try:
        parts = (*folder.glob("*/report.toml"), *folder.glob("*/source.txt"))
        found = sorted({path.parent for path in parts})
    except OSError as error:
        raise CorpusError(f"cannot read the corpus folder {folder}: {error.strerror}") from error
    if not found:
        raise CorpusError(
            f"no reports in {folder}: it needs one folder a report, with report.toml and source.txt"
        )
    reports = sorted(map(load_report, found), key=lambda report: (report.data_until, report.id))
    for one, other in pairwise(sorted(report.id for report in reports)):
        if one == other:
            raise CorpusError(f"two reports in {folder} have the id {one!r}: change one of them")
    return tuple(reports)


def load_report(folder: Path) -> Report:
    """Load one report and check its source against ``report.toml``.

    :raises CorpusError: As :func:`load_reports`.
    """
    described = _described(folder / "report.toml")
    try:
        data = (folder / "source.txt").read_bytes()
        source = data.decode("utf-8")
    except OSError as error:
        raise CorpusError(f"cannot read {folder / 'source.txt'}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{folder / 'source.txt'} is not UTF-8 text (byte {error.start}): save it as UTF-8"
        ) from error
    digest = sha256(data).hexdigest()
    if digest != described["sha256"]:
        raise CorpusError(
            f"{folder / 'source.txt'} was changed: sha256 {digest[:12]}…, "
            f"report.toml says {described['sha256'][:12]}…; restore the source or state its sha256"
        )
    if not source.strip():
        raise CorpusError(f"{folder / 'source.txt'} is empty: put the report's text there")
    if "\r" in source:
        raise CorpusError(f"{folder / 'source.txt'} has carriage returns: save it with LF lines")
    edition = load_edition(folder / "english.jsonl", source)
    return Report(**described, source=source, edition=edition)


def _described(path: Path) -> dict[str, str]:
    """Read ``report.toml``: every field of a report but its source, as text."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path} is not valid TOML: {error}") from error
    names = {field.name for field in fields(Report)} - {"source", "edition"}
    wrong = sorted(names.symmetric_difference(table))
    wrong += sorted(name for name in names & set(table) if not isinstance(table[name], str))
    if wrong:
        raise CorpusError(f"{path}: missing, unknown or not text: {', '.join(wrong)}")
    try:
        parse_month(table["data_until"])
    except ValueError as error:
        raise CorpusError(f"{path}: data_until is {error}") from error
    return {name: table[name] for name in names}


def digits_per_clause(text: str) -> float:
    """Give how many runs of digits a clause holds on average: a statistical text has many."""
    clauses = _CLAUSE.findall(text)
    return len(re.findall(r"\d+(?:[.,]\d+)*", text)) / max(len(clauses), 1)


def numbers_lost(report: Report) -> bool:
    """Whether a report's figures were lost on its way here, measured by digits per clause."""
    return digits_per_clause(report.source) < _LEGIBLE
