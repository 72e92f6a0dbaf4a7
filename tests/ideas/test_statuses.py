"""What becomes of an idea: said once to each who wants it, whatever happens on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import AuditEntry, User
from portal.core.permissions import Forbidden
from portal.foundation import outbox
from portal.foundation.deliveries import Delivery
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas import subscribers
from portal.ideas.happenings import MOVED
from portal.ideas.models import IdeaStatusChange, Status
from portal.ideas.service import statuses, voting
from portal.ideas.service.refusals import ReasonMissing, Unchanged
from portal.ideas.service.statuses import Decision
from portal.notifications.models import Notification
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.tickets.making import filed

LATER = NOW + timedelta(hours=1)


def decide(session, found, status, by, **said):
    change = statuses.decide(session, found, Decision(status, **said), by=by, at=NOW)
    session.commit()
    return change


def happen(runtime, session):
    while outbox.drain(runtime.writers, runtime.subscribers, at=LATER):
        pass
    session.rollback()
    see(session, PLATFORM)


def told(session, kind):
    return set(session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def test_each_step_is_kept(session, world):
    found = idea(session, world.owner)
    decide(session, found, Status.PLANNED, world.manager, note="In spring")
    decide(session, found, Status.SHIPPED, world.manager, version="4.3")
    kept = session.scalars(select(IdeaStatusChange).order_by(IdeaStatusChange.id)).all()
    steps = [(one.from_status, one.to_status, one.note) for one in kept]
    assert steps == [("submitted", "planned", "In spring"), ("planned", "shipped", "")]
    assert found.shipped_in_version == "4.3"
    acts = session.scalars(select(AuditEntry.act)).all()
    assert acts.count("idea.decided") == 2


def test_nobody_is_declined_without_a_word(session, world):
    found = idea(session, world.owner)
    with pytest.raises(ReasonMissing):
        decide(session, found, Status.DECLINED, world.manager, note=" ")
    decide(session, found, Status.DECLINED, world.manager, note="There is a better way")
    assert found.decline_reason == "There is a better way"
    decide(session, found, Status.UNDER_REVIEW, world.manager)
    assert found.decline_reason == ""
    with pytest.raises(Unchanged):
        decide(session, found, Status.UNDER_REVIEW, world.manager)


def test_agents_and_builders_do_not_decide(session, world):
    found = idea(session, world.owner)
    for who in (world.agent, world.owner):
        with pytest.raises(Forbidden):
            decide(session, found, Status.PLANNED, who)


def test_voters_the_submitter_and_askers_are_told(session, runtime, pack, world):
    found, ticket = idea(session, world.agent), filed(session, pack, world.pm, NOW)
    voting.vote(session, found, by=world.stranger, at=NOW)
    voting.vote_for(session, found, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    decide(session, found, Status.SHIPPED, world.manager)
    happen(runtime, session)
    people = {world.stranger.user_id, world.pm.user_id, world.agent.user_id}
    assert told(session, "idea_shipped") == people
    letters = session.scalars(select(Delivery.recipient).where(Delivery.dedup_key.contains("idea")))
    assert {world.stranger.email, world.pm.email} <= set(letters)


def test_each_reads_it_in_their_language(session, runtime, world):
    session.get_one(User, world.stranger.user_id).locale = "es"
    found = idea(session, world.stranger, "Fotos en el parte diario", language="es")
    decide(session, found, Status.DECLINED, world.manager, note="Ya existe")
    happen(runtime, session)
    wanted = select(Delivery).where(Delivery.recipient == world.stranger.email)
    letter = session.scalars(wanted).one()
    assert "Fotos en el parte diario" in letter.payload["text"]
    assert "Ya existe" in letter.payload["text"]
    assert "was declined" not in letter.payload["text"]


def test_small_steps_write_no_letters(session, runtime, world):
    found = idea(session, world.owner)
    decide(session, found, Status.IN_PROGRESS, world.manager)
    happen(runtime, session)
    assert told(session, "idea_in_progress") == {world.owner.user_id}
    assert (
        session.scalars(select(Delivery).where(Delivery.recipient == world.owner.email)).all() == []
    )


def test_nobody_is_told_of_what_is_internal(session, runtime, world):
    found = idea(session, world.owner)
    found.is_internal = True
    decide(session, found, Status.PLANNED, world.manager)
    happen(runtime, session)
    assert told(session, "idea_planned") == set()


@pytest.fixture
def wanted_by_many(session, world):
    found, people = idea(session, world.owner), crowd(session, 2 * subscribers.SOME + 5)
    for who in people:
        voting.vote(session, found, by=who, at=NOW)
    session.commit()
    return found, {who.user_id for who in people} | {world.owner.user_id}


def test_many_are_told_some_at_a_time(session, runtime, world, wanted_by_many):
    found, people = wanted_by_many
    decide(session, found, Status.PLANNED, world.manager)
    happen(runtime, session)
    assert told(session, "idea_planned") == people
    events = select(func.count()).where(OutboxEvent.kind == MOVED)
    assert session.scalar(events) == 3


def test_a_worker_that_dies_in_the_middle_tells_nobody_twice(
    session, runtime, world, wanted_by_many, monkeypatch
):
    found, people = wanted_by_many
    decide(session, found, Status.SHIPPED, world.manager)
    tell, times = subscribers.notify, []

    def break_once(*given, **named):
        lines = tell(*given, **named)
        times.append(len(lines))
        if len(times) == 2:
            raise RuntimeError("killed after the second chunk was written")
        return lines

    monkeypatch.setattr(subscribers, "notify", break_once)
    for minutes in (1, 2, 3, 4, 5):
        outbox.drain(runtime.writers, runtime.subscribers, at=NOW + timedelta(minutes=minutes))
    session.rollback()
    lines = session.scalars(select(Notification).where(Notification.kind == "idea_shipped")).all()
    assert len(lines) == len(people)
    assert {line.user_id for line in lines} == people
    letters = session.scalars(
        select(Delivery.recipient).where(Delivery.dedup_key.contains("idea_shipped"))
    ).all()
    assert len(letters) == len(set(letters)) == len(people)
