"""What a panel shows for a screen, and what it finds."""

from collections.abc import Iterator

import pytest
from markupsafe import Markup
from sqlalchemy import select

from portal.core.permissions import Role
from portal.foundation.tenancy import PLATFORM, see
from portal.guidance.models import Press
from tests.guidance.making import screen
from tests.tickets.helping import shelve
from tests.tickets.troubled import STANDSTILL, told
from tests.widget.conftest import HOST
from widget import slots
from widget.slots import Screen, Slot

pytestmark = pytest.mark.usefixtures("noon")


def test_the_plan_its_ways_and_times_are_in_view(app, bearer):
    page = app.test_client().get("/widget/home", headers=bearer()).text
    assert "How soon we answer" in page
    assert "Your plan" in page


def test_that_somebody_pressed_is_noted_once_a_press(app, begin, server, session):
    opened = begin(server.sign(), url=f"{HOST}/projects/77/unknown")
    headers = {"Authorization": f"Bearer {opened.json['token']}"}
    client = app.test_client()
    client.get("/widget/home", headers=headers)
    begin(server.sign(), renews=True)
    assert client.post("/widget/presses", data={"url": HOST}, headers=headers).status_code == 204
    see(session, PLATFORM)
    assert len(session.scalars(select(Press)).all()) == 2


def test_a_token_that_is_renewed_brings_no_contents(begin, server):
    assert "html" not in begin(server.sign(), renews=True).json


def test_the_language_is_what_the_host_says_else_the_persons(app, server):
    client = app.test_client()
    body = {"builder": "acme", "origin": HOST}
    for header, spoken in (("es", "es"), ("*", "en"), ("fr, es;q=0.5", "es")):
        answer = client.post(
            "/widget/session",
            json=body | {"token": server.sign()},
            headers={"Accept-Language": header},
        )
        assert answer.json["language"] == spoken
    assert answer.json["title"] == "Ayuda"


@pytest.fixture
def news() -> Iterator[list[Screen]]:
    seen = []

    def filler(session, screen):
        seen.append(screen)
        return Markup("<p>Sundays are free.</p>")

    def silent(session, screen):
        return None

    slots.fill(Slot.NEWS, filler)
    slots.fill(Slot.NEWS, silent)
    yield seen
    slots.empty(Slot.NEWS, filler)
    slots.empty(Slot.NEWS, silent)


def test_a_slot_shows_what_fills_it(app, bearer, news):
    headers = bearer()
    news.clear()
    page = app.test_client().get("/widget/home", headers=headers).text
    assert page.count("<p>Sundays are free.</p>") == 1
    assert page.count("help__news") == 1
    assert [one.actor.email for one in news] == ["pm@acme.test"]


def test_where_nothing_is_new_or_broken_nothing_is_said(app, bearer):
    page = app.test_client().get("/widget/home", headers=bearer()).text
    assert "help__incident" not in page
    assert "help__news" not in page


def test_what_is_broken_on_this_screen_is_said_before_anybody_writes(app, bearer, session):
    see(session, PLATFORM)
    screen(session, "/board")
    session.commit()
    client, headers = app.test_client(), bearer()
    with told() as asked:
        for path in ("/widget/home", "/widget/contact"):
            page = client.get(f"{path}?url={HOST}/board", headers=headers).text
            assert page.count(STANDSTILL) == 1, path
    assert set(asked) == {(Role.PM, "scheduling", "en")}


def test_guests_are_told_too(app, guest):
    headers = guest()
    with told() as asked:
        page = app.test_client().get("/widget/contact", headers=headers).text
    assert page.count(STANDSTILL) == 1
    assert asked == [(Role.GUEST, "", "en")]


def test_a_hostile_place_is_only_a_place(app, bearer):
    client, headers = app.test_client(), bearer()
    for url in ("javascript:alert(1)", "\x00", "x" * 9000, "http://[", "/projects/../..//"):
        answer = client.get("/widget/home", query_string={"url": url}, headers=headers)
        assert answer.status_code == 200, url


def test_terms_of_keys_that_nobody_explained_are_none(app, bearer):
    answer = app.test_client().get("/widget/terms?key=a.b&key=%00", headers=bearer())
    assert answer.json == {"terms": []}


def test_no_first_steps_are_none(app, bearer):
    assert app.test_client().get("/widget/tour", headers=bearer()).json == {"tour": None}


def test_what_others_looked_for_is_offered_where_it_finds_something(
    app, bearer, session, runtime, now, monkeypatch
):
    from portal.search.popular import Popular
    from widget import popular as offered

    asked = [Popular("gantt chart", 9, ""), Popular("internals", 8, ""), Popular("no such", 7, "")]
    monkeypatch.setattr(offered, "_asked", lambda language: asked)
    offered._all.forget("en")
    see(session, PLATFORM)
    shelve(session, runtime, now, "Gantt chart", "How to read the Gantt chart")
    shelve(session, runtime, now, "Internals", "Internals of it", audience="staff")
    page = app.test_client().get("/widget/home", headers=bearer()).text
    offered._all.forget("en")
    assert 'data-look="gantt chart"' in page
    assert "internals" not in page.lower()
    assert "no such" not in page
