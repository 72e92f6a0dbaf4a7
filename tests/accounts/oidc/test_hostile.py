"""A provider that lies, stalls or breaks: nobody comes in, nothing falls over, nothing leaks."""

import json
import logging
import time

import pytest
from flask import Response
from sqlalchemy import select

from portal.accounts.models import Login
from portal.accounts.oidc import client, tokens
from portal.accounts.oidc.models import Identity
from tests.accounts.oidc.conftest import SECRET
from tests.support.http_receiver import Drip, HttpReceiver, Silence
from tests.support.oidc_provider import RSA, broken, elsewhere, huge, no_json

pytestmark = pytest.mark.once  # a provider's lies are the same to any database

UNTRUSTED = "could not be trusted"
LATER = "does not answer"
SET_UP = "is not set up rightly"


def nobody_came(session):
    session.rollback()
    return not session.scalars(select(Login)).all() and not session.scalars(select(Identity)).all()


LIES = {
    "another nonce": ({"nonce": "another"}, UNTRUSTED),
    "no nonce": ({"nonce": None}, UNTRUSTED),
    "another audience": ({"aud": "somebody-else"}, UNTRUSTED),
    "no audience": ({"aud": None}, UNTRUSTED),
    "several audiences and no party": ({"aud": ["corbel-acme", "other"]}, UNTRUSTED),
    "made for another party": ({"azp": "other"}, UNTRUSTED),
    "another issuer": ({"iss": "https://evil.test"}, UNTRUSTED),
    "no issuer": ({"iss": None}, UNTRUSTED),
    "no subject": ({"sub": None}, UNTRUSTED),
    "a number as the subject": ({"sub": 7}, UNTRUSTED),
    "a list as the subject": ({"sub": ["sub-pm"]}, UNTRUSTED),
    "expired": ({"exp": 1_000}, "clocks"),
    "never expires": ({"exp": None}, UNTRUSTED),
    "a word for when it expires": ({"exp": "tomorrow"}, UNTRUSTED),
    "of the future": ({"iat": time.time() + 10_000_000}, "clocks"),
    "of no time": ({"iat": None}, UNTRUSTED),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_lies(lie, connect, visit_from, known, world, provider, session):
    claims, words = LIES[lie]
    connection = connect(world.owner)
    provider.twist(**claims)
    visitor = visit_from()
    assert words in visitor.told(visitor.sign_in(connection, "pm"))
    assert nobody_came(session)


def test_several_audiences_with_us_as_the_party_are_fine(
    connect, visit_from, known, world, provider
):
    connection = connect(world.owner)
    provider.twist(aud=["corbel-acme", "other"], azp="corbel-acme")
    assert visit_from().sign_in(connection, "pm").location == "/"


@pytest.mark.parametrize("seconds", [tokens.LEEWAY - 30, -(tokens.LEEWAY - 30)])
def test_a_clock_that_is_a_little_off_is_forgiven(
    seconds, connect, visit_from, known, world, provider, noon
):
    connection = connect(world.owner)
    now = int(time.time())
    provider.twist(iat=now + seconds, exp=now + min(seconds, 0))
    if seconds > 0:
        provider.twist(exp=now + 600)
    assert visit_from().sign_in(connection, "pm").location == "/"


@pytest.mark.parametrize("alg", ["none", "HS256", "RS512", "RS384"])
def test_signatures_that_we_do_not_take(alg, connect, visit_from, known, world, provider, session):
    connection = connect(world.owner)
    provider.alg = alg
    visitor = visit_from()
    assert UNTRUSTED in visitor.told(visitor.sign_in(connection, "pm"))
    assert nobody_came(session)


def test_a_key_that_is_not_published(connect, visit_from, known, world, provider, session):
    connection = connect(world.owner)
    provider.key = RSA[1]
    visitor = visit_from()
    assert UNTRUSTED in visitor.told(visitor.sign_in(connection, "pm"))
    assert provider.asked("/keys") == 2  # asked anew once, and no more
    assert nobody_came(session)


def test_another_key_under_the_name_of_a_published_one(
    connect, visit_from, known, world, provider, session
):
    connection = connect(world.owner)
    provider.key, provider.header = RSA[1], {"kid": RSA[0].kid}
    visitor = visit_from()
    assert UNTRUSTED in visitor.told(visitor.sign_in(connection, "pm"))
    assert nobody_came(session)


def test_a_shared_key_among_the_published_is_none(
    connect, visit_from, known, world, provider, session
):
    """The secret that we share with the provider, published as if it were a key for tokens."""
    connection = connect(world.owner)
    oct_key = {"kty": "oct", "k": "YSBzZWNyZXQ", "kid": "shared"}
    provider.answers["/keys"] = lambda: Response(json.dumps({"keys": [oct_key]}), 200)
    visitor = visit_from()
    assert SET_UP in visitor.told(visitor.sign_in(connection, "pm"))
    assert nobody_came(session)


def said(body, status=200):
    return lambda: Response(body, status, content_type="application/json")


DEEP = "[" * 100_000
ANSWERS = {
    "an error of the server": (broken, LATER),
    "no JSON": (no_json, LATER),
    "JSON that is no object": (said("[]"), LATER),
    "an empty answer": (said(""), LATER),
    "no token": (said("{}"), LATER),
    "a token that is a number": (said('{"id_token": 7}'), LATER),
    "a token that is none": (said('{"id_token": "a.b.c"}'), UNTRUSTED),
    "a token with a strange head": (said('{"id_token": "W10.e30.e30"}'), UNTRUSTED),
    "a time that is none": (said('{"id_token": "a.b.c", "expires_in": [1]}'), LATER),
    "very deep JSON": (said(DEEP), LATER),
    "an error without words": (said('{"error": {"a": 1}}', 400), LATER),
    "a used code": (said('{"error": "invalid_grant"}', 400), "took too long or was used"),
    "a client that it does not know": (said('{"error": "invalid_client"}', 401), SET_UP),
    "another address": (elsewhere, SET_UP),
    "a huge answer": (huge, SET_UP),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_token_endpoint_that_answers_badly(
    case, connect, visit_from, known, world, provider, session
):
    provider.answers["/token"], words = ANSWERS[case]
    visitor = visit_from()
    assert words in visitor.told(visitor.sign_in(connect(world.owner), "pm"))
    assert nobody_came(session)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": None},
        {"token_endpoint": 7},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "ftp://127.0.0.1/"},
        {"token_endpoint": "https://user:password@127.0.0.1/token"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
def test_a_provider_that_says_of_itself_what_it_may_not(
    discovery, connect, visit_from, known, world, provider
):
    connection = connect(world.owner)
    provider.discovery = discovery
    visitor = visit_from()
    answer = visitor.client.get(f"/sign-in/sso/{connection.id}")
    assert SET_UP in visitor.told(answer)
    assert "127.0.0.1" not in answer.location


@pytest.mark.parametrize("how", [Silence(), Drip()])
def test_a_provider_that_never_comes_to_an_end(
    how, connect, visit_from, world, monkeypatch, session
):
    monkeypatch.setattr(client, "SECONDS", 0.2)
    with HttpReceiver(how) as receiver:
        connection = connect(world.owner, issuer=receiver.url)
        visitor = visit_from()
        answer = visitor.client.get(f"/sign-in/sso/{connection.id}")
        assert LATER in visitor.told(answer)


def test_a_provider_that_is_not_there(connect, visit_from, world):
    connection = connect(world.owner, issuer="http://127.0.0.1:9")
    visitor = visit_from()
    assert LATER in visitor.told(visitor.client.get(f"/sign-in/sso/{connection.id}"))


STRANGE = [
    "",
    "?",
    "?state=x",
    "?state=x&code=y",
    "?error=access_denied",
    "?error=%00%0a&error_description=<script>",
    "?state=" + "x" * 4000,
    "?state=%F0%9F%92%A9&code=%00",
    "?code[]=1&state[]=2",
]


@pytest.mark.parametrize("query", STRANGE)
def test_whatever_is_thrown_at_the_way_back(query, connect, visit_from, known, world, provider):
    connection = connect(world.owner)
    visitor = visit_from()
    answer = visitor.client.get(f"/sign-in/sso/{connection.id}/callback{query}")
    assert "begun in another browser" in visitor.told(answer)
    assert provider.asked("/token") == 0


@pytest.mark.parametrize("error", ["server_error", "<script>alert(1)</script>", "x" * 3000])
def test_errors_that_the_provider_sends_are_worded_by_us(
    error, connect, visit_from, known, world, provider
):
    from urllib.parse import quote

    from tests.accounts.oidc.conftest import query_of

    visitor = visit_from()
    connection = connect(world.owner)
    state = query_of(visitor.set_out(connection))["state"]
    path = f"/sign-in/sso/{connection.id}/callback?state={state}&error={quote(error)}"
    told = visitor.told(visitor.client.get(path))
    assert "Acme Login could not sign you in" in told
    assert "<script>alert" not in told


def test_the_log_says_what_failed_and_no_secret(
    connect, visit_from, known, world, provider, caplog
):
    connection = connect(world.owner)
    provider.twist(nonce="another")
    visitor = visit_from()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("portal").propagate = True
        where = visitor.set_out(connection)
        back = visitor.choose(where, "pm")
        visitor.come_back(back)
    logged = "\n".join(record.getMessage() for record in caplog.records if "portal" in record.name)
    assert f"single sign-on {connection.id} came to nothing: untrusted" in logged
    code = next(iter(provider.tokens)), *provider.codes
    for secret in (SECRET, back.partition("code=")[2][:20], *code):
        assert secret not in logged
