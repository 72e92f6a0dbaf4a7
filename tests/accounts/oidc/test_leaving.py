"""A provider ends the sessions that it vouched for: OpenID Connect Back-Channel Logout 1.0."""

import time

import pytest
from sqlalchemy import select

from portal.accounts.models import Login
from portal.accounts.oidc.models import ProvidedLogin


@pytest.fixture
def acme(connect, world):
    return connect(world.owner)


def post(visitor, connection, token):
    path = f"/sign-in/sso/{connection.id}/logout"
    return visitor.client.post(path, data={"logout_token": token}).status_code


def logins(session):
    session.rollback()
    return [login.user_id for login in session.scalars(select(Login))]


def test_whoever_left_there_is_out_here(acme, visit_from, known, world, provider, session, sign_in):
    here, there, other = visit_from(), visit_from(), visit_from()
    here.sign_in(acme, "pm")
    there.sign_in(acme, "pm")
    other.sign_in(acme, "owner")
    by_password = sign_in(world.pm)
    token = provider.logout_token(acme.client_id, sub="sub-pm")
    assert post(visit_from(), acme, token) == 200
    for visitor in (here, there):
        assert visitor.client.get("/tickets").status_code == 302
    for browser in (other.client, by_password):
        assert browser.get("/tickets").status_code == 200
    assert sorted(logins(session)) == sorted([world.owner.user_id, world.pm.user_id])
    assert len(session.scalars(select(ProvidedLogin)).all()) == 1


def test_one_session_may_be_named(acme, visit_from, known, provider):
    visitors = {}
    for sid in ("one", "two"):
        provider.twist(sid=sid)
        visitors[sid] = visit_from()
        visitors[sid].sign_in(acme, "pm")
    token = provider.logout_token(acme.client_id, sub="sub-pm", sid="one")
    assert post(visit_from(), acme, token) == 200
    assert visitors["one"].client.get("/tickets").status_code == 302
    assert visitors["two"].client.get("/tickets").status_code == 200
    token = provider.logout_token(acme.client_id, sid="two", jti="another")
    assert post(visit_from(), acme, token) == 200
    assert visitors["two"].client.get("/tickets").status_code == 302


LIES = {
    "of another client": {"aud": "other"},
    "of another provider": {"iss": "https://evil.test"},
    "with a nonce": {"nonce": "n"},
    "without the event": {"events": {}},
    "with another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "with events that are none": {"events": "logout"},
    "about nobody": {"sub": None},
    "about a number": {"sub": 7},
    "without a name of its own": {"jti": None},
    "expired": {"exp": 1_000},
    "old": {"iat": int(time.time()) - 10_000},
    "of the future": {"iat": int(time.time()) + 10_000_000},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_logout_token_that_is_none(lie, acme, visit_from, known, provider, session):
    visit_from().sign_in(acme, "pm")
    token = provider.logout_token(acme.client_id, **{"sub": "sub-pm"} | LIES[lie])
    assert post(visit_from(), acme, token) == 400
    assert len(logins(session)) == 1


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_it_is_signed_as_id_tokens_are(alg, acme, visit_from, known, provider, session):
    visit_from().sign_in(acme, "pm")
    provider.alg = alg
    if alg == "none":
        token = provider.logout_token(acme.client_id, sub="sub-pm")
    else:
        claims = {"iss": provider.issuer, "aud": acme.client_id, "sub": "sub-pm"}
        token = provider.sign(claims, "a secret between the two of us")
    assert post(visit_from(), acme, token) == 400
    assert len(logins(session)) == 1


def test_it_works_once(acme, visit_from, known, provider, session):
    visit_from().sign_in(acme, "pm")
    token = provider.logout_token(acme.client_id, sub="sub-pm")
    assert post(visit_from(), acme, token) == 200
    visit_from().sign_in(acme, "pm")
    assert post(visit_from(), acme, token) == 400
    assert len(logins(session)) == 1


def test_an_id_token_is_no_logout_token_nor_is_nothing(acme, visit_from, known, provider, session):
    visit_from().sign_in(acme, "pm")
    claims = {"iss": provider.issuer, "aud": acme.client_id, "sub": "sub-pm", "nonce": "n"}
    for token in (provider.sign(claims), "", "a.b.c"):
        assert post(visit_from(), acme, token) == 400
    assert len(logins(session)) == 1


def test_nobody_is_signed_out_of_another_builder(
    acme, connect, visit_from, known, world, provider, session
):
    birch = connect(world.stranger, domains=("birch.test",))
    visit_from().sign_in(acme, "pm")
    token = provider.logout_token(birch.client_id, sub="sub-pm")
    assert post(visit_from(), birch, token) == 200
    assert post(visit_from(), acme, token) == 400
    assert len(logins(session)) == 1


def test_a_provider_needs_no_form_of_ours_but_everybody_else_does(app, acme, provider, session):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    token = provider.logout_token(acme.client_id, sub="sub-nobody")
    path = f"/sign-in/sso/{acme.id}"
    assert client.post(f"{path}/logout", data={"logout_token": token}).status_code == 200
    assert client.post("/sign-in/sso", data={"email": "a@acme.test"}).status_code == 400
    assert client.get(f"{path}/logout").status_code == 405


def test_signing_out_here_ends_it_here(acme, visit_from, known, session):
    visitor = visit_from()
    visitor.sign_in(acme, "pm")
    visitor.client.post("/sign-out")
    assert logins(session) == []
    assert session.scalars(select(ProvidedLogin)).all() == []
