"""The one table of roles and grants (core/permissions), against every route that there is: each
role of a builder, of the platform, and nobody at all."""

import pytest
from flask import Flask

from portal.core.permissions import BUILDER_STAFF, PORTAL, STAFF, Role
from tests.conventions.conftest import Visit
from tests.fixtures.premises import Premises
from tests.fixtures.world import Person, World
from tests.support.addresses import rules
from tests.support.doors import against_the_table, open_to_nobody

# who may is a table, not a query: tests/conventions/test_isolation asks both databases
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("noon")]


@pytest.mark.parametrize("role", sorted(BUILDER_STAFF | PORTAL | STAFF))
def test_every_route_lets_in_whom_the_table_says(
    app: Flask, world: World, premises: Premises, visit: Visit, person: Person, role: Role
) -> None:
    ask = visit(person(role, world.acme))
    assert not list(against_the_table(app, role, ask, rules(app), premises.nobodys))


def test_who_is_nobody_is_asked_to_sign_in(app: Flask, world: World, premises: Premises) -> None:
    visitor = app.test_client()
    assert not list(
        open_to_nobody(app, premises, lambda method, path: visitor.open(path, method=method))
    )
