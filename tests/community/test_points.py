"""Points come once, go when their cause goes, and no crowd of friends makes more of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from portal.community.models import Member, PointEntry
from portal.community.queries import points as queries
from portal.community.service import points
from portal.community.service.standing import NEWCOMER, OF_STAFF, NotYet, require, standing
from portal.core.reputation import Cause, Right, Uncounted
from portal.foundation.tenancy import PLATFORM
from tests.support.racing import one_after_the_other


@pytest.fixture
def has(session, world):
    def number(user_id=None):
        session.expire_all()
        found = queries.member(session, user_id or world.pm.user_id)
        return found.points if found else None

    return number


@pytest.fixture
def last(session):
    def entry():
        session.expire_all()
        return session.scalars(select(PointEntry).order_by(PointEntry.id.desc())).first()

    return entry


def test_a_vote_counts_once(world, post, upvote, has):
    reply = post()
    assert upvote(reply, world.stranger.user_id) == 10
    assert upvote(reply, world.stranger.user_id) == 0
    assert has() == 10


def test_what_is_taken_back_no_longer_counts_and_can_be_given_again(
    session, world, post, upvote, has, now
):
    reply, giver = post(), world.stranger.user_id
    upvote(reply, giver)
    taking = {"source": reply, "given_by": giver, "at": now}
    assert points.take_back(session, Cause.REPLY_UPVOTED, **taking) == 10
    assert points.take_back(session, Cause.REPLY_UPVOTED, **taking) == 0
    assert has() == 0
    assert upvote(reply, giver) == 10
    assert has() == 10
    assert len(session.scalars(select(PointEntry)).all()) == 2


def test_nobody_gives_themselves_any(world, post, upvote, has):
    assert upvote(post(), world.pm.user_id) == 0
    assert has() is None


def test_who_is_gone_gets_none(session, post, now):
    assert points.award(session, Cause.POST_REMOVED, to=None, source=post(), at=now) == 0


def test_staff_earn_none(world, post, upvote, has):
    assert upvote(post(), world.pm.user_id, to=world.agent.user_id) == 0
    assert has(world.agent.user_id) is None


def test_colleagues_count_nothing_and_the_ledger_says_why(world, post, upvote, has, last):
    assert upvote(post(), world.owner.user_id) == 0
    assert (has(), last().uncounted) == (0, Uncounted.COMPANY)


def test_one_person_gives_another_a_few_a_day(world, post, upvote, last, now):
    giver = world.stranger.user_id
    assert [upvote(post(), giver) for _time in range(3)] == [10, 10, 0]
    assert last().uncounted == Uncounted.PAIR_A_DAY
    assert upvote(post(), giver, at=now + timedelta(hours=25)) == 10


def test_a_ring_of_two_stays_a_part_of_the_whole(world, post, upvote, last, now):
    giver = world.stranger.user_id
    days = (now + timedelta(days=2 * day) for day in range(10))
    assert sum(upvote(post(), giver, at=day) for day in days) == 40
    assert last().uncounted == Uncounted.PAIR_SHARE


def test_a_crowd_gives_no_more_a_day_than_the_cap(post, upvote, voter, has):
    given = [upvote(post(), voter()) for _time in range(12)]
    assert sum(given) == 100 == has()
    asked = Cause.QUESTION_UPVOTED
    assert sum(upvote(post(), voter(), cause=asked) for _time in range(12)) == 50
    assert upvote(post(), voter(), cause=Cause.ANSWER_ACCEPTED) == 0


def test_what_staff_confirm_counts_beyond_the_caps_of_members(world, post, upvote, voter):
    for _time in range(15):
        upvote(post(), voter())
    assert upvote(post(), world.agent.user_id, cause=Cause.ANSWER_VERIFIED) == 20


def test_to_accept_an_answer_gives_both_something(session, world, post, upvote, has, now):
    reply, asker = post(), world.stranger.user_id
    upvote(reply, asker, cause=Cause.ANSWER_ACCEPTED)
    upvote(reply, world.pm.user_id, to=asker, cause=Cause.ACCEPTED_AN_ANSWER)
    assert (has(), has(asker)) == (15, 2)


def test_removal_takes_the_gains_and_restoring_gives_them_back(
    session, world, post, upvote, has, now
):
    reply, mods = post(), world.agent.user_id
    upvote(reply, world.stranger.user_id)
    for _time in range(2):
        assert points.take_all_back(session, reply, at=now, by=mods) == 10
        loss = {"source": reply, "given_by": mods, "at": now}
        points.award(session, Cause.POST_REMOVED, to=world.pm.user_id, **loss)
        assert has() == -10
        assert points.take_back(session, Cause.POST_REMOVED, **loss) == -10
        assert points.give_all_back(session, reply, at=now) == 10
        assert points.give_all_back(session, reply, at=now) == 0
        assert has() == 10


def test_two_votes_at_once_by_one_person_count_once(app, session, world, post, has, now):
    reply = post()

    def vote(session):
        giving = {"source": reply, "given_by": world.stranger.user_id, "at": now}
        points.award(session, Cause.REPLY_UPVOTED, to=world.pm.user_id, **giving)

    one_after_the_other(app, PLATFORM, vote, vote)
    session.rollback()
    assert has() == 10


def test_two_who_give_at_once_are_both_counted_and_capped(app, session, world, post, has, now):
    """The first two points of somebody, too: whoever makes their row, there is one."""
    replies = [post() for _time in range(3)]

    def vote(*sources):
        def votes(session):
            for source in sources:
                giving = {"source": source, "given_by": world.stranger.user_id, "at": now}
                points.award(session, Cause.REPLY_UPVOTED, to=world.pm.user_id, **giving)

        return votes

    one_after_the_other(app, PLATFORM, vote(*replies[:2]), vote(*replies[2:]))
    session.rollback()
    assert has() == 20
    assert len(session.scalars(select(Member)).all()) == 1


def test_two_who_take_the_same_back_take_it_once(app, session, world, post, upvote, has, now):
    reply, giver = post(), world.stranger.user_id
    upvote(reply, giver)
    upvote(post(), giver)
    session.commit()

    def take(session):
        taking = {"source": reply, "given_by": giver, "at": now}
        points.take_back(session, Cause.REPLY_UPVOTED, **taking)

    one_after_the_other(app, PLATFORM, take, take)
    session.rollback()
    assert has() == 10


def test_counting_anew_agrees_and_mends(session, world, post, upvote, voter, has, now):
    reply, giver = post(), voter()
    upvote(reply, giver)
    upvote(post(), voter())
    points.take_back(session, Cause.REPLY_UPVOTED, source=reply, given_by=giver, at=now)
    assert points.rebuild(session) == 0
    session.execute(update(Member).values(points=77))
    assert points.rebuild(session) == 1
    assert has() == 10


def test_the_ledger_goes_page_by_page_and_the_totals_say_what_it_is_made_of(
    session, world, post, upvote, voter, now
):
    for _time in range(30):
        upvote(post(), voter(), at=now)
        now += timedelta(hours=9)
    first = queries.ledger(session, world.pm.user_id, None)
    second = queries.ledger(session, world.pm.user_id, first.next_cursor)
    assert (len(first.items), len(second.items)) == (25, 5)
    (total,) = queries.totals(session, world.pm.user_id)
    assert (total.cause, total.times, total.points) == ("reply_upvoted", 30, 300)


def test_standing_grows_with_points_people_and_time(session, world, post, upvote, voter, now):
    assert standing(session, world.pm, at=now) == NEWCOMER
    upvote(post(), voter())
    upvote(post(), voter())
    early = standing(session, world.pm, at=now + timedelta(hours=23))
    assert (early.level.key, early.points, early.people) == ("newcomer", 20, 2)
    later = now + timedelta(days=1)
    assert standing(session, world.pm, at=later).level.key == "member"
    require(session, world.pm, Right.FLAG, at=later)
    with pytest.raises(NotYet):
        require(session, world.pm, Right.MODERATE, at=later)


def test_twenty_points_of_one_friend_make_no_member(session, world, post, upvote, now):
    upvote(post(), world.stranger.user_id)
    upvote(post(), world.stranger.user_id)
    later = standing(session, world.pm, at=now + timedelta(days=9))
    assert (later.points, later.level.key) == (20, "newcomer")


def test_staff_may_all_and_clients_nothing(session, world, now):
    assert standing(session, world.agent, at=now) is OF_STAFF
    assert standing(session, world.client, at=now) is NEWCOMER


def test_no_ledger_knows_a_stranger(session):
    assert queries.totals(session, uuid4()) == []
