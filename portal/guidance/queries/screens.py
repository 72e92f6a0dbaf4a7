"""Screens with their addresses."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.guidance.models import PageRule, Screen


def screens(session: Session) -> Sequence[Screen]:
    """All, in their order, with their rules."""
    rows = select(Screen).order_by(Screen.position, Screen.id).options(selectinload(Screen.rules))
    return session.scalars(rows).all()


def screen(session: Session, key: UUID) -> Screen | None:
    rows = select(Screen).where(Screen.id == key).options(selectinload(Screen.rules))
    return session.scalar(rows)


def screen_by_key(session: Session, page_key: str) -> Screen | None:
    return session.scalar(select(Screen).where(Screen.page_key == page_key))


def owners_of(session: Session, patterns: Sequence[str]) -> list[tuple[str, Screen]]:
    """Patterns that are taken, each with the screen that has it."""
    rows = (
        select(PageRule.pattern, Screen)
        .join(Screen, Screen.id == PageRule.screen_id)
        .where(PageRule.pattern.in_(patterns))
    )
    return [(pattern, owner) for pattern, owner in session.execute(rows)]


def next_position(session: Session) -> int:
    last = session.scalar(select(func.max(Screen.position)))
    return 0 if last is None else last + 1


def neighbour(session: Session, screen: Screen, *, before: bool) -> Screen | None:
    """The screen next to it, up or down."""
    if before:
        rows = select(Screen).where(Screen.position < screen.position)
        return session.scalar(rows.order_by(Screen.position.desc()).limit(1))
    rows = select(Screen).where(Screen.position > screen.position)
    return session.scalar(rows.order_by(Screen.position).limit(1))
