"""The clock keeps to the rules of each builder, and to nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.forum.models import Post
from portal.foundation.db import Base
from portal.ideas.models import FeatureRequest, FeatureRequestVote
from portal.ideas.queries import asked
from portal.ideas.queries.tickets import Asked
from portal.ideas.service import linking, voting
from portal.notifications.models import Notification
from portal.privacy.models import RetentionRule
from portal.privacy.service import retention
from portal.privacy.service.retention import Changed, Choice
from portal.tickets.models import Attachment, Message, Ticket, TicketEvent
from tests.fixtures.world import NOW, World
from tests.forum.making import thread
from tests.ideas.making import idea
from tests.privacy.conftest import EMAIL, NAME, Past
from tests.support.racing import one_after_the_other
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
OLD = NOW - timedelta(days=200)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def night(session: Session, runtime):
    """As in the nights to come, until nothing is left to do."""

    def come(at=TOMORROW) -> int:
        session.commit()
        done = 0
        with time_machine.travel(at, tick=False):
            while some := retention.keeping(runtime.store)(runtime.writers, at):
                done += some
        session.rollback()
        session.expire_all()
        return done

    return come


@pytest.fixture
def closed(session: Session, past: Past, world: World, pack):
    """Her ticket was closed long ago, another's of the same builder is open, and one of Birch's
    was closed as long ago as hers."""
    filed(session, pack, world.pm, NOW)
    foreign = filed(session, pack, world.stranger, NOW)
    session.commit()
    session.execute(
        update(Ticket)
        .where(Ticket.id.in_([past.ticket.id, foreign.id]))
        .values(status="closed", active=False, closed_at=OLD)
    )
    session.commit()
    return past


def save(session: Session, by: Any, **choice: Any) -> RetentionRule:
    return retention.save(session, Choice(**choice), 0, by=by, at=NOW)


def everything(session: Session) -> dict[str, int]:
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_without_rules_nothing_ever_goes(session, closed, night) -> None:
    before = everything(session)
    assert night(NOW + timedelta(days=4000)) == 0
    assert everything(session) == before


def test_old_closed_tickets_name_nobody_any_more(session, closed: Past, world, night) -> None:
    rule = save(session, world.owner, tickets_months=6)
    assert retention.concerned(session, world.acme.id, Choice(tickets_months=6), at=NOW) == {
        "tickets": 1
    }
    night()
    ticket = session.get_one(Ticket, closed.ticket.id)
    assert (ticket.requester_name, ticket.requester_email) == ("Former client", "")
    assert ticket.requester_id is None
    assert ticket.description == "Write to (address removed), please. Former client"
    bodies = session.scalars(select(Message.body).where(Message.ticket_id == ticket.id)).all()
    assert not [body for body in bodies if NAME in body or EMAIL in body]
    senders = session.scalars(
        select(Message.sender_name).where(Message.sender_type == "customer")
    ).all()
    assert senders == ["Former client"]
    told = session.scalars(select(TicketEvent.by_name).where(TicketEvent.ticket_id == ticket.id))
    assert NAME not in told.all()
    assert rule.last_counts == {"tickets": 1}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention.run")).one()
    assert (entry.builder_id, entry.facts["tickets"]) == (world.acme.id, 1)


def test_or_they_are_gone_with_all_that_hangs_on_them(
    session, runtime, closed: Past, world, night
) -> None:
    save(session, world.owner, tickets_months=6, tickets_fate="delete")
    key = closed.ticket.id
    night()
    assert session.get(Ticket, key) is None
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "support_tickets" for key in column.foreign_keys):
                hanging = select(func.count()).where(column == key)
                assert session.scalar(hanging) == 0, column
    told = select(func.count()).where(Notification.ticket_id == key)
    assert session.scalar(told) == 0
    with pytest.raises(Exception, match=closed.file_key):
        runtime.store.open(closed.file_key)
    assert session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_what_others_want_and_say_outlives_the_ticket_it_came_from(
    session, closed: Past, world, night
) -> None:
    wish = idea(session, world.agent)
    voting.vote_for(session, wish, world.acme, "why", by=world.agent, at=NOW)
    asked_in = Asked(closed.ticket.id, world.acme.id, closed.ticket.requester_id)
    linking.link(session, wish, asked_in, by=world.agent, at=NOW)
    post = thread(session, world.agent, NOW)
    post.source_ticket_id = closed.ticket.id
    save(session, world.owner, tickets_months=6, tickets_fate="delete")
    session.commit()
    night()
    assert session.get_one(FeatureRequest, wish.id).vote_count == 1
    assert session.scalar(select(func.count()).select_from(FeatureRequestVote)) == 1
    assert asked.elsewhere(session, world.agent, wish.id).tickets == []
    assert session.get_one(Post, post.id).source_ticket_id is None


def test_another_builder_keeps_what_it_has(session, closed, world, night) -> None:
    def birch() -> dict[str, list[Any]]:
        session.rollback()
        return {
            table.name: [
                tuple(row)
                for row in session.execute(
                    select(table).where(table.c.builder_id == world.birch.id).order_by(table.c.id)
                )
            ]
            for table in Base.metadata.sorted_tables
            if "builder_id" in table.c
        }

    audit.record(session, "brand.saved", by=world.stranger, at=NOW - timedelta(days=4000))
    save(
        session,
        world.owner,
        tickets_months=1,
        tickets_fate="delete",
        files_months=1,
        audit_years=1,
    )
    session.commit()
    before = birch()
    night(NOW + timedelta(days=800))
    assert birch() == before


def test_files_and_entries_go_in_their_time(session, runtime, past: Past, world, night) -> None:
    for years in (1, 2, 3):
        at = NOW - timedelta(days=365 * years + 2)
        audit.record(session, "brand.saved", by=world.owner, at=at, about=f"{years}")
    session.execute(update(Attachment).values(created_at=OLD))
    save(session, world.owner, files_months=6, audit_years=2)
    night()
    assert session.scalars(select(Attachment)).all() == []
    with pytest.raises(Exception, match=past.file_key):
        runtime.store.open(past.file_key)
    kept = session.scalars(
        select(AuditEntry.about).where(AuditEntry.about.in_(["1", "2", "3"]))
    ).all()
    assert kept == ["1"]
    assert session.get(Ticket, past.ticket.id) is not None


def test_a_night_without_anything_leaves_no_line(session, world, night) -> None:
    rule = save(session, world.owner, audit_years=5)
    assert night() == 1
    assert rule.last_run_at == TOMORROW
    assert rule.next_run_at > TOMORROW
    acts = session.scalars(select(AuditEntry.act)).all()
    assert acts == ["retention.saved"]


def test_it_waits_for_the_night(session, closed, world, night) -> None:
    save(session, world.owner, tickets_months=6)
    assert night(NOW + timedelta(hours=2)) == 0
    assert session.get_one(Ticket, closed.ticket.id).requester_name == NAME


def test_a_clock_that_is_far_ahead_removes_nothing_of_today(
    session, runtime, past: Past, world
) -> None:
    """The turn is as of next year, and it is today (F12)."""
    save(session, world.owner, files_months=1, audit_years=1)
    session.commit()
    assert retention.keeping(runtime.store)(runtime.writers, NOW + timedelta(days=400)) == 0
    session.rollback()
    assert session.scalars(select(Attachment)).all()


def test_a_killed_run_goes_on(session, runtime, past: Past, world, monkeypatch, night) -> None:
    for day in range(10):
        at = NOW - timedelta(days=4000 + day)
        audit.record(session, "brand.saved", by=world.owner, at=at, about="old")
    save(session, world.owner, audit_years=1)
    session.commit()
    monkeypatch.setattr(retention, "MOST_ENTRIES", 3)
    original, turns = retention._go_on, 0

    def dies(*given: Any) -> bool:
        nonlocal turns
        turns += 1
        more = original(*given)
        if turns % 2:
            raise SystemExit
        return more

    monkeypatch.setattr(retention, "_go_on", dies)
    for _turn in range(20):
        try:
            night()
        except SystemExit:
            session.rollback()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention.run")).all()
    assert [entry.facts["entries"] for entry in entries] == [10]


@pytest.mark.parametrize("version", [0, 1])
def test_of_two_who_save_at_once_the_second_is_told(app, world: World, session, version: int):
    """The first time, when there is no rule yet, as at any later one."""

    def saving(months: int, known: int):
        choice = Choice(tickets_months=months)
        return lambda session: retention.save(session, choice, known, by=world.owner, at=NOW)

    for known in range(version):
        saving(3, known)(session)
        session.commit()
    with pytest.raises(Changed):
        one_after_the_other(app, world.acme.id, saving(6, version), saving(12, version))
    session.rollback()
    rule = session.scalars(select(RetentionRule)).one()
    assert (rule.tickets_months, rule.version) == (6, version + 1)
