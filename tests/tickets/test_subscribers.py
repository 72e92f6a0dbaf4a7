"""What follows from what happened: who gets a ticket, who is told, and each of it once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, SupportAgent, User
from portal.config import Paging
from portal.core.permissions import Actor, Role
from portal.core.ticket_states import Verb
from portal.foundation import deliveries, outbox
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import Runtime
from portal.notifications.models import Notification
from portal.policy.loader import load_pack
from portal.policy.pack import Pack
from portal.tickets import subscribers
from portal.tickets.models import Page, Ticket, TicketEvent
from portal.tickets.service import assignment, conversation, states
from portal.tickets.service import paging as pages
from portal.tickets.service.sweeping import sweep
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed, words

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Saturday evening in New York
GUEST = Actor(role=Role.GUEST, name="Buy http://spam.test", email="victim@example.com")


@pytest.fixture
def app(background: Flask) -> Flask:
    return background


def settle(runtime: Runtime, session: Session, at: datetime = NOW) -> None:
    """Commit, and deal with all that follows, as the worker does."""
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=at):
        pass
    session.expire_all()
    assert session.scalars(select(OutboxEvent.error).where(OutboxEvent.error != "")).all() == []


def told(session: Session, person: Actor) -> list[str]:
    rows = select(Notification).where(Notification.user_id == person.user_id)
    return [row.kind for row in session.scalars(rows.order_by(Notification.id))]


def letters(session: Session, address: str = "") -> list[dict[str, Any]]:
    query = select(Delivery).where(Delivery.kind == "mail").order_by(Delivery.id)
    rows = session.scalars(query.where(Delivery.recipient == address) if address else query)
    return [row.payload for row in rows]


def subjects(session: Session, address: str) -> list[str]:
    return [letter["subject"] for letter in letters(session, address)]


def kinds(session: Session, ticket: Ticket) -> list[str]:
    rows = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    return [row.kind for row in session.scalars(rows.order_by(TicketEvent.id))]


def answer(session: Session, ticket: Ticket, by: Actor, at: datetime, **changes: Any) -> Any:
    writing = words("Look again **now**, please.")
    return conversation.reply_as_agent(
        session, ticket, writing, by=by, at=at, undo_seconds=15, **changes
    )


def test_every_kind_of_the_timeline_is_dealt_with() -> None:
    from portal.tickets.service.history import INTERNAL

    assert set(subscribers.HANDLERS) >= INTERNAL


# Who gets it


def test_a_new_ticket_is_assigned_acknowledged_and_told(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    assert ticket.assigned_to == world.agent.agent_id
    assert ticket.assignment_why["merits"]
    assert told(session, world.agent) == ["assigned"]
    assert told(session, world.owner) == []  # what one did oneself isn't news
    [letter] = letters(session, world.owner.email)
    assert letter["subject"] == f"[#{ticket.number}] Scheduling is down"
    assert "14:00" in letter["text"]  # four business hours, in New York
    assert letter["message_id"] == f"<ticket.{ticket.id}@corbel.test>"


def test_what_cannot_wait_goes_a_tier_up_at_once(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, suggestion={"escalate": True})
    settle(runtime, session)
    assert (ticket.escalation_tier, ticket.assigned_to) == (2, world.second.agent_id)
    assert told(session, world.second) == ["escalated"]  # and not "assigned" besides
    assert told(session, world.agent) == []
    assert told(session, world.manager) == ["escalation"]
    steps = kinds(session, ticket)
    assert steps.index("escalated") < steps.index("assigned")


def test_where_no_higher_tier_stands_managers_are_told(
    runtime: Runtime, session: Session, world: World
) -> None:
    flat = load_pack("engineers")
    ticket = filed(
        session,
        flat,
        world.owner,
        NOW,
        severity=flat.default_severity,
        suggestion={"escalate": True},
    )
    settle(runtime, session)
    assert "managers_told" in told(session, world.manager)
    assert ticket.escalation_tier == 1


def test_first_responder_owns_where_the_pack_says_so(
    runtime: Runtime, session: Session, world: World
) -> None:
    flat = load_pack("engineers")
    assert flat.assignment.first_responder_owns
    ticket = filed(session, flat, world.owner, NOW, severity=flat.default_severity)
    settle(runtime, session)
    assert ticket.assigned_to is None
    answer(session, ticket, world.second, NOW + MINUTE)
    settle(runtime, session, NOW + 2 * MINUTE)
    assert ticket.assigned_to == world.second.agent_id


def test_nobody_able_leaves_it_and_tells_managers(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    for agent in session.scalars(select(SupportAgent)):
        agent.is_available = False
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    assert ticket.assigned_to is None
    assert told(session, world.manager) == ["new_in_team"]


def test_keeps_coming_back_and_goes_a_tier_up(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    for times in range(1, pack.escalation.flags.reopenings + 1):
        at = NOW + times * HOUR
        states.resolve(session, ticket, by=world.agent, at=at)
        states.reopen(session, ticket, by=world.owner, at=at + MINUTE)
        settle(runtime, session, at + MINUTE)
        expected = 2 if times == pack.escalation.flags.reopenings else 1
        assert ticket.escalation_tier == expected


# A builder in need


def test_third_ticket_in_a_week_flags_the_builder_once(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    def flagged() -> int:
        return told(session, world.manager).count("builder_flagged")

    for day in range(2):
        filed(session, pack, world.owner, NOW + timedelta(days=day))
        settle(runtime, session, NOW + timedelta(days=day))
    assert flagged() == 0
    for day in (2, 3, 4):
        filed(session, pack, world.pm, NOW + timedelta(days=day))
        settle(runtime, session, NOW + timedelta(days=day))
    assert flagged() == 1
    acme = session.get_one(Builder, world.acme.id)
    assert acme.success_flag_at == NOW + timedelta(days=2)
    assert session.get_one(Builder, world.birch.id).success_flag_at is None


def test_tickets_far_apart_flag_nobody(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    for day in (0, 4, 8, 12):
        filed(session, pack, world.owner, NOW + timedelta(days=day))
        settle(runtime, session, NOW + timedelta(days=day))
    assert "builder_flagged" not in told(session, world.manager)


# The customer


def test_an_answer_reaches_the_customer_when_it_leaves(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    written = answer(session, ticket, world.agent, NOW + MINUTE)
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.owner) == []  # the writer may still take it back
    settle(runtime, session, NOW + 2 * MINUTE)
    assert told(session, world.owner) == ["answered"]
    letter = letters(session, world.owner.email)[-1]
    assert letter["message_id"] == f"<message.{written.message.id}@corbel.test>"
    assert letter["in_reply_to"] == f"<ticket.{ticket.id}@corbel.test>"
    assert letter["automatic"] is None  # a person wrote it
    assert "Look again **now**" in letter["text"]
    assert "<strong>now</strong>" in letter["html"]


def test_an_answer_taken_back_reaches_nobody(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    written = answer(session, ticket, world.agent, NOW + MINUTE, then=Verb.RESOLVE)
    soon = NOW + MINUTE + timedelta(seconds=5)
    conversation.withdraw(session, ticket, written.message, by=world.agent, at=soon)
    settle(runtime, session, NOW + HOUR)
    assert told(session, world.owner) == []
    assert len(letters(session, world.owner.email)) == 1


def test_solved_with_an_answer_is_one_letter(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    answer(session, ticket, world.agent, NOW + MINUTE, then=Verb.RESOLVE)
    settle(runtime, session, NOW + HOUR)
    assert told(session, world.owner) == ["answered"]
    assert "solved" in letters(session, world.owner.email)[-1]["text"]


def test_states_changed_by_us_are_told_and_own_doings_not(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    states.resolve(session, ticket, by=world.agent, at=NOW + MINUTE, outcome="We mended it.")
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.owner) == ["resolved"]
    assert "We mended it." in letters(session, world.owner.email)[-1]["text"]
    states.reopen(session, ticket, by=world.owner, at=NOW + 2 * MINUTE)
    settle(runtime, session, NOW + 2 * MINUTE)
    assert told(session, world.owner) == ["resolved"]
    assert told(session, world.agent)[-1] == "came_back"
    states.resolve(session, ticket, by=world.agent, at=NOW + HOUR)
    settle(runtime, session, NOW + HOUR)
    later = NOW + timedelta(days=30)
    sweep(runtime.writers, later)
    settle(runtime, session, later)
    assert told(session, world.owner)[-1] == "closed"


def test_customers_words_reach_whoever_has_the_ticket(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    conversation.reply_as_customer(
        session, ticket, words("Still broken."), by=world.owner, at=NOW + MINUTE
    )
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.agent)[-1] == "customer_replied"
    assert told(session, world.manager) == []


# A guest


def test_guests_are_acknowledged_once_a_day_without_their_words(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    for number in range(20):
        at = NOW + number * MINUTE
        filed(session, pack, GUEST, at, source="contact", channel="contact", subject="Buy cheap")
        settle(runtime, session, at)
    [letter] = letters(session, GUEST.email)
    everything = str(letter)
    for user_text in ("Buy", "spam", "Nobody on site"):
        assert user_text not in everything
    assert letter["to_name"] == ""
    assert "/requests/" in letter["text"]
    assert letter["automatic"] == "auto-generated"
    filed(session, pack, GUEST, NOW + timedelta(days=1), source="contact", channel="contact")
    settle(runtime, session, NOW + timedelta(days=1))
    assert len(letters(session, GUEST.email)) == 2


def test_letters_by_robots_never_carry_a_guests_words(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, GUEST, NOW, source="contact", channel="contact", subject="Buy me")
    states.resolve(session, ticket, by=world.agent, at=NOW + MINUTE)
    settle(runtime, session, NOW + MINUTE)
    assert all("Buy me" not in str(letter) for letter in letters(session, GUEST.email))
    answer(session, ticket, world.agent, NOW + HOUR)
    settle(runtime, session, NOW + 2 * HOUR)
    assert subjects(session, GUEST.email)[-1] == f"[#{ticket.number}] Buy me"


def test_an_address_nobody_can_write_to_stops_nothing(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    nobody = replace(GUEST, email="not an address\r\nBcc: x@y.test")
    ticket = filed(session, pack, nobody, NOW, source="contact", channel="contact")
    settle(runtime, session)
    assert ticket.assigned_to is not None


# Staff


def test_mentions_reach_the_mentioned(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    note = words("@Agent2 and @lead, look. Not @owner, not @agent1 who writes.")
    conversation.note(session, ticket, note, by=world.agent, at=NOW + MINUTE)
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.second) == ["mentioned"]
    assert told(session, world.manager) == ["mentioned"]
    assert told(session, world.owner) == []
    assert "mentioned" not in told(session, world.agent)
    assert letters(session, world.second.email)[0]["subject"].startswith(f"[#{ticket.number}] ")


def test_promises_in_danger_are_told_with_their_date(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, severity="P1")
    settle(runtime, session)
    for minutes in (50, 61):
        at = NOW + timedelta(minutes=minutes)
        sweep(runtime.writers, at)
        settle(runtime, session, at)
    assert {"warned", "breached"} <= set(told(session, world.agent)) | set(
        told(session, world.manager)
    )
    assert "escalated" in told(session, world.second)
    rows = session.scalars(select(Notification).where(Notification.kind == "warned")).all()
    assert {row.facts["due"] for row in rows} == {(NOW + HOUR).isoformat()}
    warning = letters(session, world.agent.email)[-1]
    assert "11:00" in warning["text"]
    assert warning["subject"].startswith(f"[#{ticket.number}] ")


def test_hand_over_tells_the_new_owner_alone(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    assert world.second.agent_id
    assignment.hand_over(session, ticket, world.second.agent_id, by=world.agent, at=NOW + MINUTE)
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.second) == ["assigned"]
    assignment.take(session, ticket, by=world.agent, at=NOW + 2 * MINUTE)
    settle(runtime, session, NOW + 2 * MINUTE)
    assert told(session, world.agent) == ["assigned"]  # the first one: one's own taking isn't news


# The person on duty


def page_of(session: Session, ticket: Ticket) -> Page:
    return session.scalars(select(Page).where(Page.ticket_id == ticket.id)).one()


def at_night(runtime: Runtime, session: Session, pack: Pack, by: Actor) -> Ticket:
    ticket = filed(session, pack, by, NIGHT, severity="P1")
    settle(runtime, session, NIGHT)
    return ticket


def send_pages(runtime: Runtime, session: Session, at: datetime) -> None:
    session.commit()
    deliveries.send_due(runtime.writers, {"page": runtime.channels["page"]}, at=lambda: at)
    session.expire_all()


def test_without_a_paging_service_the_second_way_starts_at_once(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = at_night(runtime, session, pack, world.owner)
    assert "paged" in told(session, world.second)
    send_pages(runtime, session, NIGHT + timedelta(seconds=2))
    settle(runtime, session, NIGHT + timedelta(seconds=2))
    assert page_of(session, ticket).state == pages.FAILED
    assert "CORBEL_PAGERDUTY_KEY" in page_of(session, ticket).error
    assert {"page_failed", "page_fallback"} <= set(told(session, world.manager))
    assert "page_failed" in told(session, world.admin)
    alarms = " ".join(subjects(session, world.manager.email))
    assert "Paging failed" in alarms


def test_fallback_letter_goes_to_its_address_too(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    paging = Paging("http://127.0.0.1:9", "key", "night@corbel.test", 5)
    runtime.settings = replace(runtime.settings, paging=paging)
    at_night(runtime, session, pack, world.owner)
    send_pages(runtime, session, NIGHT)
    settle(runtime, session, NIGHT)
    assert len(letters(session, "night@corbel.test")) == 1


def test_acknowledging_calls_a_waiting_page_off(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = at_night(runtime, session, pack, world.owner)
    page = page_of(session, ticket)
    pages.acknowledge(session, ticket, page.id, by=world.second, at=NIGHT + MINUTE)
    settle(runtime, session, NIGHT + MINUTE)
    delivery = session.scalars(select(Delivery).where(Delivery.kind == "page")).one()
    assert delivery.status == Status.CANCELLED


# Each once, whatever happens


def test_events_delivered_again_change_nothing(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    filed(session, pack, world.owner, NOW)
    filed(session, pack, GUEST, NOW, source="contact", channel="contact")
    settle(runtime, session)

    def world_as_it_is() -> tuple[int, ...]:
        models: Iterable[Any] = (Notification, Delivery, TicketEvent, OutboxEvent)
        return tuple(session.scalar(select(func.count(model.id))) or 0 for model in models)

    before = world_as_it_is()
    for event in session.scalars(select(OutboxEvent)):
        event.done_at = None
        event.next_try_at = NOW
    settle(runtime, session)
    assert world_as_it_is() == before


def test_a_letter_that_came_back_is_told_to_its_writer(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    written = answer(session, ticket, world.agent, NOW)
    settle(runtime, session, NOW + MINUTE)
    query = select(Delivery).where(Delivery.about_id == written.message.id)
    delivery = session.scalars(query).one()
    delivery.status, delivery.error = Status.DEAD.value, "recipient: 550 no such person"
    subscribers.letter_settled(session, delivery, NOW + MINUTE)
    settle(runtime, session, NOW + MINUTE)
    assert told(session, world.agent)[-1] == "undelivered"


def test_people_without_an_active_account_are_not_told(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    assert isinstance(world.owner.user_id, UUID)
    session.get_one(User, world.owner.user_id).disabled_at = NOW
    filed(session, pack, world.owner, NOW)
    settle(runtime, session)
    assert letters(session, world.owner.email) == []


@pytest.mark.parametrize(
    "name", ["buildr-plannr", "engineers", "luneo", "module-46", "studiovault"]
)
def test_every_pack_tells_its_whole_story(
    name: str, runtime: Runtime, session: Session, world: World
) -> None:
    """From the opening over warning, breach and escalation to the closing, in both languages."""
    pack = load_pack(name)
    session.get_one(User, world.owner.user_id).locale = "es"
    for severity in pack.severities:
        ticket = filed(session, pack, world.owner, NIGHT, severity=severity)
        settle(runtime, session, NIGHT)
        for days in (1, 3, 10, 40):
            sweep(runtime.writers, NIGHT + timedelta(days=days))
            settle(runtime, session, NIGHT + timedelta(days=days))
        end = NIGHT + timedelta(days=41)
        states.resolve(session, ticket, by=world.agent, at=end)
        settle(runtime, session, end)
    assert told(session, world.owner).count("resolved") == len(pack.severities)
    assert len({letter["message_id"] for letter in letters(session)}) == len(letters(session))
