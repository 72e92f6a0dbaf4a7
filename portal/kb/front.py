"""What the fronts of the help centre lead to: counted over all articles, and kept for a while."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import current_app, g
from flask.sansio.app import App
from sqlalchemy.orm import Session

from portal.core.audience import Reader
from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.speech import gettext as _
from portal.kb.queries import shelves as queries
from portal.kb.queries.reading import Rows
from portal.kb.shelves import Shelf, arranged

KEPT: Final = timedelta(minutes=2)
REMEMBERED: Final = "corbel.kb.front"


def init_app(app: App) -> None:
    app.extensions[REMEMBERED] = Remembered(KEPT)


def shelves(session: Session, reader: Reader, language: str) -> dict[str, Shelf]:
    """By key, with how much of it the reader may read."""

    def ask() -> Mapping[tuple[str, UUID | None], int]:
        return queries.counts(session, reader)

    counts = _remembered(session, reader, ("counts",), ask)
    return arranged(queries.categories(session), counts, language, loose())


def loose() -> str:
    """The title of what stands on no shelf."""
    return _("Other articles")


def most_read(session: Session, reader: Reader, language: str) -> Rows:
    def ask() -> Rows:
        return queries.most_read(session, reader, language)

    found: Rows = _remembered(session, reader, ("read", language), ask)
    return found


def for_role(session: Session, reader: Reader, language: str) -> Rows:
    """What was written for somebody's role, the most read first; else what all read."""
    role = reader.role
    if role is None:
        return most_read(session, reader, language)

    def ask() -> Rows:
        return queries.for_role(session, reader, language, role)

    found: Rows = _remembered(session, reader, ("role", role, language), ask)
    return found or most_read(session, reader, language)


def _remembered(
    session: Session, reader: Reader, what: tuple[str, ...], ask: Callable[[], Any]
) -> Any:
    """Until something is published, moved or taken away, for all with the same keys."""
    kept: Remembered[object, Any] = current_app.extensions[REMEMBERED]
    if "kb_edition" not in g:  # once a page
        g.kb_edition = queries.edition(session)
    return kept.get((g.kb_edition, what, reader.keys), ask, at=utcnow())
