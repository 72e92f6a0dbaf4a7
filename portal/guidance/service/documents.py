"""Screens, words and first steps as one file: written by the export, read by the import.

    {"screens": [{"page_key", "module", "title": {language: …}, "addresses": […],
                  "articles": [slugs], "videos": [slugs]}],
     "terms": [{"key", "module", "article": slug, language: {"term", "definition", "usage"}}],
     "orientations": [{"module", "published", "steps": [{"target", language: {"title", "text"}}]}]}

JSON or TOML.
"""

import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from portal.core.page_keys import BadPattern, pattern

LONGEST: Final = 2 * 1024 * 1024
KINDS: Final = ("screens", "terms", "orientations")
TEXT: Final = 600
KEY: Final = 80


class BadDocument(ValueError):
    """`problems` says what is wrong, with its place: ("terms[3].key", "missing")."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {reason}" for place, reason in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    page_key: str
    module: str
    title: Mapping[str, str]
    addresses: Sequence[str]
    articles: Sequence[str]
    videos: Sequence[str]


@dataclass(frozen=True, slots=True)
class TermEntry:
    key: str
    module: str
    article: str
    texts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class TourEntry:
    module: str
    published: bool
    steps: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Document:
    screens: Sequence[ScreenEntry] = ()
    terms: Sequence[TermEntry] = ()
    orientations: Sequence[TourEntry] = ()


def read(content: str, tongues: Collection[str]) -> Document:
    """Languages that we do not have are ignored. Raises BadDocument with all that is wrong."""
    reader = _Reader(tuple(tongues))
    document = reader.document(_parsed(content))
    if reader.problems:
        raise BadDocument(reader.problems)
    return document


def _parsed(content: str) -> dict[str, Any]:
    if len(content) > LONGEST:
        raise BadDocument([("", "too_long")])
    try:
        found = json.loads(content) if content.lstrip()[:1] == "{" else tomllib.loads(content)
    except (ValueError, RecursionError):
        raise BadDocument([("", "unreadable")]) from None
    if not isinstance(found, dict) or not any(kind in found for kind in KINDS):
        raise BadDocument([("", "nothing")])
    return found


@dataclass
class _Reader:
    tongues: tuple[str, ...]
    problems: list[tuple[str, str]] = field(default_factory=list)

    def document(self, found: Mapping[str, Any]) -> Document:
        return Document(
            [self._screen(*one) for one in self._entries(found, "screens")],
            [self._term(*one) for one in self._entries(found, "terms")],
            [self._tour(*one) for one in self._entries(found, "orientations")],
        )

    def _screen(self, at: str, entry: Mapping[str, Any]) -> ScreenEntry:
        addresses = self._texts(at, entry, "addresses", 300)
        for place, text in enumerate(addresses):
            try:
                pattern(text)
            except BadPattern as bad:
                self.problems.append((f"{at}.addresses[{place}]", bad.reason))
        title = entry.get("title")
        if not isinstance(title, dict) or not any(title.get(one) for one in self.tongues):
            self.problems.append((f"{at}.title", "missing"))
            title = {}
        return ScreenEntry(
            self._text(at, entry, "page_key", KEY, needed=True),
            self._text(at, entry, "module", 50),
            {
                one: self._text(f"{at}.title", title, one, 120)
                for one in self.tongues
                if title.get(one)
            },
            addresses,
            self._texts(at, entry, "articles", 200),
            self._texts(at, entry, "videos", 200),
        )

    def _term(self, at: str, entry: Mapping[str, Any]) -> TermEntry:
        texts = self._by_language(at, entry, ("term", "definition", "usage"))
        return TermEntry(
            self._text(at, entry, "key", 120, needed=True),
            self._text(at, entry, "module", 50),
            self._text(at, entry, "article", 200),
            texts,
        )

    def _tour(self, at: str, entry: Mapping[str, Any]) -> TourEntry:
        steps = [
            {
                "target": self._text(place, step, "target", 120),
                "texts": self._by_language(place, step, ("title", "text")),
            }
            for place, step in self._entries(entry, "steps", f"{at}.")
        ]
        if not steps:
            self.problems.append((f"{at}.steps", "missing"))
        module = self._text(at, entry, "module", 50, needed=True)
        return TourEntry(module, entry.get("published") is True, steps)

    def _by_language(
        self, at: str, entry: Mapping[str, Any], parts: tuple[str, ...]
    ) -> dict[str, dict[str, str]]:
        """Only what has its first part."""
        found = {}
        for language in self.tongues:
            text = entry.get(language)
            if isinstance(text, dict) and text.get(parts[0]):
                place = f"{at}.{language}"
                found[language] = {part: self._text(place, text, part, TEXT) for part in parts}
        if not found:
            self.problems.append((f"{at}.{self.tongues[0]}.{parts[0]}", "missing"))
        return found

    def _entries(
        self, found: Mapping[str, Any], name: str, before: str = ""
    ) -> list[tuple[str, Mapping[str, Any]]]:
        listed = found.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            self.problems.append((f"{before}{name}", "wrong"))
            return []
        return [(f"{before}{name}[{place}]", one) for place, one in enumerate(listed)]

    def _text(
        self, at: str, entry: Mapping[str, Any], name: str, most: int, *, needed: bool = False
    ) -> str:
        text = entry.get(name, "")
        if not isinstance(text, str) or "\x00" in text:
            self.problems.append((f"{at}.{name}", "wrong"))
            return ""
        if len(text) > most:
            self.problems.append((f"{at}.{name}", "too_long"))
        if needed and not text.strip():
            self.problems.append((f"{at}.{name}", "missing"))
        return text.strip()

    def _texts(self, at: str, entry: Mapping[str, Any], name: str, most: int) -> list[str]:
        listed = entry.get(name, [])
        if not isinstance(listed, list):
            self.problems.append((f"{at}.{name}", "wrong"))
            return []
        return [
            self._text(at, {f"{name}[{place}]": one}, f"{name}[{place}]", most, needed=True)
            for place, one in enumerate(listed)
        ]
