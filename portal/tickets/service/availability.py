"""Whether an agent is here to be given tickets."""

from sqlalchemy.orm import Session

from portal.accounts.models import SupportAgent
from portal.core.permissions import Actor, Permission
from portal.tickets.service.assignment import NotAnAgent


def step_away(session: Session, *, by: Actor) -> None:
    """No new tickets; those on the table stay. Raises NotAnAgent for staff who take none."""
    _own(session, by).is_available = False


def come_back(session: Session, *, by: Actor) -> None:
    """Raises NotAnAgent for staff who take no tickets."""
    _own(session, by).is_available = True


def _own(session: Session, by: Actor) -> SupportAgent:
    by.require(Permission.WORK_TICKETS)
    agent = session.get(SupportAgent, by.agent_id) if by.agent_id else None
    if agent is None:
        raise NotAnAgent
    return agent
