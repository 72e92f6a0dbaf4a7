"""What is known to be broken stands above each form, so that nobody need report it."""

import pytest

from portal.core.permissions import Role
from tests.tickets.troubled import STANDSTILL, told

pytestmark = pytest.mark.usefixtures("noon")


def test_it_is_said_above_a_report_for_its_module(world, sign_in):
    client = sign_in(world.pm)
    with told() as asked:
        assert client.get("/tickets/new?module=schedule").text.count(STANDSTILL) == 1
        sent = client.post("/tickets/new", data={"module": "schedule"})
    assert sent.status_code == 422
    assert sent.text.count(STANDSTILL) == 1
    assert set(asked) == {(Role.PM, "schedule", "en")}


def test_and_to_visitors(app):
    with told() as asked:
        page = app.test_client().get("/contact", headers={"Accept-Language": "es"}).text
    assert page.count(STANDSTILL) == 1
    assert asked == [(None, "", "es")]


def test_nothing_known_is_nothing_said(app, world, sign_in):
    for page in (sign_in(world.pm).get("/tickets/new"), app.test_client().get("/contact")):
        assert STANDSTILL not in page.text
