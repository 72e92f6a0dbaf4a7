"""Tickets for tests, filed the way the product files them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.policy.pack import Pack
from portal.tickets.models import Ticket
from portal.tickets.service.conversation import Writing
from portal.tickets.service.filing import NewTicket, file_ticket


def new_ticket(**changes: Any) -> NewTicket:
    values: dict[str, Any] = {
        "subject": "Scheduling is down",
        "description": "Nobody on site can see the schedule.",
        "severity": "P2",
        "category": "scheduling",
        "team": "support",
        "source": "in_app",
        "channel": "in_app",
        "module": "scheduling",
    }
    return NewTicket(**values | changes)


def filed(session: Session, pack: Pack, by: Actor, at: datetime, **changes: Any) -> Ticket:
    ticket = file_ticket(session, pack, new_ticket(**changes), by=by, at=at).ticket
    session.flush()
    return ticket


def words(body: str, **changes: Any) -> Writing:
    return Writing(body=body, **changes)
