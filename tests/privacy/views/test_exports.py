"""The pages on which a person's data is asked for and fetched."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import update

from portal.accounts.models import Membership
from portal.privacy.service import exporting
from tests.fixtures.world import NOW
from tests.privacy.conftest import NAME

pytestmark = pytest.mark.usefixtures("noon")
NOBODYS = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def build(runtime):
    return lambda: exporting.building(runtime)(runtime.writers, NOW)


def file_of(page: str) -> str:
    """The address of the download on the page, within its site."""
    start = page.index("/account/data/")
    return page[start : page.index('"', start)]


@pytest.mark.parametrize("name", ["pm", "client", "agent"])
def test_one_asks_waits_and_fetches(world, sign_in, build, name):
    browser = sign_in(getattr(world, name))
    assert "Make the file" in browser.get("/account/data").text
    assert browser.post("/account/data").status_code == 303
    waiting = browser.get("/account/data").text
    assert "being put together" in waiting
    assert "Make the file" not in waiting
    build()
    ready = browser.get("/account/data").text
    fetched = browser.get(file_of(ready), buffered=True)
    assert fetched.status_code == 200
    assert fetched.headers["Cache-Control"] == "no-store"
    assert "data.json" in ZipFile(io.BytesIO(fetched.data)).namelist()


def test_a_portal_says_nothing_of_the_platform(world, sign_in, build):
    browser = sign_in(world.client)
    browser.post("/account/data")
    build()
    page = browser.get("/account/data").text
    assert "Corbel" not in page
    assert "/b/acme/account/data/" in page


def test_the_file_is_for_whoever_asked_alone(world, sign_in, build):
    sign_in(world.pm).post("/account/data")
    build()
    place = file_of(sign_in(world.pm).get("/account/data").text)
    for name in ("owner", "stranger", "agent", "admin", "client"):
        other = sign_in(getattr(world, name))
        assert other.get(place).status_code == 404
        assert other.get(place.removesuffix("/file")).status_code == 404


def test_after_a_week_there_is_nothing_to_fetch(world, sign_in, build):
    sign_in(world.pm).post("/account/data")
    build()
    place = file_of(sign_in(world.pm).get("/account/data").text)
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        assert sign_in(world.pm).get(place).status_code == 404


def test_an_admin_asks_for_a_person_of_the_company(past, world, sign_in, build):
    browser = sign_in(world.owner)
    path = f"/company/people/{past.membership.id}/data"
    assert NAME in browser.get(path).text
    assert browser.post(path).status_code == 303
    build()
    fetched = browser.get(file_of(browser.get(path).text), buffered=True)
    assert NAME in ZipFile(io.BytesIO(fetched.data)).read("data.json").decode()


def test_who_is_no_longer_an_admin_fetches_nothing(session, past, world, sign_in, build):
    browser = sign_in(world.owner)
    path = f"/company/people/{past.membership.id}/data"
    browser.post(path)
    build()
    place = file_of(browser.get(path).text)
    session.rollback()
    session.execute(
        update(Membership).where(Membership.user_id == world.owner.user_id).values(role="pm")
    )
    session.commit()
    assert browser.get(place, buffered=True).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_person_of_another_company_is_as_if_there_were_none(past, world, sign_in, method):
    for name, code in (("stranger", 404), ("pm", 403), ("agent", 403)):
        ask = getattr(sign_in(getattr(world, name)), method)
        assert ask(f"/company/people/{past.membership.id}/data").status_code == code
        assert ask(f"/company/people/{NOBODYS}/data").status_code == code


def test_the_platforms_admin_asks_for_anybody(past, world, sign_in):
    path = f"/company/people/{past.membership.id}/data"
    assert sign_in(world.admin).post(path).status_code == 303
