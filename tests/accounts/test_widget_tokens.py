"""What a builder's server says of its user is believed only when everything about it is right."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.widget_tokens import Reason, Refused, verify
from tests.fixtures.world import NOW

KEY, OTHER = b"k" * 43, b"o" * 43
KEYS = {"k1": KEY, "k2": OTHER}
SECOND = timedelta(seconds=1)


def packed(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def token(claims=None, header=None, key=KEY, *, digest=hashlib.sha256, signed=True):
    """As another library would make it, by hand."""
    head = {"alg": "HS256", "kid": "k1", "typ": "JWT"} | (header or {})
    body = {
        "iss": "acme",
        "aud": "acme",
        "sub": "user-7",
        "jti": "one",
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
    } | (claims or {})
    body = {name: value for name, value in body.items() if value is not ...}
    start = packed(head) + b"." + packed(body)
    mark = packed(hmac.new(key, start, digest).digest()) if signed else b""
    return (start + b"." + mark).decode()


def ask(given_token, at=NOW, builder="acme", keys=KEYS, first_use=lambda _id, _until: True):
    return verify(given_token, keys=keys, builder=builder, at=at, first_use=first_use)


def why(given_token, **more):
    with pytest.raises(Refused) as refused:
        ask(given_token, **more)
    return refused.value.reason


def test_what_is_right_is_believed():
    found = ask(token({"name": "Dana", "email": "dana@acme.test"}))
    assert (found.subject, found.kid) == ("user-7", "k1")
    assert found.expires_at == NOW + timedelta(minutes=5)
    assert found.claims["name"] == "Dana"
    assert ask(token(header={"kid": "k2"}, key=OTHER)).kid == "k2"
    assert ask(token({"aud": ["acme"]})).subject == "user-7"


@pytest.mark.parametrize("alg", ["none", "None", "HS384", "HS512", "RS256", "ES256", "", None, 7])
def test_there_is_one_algorithm(alg):
    assert why(token(header={"alg": alg})) is Reason.ALGORITHM
    assert why(token(header={"alg": alg}, signed=False)) is Reason.ALGORITHM


@pytest.mark.parametrize("kid", ["k3", "", None, 7, ["k1"], {"k1": 1}, "../k1"])
def test_a_key_that_does_not_count_signs_nothing(kid):
    assert why(token(header={"kid": kid})) is Reason.KEY


def test_another_key_is_another_key():
    assert why(token(key=OTHER)) is Reason.SIGNATURE
    assert why(token(header={"kid": "k2"})) is Reason.SIGNATURE
    assert why(token(digest=hashlib.sha512)) is Reason.SIGNATURE
    assert why(token(signed=False)) in {Reason.SIGNATURE, Reason.MALFORMED}
    assert why(token(key=b"")) is Reason.SIGNATURE


def test_a_key_in_the_header_is_not_asked():
    own = {"kty": "oct", "k": packed(OTHER).decode()}
    assert why(token(header={"jwk": own}, key=OTHER)) is Reason.SIGNATURE


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "birch"}, Reason.ISSUER),
        ({"iss": ...}, Reason.CLAIMS),
        ({"aud": "birch"}, Reason.AUDIENCE),
        ({"aud": ["acme", "birch"]}, Reason.AUDIENCE),
        ({"aud": []}, Reason.AUDIENCE),
        ({"aud": ...}, Reason.AUDIENCE),
        ({"aud": {"acme": 1}}, Reason.AUDIENCE),
        ({"sub": ...}, Reason.CLAIMS),
        ({"sub": ""}, Reason.CLAIMS),
        ({"sub": 7}, Reason.CLAIMS),
        ({"sub": "x" * 201}, Reason.CLAIMS),
        ({"jti": ...}, Reason.CLAIMS),
        ({"jti": ""}, Reason.CLAIMS),
        ({"exp": ...}, Reason.CLAIMS),
        ({"exp": "soon"}, Reason.CLAIMS),
        ({"exp": True}, Reason.CLAIMS),
        ({"exp": 1e300}, Reason.CLAIMS),
        ({"iat": ...}, Reason.CLAIMS),
        ({"iat": None}, Reason.CLAIMS),
        ({"nbf": "x"}, Reason.CLAIMS),
    ],
)
def test_each_claim_must_be_there_and_right(claims, reason):
    assert why(token(claims)) is reason


def times(iat, exp, **more):
    return token(
        {"iat": (NOW + iat).timestamp(), "exp": (NOW + exp).timestamp()}
        | {name: (NOW + value).timestamp() for name, value in more.items()}
    )


@pytest.mark.parametrize(
    ("iat", "exp", "reason"),
    [
        (-timedelta(minutes=5), timedelta(0), Reason.EXPIRED),
        (-timedelta(minutes=9), -timedelta(minutes=5), Reason.EXPIRED),
        (61 * SECOND, timedelta(minutes=5), Reason.FUTURE),
        (timedelta(0), timedelta(minutes=5) + SECOND, Reason.TOO_LONG),
        (-timedelta(days=1), SECOND, Reason.TOO_LONG),
    ],
)
def test_it_counts_for_minutes_only(iat, exp, reason):
    assert why(times(iat, exp)) is reason


def test_clocks_may_differ_by_a_minute():
    assert ask(times(60 * SECOND, timedelta(minutes=5))).subject == "user-7"
    assert ask(times(-timedelta(minutes=5) + SECOND, SECOND)).subject == "user-7"
    assert why(times(timedelta(0), timedelta(minutes=4), nbf=61 * SECOND)) is Reason.FUTURE


def test_it_counts_once_and_is_spent_only_when_it_is_right():
    seen = set()

    def first_use(jti, until):
        assert until == NOW + timedelta(minutes=5)
        fresh = jti not in seen
        seen.add(jti)
        return fresh

    assert why(token(key=OTHER), first_use=first_use) is Reason.SIGNATURE
    assert why(token({"aud": "birch"}), first_use=first_use) is Reason.AUDIENCE
    assert seen == set()
    assert ask(token(), first_use=first_use).subject == "user-7"
    assert why(token(), first_use=first_use) is Reason.REPLAYED


@pytest.mark.parametrize(
    "odd",
    ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "x" * 9000, "\x00", "eyJ9.e30.", "null"],
)
def test_what_is_no_token_is_refused(odd):
    assert why(odd) is Reason.MALFORMED


@pytest.mark.parametrize("body", [b"[]", b"7", b"null", b"{", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(body):
    start = packed({"alg": "HS256", "kid": "k1"}) + b"." + packed(body)
    mark = packed(hmac.new(KEY, start, hashlib.sha256).digest())
    assert why((start + b"." + mark).decode()) is Reason.MALFORMED


def test_a_demand_that_we_do_not_know_is_refused():
    assert why(token(header={"crit": ["b64"], "b64": False})) in {
        Reason.MALFORMED,
        Reason.SIGNATURE,
    }


@given(st.text(max_size=300))
def test_no_text_breaks_it(text):
    with pytest.raises(Refused):
        ask(text)


@given(st.integers(0, 300), st.characters(codec="ascii"))
def test_no_changed_letter_is_believed(place, letter):
    whole = token()
    changed = whole[: place % len(whole)] + letter + whole[place % len(whole) + 1 :]
    if changed != whole:
        try:
            found = ask(changed)
        except Refused:
            return
        assert found.claims == ask(whole).claims  # the last letter's spare bits
