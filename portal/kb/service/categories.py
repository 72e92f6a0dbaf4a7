"""The shelves that articles stand on, in a tree; a key is the path of a shelf."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.core.slugs import slug_of
from portal.foundation.collisions import TAKEN, refusing
from portal.kb.models import Category
from portal.kb.queries import editing as queries
from portal.kb.shelves import worded

DEEPEST: Final = 4
KEY_LONGEST: Final = 200
TITLE_LONGEST: Final = 120


class KeyTaken(ValueError):
    """Another shelf has the key."""


class BadShelf(ValueError):
    """`reason`: no_title, title_too_long, too_deep, no_key or within_itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotEmpty(ValueError):
    """Articles or further shelves stand on it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """`titles` and `descriptions` are texts by language."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    module: str = ""
    position: int = 0


def add(
    session: Session,
    name: str,
    parent: Category | None,
    shelf: Shelf,
    *,
    by: Actor,
    at: datetime,
) -> Category:
    """`name` is the last part of its key. Raises KeyTaken and BadShelf."""
    by.require(Permission.PUBLISH_ARTICLES)
    _check(shelf)
    key = _key(name, parent)
    if queries.category_of_key(session, key) is not None:
        raise KeyTaken(key)
    category = Category(key=key, parent_id=parent.id if parent else None)
    _describe(category, shelf)
    with refusing(session, KeyTaken(key), TAKEN):
        session.add(category)
    _note(session, "category.added", category, by=by, at=at)
    return category


def change(session: Session, category: Category, shelf: Shelf, *, by: Actor, at: datetime) -> None:
    """The key stays, since addresses lead to it. Raises BadShelf."""
    by.require(Permission.PUBLISH_ARTICLES)
    _check(shelf)
    former = _title(category)
    _describe(category, shelf)
    if session.is_modified(category):
        before = {"before": former} if former != _title(category) else {}
        _note(session, "category.saved", category, by=by, at=at, **before)
    session.flush()


def remove(session: Session, category: Category, *, by: Actor, at: datetime) -> None:
    """Raises NotEmpty."""
    by.require(Permission.PUBLISH_ARTICLES)
    if queries.topics_in(session, category.id) or queries.has_children(session, category.id):
        raise NotEmpty
    with refusing(session, NotEmpty(), TAKEN):
        session.delete(category)
        session.flush()
    _note(session, "category.removed", category, by=by, at=at)


def _note(
    session: Session, act: str, category: Category, *, by: Actor, at: datetime, **facts: Any
) -> None:
    about = _title(category)
    audit.record(session, act, by=by, at=at, about=about, address=category.key, **facts)


def _title(category: Category) -> str:
    return worded(category.titles, "en", category.key)


def _key(name: str, parent: Category | None) -> str:
    last = slug_of(name)
    key = f"{parent.key}/{last}" if parent else last
    if not last or len(key) > KEY_LONGEST:
        raise BadShelf("no_key")
    if key.count("/") >= DEEPEST:
        raise BadShelf("too_deep")
    return key


def _check(shelf: Shelf) -> None:
    titles = [title for title in shelf.titles.values() if title.strip()]
    if not titles:
        raise BadShelf("no_title")
    if any(len(title) > TITLE_LONGEST for title in titles):
        raise BadShelf("title_too_long")


def _describe(category: Category, shelf: Shelf) -> None:
    category.titles = _told(shelf.titles)
    category.descriptions = _told(shelf.descriptions)
    category.module, category.position = shelf.module, shelf.position


def _told(texts: Mapping[str, str]) -> dict[str, str]:
    tidy = {language: " ".join(text.split()) for language, text in texts.items()}
    return {language: text for language, text in tidy.items() if text}
