"""The quick way to the reader's words says what flask-babel's own way says."""

from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_datetime
from flask import Flask, g, render_template_string
from flask_babel import Domain, force_locale, get_locale

from portal.core.permissions import Actor, Role
from portal.foundation import speech
from portal.foundation.speech import gettext as _
from portal.foundation.web import formatting

LANGUAGES = ("en", "es")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_words_are_those_of_flask_babels_own_domain(app: Flask, spoken: str) -> None:
    with app.test_request_context(), force_locale(spoken):
        assert speech.language() == spoken
        own = Domain([str(speech.CATALOGUES)]).gettext("Sign in")
        assert _("Sign in") == own
        assert render_template_string("{{ _('Sign in') }}") == own


def test_a_letter_in_another_language_leaves_the_page_in_its_own(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        before = _("Sign in")
        with force_locale("es"):
            assert speech.language() == "es"
        assert speech.spoken() == get_locale()
        assert speech.language() == "en"
        assert _("Sign in") == before


def test_what_people_typed_is_escaped_in_pages_and_left_as_it_is_in_letters(app: Flask) -> None:
    said = "{{ _('For %(name)s: 5%%', name='<b>') }}"
    with app.test_request_context():
        assert render_template_string(said) == "For &lt;b&gt;: 5%"
        plain = app.jinja_env.overlay(autoescape=False)
        assert plain.from_string(said).render() == "For <b>: 5%"


def test_outside_of_any_application_texts_stay_as_they_are() -> None:
    assert speech.spoken() is None
    assert speech.language() == "en"


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_dates_read_as_babel_writes_them(app: Flask, spoken: str) -> None:
    actor = Actor(Role.OWNER, zone="America/New_York", locale=spoken)
    with app.test_request_context(), force_locale(spoken):
        g.actor = actor
        this_year = formatting.utcnow().year
        zone = formatting.reader_zone()
        for month in range(24):
            at = datetime(this_year, 1, 1, 3, 7, tzinfo=UTC) + timedelta(days=31 * month - 200)
            local = at.astimezone(zone)
            pattern = "EEE d MMM, HH:mm" if local.year == this_year else "EEE d MMM y, HH:mm"
            assert formatting.when(at) == format_datetime(local, pattern, locale=spoken)
            assert formatting.day(at) == format_datetime(local, "d MMM y", locale=spoken)


def test_distances_are_told_by_their_largest_unit(app: Flask) -> None:
    with app.test_request_context():
        now = formatting.utcnow()
        said = {
            timedelta(seconds=10): "just now",
            timedelta(minutes=5, seconds=2): "in 5 minutes",
            timedelta(hours=-3): "3 hours ago",
            timedelta(days=-2, hours=-1): "2 days ago",
        }
        for distance, words in said.items():
            assert formatting.ago(now + distance) == words
