"""What search engines are told of beside the help centre."""

import re

import pytest

from portal.foundation.web import sitemaps
from portal.ideas.models import FeatureRequest
from tests.fixtures.world import NOW
from tests.forum.making import thread
from tests.ideas.making import idea
from tests.releases.making import note, published
from tests.roadmap.making import internal, public

pytestmark = pytest.mark.usefixtures("noon")
SECRET = "Larkspur"
SITE = "http://127.0.0.1:8000"


def addresses(client, path=sitemaps.INDEX):
    found = re.findall("<loc>(.*?)</loc>", client.get(path).text)
    return [address.removeprefix(SITE) for address in found]


def listed(client):
    return [page for part in addresses(client) for page in addresses(client, part)]


@pytest.fixture
def some(session, world):
    thread(session, world.agent, NOW, "Weather days")
    idea(session, world.owner, "Photos")
    public(session, world.admin, "Lookahead")
    published(session, world.manager, "Autumn")
    session.commit()


def test_what_everybody_may_read_is_listed(app, some):
    visitor = app.test_client()
    pages = listed(visitor)
    assert [page.split("/")[1] for page in pages] == ["forum", "ideas", "roadmap", "whats-new"]
    for page in pages:
        assert visitor.get(page).status_code == 200, page
    assert f"Sitemap: {SITE}{sitemaps.INDEX}" in visitor.get("/robots.txt").text


def test_nothing_else_is(app, session, world, some):
    visitor = app.test_client()
    before = [visitor.get(path).data for path in [sitemaps.INDEX, *addresses(visitor)]]
    thread(session, world.pm, NOW, SECRET, "See https://example.com")  # which is held
    idea(session, world.manager, SECRET, is_internal=True)
    internal(session, world.admin, SECRET)
    note(session, world.manager, SECRET)
    session.commit()
    assert [visitor.get(path).data for path in [sitemaps.INDEX, *addresses(visitor)]] == before


def test_by_parts(app, session, world, some, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 1)
    idea(session, world.owner, "Another")
    session.commit()
    visitor = app.test_client()
    assert "/sitemaps/ideas-2.xml" in addresses(visitor)
    assert addresses(visitor, "/sitemaps/ideas-2.xml") == ["/ideas/1002"]
    for beyond in ("ideas-0", "ideas-3", "nothing-1"):
        assert visitor.get(f"/sitemaps/{beyond}.xml").status_code == 404


def test_where_there_is_nothing(app, session, world):
    assert addresses(app.test_client()) == []
    session.query(FeatureRequest).delete()
    assert app.test_client().get("/sitemaps/ideas-1.xml").status_code == 404
