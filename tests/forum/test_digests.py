"""What is new, in one letter, in its reader's language; ended by one press."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.forum.models import Digest, Rhythm
from portal.forum.service import digests, following, reading
from portal.foundation.deliveries import Delivery
from tests.forum.making import reply, thread

pytestmark = pytest.mark.usefixtures("noon")
WEEK = timedelta(days=7)


@pytest.fixture
def letters(app, runtime, session):
    def due(at):
        session.commit()
        with app.app_context():
            while digests.send(runtime.writers, at):
                pass
        session.expire_all()
        rows = session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id))
        return [row.payload for row in rows]

    return due


def test_who_follows_gets_what_is_new_once(session, world, now, letters):
    following.follow_category(session, "scheduling", by=world.owner, at=now)
    thread(session, world.pm, now + timedelta(hours=1), "About cranes")
    own = thread(session, world.owner, now + timedelta(hours=1), "My own")
    reply(session, own, world.agent, now + timedelta(hours=2))
    sent = [one for one in letters(now + WEEK) if one["to"] == world.owner.email]
    assert len(sent) == 1
    text = sent[0]["text"]
    assert "About cranes" in text
    assert "My own (1 new reply)" in text
    assert "#r-1" in text
    assert sent[0]["unsubscribe"].endswith("/end")
    again = [one for one in letters(now + 2 * WEEK) if one["to"] == world.owner.email]
    assert len(again) == 1


def test_what_was_read_is_not_new(session, world, now, letters):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.agent, now + timedelta(hours=1))
    reading.read_to(session, post.id, answer.number, by=world.pm, at=now)
    assert not [one for one in letters(now + WEEK) if one["to"] == world.pm.email]


def test_in_the_readers_language(session, world, now, letters):
    following.follow_category(session, "scheduling", by=world.owner, at=now)
    session.get_one(User, world.owner.user_id).locale = "es"
    thread(session, world.pm, now + timedelta(hours=1))
    (sent,) = [one for one in letters(now + WEEK) if one["to"] == world.owner.email]
    assert sent["subject"] == "Novedades del foro"
    assert sent["language"] == "es"


def test_daily_or_never(session, world, now, letters):
    following.follow_category(session, "scheduling", by=world.owner, at=now)
    digests.choose(session, Rhythm.DAILY, by=world.owner, at=now)
    thread(session, world.pm, now + timedelta(hours=1))
    day = now + timedelta(days=1)
    assert len([one for one in letters(day) if one["to"] == world.owner.email]) == 1
    digests.choose(session, Rhythm.NEVER, by=world.owner, at=day)
    thread(session, world.pm, day + timedelta(hours=1))
    assert len([one for one in letters(day + 2 * WEEK) if one["to"] == world.owner.email]) == 1


def test_who_can_sign_in_no_more_gets_none(session, world, now, letters):
    following.follow_category(session, "scheduling", by=world.owner, at=now)
    thread(session, world.pm, now + timedelta(hours=1))
    session.get_one(User, world.owner.user_id).disabled_at = now
    assert not [one for one in letters(now + WEEK) if one["to"] == world.owner.email]


def test_one_press_ends_it_and_looking_does_not(app, session, world, now):
    following.follow_category(session, "scheduling", by=world.owner, at=now)
    session.commit()
    with app.app_context():
        token = digests.token_for(world.owner.user_id)
    visitor, address = app.test_client(), f"/forum/digest/{token}/end"

    def rhythm():
        session.commit()
        return session.scalars(select(Digest.rhythm)).one()

    assert visitor.get(address).status_code == 200
    assert rhythm() == Rhythm.WEEKLY
    assert visitor.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert rhythm() == Rhythm.NEVER
    for forged in (token[:-1], token + "x", "nothing"):
        assert visitor.post(f"/forum/digest/{forged}/end").status_code == 404


def test_chosen_on_the_page(session, world, now, sign_in):
    session.commit()
    client = sign_in(world.pm)
    assert client.post("/forum/digest", data={"rhythm": "daily"}).status_code == 303
    assert client.post("/forum/digest", data={"rhythm": "hourly"}).status_code == 422
    assert 'value="daily" checked' in client.get("/forum/digest").text
