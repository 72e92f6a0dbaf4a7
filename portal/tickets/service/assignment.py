"""Who takes a ticket: chosen fairly and explained, taken, handed over or released."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts.models import SupportAgent
from portal.core.permissions import SYSTEM, Actor, Permission
from portal.core.routing import Candidate, Choice, choose_agent
from portal.core.ticket_states import Verb, allowed
from portal.tickets.models import Ticket
from portal.tickets.queries import clockwork
from portal.tickets.service import history, states


class NotAnAgent(ValueError):
    """Whoever should take the ticket takes no tickets."""


class Taken(ValueError):
    """Somebody else took the ticket in the meantime."""


@dataclass(slots=True)
class Roster:
    """The agents and what each has on the table; read once, kept true through a batch."""

    agents: dict[str, SupportAgent]
    candidates: dict[str, Candidate]

    @classmethod
    def of(cls, session: Session) -> "Roster":
        loads = clockwork.active_loads(session)
        agents = {str(agent.id): agent for agent in people.agents(session)}
        candidates = {key: _candidate(agent, loads) for key, agent in agents.items()}
        return cls(agents, candidates)

    def choose(self, ticket: Ticket, *, tier: int) -> Choice:
        return choose_agent(
            list(self.candidates.values()),
            team=ticket.team,
            category=ticket.category,
            module=ticket.module or None,
            tier=tier,
            language=ticket.locale[:2],
        )

    def moved(self, former: UUID | None, chosen: str, at: datetime) -> None:
        if former is not None and (before := self.candidates.get(str(former))):
            self.candidates[before.agent_id] = replace(before, active=max(before.active - 1, 0))
        after = self.candidates[chosen]
        self.candidates[chosen] = replace(after, active=after.active + 1, last_assigned_at=at)


def _candidate(agent: SupportAgent, loads: dict[UUID, int]) -> Candidate:
    return Candidate(
        agent_id=str(agent.id),
        name=agent.display_name,
        tier=agent.tier,
        teams=frozenset(agent.specialties),
        specialities=frozenset(agent.specialties),
        languages=frozenset(agent.languages),
        available=agent.is_available,
        active=loads.get(agent.id, 0),
        max_active=agent.max_active_tickets,
        last_assigned_at=agent.last_assigned_at,
    )


def assign_best(
    session: Session, ticket: Ticket, roster: Roster, *, at: datetime, tier: int | None = None
) -> Choice:
    """Give the ticket to whom the roster proposes; nobody able leaves it where it is."""
    choice = roster.choose(ticket, tier=tier or ticket.escalation_tier)
    if choice.agent_id is None or choice.agent_id == str(ticket.assigned_to):
        return choice
    former = ticket.assigned_to
    _give(session, ticket, roster.agents[choice.agent_id], SYSTEM, at, why=explained(choice))
    roster.moved(former, choice.agent_id, at)
    return choice


def explained(choice: Choice) -> dict[str, Any]:
    return {
        "merits": list(choice.merits),
        "passed_over": [
            {"name": passed.name, "because": passed.because} for passed in choice.passed_over
        ],
    }


def take(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Raises NotAnAgent for staff who take no tickets."""
    by.require(Permission.WORK_TICKETS)
    agent = session.get(SupportAgent, by.agent_id) if by.agent_id else None
    if agent is None:
        raise NotAnAgent
    if ticket.assigned_to == agent.id:
        return
    _give(session, ticket, agent, by, at, why={"merits": ["took"]}, verb=Verb.TAKE)


def hand_over(
    session: Session, ticket: Ticket, agent_id: UUID, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """An agent hands over an own or free ticket; a manager any."""
    by.require(Permission.WORK_TICKETS)
    if ticket.assigned_to not in {None, by.agent_id}:
        by.require(Permission.ASSIGN_OTHERS)
    agent = session.get(SupportAgent, agent_id)
    if agent is None:
        raise NotAnAgent
    _give(session, ticket, agent, by, at, why={"merits": ["handed_over"], "reason": reason})


def release(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Back to the unassigned."""
    by.require(Permission.WORK_TICKETS)
    if ticket.assigned_to is None:
        return
    if ticket.assigned_to != by.agent_id:
        by.require(Permission.ASSIGN_OTHERS)
    former = ticket.agent.display_name if ticket.agent else ""
    ticket.agent, ticket.assigned_to, ticket.assignment_why = None, None, {}
    if Verb.RELEASE in allowed(ticket.state):
        states.move(session, ticket, Verb.RELEASE, "released", by=by, at=at, agent=former)
    history.announce(session, ticket, "released", by=by, at=at)


def _give(
    session: Session,
    ticket: Ticket,
    agent: SupportAgent,
    by: Actor,
    at: datetime,
    *,
    why: dict[str, Any],
    verb: Verb = Verb.ASSIGN,
) -> None:
    former = ticket.agent.display_name if ticket.agent else ""
    ticket.agent, ticket.assigned_to, ticket.assignment_why = agent, agent.id, why
    agent.last_assigned_at = at
    facts: dict[str, Any] = {"agent": agent.display_name, "from_agent": former, "why": why}
    if verb in allowed(ticket.state):
        states.move(session, ticket, verb, "assigned", by=by, at=at, **facts)
    else:
        history.note(session, ticket, "assigned", by=by, at=at, **facts)
    history.announce(session, ticket, "assigned", by=by, at=at, agent_id=str(agent.id))
