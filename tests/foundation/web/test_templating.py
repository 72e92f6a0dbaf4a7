"""What a template always says is translated when it is compiled, once for each language."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import force_locale
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from portal.core.ticket_states import State
from portal.foundation.speech import gettext as _

TEMPLATES = Path(__file__).parents[3] / "templates"


def said(app: Flask, spoken: str, template: str) -> str:
    with app.test_request_context(), force_locale(spoken):
        return render_template(template)


def test_each_language_has_its_own_compiled_templates(app: Flask) -> None:
    """Also when both are asked for at once, by threads of one process."""
    expected = {spoken: said(app, spoken, "errors/404.html") for spoken in ("en", "es")}
    asked = ["en", "es"] * 40
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: said(app, one, "errors/404.html"), asked))
    for spoken, page in zip(asked, found, strict=True):
        assert f'<html lang="{spoken}"' in page
        assert _words(page) == _words(expected[spoken])
    assert _words(expected["en"]) != _words(expected["es"])


def _words(page: str) -> list[str]:
    return re.findall(r"<(?:title|h1|p)[^>]*>([^<]+)", page)


def test_a_letter_in_another_language_in_the_midst_of_a_page(app: Flask) -> None:
    app.jinja_env.globals["letter"] = lambda: _spanish("{{ _('Sign in') }}")
    with app.test_request_context(), force_locale("en"):
        page = render_template_string("{{ _('Sign in') }}, {{ letter() }}, {{ _('Sign in') }}")
    with app.test_request_context(), force_locale("es"):
        assert page == f"Sign in, {_('Sign in')}, Sign in"


def _spanish(template: str) -> str:
    with force_locale("es"):
        return render_template_string(template)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ _('Sign in') }}", "Sign in"),
        ("{{ _('5%% of all') }}", "5% of all"),
        ("{% set word = _('Save & close') %}{{ word }}", "Save & close"),
        ("{{ _('For %(name)s', name=typed) }}", "For &lt;b&gt;"),
        ("{% set word = _('For %(name)s', name=typed) %}{{ word }}", "For &lt;b&gt;"),
        ("{{ _('%(a)s and %(b)s', a=_('Sign in'), b=typed|upper) }}", "Sign in and &lt;B&gt;"),
    ],
)
def test_our_words_stand_as_they_are_and_what_was_typed_is_escaped(
    app: Flask, template: str, expected: str
) -> None:
    with app.test_request_context():
        assert render_template_string(template, typed="<b>") == expected


def test_every_sentence_of_a_template_can_be_translated_beforehand() -> None:
    """A sentence that is put together when the page is made is in no catalogue either."""
    calls = [
        (path.name, call)
        for path in TEMPLATES.rglob("*.html")
        for call in re.findall(r"(?<![\w.])_\((.)", path.read_text("utf-8"))
    ]
    assert len(calls) > 500
    assert {call for _name, call in calls} == {"'"}


class Lazy:
    """A text that is looked up when it is shown."""

    times = 0

    def __str__(self) -> str:
        self.times += 1
        return "<lazy>"

    def __getattr__(self, name: str) -> object:
        raise AttributeError(name, str(self))  # looks itself up for whatever it is asked


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<b> & 'c' \"d\"", "&lt;b&gt; &amp; &#39;c&#39; &#34;d&#34;"),
        (Markup("<b>"), "<b>"),
        (7, "7"),
        (None, "None"),
        (State.OPEN, "open"),
        (["<"], "[&#39;&lt;&#39;]"),
    ],
)
def test_values_are_shown_as_markupsafe_escapes_them(
    app: Flask, value: object, expected: str
) -> None:
    assert escape(value) == expected
    template = "{% macro it(one) %}{{ one }}{% endmacro %}{{ value }} {{ it(value) }}"
    with app.test_request_context():
        assert render_template_string(template, value=value) == f"{expected} {expected}"


def test_what_is_not_there_shows_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ nobody }}{{ none.name }}{{ 'x'|default }}") == "x"


def test_a_lazy_text_is_looked_up_once(app: Flask) -> None:
    lazy = Lazy()
    with app.test_request_context():
        assert render_template_string("{{ lazy }}", lazy=lazy) == "&lt;lazy&gt;"
    assert lazy.times == 1


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ join('a', 'b') }}", "a-b-"),
        ("{{ join('a', c='x') }}", "a--x"),
        ("{{ join(c='x', *['a', 'b']) }}", "a-b-x"),
        ("{{ join('a', **{'b': 'y', 'c': 'z'}) }}", "a-y-z"),
        ("{{ join() }}", "--"),
        ("{{ hold(**{'class': 'x', 'hx-get': '/'}) }}", "class=x hx-get=/"),
        ("{% macro m() %}[{{ caller('<') }}]{% endmacro %}"
         "{% call(it) m() %}{{ it }}{{ join(it) }}{% endcall %}", "[&lt;&lt;--]"),
        ("{% for it in 'ab' %}{{ join(loop.index, it) }}{{ loop.cycle('!', '?') }}{% endfor %}",
         "1-a-!2-b-?"),
        ("{{ ngettext('%(num)s day', '%(num)s days', 2) }}", "2 days"),
        ("{{ (first or join)('a') }}", "a--"),
    ],
)  # fmt: skip
def test_calls_pass_on_what_they_are_given(app: Flask, template: str, expected: str) -> None:
    def join(a: object = "", b: object = "", c: object = "") -> str:
        return f"{a}-{b}-{c}"

    def hold(**named: object) -> str:
        return " ".join(f"{name}={value}" for name, value in named.items())

    with app.test_request_context():
        assert render_template_string(template, join=join, hold=hold) == expected


def test_nobody_is_not_called(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError, match="'nobody' is undefined"):
        render_template_string("{{ nobody() }}")
