"""Where else an idea was asked for: in others that are the same, and in tickets."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest, IdeaTicket
from portal.ideas.queries.reach import readable
from portal.ideas.queries.tickets import TICKETS


@dataclass(frozen=True, slots=True)
class Asked:
    """`ideas`: number and title of what was merged into it; `tickets`: numbers, for staff."""

    ideas: list[tuple[int, str]] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)


def elsewhere(session: Session, actor: Actor | None, request_id: UUID) -> Asked:
    same = select(FeatureRequest.number, FeatureRequest.title, literal(0).label("ticket")).where(
        FeatureRequest.merged_into_id == request_id, readable(actor)
    )
    found = Asked()
    if actor is None or not actor.is_staff:
        rows = session.execute(same.order_by(FeatureRequest.number)).all()
    else:
        asked = (
            select(TICKETS.c.number, literal(""), literal(1))
            .join(IdeaTicket, IdeaTicket.ticket_id == TICKETS.c.id)
            .where(IdeaTicket.request_id == request_id)
        )
        rows = session.execute(union_all(same, asked).order_by("ticket", "number")).all()
    for number, title, is_ticket in rows:
        if is_ticket:
            found.tickets.append(number)
        else:
            found.ideas.append((number, title))
    return found
