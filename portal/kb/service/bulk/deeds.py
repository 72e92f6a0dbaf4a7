"""What can be done to many articles, and how what was before is kept as JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from portal.core.audience import Audience

MOST: Final = 100
ACT: Final = "article.changed_many"


class Deed(StrEnum):
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CATEGORY = "category"
    MODULE = "module"
    AUDIENCE = "audience"
    ROLES = "roles"
    VERSION = "version"
    REVIEW = "review"
    LABEL = "label"


COLUMN: Final[Mapping[Deed, str]] = {
    Deed.CATEGORY: "category_id",
    Deed.MODULE: "module_tag",
    Deed.AUDIENCE: "audience",
    Deed.ROLES: "role_tags",
    Deed.VERSION: "platform_version",
    Deed.REVIEW: "review_by",
}
"""Of the topic, for what is only written there."""


class CannotUndo(ValueError):
    """It was somebody else's, or no such deed."""


def kept(value: Any) -> Any:
    """As JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def read(deed: Deed, written: Any) -> Any:
    readers: Mapping[Deed, Callable[[Any], Any]] = {
        Deed.CATEGORY: UUID,
        Deed.REVIEW: datetime.fromisoformat,
        Deed.ROLES: tuple,
        Deed.AUDIENCE: Audience,
    }
    if written is None:
        return None
    return readers.get(deed, str)(written)


def chosen(ids: Sequence[str]) -> list[UUID]:
    """What was ticked, without what is no key; MOST at most."""
    found = []
    for text in ids[: MOST * 2]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))[:MOST]
