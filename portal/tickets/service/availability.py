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


def is_here(session: Session, by: Actor) -> bool | None:
    """None for staff who take no tickets."""
    agent = session.get(SupportAgent, by.agent_id) if by.agent_id else None
    return agent.is_available if agent else None


def _own(session: Session, by: Actor) -> SupportAgent:
    by.require(Permission.WORK_TICKETS)
    agent = session.get(SupportAgent, by.agent_id) if by.agent_id else None
    if agent is None:
        raise NotAnAgent
    return agent
