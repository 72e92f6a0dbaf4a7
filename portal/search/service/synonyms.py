"""Words that mean the same, as editors keep them. They count from the next question on."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor
from portal.search.analysis import composed, surfaces
from portal.search.models import Synonyms

MOST: Final = 12  # words of a group
LONGEST: Final = 60  # characters of one

_BETWEEN = re.compile(r"[,;\n]+")


class TooFew(Exception):
    """A group needs two words at least."""


class TooMany(Exception):
    """More words than a group can have, or a longer one."""


def read(text: str) -> list[str]:
    """Words and phrases, one a line or between commas. Raises TooFew or TooMany."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(composed(text)))
    words = {" ".join(surfaces(part)): part for part in parts if surfaces(part)}
    if len(words) < 2:
        raise TooFew
    if len(words) > MOST or any(len(word) > LONGEST for word in words.values()):
        raise TooMany
    return list(words.values())


def kept(session: Session) -> list[Synonyms]:
    return list(session.scalars(select(Synonyms).order_by(Synonyms.language, Synonyms.id)).all())


def group_of(session: Session, key: UUID) -> Synonyms | None:
    return session.get(Synonyms, key)


def add(session: Session, language: str, text: str, *, by: Actor, at: datetime) -> Synonyms:
    """Raises TooFew or TooMany."""
    group = Synonyms(language=language, words=read(text), updated_at=at)
    session.add(group)
    session.flush()
    _tell(session, "synonyms.added", group, by, at)
    return group


def change(
    session: Session, group: Synonyms, language: str, text: str, *, by: Actor, at: datetime
) -> None:
    """Raises TooFew or TooMany."""
    group.words, group.language, group.updated_at = read(text), language, at
    _tell(session, "synonyms.saved", group, by, at)


def take_away(session: Session, group: Synonyms, *, by: Actor, at: datetime) -> None:
    session.delete(group)
    _tell(session, "synonyms.removed", group, by, at)


def _tell(session: Session, act: str, group: Synonyms, by: Actor, at: datetime) -> None:
    audit.record(session, act, by=by, at=at, about=", ".join(group.words))
