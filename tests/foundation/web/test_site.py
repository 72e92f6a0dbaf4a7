"""A portal is the builder's alone: its host, its path, its session."""

import pytest

from tests.fixtures.world import PASSWORD


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "acme.evil.example", ""]
)
def test_a_host_that_is_nobodys_is_refused(app, world, host):
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 400


def test_machines_may_ask_by_any_name(app):
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.7:9000"}).status_code == 200


def test_a_path_leads_to_the_builders_portal(app, world):
    page = app.test_client().get("/b/acme/sign-in").text
    assert "Acme Homes" in page
    assert "Corbel" not in page
    assert 'action="/b/acme/sign-in"' in page


@pytest.mark.parametrize("path", ["/b/nobody/", "/b/acme/queue", "/b/acme/policy", "/b/ACME/x"])
def test_what_a_portal_does_not_have_is_not_found(app, world, path):
    assert app.test_client().get(path).status_code == 404


def test_an_owner_is_nobody_at_the_portal_and_a_client_at_the_platform(app, world, sign_in):
    owner, client = sign_in(world.owner), sign_in(world.client)
    assert owner.get("/account").status_code == 200
    assert owner.get("/b/acme/account").status_code == 302
    assert client.get("/account").status_code == 200
    client.portal = ""
    assert client.get("/account").status_code == 302
    assert client.get("/b/birch/account").status_code == 302


def test_a_portals_cookie_means_nothing_elsewhere(app, world, sign_in):
    """Even carried over by hand: it is signed for its own site."""
    value = sign_in(world.client).get_cookie("corbel-portal", path="/b/acme/").value
    thief = app.test_client()
    for name, path in (("corbel", "/"), ("corbel-portal", "/b/birch/")):
        thief.set_cookie(name, value, path=path)
        assert thief.get(f"{path}account").status_code == 302


def test_who_comes_to_the_platforms_door_is_shown_to_their_own(app, world, session):
    from portal.accounts import service
    from portal.accounts.models import User

    session.get(User, world.client.user_id).password_hash = service.hash_password(PASSWORD)
    session.commit()
    browser = app.test_client()
    entered = browser.post("/sign-in", data={"email": world.client.email, "password": PASSWORD})
    assert entered.headers["Location"] == "/b/acme/"
    assert browser.get("/b/acme/account").status_code == 200
    assert browser.get("/account").status_code == 302


def test_a_portals_cookie_stays_within_it(app, world, sign_in):
    """Whatever its pages put into the session, too."""
    answer = sign_in(world.client).get("/tickets/new")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Path=/b/acme/;" in cookie for cookie in cookies)
