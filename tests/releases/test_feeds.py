"""For feed readers, programs, and whoever searches."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from portal.core.audience import Reader
from portal.releases.service import publishing
from portal.search import service as search
from portal.search.documents import Question
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.releases.making import note, published

pytestmark = pytest.mark.usefixtures("noon")
RELEASES = "/api/v1/support/releases"


@pytest.fixture
def some(session, world):
    picture = "![plan](/attachments/0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10)"
    made = [
        published(session, world.manager, "Weather & days", es="Lluvia", body=picture),
        published(
            session,
            world.manager,
            "Budgets",
            at=NOW + timedelta(minutes=1),
            modules=("estimating",),
            ideas=[idea(session, world.owner).id],
        ),
    ]
    note(session, world.manager, "Not yet")
    session.commit()
    return made


def test_rss_is_whole_and_its_addresses_lead_there_from_anywhere(app, some):
    answer = app.test_client().get("/whats-new.rss?lang=es")
    assert answer.mimetype == "application/rss+xml"
    channel = ElementTree.fromstring(answer.data).find("channel")
    items = channel.findall("item")
    assert [one.findtext("title") for one in items] == ["4.2: Budgets", "4.2: Lluvia"]
    for item, made in zip(items, reversed(some), strict=True):
        assert item.findtext("link").startswith("http")
        assert item.find("guid").attrib == {"isPermaLink": "false"}
        assert item.findtext("guid") == f"urn:uuid:{made.id}"
        assert parsedate_to_datetime(item.findtext("pubDate")) == made.published_at
    assert channel.findtext("language") == "es"
    english = ElementTree.fromstring(app.test_client().get("/whats-new.rss").data)
    assert 'src="http' in english.find("channel").findall("item")[1].findtext("description")


@pytest.mark.parametrize("feed", ["/whats-new.rss", "/whats-new.json"])
def test_nothing_is_sent_twice(app, session, world, some, feed):
    client = app.test_client()
    first = client.get(feed)
    tag = first.headers["ETag"]
    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 304
    publishing.withdraw(session, some[0], by=world.manager, at=NOW)
    session.commit()
    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 200


def test_the_json_feed_says_the_same(app, some):
    answer = app.test_client().get("/whats-new.json?lang=es")
    told = json.loads(answer.data)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"].startswith("http")
    assert [one["title"] for one in told["items"]] == ["4.2: Budgets", "4.2: Lluvia"]
    assert [one["language"] for one in told["items"]] == ["en", "es"]
    assert {"id", "url", "content_html", "date_published"} <= told["items"][0].keys()


def test_programs_read_what_is_published(some, world, speak):
    program = speak(world.owner)
    told = program.get(RELEASES).json
    assert [one["title"] for one in told["items"]] == ["Budgets", "Weather & days"]
    assert told["items"][0]["number"] == some[1].number
    assert len(told["items"][0]["feature_request_ids"]) == 1
    first = program.get(RELEASES, limit=1).json
    second = program.get(RELEASES, limit=1, cursor=first["next_cursor"]).json
    assert [one["title"] for one in second["items"]] == ["Weather & days"]
    assert second["next_cursor"] is None
    narrowed = program.get(RELEASES, module="estimating").json
    assert [one["title"] for one in narrowed["items"]] == ["Budgets"]
    one = program.get(f"{RELEASES}/{some[0].id}").json
    assert one["languages"] == ["en", "es"]
    assert one["url"].startswith("http")
    assert program.get(RELEASES, misspelt="1").status_code == 422
    assert speak(None).get(RELEASES).status_code == 401


def test_programs_read_neither_drafts_nor_what_was_withdrawn(some, session, world, speak):
    draft = note(session, world.manager)
    publishing.withdraw(session, some[0], by=world.manager, at=NOW)
    session.commit()
    for who in (world.owner, world.manager):
        for one in (draft, some[0]):
            assert speak(who).get(f"{RELEASES}/{one.id}").status_code == 404
        assert [one["title"] for one in speak(who).get(RELEASES).json["items"]] == ["Budgets"]


def test_notes_are_found_by_searching_while_they_are_there(some, session, world):
    def found(words, language="en"):
        question = Question(words, language, kinds=("release",))
        return [hit.title for hit in search.find(session, question, Reader()).hits]

    assert found("weather") == ["4.2: Weather & days"]
    assert found("lluvia", "es") == ["4.2: Lluvia"]
    assert found("not yet") == []
    publishing.withdraw(session, some[0], by=world.manager, at=NOW)
    session.commit()
    assert found("weather") == []
    publishing.bring_back(session, some[0], by=world.manager, at=NOW)
    session.commit()
    assert found("weather") == ["4.2: Weather & days"]


def test_the_search_page_names_their_kind(app, some):
    page = app.test_client().get("/search?q=weather&kind=release").text
    assert f"/whats-new/{some[0].number}/weather-days" in page
