"""The help at a host that is a builder's own, as the DNS says."""

import pytest

from portal.branding.models import Domain
from tests.widget.conftest import HOST, OTHER_HOST

pytestmark = pytest.mark.usefixtures("noon")
OWN = "https://help.acme.example"


@pytest.fixture
def at_home(session, world, now, app):
    """Asks a host that shows in the DNS whose it is."""
    session.add(
        Domain(
            builder_id=world.acme.id,
            host="help.acme.example",
            token="shown",
            state="verified",
            created_at=now,
            verified_at=now,
        )
    )
    session.commit()

    def ask(path, **said):
        method = "POST" if "json" in said else "GET"
        return app.test_client().open(path, method=method, base_url=OWN, **said)

    return ask


def begun(at_home, **said):
    return at_home("/widget/session", json={"origin": HOST, "url": f"{HOST}/"} | said)


@pytest.mark.parametrize("said", [{"role": "client"}, {}])
def test_all_of_it_is_there(at_home, server, said):
    assert b"attachShadow" in at_home("/widget/corbel.js").data
    frame = at_home("/widget/panel?builder=acme")
    assert frame.status_code == 200
    assert frame.headers["Content-Security-Policy"].endswith(f"frame-ancestors {HOST}")
    email = "new@client.example" if said else "pm@acme.test"
    answer = begun(at_home, builder="acme", token=server.sign(email, **said))
    assert answer.status_code == 200, answer.text
    assert 'data-view="home"' in answer.json["html"]
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    for path in ("/widget/home?url=/", "/widget/contact", "/widget/tickets"):
        assert at_home(path, headers=headers).status_code == 200


def test_it_needs_no_name_there(at_home, server):
    assert at_home("/widget/panel").status_code == 200
    assert begun(at_home, token=server.sign()).status_code == 200


def test_no_other_builders_help_is_there(at_home, server, other_server):
    assert at_home("/widget/panel?builder=birch").status_code == 404
    theirs = other_server.sign("owner@birch.test")
    for builder in ("birch", "acme", ""):
        answer = begun(at_home, builder=builder, token=theirs, origin=OTHER_HOST)
        assert answer.status_code == 401
        assert "token" not in answer.json


def test_a_token_of_the_platforms_host_opens_nothing_of_another_builders(
    app, at_home, other_server
):
    there = app.test_client().post(
        "/widget/session",
        json={
            "builder": "birch",
            "token": other_server.sign("owner@birch.test"),
            "origin": OTHER_HOST,
            "url": f"{OTHER_HOST}/",
        },
    )
    assert there.status_code == 200, there.text
    headers = {"Authorization": f"Bearer {there.json['token']}"}
    assert app.test_client().get("/widget/home", headers=headers).status_code == 200
    assert at_home("/widget/home", headers=headers).status_code == 401
