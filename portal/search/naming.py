"""What modules and categories are called, for lists to choose from: documents bear only their keys.

Who knows the names registers them where the application is wired.
"""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

Names = Callable[[Session, str, Collection[str]], Mapping[str, str]]
"""(session, language, keys) → name by key, for those that have one."""

_NAMES: dict[str, Names] = {}


def register(facet: str, names: Names) -> None:
    """`facet` is "module" or "category"."""
    _NAMES[facet] = names


def named(session: Session, facet: str, language: str, keys: Collection[str]) -> dict[str, str]:
    known = _NAMES[facet](session, language, keys) if facet in _NAMES and keys else {}
    return {key: known.get(key) or _plain(key) for key in keys}


def _plain(key: str) -> str:
    words = key.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
