"""Who may read what is written for many."""

import pytest

from portal.core.audience import Audience, Reader
from portal.core.permissions import BUILDER_STAFF, PORTAL, STAFF, Role

NOBODY = Reader()
VISITOR = Reader(at_portal=True)
INSIDE = [Reader(role) for role in sorted(STAFF)]
BUILDERS = [Reader(role) for role in sorted(BUILDER_STAFF)]
AT_PORTAL = [Reader(role, at_portal=True) for role in sorted(PORTAL)]
EVERYBODY = [NOBODY, VISITOR, *INSIDE, *BUILDERS, *AT_PORTAL]


def readers(audience: Audience, *roles: Role) -> list[Reader]:
    return [reader for reader in EVERYBODY if reader.may_read(audience, roles)]


def test_what_is_public_is_everybodys_but_portals() -> None:
    assert readers(Audience.PUBLIC) == [NOBODY, *INSIDE, *BUILDERS]
    assert readers(Audience.PUBLIC, Role.FIELD) == [NOBODY, *INSIDE, *BUILDERS]


def test_portals_show_what_was_written_for_them() -> None:
    assert readers(Audience.PUBLIC, Role.CLIENT) == EVERYBODY


def test_customers_sign_in_for_theirs() -> None:
    assert readers(Audience.CUSTOMERS) == [*INSIDE, *BUILDERS]


@pytest.mark.parametrize("role", sorted(PORTAL))
def test_clients_and_vendors_each_read_their_own(role: Role) -> None:
    theirs = [Reader(role, at_portal=True)]
    assert readers(Audience.CUSTOMERS, role) == [*INSIDE, *BUILDERS, *theirs]


def test_a_portal_user_is_one_wherever_they_ask() -> None:
    """The API and the widget have no portal's address."""
    assert Reader(Role.CLIENT).keys == Reader(Role.CLIENT, at_portal=True).keys


def test_staff_keep_theirs() -> None:
    assert readers(Audience.STAFF, *Role) == INSIDE
    assert readers(Audience.STAFF) == INSIDE
