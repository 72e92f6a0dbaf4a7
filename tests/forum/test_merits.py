"""Points follow what is true of votes, answers and removals, whatever the order of events."""

import pytest
from sqlalchemy import select

from portal.community.models import Member
from portal.community.service import points
from portal.community.service.restrictions import Restricted, Wish, restrict
from portal.core.reputation import RULES, Cause
from portal.forum.models import Wrong
from portal.forum.service import answers, editing, flagging, posting, removing, voting
from portal.foundation import outbox
from tests.forum.making import known, reply, thread

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def points_of(runtime, session, now):
    def settled(actor):
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=now):
            pass
        session.expire_all()
        found = session.scalar(select(Member.points).where(Member.user_id == actor.user_id))
        assert points.rebuild(session) == 0  # the ledger says the same
        return found or 0

    return settled


def worth(*causes):
    return sum(RULES[cause].points for cause in causes)


def test_votes_count_until_they_are_taken_back(session, world, now, points_of):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    voting.upvote(session, post, by=world.stranger, at=now)
    voting.upvote(session, answer, by=world.pm, at=now)
    assert points_of(world.pm) == worth(Cause.QUESTION_UPVOTED)
    assert points_of(world.stranger) == worth(Cause.REPLY_UPVOTED)
    voting.take_back(session, post, by=world.stranger, at=now)
    assert points_of(world.pm) == 0


def test_a_vote_that_is_gone_before_the_worker_comes_gives_nothing(session, world, now, points_of):
    post = thread(session, world.pm, now)
    voting.upvote(session, post, by=world.stranger, at=now)
    voting.take_back(session, post, by=world.stranger, at=now)
    assert points_of(world.pm) == 0


def test_colleagues_give_each_other_nothing(session, world, now, points_of):
    post = thread(session, world.pm, now)
    voting.upvote(session, post, by=world.owner, at=now)
    assert points_of(world.pm) == 0


def test_an_answer_is_worth_something_to_both(session, world, now, points_of):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    answers.accept(session, post, answer, by=world.pm, at=now)
    answers.verify(session, post, answer, by=world.agent, at=now)
    assert points_of(world.pm) == worth(Cause.ACCEPTED_AN_ANSWER)
    assert points_of(world.stranger) == worth(Cause.ANSWER_ACCEPTED, Cause.ANSWER_VERIFIED)
    answers.take_back_acceptance(session, post, answer, by=world.pm, at=now)
    assert points_of(world.stranger) == worth(Cause.ANSWER_VERIFIED)
    assert points_of(world.pm) == 0


def test_another_answer_takes_the_points_along(session, world, now, points_of):
    post = thread(session, world.pm, now)
    first, second = (reply(session, post, world.stranger, now) for _ in range(2))
    for answer in (first, second):
        answers.accept(session, post, answer, by=world.pm, at=now)
    assert points_of(world.stranger) == worth(Cause.ANSWER_ACCEPTED)


def test_what_moderators_take_away_costs_until_it_is_back(session, world, now, points_of):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    voting.upvote(session, answer, by=world.pm, at=now)
    assert points_of(world.stranger) == worth(Cause.REPLY_UPVOTED)
    removing.remove_reply(session, post, answer, "Rude", by=world.agent, at=now)
    assert points_of(world.stranger) == worth(Cause.POST_REMOVED)
    removing.restore_reply(session, post, answer, by=world.agent, at=now)
    assert points_of(world.stranger) == worth(Cause.REPLY_UPVOTED)


def test_what_one_takes_away_oneself_costs_nothing(session, world, now, points_of):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    voting.upvote(session, answer, by=world.pm, at=now)
    assert points_of(world.stranger) == worth(Cause.REPLY_UPVOTED)
    removing.remove_reply(session, post, answer, "Wrong", by=world.stranger, at=now)
    assert points_of(world.stranger) == 0


def test_a_flag_that_is_upheld_is_worth_something(session, world, now, points_of):
    post = thread(session, world.stranger, now)
    known(session, world.pm, now)
    before = points_of(world.pm)
    flagging.flag(session, post, Wrong.SPAM, "", by=world.pm, at=now)
    flagging.uphold(session, post, post, "Advertising", by=world.agent, at=now)
    assert points_of(world.pm) - before == worth(Cause.FLAG_UPHELD)


def test_who_is_restricted_writes_nothing(session, world, now):
    post = thread(session, world.pm, now)
    other = thread(session, world.owner, now)
    wish = Wish("Rude", now.replace(day=now.day + 3), user_id=world.pm.user_id)
    restrict(session, wish, by=world.manager, at=now)
    with pytest.raises(Restricted):
        thread(session, world.pm, now)
    with pytest.raises(Restricted):
        reply(session, post, world.pm, now)
    with pytest.raises(Restricted):
        voting.upvote(session, other, by=world.pm, at=now)
    with pytest.raises(Restricted):
        editing.edit_post(session, post, "Mine", "Words", 1, by=world.pm, at=now)
    with pytest.raises(Restricted):
        flagging.flag(session, other, Wrong.RUDE, "", by=world.pm, at=now)


def test_the_pages_say_so_politely(session, world, now, sign_in):
    post = thread(session, world.stranger, now)
    wish = Wish("Rude words", now.replace(day=now.day + 3), user_id=world.pm.user_id)
    restrict(session, wish, by=world.manager, at=now)
    session.commit()
    client = sign_in(world.pm)
    page = client.get(f"/forum/{post.number}").text
    assert "/community/restriction" in page
    assert 'id="answer"' not in page
    sent = client.post(f"/forum/{post.number}/replies", data={"body": "x"})
    for answer in (client.get("/forum/new"), sent):
        assert answer.status_code == 403
        assert "Rude words" in answer.text


def test_a_flood_is_refused_and_nothing_is_lost(session, world, now, sign_in):
    post = thread(session, world.stranger, now)
    for _ in range(12):
        reply(session, post, world.pm, now)
    with pytest.raises(posting.TooMany):
        reply(session, post, world.pm, now)
    session.commit()
    answer = sign_in(world.pm).post(
        f"/forum/{post.number}/replies", data={"body": "My thirteenth reply"}
    )
    assert answer.status_code == 429
    assert "My thirteenth reply" in answer.text
