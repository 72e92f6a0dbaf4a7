"""Removing, moving, joining and splitting."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.core.audience import Reader
from portal.core.permissions import Forbidden, Role
from portal.forum.models import Follow, Post, Reply, State
from portal.forum.service import answers, moderating, removing, voting
from portal.search.documents import Question
from portal.search.service import find
from tests.forum.making import reply, thread


def acts(session):
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.id)))


def test_what_is_removed_is_not_found_and_comes_back(session, world, now):
    post = thread(session, world.pm, now, title="Pergola permits")
    removing.remove_post(session, post, "Advertising", by=world.agent, at=now)
    session.commit()
    question, reader = Question("pergola", "en"), Reader(Role.PM)
    assert not find(session, question, reader).hits
    assert acts(session) == ["thread.removed"]
    removing.restore_post(session, post, by=world.agent, at=now)
    session.commit()
    assert find(session, question, reader).hits
    assert (post.state, post.removed_because) == (State.PUBLISHED, "")


def test_authors_take_away_what_nobody_has_answered(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    with pytest.raises(removing.Answered):
        removing.remove_post(session, post, "Solved", by=world.pm, at=now)
    with pytest.raises(Forbidden):
        removing.remove_reply(session, post, answer, "No", by=world.pm, at=now)
    removing.remove_reply(session, post, answer, "Wrong thread", by=world.stranger, at=now)
    removing.remove_post(session, post, "Solved", by=world.pm, at=now)
    assert post.state == State.REMOVED
    assert acts(session) == []  # what is one's own is nobody's deed


def test_a_removed_reply_is_no_longer_counted(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    removing.remove_reply(session, post, answer, "Rude", by=world.agent, at=now)
    assert post.reply_count == 0
    removing.restore_reply(session, post, answer, by=world.agent, at=now)
    removing.restore_reply(session, post, answer, by=world.agent, at=now)
    assert post.reply_count == 1


def test_only_moderators_keep_order(session, world, now):
    post = thread(session, world.pm, now)
    for deed in (moderating.pin, moderating.lock, moderating.unpin, moderating.unlock):
        with pytest.raises(Forbidden):
            deed(session, post, by=world.pm, at=now)


def test_a_thread_moves(session, world, now):
    post = thread(session, world.pm, now)
    moderating.move(session, post, "invoicing", by=world.agent, at=now)
    assert post.category == "invoicing"
    assert acts(session) == ["thread.moved"]


def test_two_threads_become_one_and_keep_their_votes(session, world, now):
    post, into = thread(session, world.pm, now), thread(session, world.stranger, now)
    voting.upvote(session, post, by=world.agent, at=now)
    mine = reply(session, post, world.owner, now + timedelta(hours=2))
    voting.upvote(session, mine, by=world.agent, at=now)
    reply(session, into, world.agent, now + timedelta(hours=1))
    moderating.merge(session, post, into, by=world.agent, at=now)
    rows = session.scalars(
        select(Reply).where(Reply.post_id == into.id).order_by(Reply.number)
    ).all()
    assert [(row.number, row.author_id) for row in rows] == [
        (1, world.agent.user_id),
        (2, world.pm.user_id),
        (3, world.owner.user_id),
    ]
    assert [row.upvote_count for row in rows] == [0, 1, 1]
    assert not voting.upvote(session, rows[1], by=world.agent, at=now)  # it went along
    assert (into.reply_count, post.state, post.merged_into_id) == (3, State.MERGED, into.id)
    followers = set(session.scalars(select(Follow.user_id).where(Follow.post_id == into.id)))
    assert {world.pm.user_id, world.owner.user_id} <= followers


def test_a_thread_is_not_joined_to_itself(session, world, now):
    post = thread(session, world.pm, now)
    with pytest.raises(moderating.Itself):
        moderating.merge(session, post, post, by=world.agent, at=now)


def test_replies_become_a_thread_of_their_own(session, world, now):
    post = thread(session, world.pm, now)
    _kept, first, second = (
        reply(session, post, world.stranger, now + timedelta(hours=hours), f"Reply {hours}")
        for hours in range(1, 4)
    )
    voting.upvote(session, first, by=world.agent, at=now)
    answers.accept(session, post, second, by=world.pm, at=now)
    new = moderating.split(session, post, [2, 3], "Something else", by=world.agent, at=now)
    assert (new.author_id, new.body, new.upvote_count) == (
        world.stranger.user_id,
        "Reply 2",
        1,
    )
    assert (post.reply_count, post.answered_at) == (1, None)
    assert (new.reply_count, second.post_id, second.number) == (1, new.id, 1)
    assert (first.state, first.became_id) == (State.MERGED, new.id)


def test_splitting_needs_replies_of_this_thread(session, world, now):
    post = thread(session, world.pm, now)
    with pytest.raises(moderating.NothingChosen):
        moderating.split(session, post, [7], "Nothing", by=world.agent, at=now)
    assert len(session.scalars(select(Post)).all()) == 1
