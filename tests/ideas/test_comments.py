"""Who hears of what is said of an idea."""

from datetime import timedelta

from sqlalchemy import select

from portal.foundation import outbox
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas.service import commenting
from portal.notifications.models import Notification
from tests.fixtures.world import NOW
from tests.ideas.making import idea

LATER = NOW + timedelta(hours=1)


def told(runtime, session):
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=LATER):
        pass
    session.rollback()
    see(session, PLATFORM)
    of_kind = Notification.kind == "idea_comment"
    return set(session.scalars(select(Notification.user_id).where(of_kind)))


def test_who_brought_it_and_who_spoke_before_hear_of_a_comment(session, runtime, world):
    found = idea(session, world.owner)
    commenting.comment(session, found, "So do we", by=world.stranger, at=NOW)
    assert told(runtime, session) == {world.owner.user_id}
    commenting.comment(session, found, "Soon", by=world.agent, at=NOW)
    assert told(runtime, session) == {world.owner.user_id, world.stranger.user_id}


def test_nobody_hears_of_their_own(session, runtime, world):
    found = idea(session, world.owner)
    commenting.comment(session, found, "And with a date", by=world.owner, at=NOW)
    assert told(runtime, session) == set()


def test_of_an_internal_idea_staff_alone_hear(session, runtime, world):
    found = idea(session, world.owner)
    commenting.comment(session, found, "When?", by=world.stranger, at=NOW)
    commenting.comment(session, found, "Not before spring", by=world.manager, at=NOW)
    told(runtime, session)
    found = session.merge(found)
    found.is_internal = True
    before = session.scalars(select(Notification.id)).all()
    commenting.comment(session, found, "Nor then", by=world.agent, at=NOW)
    told(runtime, session)
    fresh = select(Notification.user_id).where(Notification.id.not_in(before))
    assert set(session.scalars(fresh)) == {world.manager.user_id}


def test_a_comment_that_is_gone_is_told_to_nobody(session, runtime, world):
    found = idea(session, world.owner)
    said = commenting.comment(session, found, "Oh", by=world.stranger, at=NOW)
    commenting.remove(session, found, said, by=world.stranger, at=NOW)
    assert told(runtime, session) == set()
