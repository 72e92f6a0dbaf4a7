"""What the forum allows, without a database: who may write over what, and since when it shows."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from portal.core.permissions import Actor, Forbidden, Permission

A_PAGE: Final = 50  # replies; the figure for a thread page
QUIETLY: Final = timedelta(minutes=10)
"""Whoever corrects a slip within this time leaves no trace; what is changed later is kept."""


def page_of(number: int) -> int:
    """On which page of its thread a reply stands, from 1; numbers begin with 1, too."""
    return max(0, number - 1) // A_PAGE + 1


def pages(last_number: int) -> int:
    return page_of(last_number)


def leaves_a_trace(written_at: datetime, at: datetime) -> bool:
    return at - written_at > QUIETLY


def require_judge(by: Actor, author_id: UUID | None) -> None:
    """Whoever moderates by their standing decides on nothing of their own. Raises Forbidden."""
    by.require(Permission.MODERATE)
    if is_author(by, author_id) and not by.is_staff:
        raise Forbidden(by.role, Permission.MODERATE)


def may_edit(by: Actor, author_id: UUID | None, *, locked: bool) -> bool:
    """Authors what they wrote while the thread is open; moderators everything."""
    if by.may(Permission.MODERATE):
        return True
    return is_author(by, author_id) and by.may(Permission.TAKE_PART) and not locked


def may_accept(by: Actor, asker_id: UUID | None) -> bool:
    """Who has asked knows what helped. Moderators verify instead."""
    return is_author(by, asker_id) and by.may(Permission.TAKE_PART)


def may_vote(by: Actor, author_id: UUID | None) -> bool:
    """Nobody for themselves."""
    return by.may(Permission.TAKE_PART) and not is_author(by, author_id)


def is_author(by: Actor | None, author_id: UUID | None) -> bool:
    return by is not None and by.user_id is not None and by.user_id == author_id
