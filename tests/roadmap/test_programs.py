"""JSON, RSS, frames, pictures and the API."""

import io
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from PIL import Image

from portal.roadmap import picture
from portal.roadmap.models import Stage
from portal.roadmap.service import placing, writing
from portal.roadmap.service.placing import Place
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.roadmap.making import internal, plan, public, release, shipped

pytestmark = pytest.mark.usefixtures("noon")
API = "/api/v1/support/roadmap"
FEEDS = ("/roadmap.json", "/roadmap.rss", "/roadmap/embed", "/roadmap/share.png")


@pytest.fixture
def some(session, world):
    wish = idea(session, world.owner)
    note = release(session)
    first = public(session, world.admin, "Photos", es="Fotos", ideas=[wish])
    done = shipped(session, world.admin, "Budgets", module="invoicing", release_id=note.id)
    internal(session, world.admin, "Secret")
    session.commit()
    return first, done


def test_json_says_what_the_page_says(app, some):
    answer = app.test_client().get("/roadmap.json?lang=es")
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    first, done = answer.json["items"]
    assert (first["title"], first["stage"], first["vote_count"]) == ("Fotos", "planned", 1)
    assert first["url"].startswith("http://")
    assert first["url"].endswith("/roadmap/1001/fotos")
    assert done["release"]["version"] == "2.4"
    narrowed = app.test_client().get("/roadmap.json?module=invoicing").json["items"]
    assert [one["title"] for one in narrowed] == ["Budgets"]


def test_rss_is_whole(app, session, world, some):
    first, _done = some
    place = Place(Stage.IN_PROGRESS, "2027-Q1")
    later = NOW + timedelta(hours=2)
    placing.move(session, first, place, first.edition, by=world.admin, at=later)
    session.commit()
    answer = app.test_client().get("/roadmap.rss?lang=en")
    assert answer.mimetype == "application/rss+xml"
    channel = ElementTree.fromstring(answer.data).find("channel")
    assert channel.findtext("language") == "en"
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == later
    link = channel.find("{http://www.w3.org/2005/Atom}link")
    assert link.get("href").endswith("/roadmap.rss?lang=en")
    entries = channel.findall("item")
    titles = [entry.findtext("title") for entry in entries]
    assert titles[0] == "In progress, Q1 2027: Photos"
    assert sorted(titles[1:]) == ["Planned, Q4 2026: Photos", "Shipped, Q4 2026: Budgets"]
    for entry in entries:
        assert entry.findtext("link").startswith("http://")
        assert entry.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(entry.findtext("pubDate")) >= NOW
    assert len({entry.findtext("guid") for entry in entries}) == 3
    spanish = app.test_client().get("/roadmap.rss?lang=es").text
    assert "Fotos" in spanish


@pytest.mark.parametrize("path", [*FEEDS, "/roadmap/1001/share.png", "/roadmap/embed.js"])
def test_what_is_unchanged_is_not_sent_again(app, session, world, some, path):
    visitor = app.test_client()
    first = visitor.get(path)
    assert first.status_code == 200
    assert "public" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    headers = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(path, headers=headers).status_code == 304
    if path != "/roadmap/embed.js":
        item = some[0]
        writing.edit(session, item, plan("Other"), item.edition, by=world.admin, at=NOW)
        session.commit()
        assert visitor.get(path, headers=headers).status_code == 200


def test_only_the_bare_page_may_be_framed(app, some):
    visitor = app.test_client()
    framed = visitor.get("/roadmap/embed?theme=dark&lang=es&module=scheduling")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert 'data-theme="dark"' in framed.text
    assert "Fotos" in framed.text
    assert "Budgets" not in framed.text
    assert "csrf" not in framed.text
    for path in ("/roadmap", "/roadmap/1001/x", "/roadmap/embedding", "/roadmap.json"):
        answer = visitor.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_snippet_can_be_copied(app, some):
    text = app.test_client().get("/roadmap/embedding?theme=dark&lang=es").text
    assert "/roadmap/embed.js&#34;" in text or '/roadmap/embed.js"' in text
    assert 'data-lang="es"' in text
    assert 'data-theme="dark"' in text


@pytest.mark.parametrize("path", ["/roadmap/share.png", "/roadmap/1001/share.png?lang=es"])
def test_pictures_have_the_size_that_others_show(app, some, path):
    answer = app.test_client().get(path)
    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)


def test_pages_name_their_pictures(app, some):
    visitor = app.test_client()
    assert 'property="og:image" content="http' in visitor.get("/roadmap").text
    assert "/roadmap/1001/share.png?lang=en" in visitor.get("/roadmap/1001/x").text


def test_pictures_say_it_in_plain_letters_where_the_system_has_no_font(monkeypatch):
    monkeypatch.setattr(picture, "FONTS", ())
    picture._font.cache_clear()
    font = picture._font(24)
    assert picture.drawable("Días de lluvia…", font) == "Dias de lluvia..."
    picture._font.cache_clear()


def titles(answer):
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json["items"]]


def test_programs_read_what_is_public(some, world, speak):
    for who in (world.owner, world.client, world.agent):
        assert titles(speak(who).get(API)) == ["Photos", "Budgets"]
    owner = speak(world.owner)
    assert titles(owner.get(API, stage="shipped")) == ["Budgets"]
    assert titles(owner.get(API, module="invoicing")) == ["Budgets"]
    assert titles(owner.get(API, quarter="2027-Q4")) == []
    assert owner.get(API, quarter="soon").status_code == 422
    assert owner.get(API, misspelt="1").status_code == 422
    assert speak(None).get(API).status_code == 401


def test_staff_may_ask_for_what_is_internal(some, world, speak):
    assert "Secret" in titles(speak(world.agent).get(API, internal="true"))
    assert speak(world.owner).get(API, internal="true").status_code == 403
