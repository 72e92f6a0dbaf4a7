"""Pages ask few questions, and each goes along an index."""

import pytest

from portal.community.queries import people, points, restrictions
from portal.community.service.standing import standings
from portal.core.reputation import Cause
from tests.support.plans import planned

pytestmark = pytest.mark.once


@pytest.fixture
def plans(session, runtime, world, restrict, post, upvote, voter):
    restrict()
    for _time in range(5):
        upvote(post(), voter())
    session.commit()
    session.rollback()
    with planned(runtime.engine) as found:
        yield found


def test_no_question_reads_a_whole_table_or_sorts_a_list(session, world, plans, post, now):
    someone = world.pm.user_id
    points.history(session, someone, world.stranger.user_id, Cause.REPLY_UPVOTED, now)
    points.entry(session, Cause.REPLY_UPVOTED, post(), someone)
    points.ledger(session, someone, None)
    people.profile(session, someone)
    standings(session, [someone], at=now)
    restrictions.in_force(session, someone, world.acme.id, "community", now)
    wrong = [
        plan
        for plan in plans
        if "SCAN community_" in plan
        or ("USE TEMP B-TREE FOR ORDER BY" in plan and "community_points" in plan)
    ]
    assert plans
    assert wrong == []


@pytest.mark.usefixtures("noon")
def test_pages_ask_ten_questions_at_most(session, world, sign_in, plans):
    ledger = f"/community/members/{world.pm.user_id}"
    lead, own = sign_in(world.manager), sign_in(world.pm)
    for browser, path in (
        (own, ledger),
        (own, f"{ledger}/points"),
        (own, "/community/rules"),
        (own, "/community/restriction"),
        (lead, f"{ledger}/points"),
        (lead, "/community/restrictions"),
    ):
        plans.clear()
        assert browser.get(path).status_code == 200
        assert len(plans) <= 10, (path, plans)
