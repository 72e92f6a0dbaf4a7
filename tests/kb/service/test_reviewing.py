"""Submitted, approved or sent back; looked at again after a while; removed and had back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.permissions import Forbidden
from portal.foundation import outbox
from portal.kb.models import Article, Draft, Topic
from portal.kb.queries import editing as queries
from portal.kb.service import removing, reviewing
from portal.kb.service.drafting import BadText, Conflict, Text, revise, save
from portal.kb.service.publishing import publish
from portal.kb.service.reviewing import NotInReview
from portal.notifications.models import Notification
from tests.fixtures.world import NOW
from tests.kb.making import changed, drafted, published, read_again


def told(session, runtime, who):
    """What the person finds in their inbox once the worker has been there."""
    session.commit()
    outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    session.rollback()
    rows = select(Notification).where(Notification.user_id == who.user_id)
    return [(row.kind, row.facts["subject"], row.url) for row in session.scalars(rows)]


def test_publishers_hear_of_what_waits_once(session, runtime, world):
    draft = drafted(session, world.agent, "Plan")
    reviewing.submit(session, draft, "New", by=world.agent, at=NOW)
    reviewing.submit(session, draft, "New words", by=world.agent, at=NOW)
    place = f"/articles/{draft.article_id}"
    assert (draft.state, draft.note) == ("in_review", "New words")
    assert told(session, runtime, world.manager) == [("article_submitted", "Plan", place)]
    assert told(session, runtime, world.agent) == []


def test_what_is_sent_back_says_why(session, runtime, world):
    draft = drafted(session, world.agent, "Plan")
    with pytest.raises(NotInReview):
        reviewing.send_back(session, draft, "No", draft.lock, by=world.manager, at=NOW)
    reviewing.submit(session, draft, "", by=world.agent, at=NOW)
    with pytest.raises(Forbidden):
        reviewing.send_back(session, draft, "No", draft.lock, by=world.agent, at=NOW)
    with pytest.raises(BadText):
        reviewing.send_back(session, draft, " ", draft.lock, by=world.manager, at=NOW)
    seen = draft.lock
    save(session, draft, Text("", "Plan B"), seen, by=world.agent, at=NOW)
    with pytest.raises(Conflict):
        reviewing.send_back(session, draft, "No", seen, by=world.manager, at=NOW)
    reviewing.send_back(session, draft, "Say more", draft.lock, by=world.manager, at=NOW)
    assert (draft.state, draft.note) == ("draft", "Say more")
    assert [kind for kind, *_ in told(session, runtime, world.agent)] == ["article_returned"]


def test_what_was_submitted_is_published_with_its_note(session, world):
    draft = drafted(session, world.agent, "Plan")
    reviewing.submit(session, draft, "First words", by=world.agent, at=NOW)
    article = publish(session, draft, by=world.manager, at=NOW)
    assert queries.version(session, article.id, 1).note == "First words"


def test_nothing_without_a_title_is_submitted(session, world):
    with pytest.raises(BadText):
        reviewing.submit(session, drafted(session, world.agent, ""), "", by=world.agent, at=NOW)


def test_publishers_are_reminded_once_a_date(session, runtime, world):
    article = published(session, world.manager, "Plan", review_by=NOW - timedelta(days=1))
    drafted(session, world.agent, "Never read", review_by=NOW - timedelta(days=1))
    session.commit()
    assert reviewing.remind(runtime.writers, NOW) == 1
    assert reviewing.remind(runtime.writers, NOW) == 0
    kinds = [(kind, url) for kind, _title, url in told(session, runtime, world.manager)]
    assert ("article_review_due", "/articles?state=due") in kinds
    topic = queries.topic(session, article.topic_id)
    session.refresh(topic)
    again = reviewing.still_right(session, topic, by=world.manager, at=NOW)
    session.commit()
    assert again == NOW + reviewing.STILL_RIGHT
    assert reviewing.remind(runtime.writers, again) == 1


def test_a_removed_draft_can_be_had_back_for_a_day(session, runtime, world):
    draft = drafted(session, world.agent, "Plan", "Words")
    removing.remove(session, draft, draft.lock, by=world.agent, at=NOW)
    assert queries.draft_of(session, draft.article_id) is None
    removing.bring_back(session, draft, by=world.agent, at=NOW)
    assert queries.draft_of(session, draft.article_id).body == "Words"
    removing.remove(session, draft, draft.lock, by=world.agent, at=NOW)
    session.commit()
    assert removing.forget_removed(runtime.writers, NOW + timedelta(hours=23)) == 0
    assert removing.forget_removed(runtime.writers, NOW + timedelta(hours=25)) == 1
    session.rollback()
    assert [session.scalars(select(model)).all() for model in (Draft, Article, Topic)] == [
        [],
        [],
        [],
    ]


def test_what_readers_see_stays_when_its_draft_is_forgotten(session, runtime, world):
    article = published(session, world.manager, "Plan", "Words")
    draft = revise(session, article, by=world.agent, at=NOW)
    removing.remove(session, draft, draft.lock, by=world.agent, at=NOW)
    session.commit()
    removing.forget_removed(runtime.writers, NOW + timedelta(days=2))
    session.rollback()
    assert read_again(session, article.id).is_published


def test_those_who_link_follow_a_new_address(session, runtime, world):
    target = published(session, world.manager, "Target")
    source = published(session, world.manager, "Source", "[see](/kb/target)")
    early = published(session, world.manager, "Early", "[see](/kb/later)")
    changed(session, world.manager, target, slug="goal")
    published(session, world.manager, "Later")
    session.commit()
    outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    session.rollback()
    links = queries.links_of(session, early.id)
    assert links[0].topic_id is not None
    assert queries.links_of(session, source.id)[0].topic_id == target.topic_id
