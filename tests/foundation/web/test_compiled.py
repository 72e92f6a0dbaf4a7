"""Compiled templates outlive the process that compiled them, and nothing else about them."""

from functools import partial

import pytest
from flask import Flask, render_template
from flask_babel import force_locale
from jinja2 import Environment

from portal.app import create_app
from portal.config import Settings
from portal.foundation.runtime import runtime_of
from portal.foundation.web import templating
from portal.foundation.web.compiled import Compiled

PAGE = "errors/404.html"

pytestmark = pytest.mark.once


@pytest.fixture
def started(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """A fresh application on the same data; `.compiled` counts what it has to compile."""
    compiled: list[str] = []
    compile_it = Environment._compile

    def counting(self: Environment, source: str, filename: str) -> object:
        compiled.append(filename)
        return compile_it(self, source, filename)

    monkeypatch.setattr(Environment, "_compile", counting)
    apps: list[Flask] = []

    def start() -> tuple[Flask, list[str]]:
        compiled.clear()
        apps.append(create_app(settings))
        return apps[-1], compiled

    yield start
    for app in apps:
        runtime_of(app).engine.dispose()


def shown(app: Flask, spoken: str = "en") -> str:
    with app.test_request_context(), force_locale(spoken):
        return render_template(PAGE)


def test_the_next_start_compiles_nothing(started) -> None:
    first, compiled = started()
    page = shown(first)
    assert compiled
    second, compiled = started()
    assert shown(second) == page
    assert not compiled


def test_the_first_step_of_a_start_compiles_them_all(started) -> None:
    first, compiled = started()
    templating.compile_all(first, ["en", "es"])
    assert len(compiled) > 200
    second, compiled = started()
    shown(second)
    shown(second, "es")
    assert not compiled


def test_each_language_has_its_own(started) -> None:
    first, _ = started()
    english = shown(first)
    second, compiled = started()
    spanish = shown(second, "es")
    assert compiled
    assert spanish != english
    third, compiled = started()
    assert (shown(third, "es"), shown(third)) == (spanish, english)
    assert not compiled


@pytest.mark.parametrize("kept", [0, 12, 60, 200])
@pytest.mark.parametrize("more", [b"", b"nonsense" * 40])
def test_what_is_damaged_is_made_anew(started, settings, kept: int, more: bytes) -> None:
    first, _ = started()
    page = shown(first)
    for path in (settings.data / "templates" / "en").iterdir():
        path.write_bytes(path.read_bytes()[:kept] + more)
    second, compiled = started()
    assert shown(second) == page
    assert compiled


def test_without_room_a_page_is_shown_all_the_same(started, settings) -> None:
    app, _ = started()
    app.jinja_env.keep(partial(Compiled, settings.data / "full"))
    shown(app)
    (settings.data / "full" / "en").rename(settings.data / "gone")
    with app.test_request_context():
        assert "<html" in render_template("errors/500.html")
    assert not (settings.data / "full" / "en").exists()


def test_a_changed_program_compiles_anew(started, monkeypatch) -> None:
    first, _ = started()
    shown(first)
    monkeypatch.setattr("portal.foundation.web.compiled._program", lambda: b"another one")
    second, compiled = started()
    shown(second)
    assert compiled
