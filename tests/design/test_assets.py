import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.foundation.web import assets
from tests.design.table import ROOT, SAMPLES

BUDGET = 60_000


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "base.css").write_text("b { color: red }")
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "two.css").write_text(".two {}")
    (tmp_path / "components" / "one.css").write_text(".one {}")
    return tmp_path


def test_stylesheet_declares_its_layers_before_any_rule(sheet: Path) -> None:
    body = assets.bundle_css(sheet)[0].decode()
    assert body.startswith(
        "@layer reset, tokens, base, layout, components, features, utilities;\n@layer reset {"
    )


def test_files_are_joined_inside_their_layer_in_a_fixed_order(sheet: Path) -> None:
    body = assets.bundle_css(sheet)[0].decode()
    assert "@layer base {\nb { color: red }\n}" in body
    assert "@layer components {\n.one {}\n.two {}\n}" in body


def test_digest_follows_the_content(sheet: Path) -> None:
    before = assets.bundle_css(sheet)[1]
    assert assets.bundle_css(sheet)[1] == before
    (sheet / "base.css").write_text("b { color: blue }")
    assert assets.bundle_css(sheet)[1] != before


def test_script_starts_with_what_others_wrote_and_leaves_out_what_loads_apart() -> None:
    body = assets.bundle_js(ROOT / "static")[0].decode()
    assert body.startswith("var htmx=")
    assert "recent-errors" in body
    assert "data-set-theme" not in body


def test_every_vendored_file_is_named_with_its_licence() -> None:
    notes = (ROOT / "static" / "LICENSES.md").read_text()
    names = {path.name for path in (ROOT / "static" / "vendor").iterdir()}
    assert names == set(assets.VENDORED)
    assert all(name in notes for name in names)


def _link(client: FlaskClient, kind: str) -> str:
    found = re.search(rf'"(/static/site\.[0-9a-f]+\.{kind})"', client.get("/gallery").text)
    assert found
    return found[1]


@pytest.mark.parametrize(("kind", "mimetype"), [("css", "text/css"), ("js", "text/javascript")])
def test_bundle_is_kept_for_a_year_and_packed(
    client: FlaskClient, kind: str, mimetype: str
) -> None:
    link = _link(client, kind)
    plain = client.get(link)
    packed = client.get(link, headers={"Accept-Encoding": "gzip, br"})
    assert plain.mimetype == packed.mimetype == mimetype
    assert "immutable" in plain.headers["Cache-Control"]
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data


def test_gzip_that_is_refused_is_not_sent(client: FlaskClient) -> None:
    answer = client.get(_link(client, "css"), headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


def test_page_of_an_older_release_gets_the_bundle_but_may_not_keep_it(client: FlaskClient) -> None:
    answer = client.get("/static/site.000000000000.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_other_kinds_are_unknown(client: FlaskClient) -> None:
    assert client.get("/static/site.000000000000.map").status_code == 404


def test_address_of_a_file_carries_its_digest(table: Flask) -> None:
    with table.test_request_context():
        assert re.fullmatch(r"/static/icons\.svg\?v=[0-9a-f]{12}", assets.asset_url("icons.svg"))


@pytest.mark.parametrize("name", SAMPLES)
def test_first_page_stays_light(client: FlaskClient, name: str) -> None:
    page = client.get(f"/page/{name}").data
    own = set(re.findall(rb'(?:src|href)="(/static/[^"#]+)', page))
    bodies = [page, *(fetch(client, link.decode()) for link in own)]
    assert sum(len(gzip.compress(body, 9)) for body in bodies) < BUDGET


def fetch(client: FlaskClient, link: str) -> bytes:
    with client.get(link) as answer:
        return answer.data
