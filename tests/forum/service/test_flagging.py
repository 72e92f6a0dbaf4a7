"""Asking moderators to look, and what they make of it."""

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.community.service.standing import NotYet
from portal.core.permissions import Forbidden
from portal.forum.models import Flag, State, Wrong
from portal.forum.queries import flags as queries
from portal.forum.service import flagging
from portal.foundation import outbox
from portal.notifications.models import Notification
from tests.forum.making import known, reply, thread


@pytest.fixture
def case(session, world, now):
    post = thread(session, world.pm, now)
    said = reply(session, post, world.stranger, now, "Buy cheap cranes")
    for who in (world.pm, world.owner):
        known(session, who, now)
    flagging.flag(session, said, Wrong.SPAM, "Cranes!", by=world.pm, at=now)
    return post, said


def told(session, runtime, now):
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=now):
        pass
    session.expire_all()
    rows = session.execute(select(Notification.user_id, Notification.kind))
    return {(user_id, kind) for user_id, kind in rows if kind != "forum_reply"}


def test_it_waits_with_all_that_was_said(session, world, now, case):
    post, said = case
    flagging.flag(session, said, Wrong.OTHER, "", by=world.owner, at=now)
    (found,) = queries.cases(session)
    assert (found.post, found.what, found.is_post) == (post, said, False)
    assert [flag.reason for flag in found.flags] == [Wrong.SPAM, Wrong.OTHER]
    assert queries.waiting(session) == 2


def test_once_each_and_never_ones_own(session, world, now, case):
    post, said = case
    with pytest.raises(flagging.Already):
        flagging.flag(session, said, Wrong.RUDE, "", by=world.pm, at=now)
    with pytest.raises(flagging.Own):
        flagging.flag(session, post, Wrong.RUDE, "", by=world.pm, at=now)
    with pytest.raises(Forbidden):
        flagging.flag(session, said, Wrong.RUDE, "", by=world.client, at=now)


def test_who_has_just_joined_reports_nothing(session, world, now, case):
    with pytest.raises(NotYet):
        flagging.flag(session, case[0], Wrong.SPAM, "", by=world.stranger, at=now)


def test_what_is_upheld_goes_and_all_concerned_are_told(session, runtime, world, now, case):
    post, said = case
    with pytest.raises(Forbidden):
        flagging.uphold(session, post, said, "Spam", by=world.owner, at=now)
    flagging.uphold(session, post, said, "Advertising", by=world.agent, at=now)
    assert (said.state, said.removed_because) == (State.REMOVED, "Advertising")
    assert session.scalars(select(Flag.upheld)).all() == [True]
    assert not queries.cases(session)
    acts = set(session.scalars(select(AuditEntry.act)))
    assert acts == {"flag.upheld", "thread.removed"}
    heard = told(session, runtime, now)
    assert (world.pm.user_id, "forum_flag_upheld") in heard
    assert (world.stranger.user_id, "forum_removed") in heard


def test_what_is_dismissed_stays(session, runtime, world, now, case):
    post, said = case
    flagging.dismiss(session, post, said, by=world.agent, at=now)
    assert said.state == State.PUBLISHED
    heard = told(session, runtime, now)
    assert (world.pm.user_id, "forum_flag_dismissed") in heard
    assert not [one for one in heard if one[1] == "forum_removed"]


def test_moderators_hear_of_it(session, runtime, world, now, case):
    heard = told(session, runtime, now)
    for actor in (world.agent, world.second, world.manager, world.admin):
        assert (actor.user_id, "forum_flag") in heard
    assert not [user for user, kind in heard if kind == "forum_flag" and user == world.pm.user_id]


def test_by_the_pages(session, world, now, case, sign_in, noon):
    _post, said = case
    session.commit()
    owner, agent = sign_in(world.owner), sign_in(world.agent)
    address = f"/forum/replies/{said.id}"
    assert owner.post(f"{address}/flag", data={"reason": "nothing"}).status_code == 422
    sent = {"reason": "rude", "comment": "Look"}
    assert owner.post(f"{address}/flag", data=sent).status_code == 303
    assert owner.post(f"{address}/flag", data=sent).status_code == 303  # said so once more
    assert owner.get("/forum/moderation").status_code == 403
    page = agent.get("/forum/moderation").text
    assert "Cranes!" in page
    assert "It is rude or threatening" in page
    assert "2 wait for moderators" in agent.get("/forum").text
    assert agent.post(f"{address}/flags/upholding", data={"reason": ""}).status_code == 422
    assert agent.post(f"{address}/flags/upholding", data={"reason": "Spam"}).status_code == 303
    assert "Nothing waits" in agent.get("/forum/moderation").text
