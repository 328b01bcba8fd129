"""The glossary: terms of the reports with what else they are called, in Chinese and English.

``corpus/glossary.toml`` holds them. A term is found by any of its forms, the
longest first, so that 政府网站 is not taken for 网站; an English form that begins with a verb
also by that verb's other forms (buy things online: bought things online).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

from corpus.records import CorpusError

GLOSSARY = Path(__file__).parent / "glossary.toml"
_KEPT = 4096
_OPENING = re.compile(r"(?<![A-Za-z0-9])(?=([!-~])[\s-]*([!-~]?))")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term: its canonical name, as a report prints it, and its other forms.

    ``unit`` is the family of units that a metric is counted in; ``parent`` the
    canonical name of the wider term; ``definitions`` the places (report, start and
    end in its source) where a report says what it means.
    """

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    kind: str
    unit: str
    parent: str
    definitions: tuple[tuple[str, int, int], ...] = ()

    @property
    def chinese(self) -> tuple[str, ...]:
        """Every Chinese form, the canonical one first."""
        return (self.name, *self.zh)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form in both languages."""
        return (*self.chinese, *self.en)


@dataclass(frozen=True, slots=True)
class Mention:
    """A term named in a text: ``text[start:end]`` is the form used."""

    entry: GlossaryEntry
    start: int
    end: int


@dataclass(frozen=True)
class Glossary:
    """All terms, found in texts by their forms.

    ``verbs`` gives the other forms of an English verb that a form may begin with.
    """

    entries: tuple[GlossaryEntry, ...]
    verbs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Give the terms that a Chinese or English text names, in order, none inside another."""
        return self._found(text)

    @cached_property
    def _found(self) -> Callable[[str], tuple[Mention, ...]]:
        """What is found in the last texts: one question is looked through many times."""
        return lru_cache(maxsize=_KEPT)(self._find)

    def _find(self, text: str) -> tuple[Mention, ...]:
        if not self.entries:
            return ()
        return tuple(_apart([*self._chinese(text), *self._english(text)]))

    def _chinese(self, text: str) -> list[Mention]:
        """Every Chinese form in a text; those that overlap are told apart later."""
        lowered = text.lower()
        return [
            Mention(self._forms[_key(form)], start, start + len(form))
            for start in range(len(text))
            for form in self._by_opening.get(lowered[start : start + 2], ())
            if lowered.startswith(form, start)
        ]

    @cached_property
    def _by_opening(self) -> dict[str, list[str]]:
        """Chinese forms by their first two characters."""
        found: dict[str, list[str]] = {}
        for one in self.entries:
            for form in one.forms:
                if not form.isascii():
                    found.setdefault(form[:2].lower(), []).append(form.lower())
        return found

    @cached_property
    def _forms(self) -> dict[str, GlossaryEntry]:
        inflected = {
            _key(other): one
            for one in self.entries
            for form in one.en
            for other in self._inflected(form)
        }
        return inflected | {_key(form): one for one in self.entries for form in one.forms}

    def _inflected(self, form: str) -> tuple[str, ...]:
        """An English form of several words with the verb that it begins with in its other forms."""
        verb, _, rest = form.partition(" ")
        return tuple(f"{other} {rest}" for other in self.verbs.get(verb, ())) if rest else ()

    def _english(self, text: str) -> list[Mention]:
        """The English forms in a text, from left to right, the longest of each place."""
        found: list[Mention] = []
        for opening in _OPENING.finditer(text):
            forms = self._by_first_letters.get((opening[1] + opening[2]).lower())
            if forms is None or (found and opening.start() < found[-1].end):
                continue
            match = _any_form(forms).match(text, opening.start())
            entry = self._forms.get(_key(match[0])) if match else None
            if match and entry:
                found.append(Mention(entry, *match.span()))
        return found

    @cached_property
    def _by_first_letters(self) -> dict[str, tuple[str, ...]]:
        """English forms, the longest first, by their first two letters or signs."""
        given = [form for one in self.entries for form in one.forms if form.isascii()]
        forms = {*given, *(other for form in given for other in self._inflected(form))}
        found: dict[str, tuple[str, ...]] = {}
        for form in sorted(forms, key=lambda form: (-len(form), form)):
            first = re.sub(r"[\s-]+", "", form)[:2].lower()
            found[first] = (*found.get(first, ()), form)
        return found


@cache
def _any_form(forms: tuple[str, ...]) -> "re.Pattern[str]":
    """One pattern for a few forms: for all at once it would take most of a second to compile."""
    return re.compile("|".join(map(_form_pattern, forms)), re.IGNORECASE)


@cache
def load_glossary(path: Path = GLOSSARY) -> Glossary:
    """Read a glossary file, once.

    :raises CorpusError: If it is missing or unreadable, an entry lacks a field,
        or two entries share a form.
    """
    try:
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        verbs = {verb: tuple(forms.split()) for verb, forms in file.get("verbs", {}).items()}
        read = tuple(
            GlossaryEntry(
                name=entry["name"],
                zh=tuple(entry["zh"]),
                en=tuple(entry["en"]),
                kind=entry["kind"],
                unit=entry["unit"],
                parent=entry["parent"],
                definitions=tuple(map(_place, entry.get("definition", ()))),
            )
            for entry in file["term"]
        )
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CorpusError(f"{path} is not a glossary: {error!r}") from error
    seen: dict[str, str] = {}
    for one in read:
        for form in one.forms:
            other = seen.setdefault(_key(form), one.name)
            if other != one.name:
                raise CorpusError(f"{path}: {form!r} is a form of both {other} and {one.name}")
    return Glossary(read, verbs)


def _place(printed: str) -> tuple[str, int, int]:
    """Read ``cnnic-47 77508-77545``."""
    report, span = printed.split()
    start, end = span.split("-")
    return report, int(start), int(end)


def _apart(mentions: list[Mention]) -> list[Mention]:
    """The longest of mentions that overlap, the first of those as long; in order."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda m: (m.start, -(m.end - m.start))):
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    return kept


def _form_pattern(form: str) -> str:
    """A form in running text: English ones as whole words, in singular or plural.

    Acronyms keep their case, so that ETC is not "etc.".
    """
    pattern = re.escape(form).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]*")
    if not form.isascii():
        return pattern
    if form.isupper():
        pattern = f"(?-i:{pattern})"
    return rf"(?<![A-Za-z0-9]){pattern}(?:'?s|es)?(?![A-Za-z0-9])"


def _key(form: str) -> str:
    """A form without case, blanks, hyphens and a plural's ending."""
    bare = re.sub(r"[\s-]+", "", form.lower())
    if not form.isascii():
        return bare
    if re.search(r"(?:ss|sh|ch|x)es$|'s$", bare):
        return bare[:-2]
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") else bare
