"""Who gets a panel's token, as what, and when it ends."""

import base64
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import (
    AuditEntry,
    FormerMember,
    Membership,
    SpentWidgetToken,
    User,
    WidgetKey,
    WidgetSession,
)
from portal.accounts.service import team, widget_keys, widget_sessions, widget_settings
from portal.accounts.service.widget_settings import Where
from portal.accounts.widget_words import REASONS
from portal.core.permissions import Role
from portal.foundation.digests import digest_of
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.world import NOW
from tests.widget.conftest import HOST, OTHER_HOST, beginning

pytestmark = pytest.mark.usefixtures("noon")
TICKETS = "/api/v1/support/tickets"


def member(session, email, builder):
    return session.scalars(
        select(Membership)
        .join(User)
        .where(User.email == email, Membership.builder_id == builder.id)
    ).one_or_none()


def reason(answer):
    assert answer.status_code == 401, answer.text
    assert answer.json["developer"]
    assert answer.json["reason"] in REASONS
    assert answer.json["developer"] not in answer.json["detail"]
    return answer.json["reason"]


def test_a_signed_token_opens_a_panel_for_a_quarter_of_an_hour(begin, server, session):
    answer = begin(server.sign())
    assert answer.status_code == 200
    assert answer.json["expires_in"] == 900
    row = session.scalars(select(WidgetSession)).one()
    assert row.digest == digest_of(answer.json["token"])
    assert answer.json["token"] not in str(vars(row))
    assert (row.origin, row.expires_at) == (HOST, NOW + timedelta(minutes=15))


def test_the_token_is_one_of_the_api_too(app, bearer, noon):
    client, headers = app.test_client(), bearer()
    made = client.post(TICKETS, json={"subject": "a", "description": "b"}, headers=headers)
    assert made.status_code == 201
    assert [one["id"] for one in client.get(TICKETS, headers=headers).json["items"]] == [
        made.json["id"]
    ]
    noon.shift(timedelta(minutes=15))
    assert client.get(TICKETS, headers=headers).status_code == 401


def test_a_client_asks_the_builder_at_the_api(app, bearer):
    headers = bearer("new@client.example", role="client")
    made = app.test_client().post(
        TICKETS, json={"subject": "a", "description": "b"}, headers=headers
    )
    assert made.status_code == 201, made.text
    assert "Corbel" not in made.text


def test_a_guest_can_only_read_help_at_the_api(app, guest):
    answer = app.test_client().get(TICKETS, headers=guest())
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "birch"}, "issuer"),
        ({"aud": "birch"}, "audience"),
        ({"exp": int(NOW.timestamp())}, "expired"),
        ({"exp": int(NOW.timestamp()) + 301}, "too_long"),
        ({"iat": int(NOW.timestamp()) + 120, "exp": int(NOW.timestamp()) + 180}, "future"),
        ({"jti": None}, "claims"),
        ({"sub": ""}, "claims"),
        ({"email": None}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"email": ["pm@acme.test"]}, "email"),
        ({"email": "new@acme.test"}, "role"),
        ({"email": "new@acme.test", "role": "owner"}, "role"),
        ({"email": "new@acme.test", "role": "admin"}, "role"),
        ({"email": "new@acme.test", "role": "agent"}, "role"),
        ({"email": "new@acme.test", "role": "platform_admin"}, "role"),
        ({"email": "new@acme.test", "role": "guest"}, "role"),
        ({"email": "new@acme.test", "role": "wizard"}, "role"),
        ({"email": "new@acme.test", "role": {"a": 1}}, "role"),
        ({"role": "owner"}, "role"),
        ({"email": "agent1@corbel.test", "role": "client"}, "staff"),
        ({"email": "admin@corbel.test", "role": "pm"}, "staff"),
    ],
)
def test_a_wrong_token_lets_nobody_in(begin, server, session, claims, why):
    before = len(session.scalars(select(Membership)).all())
    session.rollback()
    assert reason(begin(server.sign(**claims))) == why
    assert session.scalars(select(WidgetSession)).all() == []
    assert len(session.scalars(select(Membership)).all()) == before


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_an_unsigned_token_is_none(begin, server):
    _head, body, signature = server.sign().split(".")
    for alg in ("none", "None", "HS384", "RS256", ""):
        head = part({"alg": alg, "kid": server.kid})
        assert reason(begin(f"{head}.{body}.")) == "algorithm"
        assert reason(begin(f"{head}.{body}.{signature}")) == "algorithm"


@pytest.mark.parametrize("token", ["x", "a.b.c", "." * 50, "é" * 10, "a" * 9000])
def test_what_is_no_token_is_refused(begin, server, token):
    assert reason(begin(token)) == "malformed"


def test_a_token_counts_once(begin, server, session):
    token = server.sign()
    assert begin(token).status_code == 200
    assert reason(begin(token)) == "replayed"
    assert len(session.scalars(select(SpentWidgetToken)).all()) == 1


def test_a_changed_token_is_found_out(begin, server):
    head, _body, signature = server.sign().split(".")
    _head, body, _signature = server.sign("owner@acme.test").split(".")
    assert reason(begin(f"{head}.{body}.{signature}")) == "signature"


def test_a_key_of_another_builder_vouches_for_nobody_here(begin, server, other_server):
    assert reason(begin(other_server.sign(iss="acme", aud="acme"))) == "key"
    stolen = other_server.sign("owner@acme.test")
    answer = begin(stolen, builder="birch", origin=OTHER_HOST)
    assert reason(answer) == "role"  # not even as what they are at their own


def test_a_page_that_is_not_the_builders_opens_nothing(begin, server, other_server):
    for origin in (OTHER_HOST, "null", "", "https://app.acme.example.evil.example", HOST + "/"):
        assert reason(begin(server.sign(), origin=origin)) == "origin"


@pytest.mark.parametrize("builder", ["", "nobody", "../acme", "Acme", None, 7])
def test_a_builder_that_is_none(begin, server, builder):
    assert reason(begin(server.sign(), builder=builder)) == "builder"


def test_what_is_no_request_is_refused(app):
    client = app.test_client()
    assert (
        client.post("/widget/session", data=b"{", content_type="application/json").status_code
        == 400
    )
    assert client.post("/widget/session", json=[]).status_code == 400
    assert client.post("/widget/session", data={"builder": "acme"}).status_code == 415
    assert client.post("/widget/session", json={"token": "a" * 70_000}).status_code == 413


# who they are


def test_whom_the_builder_vouches_for_becomes_a_member_of_it(begin, server, session, world):
    said = {"name": "Ana  Field", "role": "field", "locale": "es-MX"}
    assert begin(server.sign("New@Acme.Test", **said)).json["role"] == "field"
    found = member(session, "new@acme.test", world.acme)
    assert (found.role, found.user.name, found.user.locale) == ("field", "Ana Field", "es")
    assert found.user.email_verified_at is None  # nobody has shown that they read it
    assert found.user.password_hash == ""
    see(session, PLATFORM)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "widget.joined")).one()
    assert (entry.about, entry.builder_id) == ("new@acme.test", world.acme.id)


def test_they_become_it_once(begin, server, session, world):
    for _time in range(2):
        assert begin(server.sign("new@acme.test", role="client")).status_code == 200
    assert member(session, "new@acme.test", world.acme) is not None
    assert len(session.scalars(select(User).where(User.email == "new@acme.test")).all()) == 1


def test_somebody_of_another_builder_gets_nothing_of_there(app, begin, server, session, world):
    """Owner of Birch, and a client of Acme: as the latter they come in, and nothing else."""
    answer = begin(server.sign(world.stranger.email, name="Not My Name", role="client"))
    assert answer.json["role"] == "client"
    assert member(session, world.stranger.email, world.birch).role == "owner"
    assert member(session, world.stranger.email, world.acme).role == "client"
    assert session.get_one(User, world.stranger.user_id).name == world.stranger.name
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    sat = app.test_client().get(TICKETS, headers=headers)
    assert sat.json["items"] == []


def test_who_is_in_charge_stays_so_whatever_the_token_says(begin, server, session, world):
    for role in ("client", "pm", "owner", None):
        assert begin(server.sign(world.owner.email, role=role)).json["role"] == "owner"
    assert member(session, world.owner.email, world.acme).role == "owner"


def test_nobody_is_put_in_charge_by_a_token(begin, server, session, world):
    for role in ("owner", "admin"):
        assert reason(begin(server.sign(world.pm.email, role=role))) == "role"
    assert member(session, world.pm.email, world.acme).role == "pm"


def test_another_role_holds_and_ends_what_the_former_opened(
    app, begin, bearer, server, session, world
):
    before = bearer(world.pm.email)
    assert begin(server.sign(world.pm.email, role="client")).json["role"] == "client"
    assert app.test_client().get(TICKETS, headers=before).status_code == 401
    assert member(session, world.pm.email, world.acme).role == "client"
    see(session, PLATFORM)
    acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "widget.role_changed")).all()
    assert [(one.about, one.facts) for one in acts] == [
        (world.pm.email, {"former": "pm", "role": "client"})
    ]


def test_no_role_is_no_change(begin, server, world):
    assert begin(server.sign(world.client.email)).json["role"] == "client"


def test_who_was_removed_does_not_come_back_by_a_token(app, bearer, begin, server, session, world):
    headers = bearer(world.pm.email)
    see(session, PLATFORM)
    team.remove(session, member(session, world.pm.email, world.acme), by=world.owner, at=NOW)
    session.commit()
    assert app.test_client().get(TICKETS, headers=headers).status_code == 401
    assert reason(begin(server.sign(world.pm.email, role="pm"))) == "removed"
    see(session, PLATFORM)
    assert session.scalars(select(FormerMember)).one().user_id == world.pm.user_id


def test_a_disabled_account_opens_nothing(app, bearer, begin, server, session, world):
    headers = bearer(world.pm.email)
    session.get_one(User, world.pm.user_id).disabled_at = NOW
    session.commit()
    assert app.test_client().get(TICKETS, headers=headers).status_code == 401
    assert reason(begin(server.sign(world.pm.email))) == "disabled"


# how it ends


def test_a_revoked_key_closes_what_it_opened(app, bearer, begin, server, session, world):
    headers = bearer()
    see(session, PLATFORM)
    key = session.scalars(select(WidgetKey)).one()
    widget_keys.revoke(session, key, by=world.owner, at=NOW)
    session.commit()
    assert app.test_client().get(TICKETS, headers=headers).status_code == 401
    assert reason(begin(server.sign())) == "key"


def test_an_address_that_is_taken_back_closes_what_was_open_there(app, bearer, session, world):
    headers = bearer()
    see(session, PLATFORM)
    widget_settings.save(session, Where((OTHER_HOST,), False, 1), by=world.owner, at=NOW)
    session.commit()
    assert app.test_client().get(TICKETS, headers=headers).status_code == 401


def test_guests_come_where_they_may(begin, server, let_guests_in, session, world):
    answer = begin(guest="a random id of a browser")
    assert answer.json["role"] == "guest"
    see(session, PLATFORM)
    row = session.scalars(select(WidgetSession)).one()
    assert (row.membership_id, row.key_id, row.builder_id) == (None, None, world.acme.id)


def test_guests_stay_out_where_they_may_not(begin, server):
    assert reason(begin(guest="a random id of a browser")) == "guests"


@pytest.mark.parametrize("key", ["", "short", "x" * 101, None])
def test_a_guest_has_an_id_that_nobody_guesses(begin, let_guests_in, key):
    assert reason(begin(guest=key)) == "guest"


def test_guests_are_shut_out_at_once(app, guest, session, world):
    headers = guest()
    see(session, PLATFORM)
    widget_settings.save(session, Where((HOST,), False, 2), by=world.owner, at=NOW)
    session.commit()
    assert app.test_client().get("/api/v1/support/tickets", headers=headers).status_code == 401


def test_expired_sessions_are_forgotten(bearer, session, runtime):
    bearer()
    late = NOW + timedelta(minutes=15)
    assert widget_sessions.forget_expired(runtime.writers, late) == 0
    assert widget_sessions.forget_expired(runtime.writers, late + timedelta(seconds=1)) == 1
    session.rollback()
    assert session.scalars(select(WidgetSession)).all() == []


def test_a_role_that_is_vouched_for_is_none_of_staff():
    from portal.accounts.service.widget_admission import VOUCHED

    assert {Role.PM, Role.FIELD, Role.CLIENT, Role.VENDOR} == VOUCHED


def test_an_office_that_is_vouched_for_shares_an_address(limited, server, let_guests_in):
    """Each page with first steps opens a panel as it is loaded; strangers get fewer."""
    begin = beginning(limited)
    assert {begin(server.sign(sub=f"user-{number}")).status_code for number in range(90)} == {200}
    guests = [begin(guest="a random id of a browser").status_code for _ in range(61)]
    assert (set(guests[:60]), guests[60]) == ({200}, 429)
    assert begin(server.sign()).status_code == 200
