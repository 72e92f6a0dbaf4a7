"""What a program tells about where it happened: bounded, storable, and without secrets."""

import json
from collections.abc import Collection
from typing import Any

from portal.core.secrets import Finding
from portal.foundation.speech import gettext as _
from portal.writing.service.masking import masked

MOST_BYTES = 16 * 1024
DEEPEST = 8


def checked(metadata: dict[str, Any]) -> dict[str, Any]:
    """ValueError for what is too large, too deep or can't be written as JSON."""
    if _depth(metadata) > DEEPEST:
        raise ValueError(_("At most %(most)s levels deep.", most=DEEPEST))
    try:
        size = len(json.dumps(metadata, ensure_ascii=False, allow_nan=False).encode())
    except ValueError:
        raise ValueError(_("This has a number or a character that JSON does not have.")) from None
    if size > MOST_BYTES:
        raise ValueError(_("At most %(most)s kB.", most=MOST_BYTES // 1024))
    return metadata


def _depth(value: Any) -> int:
    """Level by level, so that no nesting exhausts the stack."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [child for one in level for child in _children(one)]
        depth += 1
    return depth


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class Cleaner:
    """Masks texts one after the other and remembers what it found."""

    def __init__(self, confirmed: Collection[str]) -> None:
        self.confirmed = confirmed
        self.findings: list[Finding] = []

    def text(self, text: str) -> str:
        found = masked(text.replace("\x00", ""), self.confirmed)
        self.findings += found.findings
        return found.text

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return dict(self._pair(str(key), one) for key, one in value.items())
        return value

    def _pair(self, key: str, value: Any) -> tuple[str, Any]:
        """A secret may be known by its name alone: {"password": "…"}."""
        name = self.text(key)
        if not isinstance(value, str):
            return name, self.value(value)
        said = self.text(f"{name}: {value}")
        return name, said.removeprefix(f"{name}: ")
