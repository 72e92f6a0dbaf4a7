"""Keeping somebody, or a company, out of something for a while: politely, with an end and a way to
be heard once more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.community.happenings import ANSWERED, APPEALED, LIFTED, RESTRICTED
from portal.community.models import Restriction
from portal.community.models.standing import COMMUNITY
from portal.community.queries import points as members
from portal.community.queries import restrictions as queries
from portal.core.permissions import IN_CHARGE, Actor, Permission
from portal.foundation import outbox


class Restricted(RuntimeError):
    """The actor may not do this for a while. Plain values, for the page that says so."""

    def __init__(self, restriction: Restriction) -> None:
        super().__init__(f"restricted until {restriction.ends_at}")
        self.key = restriction.id
        self.what = restriction.what
        self.until = restriction.ends_at
        self.reason = restriction.reason
        self.is_companys = restriction.builder_id is not None
        self.is_appealed = restriction.appealed_at is not None


class NobodyThere(LookupError):
    """There is nobody whom this could be said to."""


class RestrictedAlready(ValueError):
    """They are restricted already."""


class NotInForce(ValueError):
    """It is over, or was lifted meanwhile."""


class AppealedAlready(ValueError):
    """Each restriction can be appealed against once."""


class NothingToAnswer(ValueError):
    """There is no appeal that waits for an answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom, a person or a company; why, in words that they read; and until when."""

    reason: str
    until: datetime
    user_id: UUID | None = None
    builder_id: UUID | None = None
    what: str = COMMUNITY


def refuse_if_restricted(
    session: Session, by: Actor, *, at: datetime, what: str = COMMUNITY
) -> None:
    """Before anything is written. Raises Restricted."""
    found = in_force(session, by, at=at, what=what)
    if found is not None:
        raise Restricted(found)


def in_force(
    session: Session, actor: Actor, *, at: datetime, what: str = COMMUNITY
) -> Restriction | None:
    if actor.is_staff:
        return None
    return queries.in_force(session, actor.user_id, actor.builder_id, what, at)


def restrict(session: Session, wish: Wish, *, by: Actor, at: datetime) -> Restriction:
    """Raises NobodyThere for staff and for who is gone, RestrictedAlready."""
    by.require(Permission.RESTRICT_MEMBERS)
    there = queries.hold_target(session, wish.user_id, wish.builder_id)
    if not there or _is_staff(session, wish.user_id):
        raise NobodyThere
    if queries.in_force(session, wish.user_id, wish.builder_id, wish.what, at) is not None:
        raise RestrictedAlready
    row = Restriction(
        user_id=wish.user_id,
        builder_id=wish.builder_id,
        what=wish.what,
        reason=wish.reason,
        starts_at=at,
        ends_at=wish.until,
        by_id=by.user_id,
        by_name=by.name,
    )
    session.add(row)
    session.flush()
    name = queries.whom(session, [row]).name(row)
    until = wish.until.date().isoformat()
    audit.record(
        session, "restriction.imposed", by=by, at=at, about=name, reason=wish.reason, until=until
    )
    _tell(session, RESTRICTED, row, at)
    return row


def _is_staff(session: Session, user_id: UUID | None) -> bool:
    return user_id is not None and members.parties(session, [user_id])[user_id].is_staff


def lift(session: Session, restriction: Restriction, *, by: Actor, at: datetime) -> None:
    """Raises NotInForce."""
    by.require(Permission.RESTRICT_MEMBERS)
    row = queries.held(session, restriction.id)
    _lift(session, row, by, at)
    _tell(session, LIFTED, row, at)


def _lift(session: Session, row: Restriction, by: Actor, at: datetime) -> None:
    if not row.holds(at):
        raise NotInForce
    row.lifted_at, row.lifted_by = at, by.user_id
    session.flush()
    _record(session, "restriction.lifted", row, by, at)


def may_appeal(restriction: Restriction, actor: Actor, at: datetime) -> bool:
    """A company speaks through those who run it."""
    if not restriction.holds(at) or restriction.appealed_at is not None:
        return False
    if restriction.user_id is not None:
        return restriction.user_id == actor.user_id
    return restriction.builder_id == actor.builder_id and actor.role in IN_CHARGE


def appeal(
    session: Session, restriction: Restriction, text: str, *, by: Actor, at: datetime
) -> None:
    """Raises AppealedAlready, NotInForce."""
    row = queries.held(session, restriction.id)
    if row.appealed_at is not None:
        raise AppealedAlready
    if not may_appeal(row, by, at):
        raise NotInForce
    row.appeal, row.appealed_at, row.appealed_by = text, at, by.user_id
    session.flush()
    _record(session, "restriction.appealed", row, by, at)
    _tell(session, APPEALED, row, at)


def decline_appeal(
    session: Session, restriction: Restriction, text: str, *, by: Actor, at: datetime
) -> None:
    """It stays, and the answer says why. Raises NothingToAnswer."""
    row = _answered(session, restriction, text, by, at)
    _record(session, "restriction.upheld", row, by, at)
    _tell(session, ANSWERED, row, at)


def grant_appeal(
    session: Session, restriction: Restriction, text: str, *, by: Actor, at: datetime
) -> None:
    """Raises NothingToAnswer, NotInForce."""
    row = _answered(session, restriction, text, by, at)
    _lift(session, row, by, at)
    _tell(session, ANSWERED, row, at)


def _answered(
    session: Session, restriction: Restriction, text: str, by: Actor, at: datetime
) -> Restriction:
    by.require(Permission.RESTRICT_MEMBERS)
    row = queries.held(session, restriction.id)
    if row.appealed_at is None or row.answered_at is not None:
        raise NothingToAnswer
    row.answer, row.answered_at, row.answered_by = text, at, by.user_id
    session.flush()
    return row


def _record(session: Session, act: str, row: Restriction, by: Actor, at: datetime) -> None:
    audit.record(session, act, by=by, at=at, about=queries.whom(session, [row]).name(row))


def _tell(session: Session, kind: str, row: Restriction, at: datetime) -> None:
    outbox.record(session, kind, at=at, builder_id=row.builder_id, restriction_id=str(row.id))
