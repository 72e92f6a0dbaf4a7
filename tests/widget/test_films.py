"""Films in a panel: each by a pass, for whoever sits before this panel and may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audience import Audience
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Video, VideoText
from tests.fixtures.world import NOW
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 8


@pytest.fixture
def film(session, runtime):
    see(session, PLATFORM)
    file = shelving.file(session, runtime.store, "film.mp4", FILM)
    words = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi."
    captions = shelving.file(session, runtime.store, "film.vtt", words)
    made = Video(
        slug="first", audience=Audience.CUSTOMERS, is_published=True, created_at=NOW, updated_at=NOW
    )
    session.add(made)
    session.flush()
    text = VideoText(
        video_id=made.id,
        language="en",
        title="Your first schedule",
        file_id=file.id,
        captions_id=captions.id,
        chapters=[{"at": 3, "title": "Add a task"}],
        cues=[[1, 2, "Add it here."]],
    )
    session.add(text)
    session.commit()
    return file.id


def address_of(client, headers, film):
    answer = client.post(f"/widget/films/{film}/passes", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json["address"]


def test_it_is_shown_with_captions_chapters_and_what_is_said(app, bearer, film):
    page = app.test_client().get("/widget/films/en/first", headers=bearer()).text
    for said in ("Add a task", "Add it here.", '<track kind="captions"', "data-passes=", "0:03"):
        assert said in page
    assert "/kb/en/videos/first" in page
    assert 'target="_blank"' in page  # the way out is a link, the film itself none


def test_a_player_reads_parts_by_the_pass_alone(app, bearer, film):
    client = app.test_client()
    address = address_of(client, bearer(), film)
    part = client.get(address, headers={"Range": "bytes=100-199"}, buffered=True)
    assert part.status_code == 206
    assert part.data == FILM[100:200]
    assert part.headers["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in part.headers


def test_no_pass_for_who_may_not_see_it(app, begin, server, film):
    opened = begin(server.sign("a@client.example", role="client")).json
    headers = {"Authorization": f"Bearer {opened['token']}"}
    client = app.test_client()
    assert client.get("/widget/films/en/first", headers=headers).status_code == 404
    assert client.post(f"/widget/films/{film}/passes", headers=headers).status_code == 404
    assert client.post(f"/widget/films/{film}/passes").status_code == 401


def test_a_pass_ends_with_its_panel_and_opens_nothing_else(app, bearer, film, session, noon):
    client = app.test_client()
    address = address_of(client, bearer(), film)
    assert client.get(address.replace("/watched/", "/watched/x")).status_code == 404
    assert client.get("/widget/watched/nothing/film.mp4").status_code == 404
    assert client.get(f"/widget/watched/{film}/film.mp4").status_code == 404
    assert client.get(address, buffered=True).status_code == 200
    noon.shift(timedelta(minutes=16))
    assert client.get(address).status_code == 404


def test_a_pass_is_worth_nothing_once_the_film_is_taken_away(app, bearer, film, session):
    client = app.test_client()
    address = address_of(client, bearer(), film)
    see(session, PLATFORM)
    session.scalars(select(Video)).one().is_published = False
    session.commit()
    assert client.get(address).status_code == 404


def test_links_to_films_in_articles_open_here(app, bearer, session):
    see(session, PLATFORM)
    html = (
        '<p class="video" data-video="first"><a href="corbel:/kb/en/videos/first">First</a></p>'
        '<p><a href="corbel:/kb/en/other#part">Other</a></p>'
    )
    shelving.article(session, "plain", body_html=html)
    session.commit()
    page = app.test_client().get("/widget/articles/en/plain", headers=bearer()).text
    assert 'data-film="en/first" href="' in page
    assert 'data-article="en/other#part" href="' in page
    assert "corbel:" not in page
