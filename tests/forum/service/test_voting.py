"""Upvotes: one each, never for oneself, and the counters agree with the rows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from portal.core.permissions import Role
from portal.forum.models import Post, Vote
from portal.forum.service import removing, voting
from portal.forum.service.voting import NotYours
from portal.foundation.tenancy import PLATFORM, see
from tests.forum.making import reply, thread


def test_once_each_and_back_again(session, world, now):
    post = thread(session, world.pm, now)
    assert voting.upvote(session, post, by=world.stranger, at=now)
    assert not voting.upvote(session, post, by=world.stranger, at=now)
    assert voting.upvote(session, post, by=world.agent, at=now)
    assert post.upvote_count == 2
    assert voting.take_back(session, post, by=world.stranger, at=now)
    assert not voting.take_back(session, post, by=world.stranger, at=now)
    assert post.upvote_count == 1


def test_a_reply_has_votes_of_its_own(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.agent, now)
    voting.upvote(session, answer, by=world.pm, at=now)
    assert (post.upvote_count, answer.upvote_count) == (0, 1)


def test_nobody_votes_for_themselves_nor_for_what_is_gone(session, world, now):
    post = thread(session, world.pm, now)
    with pytest.raises(NotYours):
        voting.upvote(session, post, by=world.pm, at=now)
    with pytest.raises(NotYours):
        voting.upvote(session, post, by=world.client, at=now)
    removing.remove_post(session, post, "Advertising", by=world.agent, at=now)
    with pytest.raises(NotYours):
        voting.upvote(session, post, by=world.stranger, at=now)


def test_a_hundred_votes_at_once_are_counted(app, runtime, session, world, person, now):
    post = thread(session, world.pm, now)
    people = [world.stranger, world.owner, world.agent, world.second, world.manager, world.admin]
    people.append(person(Role.FIELD, world.birch))
    session.commit()

    def press(turn: int) -> None:
        with app.app_context(), runtime.writers.begin() as own:
            see(own, PLATFORM)
            there, by = own.get_one(Post, post.id), people[turn % len(people)]
            if turn % 3 == 2:
                voting.take_back(own, there, by=by, at=now)
            else:
                voting.upvote(own, there, by=by, at=now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(100)))
    session.expire_all()
    rows = session.scalar(select(func.count()).select_from(Vote))
    assert session.get_one(Post, post.id).upvote_count == rows
