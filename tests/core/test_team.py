from uuid import UUID

import pytest

from portal.core.permissions import BUILDER_STAFF, PORTAL, STAFF, Actor, Role
from portal.core.team import GIVES, Refusal, given_by, refusal

ME, OTHER = UUID(int=1), UUID(int=2)


def actor(role: Role) -> Actor:
    return Actor(role, user_id=ME)


def test_only_owners_make_owners():
    assert Role.OWNER in given_by(actor(Role.OWNER))
    assert Role.OWNER not in given_by(actor(Role.ADMIN))


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_of_another_house(role):
    house = STAFF if role in STAFF else BUILDER_STAFF | PORTAL
    assert set(given_by(actor(role))) <= house
    assert bool(given_by(actor(role))) == (role in GIVES)


@pytest.mark.parametrize(
    ("by", "member", "role", "heads", "expected"),
    [
        (Role.OWNER, OTHER, Role.PM, 1, None),
        (Role.OWNER, OTHER, Role.OWNER, 2, None),
        (Role.OWNER, OTHER, Role.OWNER, 1, Refusal.LAST),
        (Role.OWNER, ME, Role.OWNER, 2, Refusal.OWN),
        (Role.ADMIN, OTHER, Role.OWNER, 3, Refusal.ABOVE),
        (Role.ADMIN, OTHER, Role.ADMIN, 0, None),
        (Role.ADMIN, OTHER, Role.AGENT, 1, Refusal.ABOVE),
        (Role.PM, OTHER, Role.FIELD, 1, Refusal.ABOVE),
        (Role.PLATFORM_ADMIN, OTHER, Role.PLATFORM_ADMIN, 1, Refusal.LAST),
        (Role.PLATFORM_ADMIN, OTHER, Role.AGENT, 1, None),
        (Role.PLATFORM_ADMIN, OTHER, Role.OWNER, 5, Refusal.ABOVE),
    ],
)
def test_what_a_member_is_may_be_changed(by, member, role, heads, expected):
    assert refusal(actor(by), member, role, heads=heads) is expected
