"""What newcomers write beyond their limits waits until a moderator has looked."""

import pytest
from sqlalchemy import select

from portal.core.audience import Reader
from portal.core.permissions import Forbidden, Role
from portal.core.reputation import Held
from portal.forum.models import Post, State
from portal.forum.queries import flags as queries
from portal.forum.service import moderating, publishing, removing, voting
from portal.foundation import outbox
from portal.notifications.models import Notification
from portal.search.documents import Question
from portal.search.service import find
from tests.forum.making import known, reply, thread

pytestmark = pytest.mark.usefixtures("noon")
LINK = "See https://example.com/pergola"


@pytest.fixture
def told(runtime, session, now):
    def listen():
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=now):
            pass
        session.expire_all()
        return set(session.execute(select(Notification.user_id, Notification.kind)).all())

    return listen


def test_a_first_post_with_a_link_waits(session, world, now, told, app):
    post = thread(session, world.pm, now, "Pergola", LINK)
    assert (post.state, post.held_because) == (State.HELD, Held.FIRST_LINK)
    heard = told()
    assert (world.agent.user_id, "forum_held") in heard
    visitor = app.test_client()
    assert "Pergola" not in visitor.get("/forum").text
    assert visitor.get(f"/forum/{post.number}").status_code == 404
    assert not find(session, Question("pergola", "en"), Reader(Role.PM)).hits
    (case,) = queries.held(session)
    assert case.post.id == post.id


def test_its_author_reads_it_and_nobody_else(session, world, now, sign_in):
    post = thread(session, world.pm, now, "Pergola", LINK)
    session.commit()
    address = f"/forum/{post.number}"
    assert "a moderator looks at it first" in sign_in(world.pm).get(address).text
    for other in (world.owner, world.stranger):
        client = sign_in(other)
        for path in (address, f"{address}/history"):
            assert client.get(path).status_code == 404
        assert client.post(f"{address}/vote").status_code == 404
    assert "https://example.com/pergola" in sign_in(world.agent).get("/forum/moderation").text


def test_released_it_is_as_if_it_were_new(session, world, now, told, app):
    post = thread(session, world.pm, now, "Pergola", LINK)
    with pytest.raises(Forbidden):
        publishing.release(session, post, post, by=world.owner, at=now)
    publishing.release(session, post, post, by=world.agent, at=now)
    publishing.release(session, post, post, by=world.agent, at=now)
    assert (world.pm.user_id, "forum_released") in told()
    assert app.test_client().get(f"/forum/{post.number}").status_code == 200
    assert find(session, Question("pergola", "en"), Reader(Role.PM)).hits
    assert not queries.held(session)


def test_a_held_reply_has_no_number_and_leaves_no_gap(session, world, now, told, app, sign_in):
    post = thread(session, world.pm, now)
    first = reply(session, post, world.stranger, now, LINK)
    second = reply(session, post, world.owner, now)
    assert (first.number, second.number, post.reply_count) == (None, 1, 1)
    session.commit()
    address = f"/forum/{post.number}"
    assert LINK not in app.test_client().get(address).text
    assert "1 reply of yours waits" in sign_in(world.stranger).get(address).text
    assert app.test_client().get(f"/forum/replies/{first.id}").status_code == 404
    assert (world.pm.user_id, "forum_reply") in told()  # of the second
    publishing.release(session, post, first, by=world.agent, at=now)
    assert (first.number, post.reply_count) == (2, 2)


def test_a_thread_that_was_joined_meanwhile(session, world, now):
    post, into = thread(session, world.pm, now), thread(session, world.pm, now, "The other")
    waits = reply(session, post, world.stranger, now, LINK)
    moderating.merge(session, post, into, by=world.agent, at=now)
    publishing.release(session, post, waits, by=world.agent, at=now)
    assert (waits.post_id, into.reply_count) == (into.id, 2)


def test_what_is_held_can_be_taken_away(session, world, now, sign_in):
    post = thread(session, world.pm, now)
    waits = reply(session, post, world.stranger, now, LINK)
    session.commit()
    agent = sign_in(world.agent)
    sent = {"reason": "Advertising"}
    answer = agent.post(f"/forum/replies/{waits.id}/flags/upholding", data=sent)
    assert answer.status_code == 303
    session.expire_all()
    assert (waits.state, session.get_one(Post, post.id).reply_count) == (State.REMOVED, 0)
    removing.restore_reply(session, post, waits, by=world.agent, at=now)
    assert (waits.number, post.reply_count) == (1, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://a.example https://b.example https://c.example", Held.LINKS),
        ("![x](/attachments/01a20799-1ae0-7d07-9916-146a5d361eef)", Held.PICTURES),
    ],
)
def test_links_and_pictures_of_newcomers(session, world, now, text, why):
    post = thread(session, world.pm, now)
    waits = reply(session, post, world.pm, now, text)
    assert (waits.state, waits.held_because) == (State.HELD, why)


def test_the_fifth_within_an_hour_waits_but_not_of_who_is_known(session, world, now):
    post = thread(session, world.agent, now)
    states = [reply(session, post, world.pm, now).state for _ in range(5)]
    assert states == [State.PUBLISHED] * 4 + [State.HELD]
    known(session, world.owner, now)
    reply(session, post, world.owner, now)
    assert {reply(session, post, world.owner, now, LINK).state for _ in range(5)} == {
        State.PUBLISHED
    }


def test_staff_wait_for_nobody(session, world, now):
    assert thread(session, world.agent, now, body=LINK * 9).state == State.PUBLISHED


def test_nobody_votes_for_what_nobody_reads(session, world, now):
    post = thread(session, world.pm, now, "Pergola", LINK)
    with pytest.raises(voting.NotYours):
        voting.upvote(session, post, by=world.agent, at=now)


def test_released_by_the_page(session, world, now, sign_in):
    post = thread(session, world.pm, now, "Pergola", LINK)
    waits = reply(session, thread(session, world.owner, now), world.stranger, now, LINK)
    session.commit()
    agent, pm = sign_in(world.agent), sign_in(world.pm)
    assert pm.post(f"/forum/{post.number}/release").status_code == 403
    assert "2 wait for moderators" in agent.get("/forum").text
    for address in (f"/forum/{post.number}", f"/forum/replies/{waits.id}"):
        assert agent.post(f"{address}/release").status_code == 303
    assert "Nothing waits" in agent.get("/forum/moderation").text


def test_the_writer_is_told_why(session, world, sign_in, noon):
    session.commit()
    sent = {"kind": "question", "category": "scheduling", "title": "Pergola", "body": LINK}
    client = sign_in(world.pm)
    answer = client.post("/forum", data={**sent, "press": "p", "seen": "1"}, follow_redirects=True)
    assert "It is your first one and has a link in it." in answer.text


def test_programs_hear_that_it_waits(session, world, speak):
    session.commit()
    new = {"category": "scheduling", "title": "Pergola", "body": LINK}
    program = speak(world.pm)
    made = program.post("/api/v1/support/forum/posts", new)
    assert (made.status_code, made.json["is_held"]) == (201, True)
    assert program.get("/api/v1/support/forum/posts").json["items"] == []
