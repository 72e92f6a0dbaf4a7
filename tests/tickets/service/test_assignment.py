"""Who takes a ticket, and that it is said why."""

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import SupportAgent
from portal.core.permissions import Forbidden
from portal.core.ticket_states import State
from portal.policy.pack import Pack
from portal.tickets.models import Ticket
from portal.tickets.service import assignment
from portal.tickets.service.assignment import NotAnAgent, Roster
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed


@pytest.fixture
def ticket(session: Session, world: World, pack: Pack) -> Ticket:
    return filed(session, pack, world.owner, NOW)


def row(session: Session, agent_id: object) -> SupportAgent:
    return session.get_one(SupportAgent, agent_id)


def test_the_nearest_tier_takes_it_and_the_reasons_are_kept(
    session: Session, world: World, ticket: Ticket
) -> None:
    choice = assignment.assign_best(session, ticket, Roster.of(session), at=NOW)
    assert str(ticket.assigned_to) == choice.agent_id == str(world.agent.agent_id)
    assert ticket.assignment_why["passed_over"] == [{"name": "Agent2", "because": "tier"}]
    assert ticket.state is State.OPEN


def test_who_is_away_or_full_is_passed_over(
    session: Session, world: World, pack: Pack, ticket: Ticket
) -> None:
    row(session, world.agent.agent_id).is_available = False
    session.flush()
    assignment.assign_best(session, ticket, Roster.of(session), at=NOW)
    assert ticket.assigned_to == world.second.agent_id
    row(session, world.second.agent_id).max_active_tickets = 1
    session.flush()
    another = filed(session, pack, world.owner, NOW)
    choice = assignment.assign_best(session, another, Roster.of(session), at=NOW)
    assert choice.agent_id is None
    assert {p.because for p in choice.passed_over} == {"away", "full"}
    assert another.assigned_to is None


def test_a_batch_spreads_its_tickets(session: Session, world: World, pack: Pack) -> None:
    row(session, world.second.agent_id).tier = 1
    session.flush()
    roster = Roster.of(session)
    for _ in range(6):
        assignment.assign_best(session, filed(session, pack, world.owner, NOW), roster, at=NOW)
    assert {c.active for c in roster.candidates.values()} == {3}
    assert Roster.of(session).candidates == roster.candidates


def test_taking_and_releasing(session: Session, world: World, ticket: Ticket) -> None:
    assignment.take(session, ticket, by=world.agent, at=NOW)
    assert (ticket.assigned_to, ticket.state) == (world.agent.agent_id, State.IN_PROGRESS)
    assignment.release(session, ticket, by=world.agent, at=NOW)
    assert (ticket.assigned_to, ticket.state) == (None, State.OPEN)


def test_an_agent_does_not_give_away_anothers_ticket(
    session: Session, world: World, ticket: Ticket
) -> None:
    assignment.take(session, ticket, by=world.agent, at=NOW)
    assert world.second.agent_id is not None
    with pytest.raises(Forbidden):
        assignment.hand_over(session, ticket, world.second.agent_id, by=world.second, at=NOW)
    assignment.hand_over(session, ticket, world.second.agent_id, by=world.manager, at=NOW)
    assert ticket.assigned_to == world.second.agent_id


def test_staff_who_take_no_tickets_and_customers_are_refused(
    session: Session, world: World, ticket: Ticket
) -> None:
    with pytest.raises(NotAnAgent):
        assignment.take(session, ticket, by=world.manager, at=NOW)
    with pytest.raises(Forbidden):
        assignment.take(session, ticket, by=world.owner, at=NOW)
