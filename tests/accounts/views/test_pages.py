import re
from dataclasses import replace

import pytest

from portal.accounts import service
from portal.accounts.models import Login, User
from portal.accounts.views.signing_in import DEMO_PASSWORD
from portal.app import create_app
from portal.foundation.runtime import runtime_of
from portal.ops.demo.people import PASSWORD as SEEDED
from tests.fixtures.world import PASSWORD
from tests.support.statements import counted


@pytest.fixture
def owner(session, world):
    """The owner, with a password."""
    user = session.get(User, world.owner.user_id)
    user.password_hash = service.hash_password(PASSWORD)
    session.commit()
    return user


def enter(client, **fields):
    given = {"email": "owner@acme.test", "password": PASSWORD}
    return client.post(f"/sign-in{fields.pop('at', '')}", data=given | fields)


def test_the_right_password_opens(app, owner):
    client = app.test_client()
    assert "Sign in" in client.get("/sign-in").text
    answer = enter(client, email=" Owner@Acme.test ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "How can we help, Owner?" in client.get("/").text
    assert client.get("/sign-in").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"password": "no"}, {"email": "nobody@acme.test"}, {"email": "x" * 300 + "@a.test"}]
)
def test_wrong_is_wrong_without_saying_which(app, owner, wrong):
    answer = enter(app.test_client(), **wrong)
    assert answer.status_code == 422
    assert "The address or the password is not right" in answer.text
    assert PASSWORD not in answer.text


def test_an_empty_form_says_what_is_missing_and_keeps_the_address(app, owner):
    answer = enter(app.test_client(), password="")
    assert answer.status_code == 422
    assert "Enter your password." in answer.text
    assert 'value="owner@acme.test"' in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/tickets/1001", "/tickets/1001"),
        ("/tickets?state=active", "/tickets?state=active"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https://evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
    ],
)
def test_one_goes_on_to_where_one_wanted_but_never_elsewhere(app, owner, wanted, led):
    from urllib.parse import quote

    answer = enter(app.test_client(), at=f"?next={quote(wanted, safe='')}")
    assert answer.location == led


def test_the_page_passes_on_where_one_wanted(app):
    page = app.test_client().get("/tickets/1001").location
    assert "next=%2Ftickets%2F1001" in page
    assert 'action="/sign-in?next=' in app.test_client().get(page).text


def test_signing_out_ends_this_browser_alone(app, session, owner):
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    assert here.post("/sign-out").location == "/sign-in"
    assert here.get("/tickets").status_code == 302
    assert there.get("/tickets").status_code == 200
    assert session.query(Login).count() == 1


def test_a_disabled_person_is_out_at_once(app, session, owner):
    client = app.test_client()
    enter(client)
    session.get(User, owner.id).disabled_at = owner.created_at
    session.commit()
    assert client.get("/tickets").status_code == 302
    assert enter(client).status_code == 422


def test_signing_in_changes_the_session(app, owner):
    client = app.test_client()
    client.post("/locale", data={"locale": "es"})
    before = client.get_cookie("corbel").value
    enter(client)
    assert client.get_cookie("corbel").value != before


def test_visitors_and_people_choose_their_language(app, session, owner):
    client = app.test_client()
    answer = client.post("/locale", data={"locale": "es", "next": "/contact"})
    assert answer.location == "/contact"
    assert '<html lang="es"' in client.get("/contact").text
    client.post("/locale", data={"locale": "xx"})
    assert '<html lang="es"' in client.get("/contact").text
    enter(client)
    client.post("/locale", data={"locale": "es"})
    session.rollback()
    assert session.get(User, owner.id, populate_existing=True).locale == "es"


def test_the_account_page_keeps_language_and_zone(world, session, sign_in):
    client = sign_in(world.owner)
    page = client.get("/account").text
    assert 'value="America/New_York"' in page
    assert '<option value="America/Chicago">' in page
    saved = client.post("/account", data={"locale": "es", "zone": "America/Chicago"})
    assert saved.status_code == 303
    session.rollback()
    user = session.get(User, world.owner.user_id, populate_existing=True)
    assert (user.locale, user.zone) == ("es", "America/Chicago")


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"zone": ""}, {"zone": "../etc"}, {"locale": "xx"}]
)
def test_a_wrong_preference_is_refused_and_shown(world, session, sign_in, wrong):
    given = {"locale": "en", "zone": "America/Chicago"} | wrong
    answer = sign_in(world.owner).post("/account", data=given)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    session.rollback()
    assert session.get(User, world.owner.user_id).zone == "America/New_York"


@pytest.mark.parametrize("who", ["owner", "client", "agent", "manager", "admin"])
def test_everybody_has_an_account_page(world, sign_in, who):
    actor = getattr(world, who)
    page = sign_in(actor).get("/account").text
    assert actor.email in page
    assert "/account/notifications" in page


def test_a_demo_names_its_people_and_any_other_nobody(app, settings, world, session):
    assert "owner@acme.test" not in app.test_client().get("/sign-in").text
    demo = create_app(replace(settings, demo=True))
    with counted(runtime_of(demo).engine) as statements:
        page = demo.test_client().get("/sign-in").text
    runtime_of(demo).engine.dispose()
    for address in ("owner@acme.test", "client@acme.test", "agent1@corbel.test"):
        assert address in page
    assert f"every password is {DEMO_PASSWORD}" in page
    assert len([one for one in statements if "set_config" not in one]) <= 3


def test_the_demo_is_seeded_with_the_password_that_the_page_names():
    assert DEMO_PASSWORD == SEEDED


def test_the_password_form_can_be_filled_by_a_password_manager(app):
    page = app.test_client().get("/sign-in").text
    assert re.search(r'id="email"[^>]*autocomplete="username"', page)
    assert re.search(r'id="password"[^>]*autocomplete="current-password"', page)
