"""Of whoever is erased no points are left; what they gave to others stays."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.community.models import Member, PointEntry, Restriction
from portal.community.queries import people
from portal.privacy import traces
from portal.privacy.service import erasing, forgetting
from portal.privacy.traces import Fate


@pytest.fixture
def erased(session, runtime, world, now):
    def forget(actor):
        row = select(Membership).where(Membership.user_id == actor.user_id)
        member = session.scalars(row).one()
        erasing.begin(session, member, actor.email, by=world.owner, at=now)
        session.commit()
        while forgetting.working(runtime)(runtime.writers, now):
            pass
        session.expire_all()

    return forget


def test_each_tie_has_the_fate_that_this_needs():
    kept = {name for name, tie in traces.TIES.items() if tie.fate is Fate.KEEP}
    assert {"community_points.given_by", "community_points.taken_back_by"} <= kept
    gone = {name for name, tie in traces.TIES.items() if tie.fate is Fate.DELETE}
    own = ("community_members", "community_points", "community_restrictions")
    assert {f"{table}.user_id" for table in own} <= gone


def test_an_erasure_takes_them_along(session, runtime, world, post, upvote, restrict, erased):
    upvote(post(), world.stranger.user_id)
    upvote(post(), world.pm.user_id, to=world.stranger.user_id)
    restrict()
    erased(world.pm)
    assert session.scalars(select(Member.user_id)).all() == [world.stranger.user_id]
    (given,) = session.scalars(select(PointEntry))
    assert (given.user_id, given.given_by) == (world.stranger.user_id, world.pm.user_id)
    assert session.scalars(select(Restriction)).all() == []
    assert people.profile(session, world.pm.user_id) is None
