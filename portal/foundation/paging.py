"""Keyset pages: a cursor holds the sort values of the last row shown."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")


class BadCursor(ValueError):
    """The cursor is not one that we gave out."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, going back, before) this row."""

    at: datetime
    id: UUID
    back: bool = False

    def __str__(self) -> str:
        raw = json.dumps([self.at.isoformat(), self.id.hex, self.back]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at, key, back = json.loads(raw)
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(back, bool):
            raise ValueError
        return Cursor(moment, UUID(hex=key), back)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise BadCursor(
            "The cursor is not one that we gave out; start from the first page."
        ) from error


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next_cursor: Cursor | None
    previous_cursor: Cursor | None = None
