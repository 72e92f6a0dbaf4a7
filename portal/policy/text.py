"""What people read, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "es")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the house, and in any other that a pack brings."""

    words: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, words: Mapping[str, str] | str) -> "Text":
        given = dict.fromkeys(LANGUAGES, words) if isinstance(words, str) else words
        return cls(tuple(given.items()))

    def to(self, language: str) -> str:
        """For "es-MX" or "es_MX" the exact language, else "es", else English."""
        words = dict(self.words)
        wanted = language.replace("_", "-")
        return words.get(wanted) or words.get(wanted.partition("-")[0]) or words.get("en", "")

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.words)
