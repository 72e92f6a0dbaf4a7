"""The last part of an address, made of what something is called."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

LONGEST: Final = 120
_WHOLE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GAPS: Final = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "œ": "oe"})


def slug_of(text: str) -> str:
    """ "¿Cómo exporto el plan?" becomes "como-exporto-el-plan"; "" where nothing is left."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    slug = _GAPS.sub("-", plain).strip("-")
    if len(slug) <= LONGEST:
        return slug
    whole_words = slug[: LONGEST + 1].rpartition("-")[0]
    return whole_words or slug[:LONGEST]


def is_slug(text: str) -> bool:
    return len(text) <= LONGEST and _WHOLE.fullmatch(text) is not None


def free_one(wish: str, taken: Container[str]) -> str:
    """The wish, or the wish with the lowest number that nobody has."""
    if wish not in taken:
        return wish
    begin = wish[: LONGEST - 6].rstrip("-")
    return next(slug for n in count(2) if (slug := f"{begin}-{n}") not in taken)
