"""Who hears of what is written: each once, as they follow."""

import pytest
from sqlalchemy import select

from portal.core.permissions import Role
from portal.forum import subscribers
from portal.forum.models import Follow
from portal.forum.service import answers, following, removing
from portal.foundation import outbox
from portal.notifications.models import Notification
from tests.forum.making import reply, thread

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def heard(runtime, session, now):
    def listen():
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=now):
            pass
        session.expire_all()
        rows = session.execute(select(Notification.user_id, Notification.kind))
        return sorted((str(user_id), kind) for user_id, kind in rows)

    return listen


def lines(*told):
    return sorted((str(actor.user_id), kind) for actor, kind in told)


def test_followers_hear_of_replies_but_not_of_their_own(session, world, now, heard):
    post = thread(session, world.pm, now)
    reply(session, post, world.stranger, now)
    assert heard() == lines((world.pm, "forum_reply"))


def test_who_left_hears_nothing(session, world, now, heard):
    post = thread(session, world.pm, now)
    following.leave_thread(session, post.id, by=world.pm)
    reply(session, post, world.stranger, now)
    assert heard() == []


def test_who_follows_a_category_hears_of_new_threads(session, world, now, heard):
    following.follow_category(session, "scheduling", by=world.agent, at=now)
    following.follow_category(session, "invoicing", by=world.owner, at=now)
    thread(session, world.pm, now)
    assert heard() == lines((world.agent, "forum_thread"))


def test_who_is_called_hears_of_that_alone(session, world, now, heard):
    post = thread(session, world.pm, now)
    handle = world.pm.name.replace(" ", ".")
    reply(session, post, world.stranger, now, f"@{handle} have you tried it? @nobody.here")
    assert heard() == lines((world.pm, "forum_mention"))


def test_the_asker_and_the_author_hear_of_an_answer(session, world, now, heard):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    answers.verify(session, post, answer, by=world.agent, at=now)
    assert heard() == lines(
        (world.pm, "forum_answer"), (world.pm, "forum_reply"), (world.stranger, "forum_answer")
    )


def test_what_is_gone_before_the_worker_comes_is_not_told(session, world, now, heard):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    removing.remove_reply(session, post, answer, "Wrong thread", by=world.stranger, at=now)
    assert heard() == []


def test_many_hear_once_each_by_several_events(session, world, now, heard, person, monkeypatch):
    monkeypatch.setattr(subscribers, "TOGETHER", 2)
    people = [world.owner, world.agent, world.second, world.manager, world.admin]
    people.append(person(Role.FIELD, world.birch))
    post = thread(session, world.pm, now)
    session.add_all(Follow(user_id=one.user_id, post_id=post.id, created_at=now) for one in people)
    reply(session, post, world.stranger, now)
    assert heard() == lines(*((one, "forum_reply") for one in (world.pm, *people)))
