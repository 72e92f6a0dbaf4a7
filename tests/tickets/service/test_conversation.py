"""Replies, notes, second thoughts and edits."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.ticket_states import State, TransitionError, Verb
from portal.foundation.outbox import OutboxEvent
from portal.policy.pack import Pack
from portal.tickets.models import MessageVersion, Ticket
from portal.tickets.queries.conversation import conversation as read
from portal.tickets.service import conversation, states
from portal.tickets.service.conversation import NothingWritten, TooLate, TooLong, Written
from portal.writing.models import Draft
from portal.writing.service import drafts
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed, words

SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(session: Session, world: World, pack: Pack) -> Ticket:
    return filed(session, pack, world.owner, NOW)


def answer(session: Session, ticket: Ticket, by: Actor, **options: object) -> Written:
    values = {"by": by, "at": NOW + SECOND, "undo_seconds": 15} | options
    return conversation.reply_as_agent(session, ticket, words("On it"), **values)  # type: ignore[arg-type]


def test_a_reply_is_the_customers_after_the_seconds_for_second_thoughts(
    session: Session, world: World, ticket: Ticket
) -> None:
    message = answer(session, ticket, world.agent).message
    seen = [m.id for m in read(session, ticket, internal=False, now=NOW + 15 * SECOND)]
    assert message.id not in seen
    seen = [m.id for m in read(session, ticket, internal=False, now=NOW + 16 * SECOND)]
    assert message.id in seen
    event = session.scalars(
        select(OutboxEvent).where(OutboxEvent.kind == "ticket.agent_replied")
    ).one()
    assert event.next_try_at == message.leaves_at


def test_a_note_is_never_the_customers(session: Session, world: World, ticket: Ticket) -> None:
    conversation.note(session, ticket, words("They are upset"), by=world.agent, at=NOW)
    assert read(session, ticket, internal=False, now=NOW + timedelta(days=1)) == []
    assert len(read(session, ticket, internal=True, now=NOW)) == 1
    assert ticket.first_response_at is None


def test_withdrawn_words_come_back_as_a_draft(
    session: Session, world: World, ticket: Ticket
) -> None:
    message = answer(session, ticket, world.agent).message
    conversation.withdraw(session, ticket, message, by=world.agent, at=NOW + 10 * SECOND)
    draft = drafts.find(session, drafts.place_of(ticket.id, "reply"), by=world.agent)
    assert draft is not None
    assert draft.fields == {"body": "On it"}
    assert read(session, ticket, internal=True, now=NOW + timedelta(days=1)) == []


def test_withdrawing_an_answer_that_resolved_takes_the_resolution_back(
    session: Session, world: World, ticket: Ticket
) -> None:
    message = answer(session, ticket, world.agent, then=Verb.RESOLVE).message
    assert ticket.state is State.RESOLVED
    conversation.withdraw(session, ticket, message, by=world.agent, at=NOW + 10 * SECOND)
    assert ticket.state is State.OPEN
    assert ticket.resolved_at is None
    assert ticket.active


@pytest.mark.parametrize("late", [16, 60])
def test_what_has_left_stays(session: Session, world: World, ticket: Ticket, late: int) -> None:
    message = answer(session, ticket, world.agent).message
    with pytest.raises(TooLate):
        conversation.withdraw(session, ticket, message, by=world.agent, at=NOW + late * SECOND)


def test_nobody_withdraws_anothers_reply(session: Session, world: World, ticket: Ticket) -> None:
    message = answer(session, ticket, world.agent).message
    with pytest.raises(TooLate):
        conversation.withdraw(session, ticket, message, by=world.second, at=NOW + 2 * SECOND)


def test_an_edit_keeps_what_was_said(session: Session, world: World, ticket: Ticket) -> None:
    written = conversation.reply_as_customer(
        session, ticket, words("Its broken"), by=world.owner, at=NOW
    )
    conversation.edit(
        session, ticket, written.message, "It's broken", by=world.owner, at=NOW + SECOND
    )
    assert written.message.body == "It's broken"
    assert session.scalars(select(MessageVersion.body)).all() == ["Its broken"]


def test_the_window_for_edits_closes(session: Session, world: World, ticket: Ticket) -> None:
    written = conversation.reply_as_customer(
        session, ticket, words("Its broken"), by=world.owner, at=NOW
    )
    late = NOW + conversation.EDIT_WINDOW + SECOND
    with pytest.raises(TooLate):
        conversation.edit(session, ticket, written.message, "x", by=world.owner, at=late)


def test_a_second_press_adds_nothing(session: Session, world: World, ticket: Ticket) -> None:
    first, second = (
        conversation.reply_as_customer(
            session, ticket, words("Hello?", key="k"), by=world.owner, at=NOW
        )
        for _ in range(2)
    )
    assert second.again
    assert first.message.id == second.message.id


def test_a_customers_word_reopens_what_was_resolved(
    session: Session, world: World, ticket: Ticket
) -> None:
    states.resolve(session, ticket, by=world.agent, at=NOW + SECOND)
    conversation.reply_as_customer(
        session, ticket, words("Still broken"), by=world.owner, at=NOW + 2 * SECOND
    )
    assert ticket.state is State.OPEN
    assert ticket.reopened_count == 1


def test_empty_and_endless_words_are_refused(
    session: Session, world: World, ticket: Ticket
) -> None:
    with pytest.raises(NothingWritten):
        conversation.note(session, ticket, words(" \n "), by=world.agent, at=NOW)
    with pytest.raises(TooLong):
        conversation.note(
            session, ticket, words("x" * (conversation.LONGEST + 1)), by=world.agent, at=NOW
        )


def test_secrets_are_masked_in_replies_and_drafts(
    session: Session, world: World, ticket: Ticket
) -> None:
    secret = "ghp_" + "a1B2" * 9
    written = conversation.reply_as_customer(
        session, ticket, words(f"token {secret}"), by=world.owner, at=NOW
    )
    drafts.save(session, drafts.NEW, {"body": f"token {secret}"}, by=world.owner, at=NOW)
    assert secret not in written.message.body
    assert secret not in str(session.scalars(select(Draft.fields)).all())


def test_a_closed_ticket_takes_no_answer(session: Session, world: World, ticket: Ticket) -> None:
    states.close(session, ticket, by=world.agent, at=NOW)
    with pytest.raises(TransitionError):
        answer(session, ticket, world.agent)
