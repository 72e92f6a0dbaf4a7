"""Ideas move along with what answers them, and whoever wants them hears of it once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import AuditEntry, User
from portal.core.permissions import Forbidden
from portal.foundation import outbox
from portal.foundation.deliveries import Delivery
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas.models import IdeaStatusChange, Status
from portal.ideas.service import statuses, voting
from portal.ideas.service.statuses import Decision
from portal.notifications.models import Notification
from portal.releases.happenings import PUBLISHED
from portal.roadmap import subscribers
from portal.roadmap.happenings import MOVED, STALE
from portal.roadmap.models import RoadmapChange, RoadmapItem, Stage
from portal.roadmap.service import placing, reminding, writing
from portal.roadmap.service.placing import Place, Where
from portal.roadmap.service.refusals import Conflict, NoWords, Removed
from portal.roadmap.service.writing import Plan
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.roadmap.making import internal, plan, public, release
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
LATER = NOW + timedelta(hours=1)


def move(session, item, stage, by, quarter="2026-Q4"):
    placing.move(session, item, Place(stage, quarter), item.edition, by=by, at=NOW)
    session.commit()


def happen(runtime, session, at=LATER):
    while outbox.drain(runtime.writers, runtime.subscribers, at=at):
        pass
    session.rollback()
    session.expire_all()
    see(session, PLATFORM)


def told(session, kind):
    return sorted(
        session.scalars(select(Notification.user_id).where(Notification.kind == kind)).all()
    )


def test_only_administrators_run_it(session, world):
    item = public(session, world.admin)
    for who in (world.manager, world.agent, world.owner):
        with pytest.raises(Forbidden):
            internal(session, who)
        with pytest.raises(Forbidden):
            placing.move(session, item, Place(Stage.SHIPPED, ""), item.edition, by=who, at=NOW)
        with pytest.raises(Forbidden):
            writing.publish(session, item, item.edition, by=who, at=NOW)


def test_each_act_is_in_the_audit_log(session, world):
    item = public(session, world.admin)
    move(session, item, Stage.SHIPPED, world.admin)
    writing.withdraw(session, item, by=world.admin, at=NOW)
    writing.edit(session, item, plan("New"), item.edition, by=world.admin, at=NOW)
    writing.remove(session, item, by=world.admin, at=NOW)
    writing.restore(session, item, by=world.admin, at=NOW)
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    done = ("added", "published", "moved", "withdrawn", "edited", "removed", "restored")
    assert sorted(acts) == sorted(f"roadmap.{act}" for act in done)


def test_an_item_says_something(session, world):
    with pytest.raises(NoWords):
        writing.add(session, Plan({}), by=world.admin, at=NOW)


def test_who_was_second_is_told(session, world):
    item = public(session, world.admin)
    with pytest.raises(Conflict):
        placing.move(
            session, item, Place(Stage.SHIPPED, ""), item.edition - 1, by=world.admin, at=NOW
        )
    writing.remove(session, item, by=world.admin, at=NOW)
    with pytest.raises(Removed):
        writing.withdraw(session, item, by=world.admin, at=NOW)


def test_numbers_have_no_gap_where_something_is_internal(session, world):
    first, inside = public(session, world.admin), internal(session, world.admin)
    second = public(session, world.admin)
    assert (first.number, inside.number, second.number) == (1001, None, 1002)
    writing.publish(session, inside, inside.edition, by=world.admin, at=NOW)
    assert inside.number == 1003


def test_open_ideas_move_along_and_decided_ones_stay(session, world):
    open_one, declined = idea(session, world.owner), idea(session, world.owner)
    hidden = idea(session, world.manager, is_internal=True)
    decision = Decision(Status.DECLINED, "No")
    statuses.decide(session, declined, decision, by=world.manager, at=NOW)
    item = public(session, world.admin, ideas=[open_one, declined, hidden])
    assert open_one.status == "planned"
    move(session, item, Stage.IN_PROGRESS, world.admin)
    assert (open_one.status, declined.status, hidden.status) == (
        "in_progress",
        "declined",
        "submitted",
    )
    steps = session.scalars(
        select(IdeaStatusChange.to_status).where(IdeaStatusChange.request_id == open_one.id)
    )
    assert set(steps) == {"planned", "in_progress"}


def test_an_internal_item_moves_no_idea_and_tells_nobody(session, runtime, world):
    wish = idea(session, world.owner)
    item = internal(session, world.admin, ideas=[wish])
    move(session, item, Stage.IN_PROGRESS, world.admin)
    happen(runtime, session)
    assert session.get(type(wish), wish.id).status == "submitted"
    assert session.scalar(select(func.count()).select_from(Notification)) == 0


def test_each_hears_once_however_many_ideas_are_theirs(session, runtime, pack, world):
    one, two = idea(session, world.owner, "One"), idea(session, world.owner, "Two")
    voting.vote(session, one, by=world.stranger, at=NOW)
    ticket = filed(session, pack, world.pm, NOW)
    voting.vote_for(session, two, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    item = public(session, world.admin, ideas=[one, two])
    move(session, item, Stage.SHIPPED, world.admin)
    happen(runtime, session)
    people = sorted([world.owner.user_id, world.stranger.user_id, world.pm.user_id])
    assert told(session, "roadmap_shipped") == people
    assert told(session, "idea_shipped") == []
    assert told(session, "idea_planned") == []
    line = session.scalars(select(Notification).where(Notification.kind == "roadmap_shipped"))
    assert {row.url for row in line} == {f"/roadmap/{item.number}/photos-on-daily-logs"}
    letters = session.scalars(
        select(Delivery.recipient).where(Delivery.dedup_key.contains("roadmap_shipped"))
    ).all()
    assert len(letters) == len(set(letters)) == 3


def test_each_hears_it_in_their_language_and_reads_the_note(session, runtime, world):
    session.get_one(User, world.stranger.user_id).locale = "es"
    wish, note = idea(session, world.stranger), release(session)
    item = public(session, world.admin, es="Fotos", ideas=[wish], release_id=note.id)
    move(session, item, Stage.SHIPPED, world.admin)
    happen(runtime, session)
    line = session.scalars(select(Notification).where(Notification.kind == "roadmap_shipped")).one()
    assert (line.facts["subject"], line.url) == ("Fotos", "/whats-new/1001/autumn")


def test_what_became_internal_meanwhile_is_not_told(session, runtime, world):
    item = public(session, world.admin, ideas=[idea(session, world.owner)])
    writing.withdraw(session, item, by=world.admin, at=NOW)
    session.commit()
    happen(runtime, session)
    assert session.scalar(select(func.count()).select_from(Notification)) == 0


@pytest.fixture
def wanted_by_many(session, world):
    one, two = idea(session, world.owner, "One"), idea(session, world.owner, "Two")
    people = crowd(session, 2 * subscribers.SOME + 5)
    for who in people:
        for wish in (one, two):
            voting.vote(session, wish, by=who, at=NOW)
    session.commit()
    return [one, two], sorted([*(who.user_id for who in people), world.owner.user_id])


def test_many_are_told_some_at_a_time(session, runtime, world, wanted_by_many):
    ideas, people = wanted_by_many
    public(session, world.admin, ideas=ideas)
    session.commit()
    happen(runtime, session)
    assert told(session, "roadmap_planned") == people
    assert session.scalar(select(func.count()).where(OutboxEvent.kind == MOVED)) == 3


def test_a_worker_that_dies_in_the_middle_tells_nobody_twice(
    session, runtime, world, wanted_by_many, monkeypatch
):
    ideas, people = wanted_by_many
    public(session, world.admin, ideas=ideas)
    session.commit()
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
    assert told(session, "roadmap_planned") == people
    letters = session.scalars(
        select(Delivery.recipient).where(Delivery.dedup_key.contains("roadmap_planned"))
    ).all()
    assert len(letters) == len(set(letters)) == len(people)


def test_a_published_note_ships_its_items_once(session, runtime, world):
    note, wish = release(session), idea(session, world.owner)
    ours = public(session, world.admin, "Ours", ideas=[wish], release_id=note.id)
    inside = internal(session, world.admin, "Inside", release_id=note.id)
    other = public(session, world.admin, "Other")
    for _ in range(2):
        outbox.record(session, PUBLISHED, at=NOW, builder_id=None, release_id=str(note.id))
    session.commit()
    happen(runtime, session)
    stages = [session.get_one(RoadmapItem, one.id).stage for one in (ours, inside, other)]
    assert stages == ["shipped", "shipped", "planned"]
    assert session.get_one(type(wish), wish.id).shipped_in_version == "2.4"
    assert told(session, "roadmap_shipped") == [world.owner.user_id]
    steps = session.scalars(select(RoadmapChange).where(RoadmapChange.item_id == ours.id))
    assert [step.to_stage for step in steps].count("shipped") == 1


def test_a_month_without_a_touch_is_told_in_one_list_once_a_month(session, runtime, world):
    def remind(days):
        at = NOW + timedelta(days=days)
        number = reminding.remind(runtime.writers, at)
        happen(runtime, session, at)
        return number

    public(session, world.admin, "Old")
    new = public(session, world.admin, "Older")
    internal(session, world.admin, "Secret")
    public(session, world.admin, "There", stage=Stage.SHIPPED)
    session.commit()
    assert remind(20) == 0
    assert remind(32) == 2
    assert [remind(33), remind(60)] == [0, 0]
    writing.confirm(session, session.get_one(RoadmapItem, new.id), by=world.admin, at=NOW)
    session.commit()
    assert told(session, "roadmap_stale") == [world.admin.user_id]
    line = session.scalars(select(Notification).where(Notification.kind == "roadmap_stale")).one()
    assert line.facts["count"] == 2
    assert remind(64) == 2
    assert session.scalar(select(func.count()).where(OutboxEvent.kind == STALE)) == 2


def test_positions_are_whole_after_any_move(session, world):
    made = [internal(session, world.admin, title) for title in "ABCD"]
    for place in (
        Place(Stage.PLANNED, "2026-Q4", Where.FIRST),
        Place(Stage.PLANNED, "2026-Q4", Where.BEFORE, made[1].id),
        Place(Stage.PLANNED, "2026-Q4", Where.BEFORE, world.acme.id),
        Place(Stage.SHIPPED, "2026-Q4", Where.UP),
    ):
        placing.move(session, made[3], place, made[3].edition, by=world.admin, at=NOW)
        there = session.scalars(
            select(RoadmapItem.position).where(RoadmapItem.stage == made[3].stage)
        ).all()
        assert sorted(there) == list(range(len(there)))


def test_an_idea_that_is_ahead_of_its_item_stays_there(session, world):
    ahead = idea(session, world.owner)
    statuses.decide(session, ahead, Decision(Status.IN_PROGRESS), by=world.manager, at=NOW)
    item = public(session, world.admin, ideas=(ahead,))
    assert ahead.status == Status.IN_PROGRESS
    move(session, item, Stage.IN_PROGRESS, world.admin)
    move(session, item, Stage.PLANNED, world.admin)
    assert ahead.status == Status.PLANNED  # it went back with its item
