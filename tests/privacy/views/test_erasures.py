"""The pages on which a person is erased."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.privacy.models import Erasure
from portal.privacy.service import forgetting
from tests.fixtures.world import NOW
from tests.privacy.conftest import EMAIL, NAME

pytestmark = pytest.mark.usefixtures("noon")
NOBODYS = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def path(past):
    return f"/company/people/{past.membership.id}/erasure"


def test_the_preview_says_what_goes_and_what_stays(path, world, sign_in):
    said = sign_in(world.owner).get(path).text
    for words in (
        f"Erase {NAME}?",
        "1 sign-in: it ends at once",
        "1 API token",
        "1 draft",
        "1 file that they sent",
        "1 request, for the company’s record",
        "1 message, because others answered it",
        "1 entry of the audit log, with the role alone",
        "nothing is left of it anywhere",
    ):
        assert words in said, words


def test_another_address_changes_nothing_and_stays_typed(session, path, past, world, sign_in):
    answer = sign_in(world.owner).post(path, data={"email": "someone@example.com"})
    assert answer.status_code == 422
    assert "This is not the address of the person" in answer.text
    assert "someone@example.com" in answer.text
    session.rollback()
    assert session.get(Membership, past.membership.id) is not None
    assert session.scalars(select(Erasure)).all() == []


def test_the_address_begins_it_and_the_list_says_so(session, runtime, path, world, sign_in, past):
    browser = sign_in(world.owner)
    hers = sign_in(past.actor)
    assert hers.get("/account/data").status_code == 200
    assert browser.post(path, data={"email": EMAIL}).status_code == 303
    assert hers.get("/account/data").status_code == 302, "signed out at once"
    assert "Being erased" in browser.get("/company/privacy").text
    assert browser.get(path).status_code == 404, "there is no such person any more"
    while forgetting.working(runtime)(runtime.writers, NOW):
        pass
    said = browser.get("/company/privacy").text
    assert "Erased person" in said
    assert NAME not in said
    assert EMAIL not in browser.get("/company/audit").text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_person_of_another_company_is_as_if_there_were_none(path, world, sign_in, method):
    for name, code in (("stranger", 404), ("pm", 403), ("manager", 403), ("client", 404)):
        ask = getattr(sign_in(getattr(world, name)), method)
        assert ask(path).status_code == code
        assert ask(f"/company/people/{NOBODYS}/erasure").status_code == code


def test_the_last_owner_is_told_why_not(session, world, sign_in):
    member = session.scalars(
        select(Membership).where(Membership.user_id == world.owner.user_id)
    ).one()
    place = f"/company/people/{member.id}/erasure"
    said = sign_in(world.admin).get(place).text
    assert "This is the last one who can run the company" in said
    assert "<form" not in said.partition("<main")[2].partition("</main")[0]
    assert "You can’t erase yourself" in sign_in(world.owner).get(place).text
    refused = sign_in(world.admin).post(place, data={"email": world.owner.email})
    assert refused.status_code == 422


@pytest.mark.parametrize("name", ["client", "pm"])
def test_one_asks_and_the_admin_refuses_with_a_reason(session, world, sign_in, name):
    hers, admin = sign_in(getattr(world, name)), sign_in(world.owner)
    assert "Ask to be erased" in hers.get("/account/erasure").text
    assert hers.post("/account/erasure").status_code == 303
    assert "You asked on" in hers.get("/account/erasure").text
    listed = admin.get("/company/privacy").text
    assert "Waits for your decision" in listed
    session.rollback()
    key = session.scalars(select(Erasure.id)).one()
    place = f"/company/privacy/erasures/{key}/refusal"
    for other, code in (("stranger", 404), ("admin", 404), ("agent", 403)):
        assert sign_in(getattr(world, other)).get(place).status_code == code
        assert sign_in(getattr(world, other)).post(place).status_code == code
    assert admin.post(place, data={"reason": " "}).status_code == 422
    assert admin.post(place, data={"reason": "The warranty runs"}).status_code == 303
    assert admin.post(place, data={"reason": "again"}).status_code == 409
    said = hers.get("/account/erasure").text
    assert "The warranty runs" in said
    assert "Ask to be erased" in said


def test_a_portal_says_nothing_of_the_platform(world, sign_in):
    assert "Corbel" not in sign_in(world.client).get("/account/erasure").text
