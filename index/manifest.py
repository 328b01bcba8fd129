"""The manifest: what an index was built from, and the hash of each of its files.

It is written last, so that an index with a manifest is a finished one, and
compared on load, so that a stale or damaged one is not used.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

FORMAT = 3
NAME = "manifest.json"


class StaleIndexError(Exception):
    """An index is missing, unfinished, damaged or built from something else."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made from: equal manifests mean equal indexes."""

    corpus: str
    encoder: str
    dimension: int
    chunks: int
    questions: str
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    """Finish an index folder: hash its files and write the manifest, last.

    :raises OSError: If it cannot be written.
    """
    content = {**asdict(manifest), "files": _hashes(folder)}
    unfinished = folder / f"{NAME}.tmp"
    unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
    unfinished.replace(folder / NAME)


def check(folder: Path, expected: Manifest) -> None:
    """Check that a folder holds the index expected, whole and unchanged.

    :raises StaleIndexError: If it does not; the message says in what.
    """
    if not folder.is_dir():
        raise StaleIndexError("there is none yet")
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = dict(content.pop("files"))
        found = _hashes(folder)
    except FileNotFoundError as error:
        raise StaleIndexError("it was not finished") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise StaleIndexError("its manifest is damaged") from error
    for name, value in asdict(expected).items():
        if content.get(name) != value:
            raise StaleIndexError(f"its {name} is not the present one")
    if found != files:
        raise StaleIndexError("its files are damaged")


def listed(folder: Path) -> frozenset[str]:
    """Give what a manifest of any version lists in its folder; nothing if there is none."""
    try:
        files = json.loads((folder / NAME).read_text(encoding="utf-8"))["files"]
        return frozenset(name.split("/", 1)[0] for name in files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return frozenset()


def _hashes(folder: Path) -> dict[str, str]:
    paths = (
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(NAME)
    )
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }
