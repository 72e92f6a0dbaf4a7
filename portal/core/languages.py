"""Which of several languages somebody reads, where theirs is missing."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

T = TypeVar("T")
COMMON: Final = "en"


def nearest(known: Iterable[str], wanted: str) -> str | None:
    """The wanted one, the same of another country, English, or what there is; None: there is
    nothing."""
    there = list(known)
    tongue = wanted.partition("-")[0]
    alike = [one for one in there if one.partition("-")[0] == tongue]
    for one in (wanted, *sorted(alike), COMMON, *there):
        if one in there:
            return one
    return None


def said(texts: Mapping[str, T], wanted: str) -> T | None:
    """Of texts by language."""
    language = nearest((one for one, text in texts.items() if text), wanted)
    return None if language is None else texts[language]
