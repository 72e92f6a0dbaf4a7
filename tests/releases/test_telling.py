"""Who hears of a note: once, whatever happens on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from portal.accounts.models import Builder, Membership, User
from portal.foundation import outbox
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas.models import FeatureRequestVote
from portal.ideas.service import voting
from portal.kb.models import Topic
from portal.kb.service import reviewing
from portal.notifications.models import Notification, Preference
from portal.releases import subscribers
from portal.releases.happenings import SHIPPED
from portal.releases.service import publishing
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.kb import making as writing
from tests.releases.making import note, published
from tests.support.statements import counted
from tests.tickets.making import filed

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("noon")]
LATER = NOW + timedelta(hours=1)


def happen(runtime, session, at=LATER):
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=at):
        pass
    session.rollback()
    session.expire_all()
    see(session, PLATFORM)


def lines(session, kind):
    return session.scalars(select(Notification).where(Notification.kind == kind)).all()


def letters(session, kind):
    return session.scalars(select(Delivery).where(Delivery.dedup_key.contains(kind))).all()


def wants(session, who, *, mail=True, in_app=False):
    session.add(Preference(user_id=who.user_id, kind="release_published", mail=mail, in_app=in_app))


def test_whoever_wanted_several_of_its_ideas_hears_once_of_the_note(session, runtime, world):
    first, second = idea(session, world.owner), idea(session, world.stranger, "Weather days")
    voting.vote(session, second, by=world.owner, at=NOW)
    made = published(session, world.manager, ideas=[first.id, second.id])
    happen(runtime, session)
    told = lines(session, "idea_shipped")
    assert {one.user_id for one in told} == {world.owner.user_id, world.stranger.user_id}
    assert len(told) == 2
    assert {one.url for one in told} == {f"/whats-new/{made.number}"}
    assert {one.facts["subject"] for one in told} == {"4.2: Photos in daily logs"}
    assert len(letters(session, "idea_shipped")) == 2


def test_voters_the_submitter_and_askers_hear_it(session, runtime, pack, world):
    wished, ticket = idea(session, world.agent), filed(session, pack, world.pm, NOW)
    voting.vote(session, wished, by=world.stranger, at=NOW)
    voting.vote_for(session, wished, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    published(session, world.manager, ideas=[wished.id])
    happen(runtime, session)
    people = {world.stranger.user_id, world.pm.user_id, world.agent.user_id}
    assert {one.user_id for one in lines(session, "idea_shipped")} == people


def test_nobody_is_told_of_what_is_internal_or_withdrawn_at_once(session, runtime, world):
    inside = idea(session, world.manager, is_internal=True)
    published(session, world.admin, ideas=[inside.id])
    wished = idea(session, world.owner, "Public")
    gone = published(session, world.manager, ideas=[wished.id])
    wants(session, world.pm)
    publishing.withdraw(session, gone, by=world.manager, at=NOW)
    happen(runtime, session)
    assert lines(session, "idea_shipped") == []
    assert len(letters(session, "release_published")) == 1


@pytest.fixture
def wanted_by_many(session, world):
    wished, other = idea(session, world.owner), idea(session, world.owner, "Second")
    people = crowd(session, 2 * subscribers.SOME + 5)
    for who in people:
        voting.vote(session, wished, by=who, at=NOW)
        voting.vote(session, other, by=who, at=NOW)
    session.commit()
    return [wished.id, other.id], {who.user_id for who in people} | {world.owner.user_id}


def test_many_are_told_some_at_a_time(session, runtime, world, wanted_by_many):
    ideas, people = wanted_by_many
    published(session, world.manager, ideas=ideas)
    happen(runtime, session)
    told = [one.user_id for one in lines(session, "idea_shipped")]
    assert (set(told), len(told)) == (people, len(people))
    events = session.scalar(select(func.count()).where(OutboxEvent.kind == SHIPPED))
    assert events == 3


def test_a_worker_that_dies_in_the_middle_tells_nobody_twice(
    session, runtime, world, wanted_by_many, monkeypatch
):
    ideas, people = wanted_by_many
    published(session, world.manager, ideas=ideas)
    session.commit()
    tell, times = subscribers.notify, []

    def break_once(*given, **named):
        told = tell(*given, **named)
        times.append(len(told))
        if len(times) == 2:
            raise RuntimeError("killed after the second chunk was written")
        return told

    monkeypatch.setattr(subscribers, "notify", break_once)
    for minutes in range(1, 9):
        outbox.drain(runtime.writers, runtime.subscribers, at=NOW + timedelta(minutes=minutes))
    session.rollback()
    told = [one.user_id for one in lines(session, "idea_shipped")]
    assert (set(told), len(told)) == (people, len(people))
    sent = [one.recipient for one in letters(session, "idea_shipped")]
    assert len(sent) == len(set(sent)) == len(people)


def test_publishing_does_not_wait_for_five_thousand_voters(session, runtime, world):
    """It asks as much as for two; the rest is the background's, some at a time."""
    asked = []
    for number in (2, 5_000):
        wished = idea(session, world.owner, f"Wanted by {number}")
        _voters(session, wished, number)
        draft = note(session, world.manager, f"Note of {number}", ideas=[wished.id])
        session.commit()
        with counted(runtime.engine) as statements:
            publishing.publish(session, draft, by=world.manager, at=NOW)
            session.commit()
        asked.append(len(statements))
    assert asked[1] <= asked[0] <= 40
    for _time in range(3):
        assert outbox.drain(runtime.writers, runtime.subscribers, at=LATER, limit=5)
    session.rollback()
    told = session.scalar(select(func.count()).where(Notification.kind == "idea_shipped"))
    assert 0 < told <= 15 * (subscribers.SOME + 2)


def _voters(session, wished, number):
    builders, people, memberships, votes = [], [], [], []
    for place in range(number):
        mark = f"{number}-{place}"
        builder = Builder(slug=f"v-{mark}", name=f"V {mark}", plan="starter", created_at=NOW)
        builders.append(builder)
        who = {"email": f"{mark}@v.test", "name": f"Voter {mark}", "created_at": NOW}
        people.append(User(locale="en", zone="UTC", **who))
    session.add_all([*builders, *people])
    session.flush()
    for builder, who in zip(builders, people, strict=True):
        memberships.append(
            {"user_id": who.id, "builder_id": builder.id, "role": "owner", "created_at": NOW}
        )
        votes.append(
            {
                "request_id": wished.id,
                "builder_id": builder.id,
                "user_id": who.id,
                "user_name": who.name,
                "reason": "",
                "on_behalf_by_name": "",
                "created_at": NOW,
            }
        )
    session.execute(insert(Membership), memberships)
    session.execute(insert(FeatureRequestVote), votes)


def test_only_who_chose_it_hears_of_a_note_each_in_their_language(session, runtime, world):
    wants(session, world.owner)
    wants(session, world.agent, mail=False, in_app=True)
    session.get_one(User, world.owner.user_id).locale = "es"
    published(session, world.manager, "Weather days", es="Días de lluvia")
    happen(runtime, session)
    [letter] = letters(session, "release_published")
    assert letter.recipient == world.owner.email
    assert "Días de lluvia" in letter.payload["text"]
    [line] = lines(session, "release_published")
    assert (line.user_id, line.facts["subject"]) == (world.agent.user_id, "4.2: Weather days")


def test_a_letter_that_has_not_left_when_it_is_withdrawn_stays_here(session, runtime, world):
    wants(session, world.owner)
    made = published(session, world.manager)
    happen(runtime, session)
    publishing.withdraw(session, made, by=world.manager, at=LATER)
    session.commit()
    [letter] = letters(session, "release_published")
    session.refresh(letter)
    assert letter.status == Status.CANCELLED


def test_articles_of_its_modules_are_looked_at_again(session, runtime, world, monkeypatch):
    monkeypatch.setattr(reviewing, "TOGETHER", 2)
    here = [
        writing.published(session, world.manager, f"About {place}", module_tag="scheduling")
        for place in range(5)
    ]
    other = writing.published(session, world.manager, "Other", module_tag="billing")
    made = published(session, world.manager, "Weather days")
    happen(runtime, session)
    for article in here:
        topic = session.get_one(Topic, article.topic_id)
        assert topic.review_because == "4.2: Weather days"
        assert topic.review_path == f"/whats-new/{made.number}"
        assert topic.review_by == NOW
    assert session.get_one(Topic, other.topic_id).review_because == ""
    topic = session.get_one(Topic, here[0].topic_id)
    reviewing.still_right(session, topic, by=world.manager, at=LATER)
    assert (topic.review_because, topic.review_path) == ("", "")
    assert topic.review_by is not None
    assert topic.review_by > LATER
