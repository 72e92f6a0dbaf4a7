"""Somebody who asks at Acme, others who vote, and what they vote on."""

from datetime import timedelta

import pytest

from portal.accounts import service as accounts
from portal.community.queries.points import Source
from portal.community.service import points, restrictions
from portal.community.service.restrictions import Wish
from portal.core.permissions import Role
from portal.core.reputation import Cause
from portal.foundation.ids import uuid7
from portal.foundation.tenancy import PLATFORM, see


@pytest.fixture
def post():
    """Each time another."""
    return lambda kind="reply": Source(kind, uuid7())


@pytest.fixture
def voter(session, world, now):
    """Somebody of a third company, each time another."""
    builders = iter(range(100))

    def made():
        number = next(builders)
        builder = accounts.add_builder(
            session, f"voter{number}", f"Voter {number}", "starter", created_at=now
        )
        email, name = f"v{number}@voter.test", f"Vera {number}"
        return accounts.add_member(
            session, email=email, name=name, role=Role.PM, builder=builder, password="", at=now
        ).user_id

    see(session, PLATFORM)
    return made


@pytest.fixture
def upvote(session, world, now):
    """Of a reply of Acme's project manager, unless another is named."""

    def vote(source, by, to=None, at=now, cause=Cause.REPLY_UPVOTED):
        to = to or world.pm.user_id
        return points.award(session, cause, to=to, source=source, given_by=by, at=at)

    see(session, PLATFORM)
    return vote


@pytest.fixture
def restrict(session, world, now):
    """Acme's project manager for a week, unless somebody else is named."""

    def done(days=7, at=now, reason="Please be kind to others.", **whom):
        whom = whom or {"user_id": world.pm.user_id}
        wish = Wish(reason, at + timedelta(days=days), **whom)
        return restrictions.restrict(session, wish, by=world.manager, at=at)

    see(session, PLATFORM)
    return done
