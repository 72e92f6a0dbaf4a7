"""What every answer says beside its body."""

import pytest
from flask import Flask, Response

from portal.foundation.web import headers


def answer_of(**said: str) -> Response:
    app = Flask("bare")
    headers.init_app(app)
    app.add_url_rule("/", "view", lambda: ("", said))
    return app.test_client().get("/")


@pytest.mark.parametrize("name", dict(headers.ALWAYS))
def test_what_is_always_said(name: str) -> None:
    assert answer_of().headers.getlist(name) == [dict(headers.ALWAYS)[name]]


def test_a_views_own_word_stands() -> None:
    answer = answer_of(**{"cache-control": "private, max-age=60", "referrer-policy": "origin"})
    assert answer.headers.getlist("Cache-Control") == ["private, max-age=60"]
    assert answer.headers.getlist("Referrer-Policy") == ["origin"]


def test_what_an_answer_varies_by_is_added_to_what_the_view_says() -> None:
    assert set(answer_of().vary) == {"HX-Request", "Cookie"}
    assert set(answer_of(Vary="Accept-Language").vary) == {
        "Accept-Language",
        "HX-Request",
        "Cookie",
    }
