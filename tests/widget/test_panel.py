"""The frame, its scripts and what they weigh, and that no cookie has a part in it."""

import gzip
import json
import re

import pytest
from werkzeug.wrappers import Request

from tests.widget.conftest import HOST
from widget.bundles import bundles

pytestmark = pytest.mark.usefixtures("noon")
KB = 1024


def packed(answer):
    return len(gzip.compress(answer.data, 9))


def test_it_is_framed_by_the_builders_pages_alone(app, server):
    answer = app.test_client().get("/widget/panel?builder=acme")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {HOST}")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answer.headers
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
    tags = re.findall(r"<(?:script|style)\b[^>]*>", answer.text)
    assert len(tags) == 2
    assert all(f'nonce="{nonce}"' in tag for tag in tags)


@pytest.mark.parametrize("builder", ["birch", "nobody", "", "acme' *; script-src *"])
def test_where_no_page_may_there_is_nothing(app, server, world, builder):
    answer = app.test_client().get("/widget/panel", query_string={"builder": builder})
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "<script" not in answer.text


def test_the_frame_speaks_the_pages_language_or_that_of_whoever_is_there(app, server):
    client = app.test_client()
    english = client.get("/widget/panel?builder=acme")
    spanish = client.get("/widget/panel?builder=acme&lang=es-MX")
    assert ("Write to us" in english.text, "Escríbenos" in spanish.text) == (True, True)
    assert '<html lang="es"' in spanish.text
    assert client.get("/widget/panel?builder=acme&lang=xx'><script>").status_code == 200
    begun = {"builder": "acme", "origin": HOST, "url": f"{HOST}/", "shell": "en"}
    speaks = {"Accept-Language": "es"}
    said = client.post("/widget/session", json=begun | {"token": server.sign()}, headers=speaks)
    assert "Escríbenos" in said.json["shell"]
    same = client.post("/widget/session", json=begun | {"token": server.sign()})
    assert "shell" not in same.json


def test_the_loader_is_small(app):
    answer = app.test_client().get("/widget/corbel.js")
    assert packed(answer) <= 5 * KB
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "cookie" not in answer.text.lower()
    assert answer.text.count("Storage.setItem") == 1  # a guest's id, once they wrote something


def test_three_answers_of_forty_kilobytes_show_the_panel(app, server):
    client = app.test_client()
    shell = client.get("/widget/panel?builder=acme")
    (script,) = re.findall(r'<script src="([^"]+)"', shell.text)
    part = client.get(script)
    begun = {"builder": "acme", "token": server.sign(), "origin": HOST, "url": f"{HOST}/"}
    opened = client.post("/widget/session", json=begun)
    assert 'data-view="home"' in opened.json["html"]
    assert sum(map(packed, (shell, part, opened))) <= 40 * KB
    for again in re.findall(r'(?:src|href)="([^"#]+)"', opened.json["html"]):
        assert "icons.svg" not in again


def test_scripts_are_kept_by_their_digest_and_sent_packed(app):
    client = app.test_client()
    for name in ("panel", "rest", "board", "tips"):
        digest = getattr(bundles(), name).digest
        answer = client.get(f"/widget/{name}.{digest}.js", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert client.get(f"/widget/{name}.other.js").headers["Cache-Control"] == "no-store"
    assert bundles().tips.digest in client.get("/widget/corbel.js").text
    answer = client.get("/widget/corbel.js")
    same = client.get("/widget/corbel.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    assert client.get("/widget/corbel.d.ts").status_code == 200


def test_no_cookie_is_read_or_set(app, world, sign_in, bearer, server, monkeypatch):
    """Whoever is signed in in the same browser is nobody here."""
    headers = bearer()
    client = sign_in(world.owner)
    read = []
    monkeypatch.setattr(Request, "cookies", property(lambda self: read.append(self.path) or {}))
    asked = [
        client.get("/widget/corbel.js"),
        client.get("/widget/panel?builder=acme"),
        client.get("/widget/home"),
        client.get("/widget/home", headers=headers),
        client.get("/widget/contact", headers=headers),
        client.get("/widget/tickets", headers=headers),
        client.get("/widget/search?q=schedule", headers=headers),
        client.get("/widget/tickets/999", headers=headers),
        client.post("/widget/contact", data={"subject": "a"}, headers=headers),
        client.post("/widget/session", json={"builder": "acme", "token": "x", "origin": HOST}),
        client.post(
            "/widget/session", json={"builder": "acme", "token": server.sign(), "origin": HOST}
        ),
    ]
    statuses = [answer.status_code for answer in asked]
    assert statuses == [200, 200, 401, 200, 200, 200, 200, 404, 422, 401, 200]
    assert not any("Set-Cookie" in answer.headers for answer in asked)
    assert read == []


def test_addresses_carry_no_token(app, bearer):
    token = bearer()["Authorization"].removeprefix("Bearer ")
    assert app.test_client().get(f"/widget/home?token={token}").status_code == 401
    assert (
        app.test_client().get("/widget/home", headers={"Cookie": f"token={token}"}).status_code
        == 401
    )


def test_an_unknown_token_is_told_to_the_script(app):
    for header in ("Bearer x", "Basic eDp5", "Bearer corbel-panel_x", "Bearer"):
        answer = app.test_client().get("/widget/home", headers={"Authorization": header})
        assert answer.status_code == 401
        assert json.loads(answer.text)["status"] == 401


def test_at_a_portal_there_is_its_own_help_alone(app, server, other_server):
    client = app.test_client()
    for path in ("/b/acme/widget/panel", "/b/acme/widget/panel?builder=acme"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert 'data-builder="acme"' in answer.text
    assert client.get("/b/acme/widget/panel?builder=birch").status_code == 404
    assert client.get("/widget/panel").status_code == 404
    asked = {"builder": "birch", "origin": "https://app.birch.example", "guest": "x" * 32}
    answer = client.post("/b/acme/widget/session", json=asked)
    assert (answer.status_code, answer.json["reason"]) == (401, "builder")
