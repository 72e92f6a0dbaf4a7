"""The page on which a builder says where its help button may stand."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry, SpentWidgetToken, WidgetSettings
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.world import NOW, closed_to
from tests.widget.conftest import Signer

pytestmark = pytest.mark.usefixtures("noon")
PLACE = "/company/widget"
HOST = "https://app.acme.example"


def saved(session):
    session.rollback()
    see(session, PLATFORM)
    return session.scalars(select(WidgetSettings)).one_or_none()


def save(client, origins, version="0", **more):
    return client.post(PLACE, data={"origins": origins, "version": version} | more)


def test_it_shows_the_snippet_and_what_is_missing(world, sign_in):
    page = sign_in(world.owner).get(PLACE).text
    assert 'data-builder="acme"' in page
    assert "script-src http" in page
    assert page.count("Missing") == 2


def test_addresses_are_kept_as_browsers_say_them(world, sign_in, session):
    client = sign_in(world.owner)
    typed = "HTTPS://App.acme.example/\nhttp://localhost:3000\nhttps://app.acme.example:443"
    assert save(client, typed, guests_allowed="1").location == PLACE
    row = saved(session)
    assert row.origins == [HOST, "http://localhost:3000"]
    assert row.guests_allowed
    assert "Good for trying things out" in client.get(PLACE).text


@pytest.mark.parametrize("typed", ["", "app.acme.example", "http://app.acme.example", f"{HOST} *"])
def test_what_is_no_address_is_refused_as_it_was_typed(world, sign_in, session, typed):
    answer = save(sign_in(world.owner), typed, guests_allowed="1")
    assert answer.status_code == 422
    assert typed.strip() in answer.text
    assert re.search(r'name="guests_allowed"[^>]* checked', answer.text)
    assert saved(session) is None


def test_more_than_twenty_are_refused(world, sign_in):
    typed = "\n".join(f"https://a{number}.example" for number in range(21))
    assert save(sign_in(world.owner), typed).status_code == 422


def test_the_second_of_two_is_told_and_loses_nothing(world, sign_in, session):
    client = sign_in(world.owner)
    save(client, HOST)
    answer = save(client, "https://mine.example")
    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.text
    assert HOST in answer.text
    assert "https://mine.example" in answer.text
    assert saved(session).origins == [HOST]
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert save(client, "https://mine.example", version).status_code == 303
    assert saved(session).origins == ["https://mine.example"]


def test_it_stands_in_the_audit_log(world, sign_in, session):
    save(sign_in(world.owner), HOST)
    session.rollback()
    see(session, PLATFORM)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.about, entry.facts) == ("widget.saved", HOST, {"guests": "no"})


@pytest.mark.parametrize("name", ["pm", "client", "agent", "admin"])
def test_only_who_runs_a_company_may(world, sign_in, name):
    actor = getattr(world, name)
    assert sign_in(actor).get(PLACE).status_code == closed_to(actor)


# a token is tried


@pytest.fixture
def signer(world, sign_in):
    page = sign_in(world.owner).post("/company/keys").text
    kid, plain = re.findall(r'class="key-text">([^<]+)<', page)[:2]
    return Signer("acme", kid, plain)


def tried(client, token):
    answer = client.post(f"{PLACE}/trial", data={"token": token})
    assert answer.status_code == 200
    return answer.text


def test_a_good_token_is_said_to_be_and_not_used_up(world, sign_in, signer, session):
    client, token = sign_in(world.owner), signer.sign("new@acme.test", role="field", name="Ana")
    for _time in range(2):
        assert "Ana (new@acme.test) would come in as Field crew" in tried(client, f" {token}\n")
    session.rollback()
    see(session, PLATFORM)
    assert session.scalars(select(SpentWidgetToken)).all() == []


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"at": NOW - timedelta(hours=1)}, "The token has expired"),
        ({"aud": "birch"}, "The audience (aud)"),
        ({"role": "owner", "email": "new@acme.test"}, "must be pm, field, client or vendor"),
        ({"email": "agent1@corbel.test", "role": "pm"}, "platform’s own people"),
        ({"exp": int(NOW.timestamp()) + 999}, "A token may last 5 minutes at most"),
    ],
)
def test_a_bad_token_is_said_to_be_and_why(world, sign_in, signer, claims, words):
    assert words in tried(sign_in(world.owner), signer.sign(**claims))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä", "x" * 9000])
def test_what_is_no_token_is_said_to_be_none(world, sign_in, token):
    tried(sign_in(world.owner), token)
