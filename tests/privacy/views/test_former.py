"""The page of people who were removed."""

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.privacy.models import Erasure
from tests.privacy.conftest import EMAIL, NAME

pytestmark = pytest.mark.usefixtures("noon")
PLACE = "/company/privacy/former"


@pytest.fixture
def removed(past, world, sign_in):
    """The paths of what can be done with her."""
    key = past.membership.id
    assert sign_in(world.owner).post(f"/company/people/{key}/removal").status_code == 303
    return {name: f"/company/people/{key}/{name}" for name in ("erasure", "data")}


def test_it_leads_to_the_same_preview_and_confirmation(session, removed, world, sign_in) -> None:
    owner = sign_in(world.owner)
    assert PLACE in owner.get("/company/privacy").text
    page = owner.get(f"{PLACE}?q=vogel").text
    for words in (NAME, EMAIL, "Client", "Removed on", *removed.values()):
        assert words in page
    assert "1 request, for the company’s record" in owner.get(removed["erasure"]).text
    wrong = owner.post(removed["erasure"], data={"email": "someone@example.com"})
    assert wrong.status_code == 422
    session.rollback()
    assert session.scalars(select(Erasure)).all() == []
    assert owner.post(removed["erasure"], data={"email": EMAIL}).status_code == 303
    assert owner.post(removed["erasure"], data={"email": EMAIL}).status_code == 404
    assert NAME not in owner.get(PLACE).text
    session.rollback()
    assert len(session.scalars(select(Erasure)).all()) == 1


def test_the_file_is_made_for_them_too(removed, world, sign_in) -> None:
    owner = sign_in(world.owner)
    assert f"The data of {NAME}" in owner.get(removed["data"]).text
    assert owner.post(removed["data"]).location == removed["data"]
    assert "is being put together" in owner.get(removed["data"]).text


@pytest.mark.parametrize(
    ("name", "code"), [("stranger", 404), ("pm", 403), ("agent", 403), ("manager", 403)]
)
def test_for_others_there_is_nobody(removed, world, sign_in, name, code) -> None:
    browser = sign_in(getattr(world, name))
    for path in removed.values():
        assert browser.get(path).status_code == code
        assert browser.post(path, data={"email": EMAIL}).status_code == code
    listed = browser.get(f"{PLACE}?q={EMAIL}")
    assert listed.status_code == (200 if code == 404 else 403)
    assert NAME not in listed.text


def test_a_portal_has_no_such_page(world, sign_in) -> None:
    assert sign_in(world.client).get(PLACE).status_code == 404


@pytest.mark.parametrize(
    "search", ["", "nobody", "%25", "_", "%00", "'%22;--", "ñ" * 500, "%F0%9F"]
)
def test_whatever_is_looked_for(removed, world, sign_in, search) -> None:
    answer = sign_in(world.owner).get(f"{PLACE}?q={search}")
    assert answer.status_code == 200
    assert (NAME in answer.text) == (search in {"", "%00"})


def test_a_broken_cursor_is_said(world, sign_in) -> None:
    assert sign_in(world.owner).get(f"{PLACE}?cursor=x").status_code == 400


def test_an_empty_page_says_what_comes_here(world, sign_in) -> None:
    assert "Nobody was removed" in sign_in(world.owner).get(PLACE).text
    assert "Nobody was removed" in sign_in(world.admin).get(PLACE).text


def test_a_hostile_name_is_text(session, removed, past, world, sign_in) -> None:
    session.rollback()
    user = session.get_one(User, past.actor.user_id)
    user.name = "<b onclick=alert(1)>"
    session.commit()
    page = sign_in(world.owner).get(PLACE).text
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page
