"""Asking, answering and correcting, by the pages' forms."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.permissions import Role
from portal.forum.models import Position, Post, Reply
from portal.forum.service import moderating
from portal.writing.models import Draft
from tests.forum.making import reply, thread

pytestmark = pytest.mark.usefixtures("noon")
ASKED = {
    "kind": "question",
    "category": "scheduling",
    "title": "How do weather days work?",
    "body": "It rained.",
    "press": "p1",
    "seen": "1",
}


@pytest.fixture
def pm(session, world, sign_in):
    session.commit()
    return sign_in(world.pm)


def posts(session):
    session.expire_all()
    return session.scalars(select(Post).order_by(Post.number)).all()


def test_asked_once_however_often_the_button_is_pressed(pm, session):
    first, again = pm.post("/forum", data=ASKED), pm.post("/forum", data=ASKED)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert len(posts(session)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("body", "  "), ("category", "nothing"), ("kind", "x"), ("title", "x" * 301)],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(pm, session, field, value):
    answer = pm.post("/forum", data=ASKED | {field: value})
    assert answer.status_code == 422
    kept = "It rained." if field != "body" else "How do weather days work?"
    assert kept in answer.text
    assert not posts(session)


def test_a_hundred_kilobytes_are_refused_and_still_there(pm, session):
    answer = pm.post("/forum", data=ASKED | {"body": "x" * 100_000})
    assert answer.status_code == 422
    assert "x" * 100_000 in answer.text
    assert not posts(session)


def test_what_is_alike_is_shown_first(pm, session, world, now):
    thread(session, world.stranger, now, "How do weather days move the schedule?")
    session.commit()
    asked = {**ASKED, "seen": ""}
    shown = pm.post("/forum", data=asked)
    assert "How do weather days move the schedule?" in shown.text
    assert 'name="seen" value="1"' in shown.text
    assert len(posts(session)) == 1
    assert pm.post("/forum", data=ASKED).status_code == 303
    while_typing = pm.get("/forum/similar?title=weather+days+schedule")
    assert "How do weather days move" in while_typing.text


def test_drafts_are_kept_and_gone_when_sent(pm, session):
    typed = {"title": "Half", "body": "a thought", "kind": "question", "category": ""}
    assert pm.post("/forum/new/draft", data=typed).status_code == 204
    assert "a thought" in pm.get("/forum/new").text
    pm.post("/forum", data=ASKED)
    assert not session.scalars(select(Draft)).all()


def test_a_reply_lands_where_it_stands(pm, session, world, now):
    post = thread(session, world.stranger, now)
    session.commit()
    pm.post(f"/forum/{post.number}/draft", data={"body": "Half"})
    assert "Half" in pm.get(f"/forum/{post.number}").text
    sent = {"body": "Use another calendar.", "press": "r1"}
    answer = pm.post(f"/forum/{post.number}/replies", data=sent)
    pm.post(f"/forum/{post.number}/replies", data=sent)
    assert answer.headers["Location"].endswith("#r-1")
    assert len(session.scalars(select(Reply)).all()) == 1
    assert not session.scalars(select(Draft)).all()


def test_a_thread_that_was_locked_meanwhile_keeps_the_words(pm, session, world, now):
    post = thread(session, world.stranger, now)
    moderating.lock(session, post, by=world.agent, at=now)
    session.commit()
    answer = pm.post(f"/forum/{post.number}/replies", data={"body": "My long answer"})
    assert answer.status_code == 409


def test_quotes_are_put_into_the_reply(pm, session, world, now):
    post = thread(session, world.stranger, now)
    answer = reply(session, post, world.agent, now, "> old\n\nA *new* calendar")
    session.commit()
    text = pm.get(f"/forum/{post.number}?quote={answer.id}").text
    assert "&gt; A *new* calendar" in text
    assert "&gt; &gt; old" not in text
    assert pm.get(f"/forum/replies/{answer.id}/quotation").text.endswith("> A *new* calendar")
    assert pm.get(f"/forum/{post.number}?quote=nonsense").status_code == 200


def test_an_edit_over_a_newer_one_shows_both(pm, session, world, now, sign_in):
    post = thread(session, world.pm, now)
    session.commit()
    form = {"title": "Mine", "body": "My words", "edition": "1"}
    theirs = {"title": "Theirs", "body": "Their words", "edition": "1"}
    assert sign_in(world.agent).post(f"/forum/{post.number}/text", data=theirs).status_code == 303
    answer = pm.post(f"/forum/{post.number}/text", data=form)
    assert answer.status_code == 409
    assert "Their words" in answer.text
    assert "My words" in answer.text
    assert 'name="edition" value="2"' in answer.text
    pm.post(f"/forum/{post.number}/text", data={**form, "edition": "2"})
    assert posts(session)[0].title == "Mine"
    assert "Their words" in pm.get(f"/forum/{post.number}/history").text


def test_only_its_author_and_moderators_edit(pm, session, world, now):
    post = thread(session, world.stranger, now)
    answer = reply(session, post, world.stranger, now)
    session.commit()
    for address in (f"/forum/{post.number}", f"/forum/replies/{answer.id}"):
        assert pm.get(f"{address}/text").status_code == 403
        assert pm.post(f"{address}/text", data={"body": "x", "edition": "1"}).status_code == 403
        assert pm.post(f"{address}/removal", data={"reason": "x"}).status_code == 403


def test_votes_by_htmx_and_without(pm, session, world, now):
    post = thread(session, world.stranger, now)
    session.commit()
    address = f"/forum/{post.number}/vote"
    assert pm.post(address).status_code == 303
    swapped = pm.post(f"{address}/removal", headers={"HX-Request": "true"})
    assert f'id="v-{post.id}"' in swapped.text
    assert 'aria-pressed="false"' in swapped.text
    assert posts(session)[0].upvote_count == 0
    own = thread(session, world.pm, now)
    session.commit()
    assert pm.post(f"/forum/{own.number}/vote").status_code == 409


def test_who_asked_marks_the_answer(pm, session, world, now, sign_in):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    session.commit()
    address = f"/forum/replies/{answer.id}"
    assert sign_in(world.stranger).post(f"{address}/acceptance").status_code == 403
    assert pm.post(f"{address}/verification").status_code == 403
    pm.post(f"{address}/acceptance")
    sign_in(world.agent).post(f"{address}/verification")
    shown = pm.get(f"/forum/{post.number}").text
    assert f"Verified answer, by {world.agent.name}" in shown


def test_how_far_one_has_read_never_goes_back(pm, session, world, now):
    post = thread(session, world.stranger, now)
    for _ in range(5):
        reply(session, post, world.agent, now + timedelta(hours=1))
    session.commit()
    mine = select(Position.read_to).where(Position.user_id == world.pm.user_id)
    for read_to, reached in (("3", 3), ("1", 3), ("99", 5), ("x", 5)):
        pm.post(f"/forum/{post.number}/position", data={"read_to": read_to})
        session.commit()
        assert session.scalars(mine).all() == [reached]


@pytest.mark.parametrize("role", [Role.CLIENT, Role.VENDOR])
def test_clients_and_vendors_write_nothing_here(session, world, person, now, sign_in, role):
    who = person(role, world.acme)
    post = thread(session, world.pm, now)
    session.commit()
    client = sign_in(who)
    for address in ("/forum", f"/forum/{post.number}/replies", f"/forum/{post.number}/vote"):
        assert client.post(address, data=ASKED).status_code in {302, 303, 403, 404}
    assert len(posts(session)) == 1


def test_moderators_move_join_and_split(session, world, now, sign_in):
    post, into = thread(session, world.pm, now), thread(session, world.pm, now, "The other")
    reply(session, post, world.stranger, now, "Off topic")
    session.commit()
    agent, address = sign_in(world.agent), f"/forum/{post.number}"
    for noun in ("pin", "pin/removal", "lock", "lock/removal"):
        assert agent.post(f"{address}/{noun}").status_code == 303
    assert agent.post(f"{address}/category", data={"category": "invoicing"}).status_code == 303
    assert agent.post(f"{address}/category", data={"category": "x"}).status_code == 422
    assert agent.post(f"{address}/split", data={"title": "New"}).status_code == 422
    split = agent.post(f"{address}/split", data={"title": "New", "replies": "1"})
    assert "/new" in split.headers["Location"]
    assert agent.post(f"{address}/merger", data={"into": post.number}).status_code == 422
    joined = agent.post(f"{address}/merger", data={"into": into.number})
    assert joined.headers["Location"] == f"/forum/{into.number}/the-other"
