"""Personal tokens: shown once, for as much and as long as their person says."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import ApiToken
from portal.accounts.service import tokens
from portal.core.permissions import Scope
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
PLACE, TICKETS = "/account/tokens", "/api/v1/support/tickets"


def make(client, scopes=("tickets:read",), **more):
    data = {"name": "CI", "scopes": list(scopes), "days": "90"} | more
    return client.post(PLACE, data=data)


def plain_in(answer):
    found = re.search(r"corbel_[\w-]+", answer.text)
    assert found is not None, answer.text
    return found[0]


def ask(app, plain, method="GET", **more):
    headers = {"Authorization": f"Bearer {plain}"}
    return app.test_client().open(TICKETS, method=method, headers=headers, buffered=True, **more)


def test_it_is_shown_once_and_kept_as_a_digest(app, world, sign_in, session):
    client = sign_in(world.pm)
    plain = plain_in(make(client))
    assert plain not in client.get(PLACE).text
    assert ask(app, plain).status_code == 200
    kept = session.scalars(select(ApiToken)).one()
    assert plain not in str(vars(kept))
    assert kept.expires_at == NOW + timedelta(days=90)


def test_a_token_for_reading_writes_nothing(app, world, sign_in):
    plain = plain_in(make(sign_in(world.pm)))
    answer = ask(app, plain, "POST", json={"subject": "x", "description": "y"})
    assert answer.status_code == 403
    assert answer.json["missing_scope"] == "tickets:write"
    assert "tickets:write" in answer.json["detail"]


def test_a_token_for_writing_reads_nothing(app, world, sign_in):
    plain = plain_in(make(sign_in(world.pm), ["tickets:write"]))
    assert ask(app, plain).status_code == 403
    answer = ask(app, plain, "POST", json={"subject": "x", "description": "y"})
    assert answer.status_code == 201


def test_the_description_names_the_scopes(app):
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    assert "`tickets:read`" in paths[TICKETS]["get"]["description"]
    assert "`tickets:write`" in paths[TICKETS]["post"]["description"]


def test_it_ends_when_it_was_said_to(app, world, sign_in, noon):
    client = sign_in(world.pm)
    plain, endless = plain_in(make(client, days="30")), plain_in(make(client, days="0"))
    noon.shift(timedelta(days=30) - timedelta(seconds=1))
    assert ask(app, plain).status_code == 200
    noon.shift(timedelta(seconds=1))
    assert ask(app, plain).status_code == 401
    assert ask(app, endless).status_code == 200
    assert "Expired" in client.get(PLACE).text


def test_it_is_revoked_at_once_by_its_person_alone(app, world, sign_in, session):
    client = sign_in(world.pm)
    plain = plain_in(make(client))
    key = session.scalars(select(ApiToken.id)).one()
    for other in (world.owner, world.agent, world.stranger):
        answer = sign_in(other).post(f"{PLACE}/{key}/revocation")
        assert answer.status_code == 404
    assert ask(app, plain).status_code == 200
    assert client.post(f"{PLACE}/{key}/revocation").location == PLACE
    assert ask(app, plain).status_code == 401
    assert "No tokens yet" in client.get(PLACE).text


def test_its_use_is_noted_once_in_a_while(app, world, sign_in, session, noon):
    client = sign_in(world.pm)
    plain = plain_in(make(client))
    assert "Never used" in client.get(PLACE).text
    for minutes, noted in ((0, 0), (4, 0), (1, 5)):
        noon.shift(timedelta(minutes=minutes))
        ask(app, plain)
        session.rollback()
        kept = session.scalars(select(ApiToken).execution_options(populate_existing=True)).one()
        assert kept.last_used_at == NOW + timedelta(minutes=noted)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Say what it is for."),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["everything"]}, "everything"),
        ({"days": "99999"}, "Not a valid choice"),
        ({"name": "x" * 81}, "80"),
    ],
)
def test_what_can_not_be_is_refused(world, sign_in, session, more, words):
    answer = make(sign_in(world.pm), **more)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(ApiToken)).all() == []


def test_there_are_only_so_many(world, sign_in, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    client = sign_in(world.pm)
    assert [make(client).status_code for _time in range(3)] == [200, 200, 422]


def test_clients_have_none(world, sign_in):
    assert sign_in(world.client).get(PLACE).status_code == 403


def test_a_token_from_before_has_every_scope(session, world):
    made = tokens.create_token(session, world.pm.email, "old", at=NOW)
    assert made.token.scopes == [scope.value for scope in Scope]
