"""Typed access to a parsed TOML document in which every complaint names its key.

A `Table` notes what was asked of it and complains about the rest, so a misspelt key is an
error and not a silence. Reading goes on after a complaint (with a harmless value in the bad
one's place), and whoever started it refuses the document if there were any.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from portal.policy.text import LANGUAGES, Text

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
T = TypeVar("T")
REQUIRED: Final = object()


@dataclass
class Problems:
    """Complaints in the order found, none twice."""

    found: dict[str, None] = field(default_factory=dict)

    def add(self, path: str, reason: str) -> None:
        self.found[f"{path}: {reason}" if path else reason] = None

    def __bool__(self) -> bool:
        return bool(self.found)


class Table:
    """One TOML table, its path from the document's root, and what was asked of it so far."""

    def __init__(self, raw: Mapping[str, Any], path: str, problems: Problems) -> None:
        self.raw = raw
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def complain(self, key: str, reason: str) -> None:
        self.problems.add(self.at(key) if key else self.path, reason)

    def has(self, key: str) -> bool:
        return key in self.raw

    def close(self) -> None:
        """Complain about every key that nobody asked for."""
        for key in self.raw:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, 1)
                hint = f'; did you mean "{near[0]}"?' if near else _known(self._asked)
                self.complain(key, f"unknown key{hint}")

    def get(
        self,
        key: str,
        kind: type[T] | tuple[type[T], ...],
        wanted: str,
        default: object = REQUIRED,
    ) -> T | None:
        self._asked.add(key)
        value = self.raw.get(key)
        if value is None:
            if default is REQUIRED:
                self.complain(key, f"missing; write {wanted}")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.complain(key, f"{_shown(value)} is not {wanted}")
            return None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A non-empty string."""
        value = self.get(key, str, "a text", REQUIRED if default is None else default)
        if value is not None and not value.strip():
            self.complain(key, "is empty")
        return value.strip() if value else default or ""

    def name(self, key: str) -> str | None:
        """The key of something else, if given: letters, digits, - and _."""
        value = self.get(key, str, "a key", None)
        if value is not None and not KEY.fullmatch(value):
            self.complain(key, f'"{value}" is not a key: letters, digits, "-" and "_"')
        return value

    def own_key(self) -> str:
        """The `key` of an entry."""
        self._asked.add("key")
        value = self.name("key")
        if value is None and not self.has("key"):
            self.complain("key", 'missing; every entry has one, e.g. key = "billing"')
        return value or ""

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        options = list(allowed)
        value = self.get(key, str, _one_of(options), REQUIRED if default is None else default)
        if value is not None and value not in options:
            self.complain(key, f'"{value}" is not {_one_of(options)}')
        return value if value in options else default or options[0]

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        wanted = f"a whole number from {low} to {high}"
        value = self.get(key, int, wanted, REQUIRED if default is None else default)
        if value is not None and not low <= value <= high:
            self.complain(key, f"{value} is not {wanted}")
            value = None
        return value if value is not None else default if default is not None else low

    def whole_list(self, key: str, low: int, high: int) -> tuple[int, ...]:
        self._asked.add(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(
            type(item) is int and low <= item <= high for item in value
        ):
            self.complain(key, f"is not a list of whole numbers from {low} to {high}")
            return ()
        return tuple(value)

    def share(self, key: str, default: float) -> float:
        value = self.get(key, float, "a share between 0 and 1, e.g. 0.75", default)
        if value is not None and not 0 < value < 1:
            self.complain(key, f"{value} is not a share between 0 and 1, e.g. 0.75")
        return default if value is None else value

    def positive(self, key: str, default: float) -> float:
        wanted = "a number above 0 and up to 100, e.g. 1.0"
        value = self.get(key, (int, float), wanted, default)
        if value is not None and not 0 < value <= 100:
            self.complain(key, f"{value} is not {wanted}")
            return default
        return default if value is None else float(value)

    def truth(self, key: str, default: bool = False) -> bool:
        value = self.get(key, bool, "true or false", default)
        return default if value is None else value

    def parsed(self, key: str, parse: Callable[[str], T]) -> T | None:
        """What `parse` makes of an optional string; its ValueError becomes the complaint."""
        value = self.get(key, str, "a text", None)
        return None if value is None else self._parse(key, value, parse)

    def _parse(self, key: str, value: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(value)
        except ValueError as error:
            self.complain(key, str(error))
            return None

    def names(self, key: str) -> tuple[str, ...]:
        """A key, or a list of keys; nothing when left out."""
        self._asked.add(key)
        value = self.raw.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.complain(key, f"{_shown(value)} is not a key or a list of keys")
            return ()
        if len(set(items)) < len(items):
            self.complain(key, "names something twice")
        return tuple(items)

    def ref(self, key: str, among: Collection[str], what: str) -> str | None:
        """The key of an existing `what`, if given."""
        value = self.name(key)
        return value if value is None or self._leads_somewhere(key, value, among, what) else None

    def refs(self, key: str, among: Collection[str], what: str) -> tuple[str, ...]:
        """Keys of existing `what`s, one or a list."""
        return tuple(
            name for name in self.names(key) if self._leads_somewhere(key, name, among, what)
        )

    def _leads_somewhere(self, key: str, name: str, among: Collection[str], what: str) -> bool:
        if name not in among:
            self.complain(
                key, f'there is no {what} "{name}"; there is {", ".join(among) or "none"}'
            )
        return name in among

    def each(self, key: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """A list of strings, each through `parse`."""
        self._asked.add(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.complain(key, f"{_shown(value)} is not a list of texts")
            return ()
        found = (self._parse(key, item, parse) for item in value)
        return tuple(item for item in found if item is not None)

    def dates(self, key: str) -> tuple[date, ...]:
        """A list of dates, as TOML writes them or in quotes."""
        self._asked.add(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list):
            self.complain(key, f"{_shown(value)} is not a list of dates")
            return ()
        found = (self._date(key, item) for item in value)
        return tuple(day for day in found if day is not None)

    def _date(self, key: str, value: object) -> date | None:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.complain(key, f"{_shown(value)} is not a date; write e.g. 2026-12-24")
            return None

    def words(self, key: str) -> Text:
        """What a person reads: a table of languages, every language of the house required."""
        self._asked.add(key)
        return self._words(self.raw.get(key), self.at(key))

    def optional_words(self, key: str) -> Text | None:
        self._asked.add(key)
        return self.words(key) if self.has(key) else None

    def words_list(self, key: str) -> tuple[Text, ...]:
        self._asked.add(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list):
            self.complain(key, f"{_shown(value)} is not a list of texts in {_languages()}")
            return ()
        return tuple(
            self._words(item, f"{self.at(key)}[{number}]") for number, item in enumerate(value, 1)
        )

    def _words(self, value: object, path: str) -> Text:
        if not isinstance(value, Mapping):
            reason = "missing" if value is None else f"{_shown(value)} has no languages"
            self.problems.add(path, f'{reason}; write {{ en = "…", es = "…" }}')
            return Text.of("")
        for language in LANGUAGES:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.problems.add(f"{path}.{language}", "the text in this language is missing")
        for language, text in value.items():
            if not isinstance(text, str) or not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", language):
                self.problems.add(f"{path}.{language}", 'no language and its text, e.g. es = "…"')
        return Text.of({language: str(text).strip() for language, text in value.items()})

    def table(self, key: str) -> "Table":
        """A sub-table; an empty one when it is left out."""
        self._asked.add(key)
        value = self.raw.get(key, {})
        if not isinstance(value, Mapping):
            self.complain(key, f"{_shown(value)} is not a table")
            value = {}
        return Table(value, self.at(key), self.problems)

    def entries(self, key: str) -> "list[tuple[str, Table]]":
        """The named sub-tables of a table, such as [calendars.office]."""
        whole = self.table(key)
        return [(name, whole.table(name)) for name in whole.raw]

    def rows(self, key: str) -> "list[Table]":
        """An array of tables, [[targets]], counted from 1."""
        return [
            Table(raw, f"{self.at(key)}[{number}]", self.problems)
            for number, raw in enumerate(self._list_of_tables(key), 1)
        ]

    def keyed(self, key: str) -> "list[Table]":
        """An array of tables with a `key` each, named by it; none twice."""
        tables, seen = [], set()
        for number, raw in enumerate(self._list_of_tables(key), 1):
            name = raw.get("key")
            if not isinstance(name, str):
                tables.append(Table(raw, f"{self.at(key)}[{number}]", self.problems))
                continue
            table = Table(raw, f"{self.at(key)}.{name}", self.problems)
            if name in seen:
                table.complain("key", f'"{name}" is already taken')
            seen.add(name)
            tables.append(table)
        return tables

    def keys_of(self, key: str) -> tuple[str, ...]:
        """The keys of an array of tables, before anything else of it is read."""
        return tuple(str(raw.get("key")) for raw in self._list_of_tables(key))

    def _list_of_tables(self, key: str) -> list[Mapping[str, Any]]:
        self._asked.add(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.complain(key, f"is not a list of tables; write [[{self.at(key)}]]")
            return []
        return value


def _known(asked: Iterable[str]) -> str:
    return f"; known here: {', '.join(sorted(asked))}" if asked else ""


def _one_of(options: list[str]) -> str:
    return f"one of {', '.join(options)}"


def _languages() -> str:
    return " and ".join(LANGUAGES)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else str(value)
