import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.design.table import ERRORS, PATHS, ROOT

TEMPLATES = ROOT / "templates"
MINE = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for folder in ("layouts", "macros", "errors")
    for path in (TEMPLATES / folder).glob("*.html")
)
PAGE_LAYOUTS = [name for name in MINE if "mail" not in name]
SYMBOLS = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static" / "icons.svg").read_text()))


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


def every_template() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", every_template(), ids=lambda path: path.name)
def test_icons_asked_for_are_drawn(path: Path) -> None:
    asked = re.findall(r"'([a-z-]+)'\|icon\b", path.read_text())
    asked += re.findall(r"icon_name='([a-z-]+)'", path.read_text())
    assert set(asked) <= SYMBOLS


@pytest.mark.parametrize("name", PAGE_LAYOUTS)
def test_nothing_inline_that_the_policy_would_refuse(name: str) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", source(name))
    assert not re.search(r"<script(?![^>]*\bsrc=)", source(name))


@pytest.mark.parametrize("name", MINE)
def test_no_template_turns_escaping_off(name: str) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape", source(name))


@pytest.mark.parametrize("name", [name for name in MINE if name.startswith("macros/")])
def test_macros_need_nothing_from_the_page(table: Flask, name: str) -> None:
    assert table.jinja_env.get_template(name).module is not None


@pytest.mark.parametrize("layout", ["base", "public", "workspace"])
def test_every_block_of_a_layout_renders_alone(table: Flask, layout: str) -> None:
    with table.test_request_context():
        table.preprocess_request()
        template = table.jinja_env.get_template(f"layouts/{layout}.html")
        values: dict[str, object] = {}
        table.update_template_context(values)
        for block in template.blocks.values():
            "".join(block(template.new_context(values)))


@pytest.mark.parametrize("code", ERRORS)
def test_error_page_says_what_happened_and_what_next(client: FlaskClient, code: int) -> None:
    page = client.get(f"/error/{code}", headers={"X-Request-Id": "0" * 32})
    assert page.status_code == code
    assert page.text.count("<h1>") == 1
    assert re.search(
        r"<p class=\"lede\" data-detail>[^<]{20,}</p>\s*<p class=\"measure\">[^<]{20,}", page.text
    )
    assert 'class="button' in page.text
    assert "00000000-0000-0000-0000-000000000000" in page.text


@pytest.mark.parametrize("path", PATHS)
def test_page_names_its_language_and_its_one_heading(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    assert '<html lang="en"' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_spanish_page_says_so(client: FlaskClient) -> None:
    assert '<html lang="es"' in client.get("/gallery?lang=es").text


def test_scripts_carry_the_nonce_of_the_answer(client: FlaskClient) -> None:
    page = client.get("/gallery")
    nonces = set(re.findall(r'nonce="([^"]+)"', page.text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in page.headers["Content-Security-Policy"]


def test_signed_out_reader_is_offered_the_way_in(client: FlaskClient) -> None:
    assert 'href="/sign-in"' in client.get("/page/sign-in").text


def test_signed_in_reader_can_sign_out_by_post(client: FlaskClient) -> None:
    text = client.get("/page/home").text
    assert re.search(
        r'<form method="post" action="/sign-out"><input type="hidden" name="csrf_token"', text
    )


def test_language_switch_comes_back_to_this_page(client: FlaskClient) -> None:
    text = client.get("/page/home?view=mine").text
    assert 'action="/locale"' in text
    assert 'name="next" value="/page/home?view=mine"' in text
