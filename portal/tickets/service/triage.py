"""What a person makes of a ticket: severity, category, team, and the pack's checklist."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.policy.pack import Pack, UnknownName
from portal.tickets.models import Check, Ticket
from portal.tickets.service import clocks, history


def classify(
    session: Session,
    pack: Pack,
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    severity: str | None = None,
    category: str | None = None,
    team: str | None = None,
    reason: str = "",
) -> None:
    """Change what is given; a new severity moves the clocks, hold time kept."""
    by.require_to_answer(ticket.desk)
    changes = {
        name: value
        for name, value in (
            ("severity", severity and pack.severity(severity).key),
            ("category", category and _known(pack, "category", category)),
            ("team", team and _known(pack, "team", team)),
        )
        if value and value != getattr(ticket, name)
    }
    if not changes:
        return
    former = {name: getattr(ticket, name) for name in changes}
    for name, value in changes.items():
        setattr(ticket, name, value)
    kind = "severity_changed" if "severity" in changes else "triaged"
    history.tell(session, ticket, kind, by=by, at=at, before=former, after=changes, reason=reason)
    if "severity" in changes:
        clocks.recompute(session, ticket, at=at)


def _known(pack: Pack, what: str, key: str) -> str:
    names = pack.categories if what == "category" else pack.teams
    if key not in names:
        raise UnknownName(pack.key, what, key, tuple(names))
    return key


def tick(
    session: Session, pack: Pack, ticket: Ticket, item: str, *, by: Actor, at: datetime
) -> None:
    """Ticked once, however often it is pressed. Raises UnknownName."""
    by.require(Permission.WORK_TICKETS)
    if item not in {check.key for check in pack.checklist}:
        raise UnknownName(pack.key, "check", item, tuple(c.key for c in pack.checklist))
    if session.scalar(select(Check.id).where(Check.ticket_id == ticket.id, Check.item == item)):
        return
    session.add(
        Check(
            ticket_id=ticket.id,
            builder_id=ticket.builder_id,
            item=item,
            done_at=at,
            done_by=by.user_id,
            done_by_name=by.name,
        )
    )
    history.tell(session, ticket, "checked", by=by, at=at, item=item)


def untick(session: Session, ticket: Ticket, item: str, *, by: Actor, at: datetime) -> None:
    by.require(Permission.WORK_TICKETS)
    gone = session.execute(
        delete(Check).where(Check.ticket_id == ticket.id, Check.item == item).returning(Check.id)
    ).all()
    if not gone:
        return
    history.tell(session, ticket, "unchecked", by=by, at=at, item=item)
