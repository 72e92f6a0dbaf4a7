"""Which versions of the platform something holds for: "4.2+", "3.0 - 4.1", "4.2"."""

import re
from typing import Final

_RANGE: Final = re.compile(
    r"(?P<first>\d{1,6}(?:\.\d{1,6}){0,3})\s*(?:(?P<open>\+)|[-–]\s*(?P<last>\d{1,6}(?:\.\d{1,6}){0,3}))?"
)
_VERSION: Final = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3})")

Version = tuple[int, ...]


def holds_for(span: str, version: str) -> bool:
    """True where either says nothing that can be compared. "4.2" also holds for 4.2.7."""
    known, asked = _RANGE.fullmatch(span.strip()), _VERSION.match(version.strip())
    if known is None or asked is None:
        return True
    first, there = _parts(known["first"]), _parts(asked[1])
    if known["open"]:
        return there >= first
    last = _parts(known["last"] or known["first"])
    return there >= first and there[: len(last)] <= last


def _parts(version: str) -> Version:
    return tuple(int(part) for part in version.split("."))
