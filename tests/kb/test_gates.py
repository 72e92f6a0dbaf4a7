"""What the database is asked is what `core.audience` says, for every reader and every article."""

from itertools import combinations

import pytest
from sqlalchemy import select

from portal.core.audience import Audience, Reader
from portal.core.permissions import Role
from portal.kb.models import Topic
from portal.kb.queries.gates import readable
from tests.kb.shelving import topic

ROLES = ("client", "vendor", "owner", "field")
READERS = [
    *(Reader(role) for role in Role if role is not Role.GUEST),
    *(Reader(role, at_portal=True) for role in (Role.CLIENT, Role.VENDOR, Role.OWNER)),
    Reader(),
    Reader(at_portal=True),
    Reader(Role.GUEST),
    Reader(Role.GUEST, at_portal=True),
]


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_both_say_the_same(session, reader):
    tags = [list(some) for number in range(3) for some in combinations(ROLES, number)]
    made = [topic(session, audience=kind, role_tags=some) for kind in Audience for some in tags]
    found = set(session.scalars(select(Topic.id).where(readable(Topic, reader))))
    assert found == {one.id for one in made if reader.may_read(one.audience, one.role_tags)}
