from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from portal.core.ticket_states import Answer, State
from portal.policy.loader import load_pack
from portal.tickets.models import Message, Ticket, TicketEvent
from portal.tickets.service import following, states
from portal.tickets.service.conversation import NothingWritten, TooLong, Written
from portal.tickets.service.filing import Filed
from portal.tickets.service.following import ChangedMeanwhile
from tests.fixtures.world import NOW
from tests.tickets.making import filed, words

DAYS = timedelta(days=1)


@pytest.fixture
def closed(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW)
    states.close(session, ticket, by=world.pm, at=NOW)
    session.flush()
    return ticket


def reply(session, pack, ticket, world, at, text="It is back", **more):
    return following.reply(session, pack, ticket, words(text, **more), by=world.pm, at=at)


def test_an_open_ticket_goes_on(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW)
    assert isinstance(reply(session, pack, ticket, world, NOW), Written)
    assert ticket.state is State.OPEN


@pytest.mark.parametrize(("days", "answer"), [(7, Answer.REOPEN), (7.001, Answer.FOLLOW_UP)])
def test_the_packs_days_decide(session, closed, days, answer):
    assert following.answer_to(session, closed, NOW + days * DAYS) is answer


def test_in_time_it_reopens(session, pack, world, closed):
    assert isinstance(reply(session, pack, closed, world, NOW + 6 * DAYS), Written)
    assert closed.state is State.OPEN
    assert closed.reopened_count == 1


def test_too_late_it_begins_a_linked_ticket_with_a_promise_of_its_own(session, pack, world, closed):
    done = reply(session, pack, closed, world, NOW + 9 * DAYS)
    assert isinstance(done, Filed)
    assert done.ticket.follows_id == closed.id
    assert done.ticket.sla_response_by > NOW + 9 * DAYS
    assert (done.ticket.severity, done.ticket.category) == (closed.severity, closed.category)
    assert closed.state is State.CLOSED
    assert session.scalars(select(Message)).all() == []
    told = select(TicketEvent.facts).where(TicketEvent.kind == "followed_up")
    assert session.scalars(told).one() == {"number": done.ticket.number}


def test_the_same_press_follows_once(session, pack, world, closed):
    first = reply(session, pack, closed, world, NOW + 9 * DAYS, key="k")
    second = reply(session, pack, closed, world, NOW + 9 * DAYS, key="k")
    assert second.again
    assert second.ticket is first.ticket
    told = session.scalars(select(TicketEvent).where(TicketEvent.kind == "followed_up")).all()
    assert len(told) == 1


def test_what_another_support_model_does_not_know_is_settled_anew(session, world, closed):
    closed.category = "estimating"
    other = load_pack("studiovault")
    done = reply(session, other, closed, world, NOW + 9 * DAYS)
    assert done.ticket.severity == other.default_severity
    assert done.ticket.category in other.categories
    assert done.ticket.team in other.teams


@pytest.mark.parametrize(("text", "error"), [(" ", NothingWritten), ("x" * 50_001, TooLong)])
def test_nothing_and_too_much_begin_no_ticket(session, pack, world, closed, text, error):
    with pytest.raises(error):
        reply(session, pack, closed, world, NOW + 9 * DAYS, text)
    assert session.scalars(select(Ticket)).all() == [closed]


def test_somebody_elses_change_is_said_as_such(session):
    with pytest.raises(ChangedMeanwhile), following.in_one_piece(session):
        raise StaleDataError
