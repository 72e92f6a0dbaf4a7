"""Which reply is the answer."""

import pytest

from portal.core.audience import Reader
from portal.core.permissions import Forbidden, Role
from portal.forum.service import answers, removing
from portal.forum.service.answers import NoQuestion
from portal.search.documents import Question
from portal.search.service import find
from tests.forum.making import Kind, reply, thread


def test_who_asked_accepts_one(session, world, now):
    post = thread(session, world.pm, now)
    first, second = (reply(session, post, world.stranger, now) for _ in range(2))
    answers.accept(session, post, first, by=world.pm, at=now)
    answers.accept(session, post, second, by=world.pm, at=now)
    assert (first.accepted_at, second.accepted_at) == (None, now)
    assert post.answered_at == now
    assert post.verified_at is None


@pytest.mark.parametrize("who", ["stranger", "owner", "agent"])
def test_nobody_else_accepts(session, world, now, who):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    with pytest.raises(Forbidden):
        answers.accept(session, post, answer, by=getattr(world, who), at=now)


def test_staff_verify_and_take_it_back(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    with pytest.raises(Forbidden):
        answers.verify(session, post, answer, by=world.stranger, at=now)
    answers.verify(session, post, answer, by=world.agent, at=now)
    assert (post.verified_at, answer.verified_by_name) == (now, world.agent.name)
    answers.take_back_verification(session, post, answer, by=world.agent, at=now)
    assert (post.verified_at, post.answered_at, answer.verified_by_name) == (None, None, "")


def test_discussions_have_no_answer(session, world, now):
    post = thread(session, world.pm, now, kind=Kind.DISCUSSION)
    answer = reply(session, post, world.stranger, now)
    with pytest.raises(NoQuestion):
        answers.accept(session, post, answer, by=world.pm, at=now)


def test_an_answer_that_goes_leaves_the_question_open(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    answers.accept(session, post, answer, by=world.pm, at=now)
    removing.remove_reply(session, post, answer, "Wrong", by=world.agent, at=now)
    assert (post.answered_at, post.reply_count) == (None, 0)


def test_an_answer_is_found_by_its_own_words(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now, "Give outdoor work a calendar: pergola.")
    answers.accept(session, post, answer, by=world.pm, at=now)
    session.commit()
    found = find(session, Question("pergola calendar", "en"), Reader(Role.PM))
    assert [hit.id for hit in found.hits] == [post.id]
    assert not find(session, Question("pergola", "en"), Reader(Role.CLIENT, True)).hits
