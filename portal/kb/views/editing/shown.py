"""What is told of a text beside how it looks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from portal.kb.service.rendering import Rendered

A_MINUTE: Final = 200  # words that people read in it
_ADDRESS: Final = r"!\[(?P<alt>[^\]]*)\]\(\s*(?P<path>/kb/files/{key}/[^)\s]*)"


@dataclass(frozen=True, slots=True)
class Picture:
    id: UUID
    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Length:
    words: int
    minutes: int


def words_in(text: str) -> Length:
    words = len(text.split())
    return Length(words, max(1, round(words / A_MINUTE)) if words else 0)


def pictures_in(made: Rendered, body: str) -> Sequence[Picture]:
    """Ours that the text shows, in their order, as they are written there."""
    found = []
    for key in dict.fromkeys(made.files):
        written = re.search(_ADDRESS.format(key=key), body)
        if written:
            found.append(Picture(key, written["path"], written["alt"]))
    return found
