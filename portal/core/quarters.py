"""Quarters of a year, written so that they sort: "2026-Q4"."""

import re
from datetime import datetime
from typing import Final

_SHAPE: Final = re.compile(r"2\d{3}-Q[1-4]")


def quarter_of(at: datetime) -> str:
    return f"{at.year}-Q{(at.month - 1) // 3 + 1}"


def is_quarter(text: str) -> bool:
    return _SHAPE.fullmatch(text) is not None


def around(at: datetime, before: int, after: int) -> list[str]:
    """So many quarters before that of `at`, that one, and so many after it; the soonest first."""
    this = at.year * 4 + (at.month - 1) // 3
    return [f"{n // 4}-Q{n % 4 + 1}" for n in range(this - before, this + after + 1)]
