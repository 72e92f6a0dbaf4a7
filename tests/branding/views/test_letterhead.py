"""The page of a builder's sender."""

import pytest

from portal.branding import queries
from portal.branding.dns import CHALLENGE
from portal.foundation.tenancy import see

pytestmark = pytest.mark.usefixtures("noon")
ADDRESS = {"address": "care@acme.example"}


@pytest.fixture
def owner(world, sign_in):
    return sign_in(world.owner)


def test_it_shows_what_to_add_and_what_is_there(owner, session, world, names):
    assert "Acme Homes &lt;support@homes.test&gt;" in owner.get("/company/letters").text
    assert owner.post("/company/letters", data=ADDRESS).status_code == 303
    see(session, world.acme.id)
    token = queries.sender_of(session, world.acme.id).token
    page = owner.get("/company/letters").text
    for value in (token, f"{CHALLENGE}.acme.example", "v=spf1 include:spf.homes.test ~all"):
        assert value in page
    names.says(f"{CHALLENGE}.acme.example", "TXT", f'"{token}"')
    names.says("acme.example", "TXT", '"v=spf1 mx -all"')
    owner.post("/company/letters/verification")
    page = owner.get("/company/letters").text
    assert "v=spf1 mx -all" in page
    assert "Not found yet" in page
    names.says("acme.example", "TXT", '"v=spf1 mx include:spf.homes.test -all"')
    owner.post("/company/letters/verification")
    page = owner.get("/company/letters").text
    assert "Acme Homes &lt;care@acme.example&gt;" in page
    assert "Verified" in page
    owner.post("/company/letters/removal")
    assert "support@homes.test&gt;" in owner.get("/company/letters").text


@pytest.mark.parametrize(
    "typed", ["", "care", "care@", "a b@acme.example", "care@acme.example\r\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(owner, typed):
    answer = owner.post("/company/letters", data={"address": typed})
    assert answer.status_code == 422
    assert "care@acme.example" in answer.text


def test_without_a_sender_there_is_nothing_to_check(owner):
    assert owner.post("/company/letters/verification").status_code == 404
    assert owner.post("/company/letters/removal").status_code == 404


def test_another_builders_sender_is_untouched(owner, world, sign_in, session):
    owner.post("/company/letters", data=ADDRESS)
    stranger = sign_in(world.stranger)
    assert "care@acme.example" not in stranger.get("/company/letters").text.replace(
        "such as care@acme.example", ""
    )
    assert stranger.post("/company/letters/removal").status_code == 404
    see(session, world.acme.id)
    assert queries.sender_of(session, world.acme.id) is not None
