"""The pages of those who restrict, and of those who are restricted."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.models import Restriction
from portal.community.service import points, restrictions
from portal.core.permissions import Permission
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
FORM = {"days": "7", "reason": "Please be **kind**.", "whom": "person"}
OWN = "/community/restriction"


@pytest.fixture
def member(session, world):
    see(session, PLATFORM)
    points.taking_part(session, world.pm.user_id, at=NOW)
    session.commit()
    return f"/community/members/{world.pm.user_id}"


@pytest.fixture
def restricted(session, restrict):
    row = restrict()
    session.commit()
    return row


@pytest.fixture
def only(session):
    def found():
        session.rollback()
        session.expire_all()
        return session.scalars(select(Restriction)).one()

    return found


def appealed(session, world, row):
    restrictions.appeal(session, row, "I was quoting.", by=world.pm, at=NOW)
    session.commit()


def test_managers_restrict_from_the_page_of_a_member(world, member, sign_in, only):
    browser = sign_in(world.manager)
    assert "Restrict…" in browser.get(member).text
    assert "Everybody at Acme Homes" in browser.get(f"{member}/restriction").text
    done = browser.post(f"{member}/restriction", data=FORM)
    assert done.status_code == 303
    row = only()
    assert (row.user_id, row.builder_id, row.by_name) == (world.pm.user_id, None, "Lead")
    assert done.headers["Location"].endswith(f"/community/restrictions/{row.id}")
    again = browser.post(f"{member}/restriction", data=FORM)
    assert again.status_code == 409
    assert "Please be **kind**." in again.text


def test_a_whole_company_can_be_meant(world, member, sign_in, only):
    sign_in(world.manager).post(f"{member}/restriction", data={**FORM, "whom": "company"})
    assert only().builder_id == world.acme.id


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"days": "2"}, {"whom": "all"}])
def test_what_is_missing_or_wrong_is_asked_for(world, member, sign_in, wrong):
    answer = sign_in(world.manager).post(f"{member}/restriction", data={**FORM, **wrong})
    assert answer.status_code == 422


def test_nobody_else_does(session, world, member, restricted, sign_in):
    for who in (world.agent, world.owner):
        browser = sign_in(who)
        assert "Restrict…" not in browser.get(member).text
        assert browser.get(f"{member}/restriction").status_code == 403
        assert browser.post(f"{member}/restriction", data=FORM).status_code == 403
        assert browser.get("/community/restrictions").status_code == 403
    points.taking_part(session, world.agent.user_id, at=NOW)
    session.commit()
    staff = f"/community/members/{world.agent.user_id}/restriction"
    assert sign_in(world.manager).get(staff).status_code == 404


def test_the_list_has_those_in_force_and_apart_those_that_are_over(
    session, world, restricted, sign_in
):
    browser = sign_in(world.manager)
    assert "Pm" in browser.get("/community/restrictions").text
    assert "Nothing is over yet" in browser.get("/community/restrictions?state=past").text
    lifted = browser.post(f"/community/restrictions/{restricted.id}/lifting")
    assert lifted.status_code == 303
    assert browser.post(f"/community/restrictions/{restricted.id}/lifting").status_code == 303
    assert "Nobody is restricted" in browser.get("/community/restrictions").text
    assert "Ended early" in browser.get("/community/restrictions?state=past").text


def test_whoever_is_restricted_reads_why_and_objects_once(session, world, restricted, sign_in):
    browser = sign_in(world.pm)
    assert "Please be kind to others." in browser.get(OWN).text
    place = f"/community/restrictions/{restricted.id}/appeal"
    assert browser.post(place, data={"text": ""}).status_code == 422
    assert browser.post(place, data={"text": "I was quoting."}).status_code == 303
    said = browser.get(OWN).text
    assert "I was quoting." in said
    assert "We are looking at it" in said
    again = browser.post(place, data={"text": "Please!"})
    assert again.status_code == 409
    assert sign_in(world.owner).post(place, data={"text": "For him."}).status_code == 404
    assert "You can take part in everything" in sign_in(world.owner).get(OWN).text


@pytest.mark.parametrize(("outcome", "holds"), [("keep", True), ("lift", False)])
def test_an_objection_is_answered(session, world, restricted, sign_in, only, outcome, holds):
    appealed(session, world, restricted)
    browser, place = sign_in(world.admin), f"/community/restrictions/{restricted.id}"
    assert "I was quoting." in browser.get(place).text
    assert browser.post(f"{place}/answer", data={"text": "So it was."}).status_code == 422
    data = {"text": "So it was.", "outcome": outcome}
    assert browser.post(f"{place}/answer", data=data).status_code == 303
    assert only().holds(NOW) is holds
    late = browser.post(f"{place}/answer", data=data)
    assert late.status_code == 409
    assert "Somebody else has answered meanwhile." in late.text
    assert "So it was." in sign_in(world.pm).get(OWN).text


@pytest.fixture
def writing(app: Flask):
    """A page that somebody writes on, and its like for programs."""

    @requires(Permission.TAKE_PART)
    def write() -> str:
        restrictions.refuse_if_restricted(db(), the_actor(), at=NOW)
        return "written"

    app.add_url_rule("/written", "written", write, methods=["POST"])


def test_who_writes_all_the_same_is_told_politely(world, restricted, sign_in, writing):
    refused = sign_in(world.pm).post("/written")
    assert refused.status_code == 403
    assert "You can read, but not write here for a while" in refused.text
    assert "Tue 1 Dec, 10:00" in refused.text  # in New York
    assert "Please be kind to others." in refused.text
    assert OWN in refused.text
    assert sign_in(world.owner).post("/written").text == "written"
