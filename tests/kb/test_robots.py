"""What search engines and feed readers are told: what everybody may read, and nothing else."""

import json
import re
from xml.etree import ElementTree

import pytest

from portal.core.audience import Audience
from portal.kb.views.reading import sitemap
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")
SITE = "http://127.0.0.1:8000"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def library(session):
    shelf = shelving.category(session, "planning")
    below = shelving.category(session, "planning/basics", parent_id=shelf.id)
    staff = shelving.category(session, "internal")
    both = shelving.topic(session, category_id=below.id)
    shelving.article(session, "in-english", both, title="Plans & <b>beams</b>")
    shelving.article(session, "en-espanol", both, language="es")
    shelving.article(session, "for-customers", audience=Audience.CUSTOMERS, category_id=shelf.id)
    shelving.article(session, "for-staff", audience=Audience.STAFF, category_id=staff.id)
    shelving.article(session, "not-yet", is_published=False, category_id=shelf.id)
    session.commit()


def addresses(answer) -> list[str]:
    return [one.text for one in ElementTree.fromstring(answer.data).iter(LOC)]


class TestSitemap:
    def test_it_names_what_everybody_may_read(self, app, library):
        found = addresses(app.test_client().get("/sitemap.xml"))
        assert f"{SITE}/kb/en/in-english" in found
        assert f"{SITE}/kb/es/en-espanol" in found
        assert f"{SITE}/kb/en/in/planning/basics" in found
        assert f"{SITE}/kb/en" in found
        text = " ".join(found)
        assert not re.search("customers|staff|not-yet|internal", text)

    def test_translations_know_of_each_other(self, app, library):
        text = app.test_client().get("/sitemap.xml").text
        assert f'hreflang="es" href="{SITE}/kb/es/en-espanol"' in text

    def test_many_are_told_in_parts(self, app, session, library, monkeypatch):
        monkeypatch.setattr(sitemap, "MOST", 1)
        shelving.article(session, "another")
        session.commit()
        visitor = app.test_client()
        parts = addresses(visitor.get("/sitemap.xml"))
        assert len(parts) > 1
        found = [one for part in parts for one in addresses(visitor.get(part.removeprefix(SITE)))]
        assert {f"{SITE}/kb/es/en-espanol", f"{SITE}/kb/en/another", f"{SITE}/kb/en"} <= set(found)
        assert len(found) == len(set(found))
        for beyond in (0, len(parts) + 1, 10**30):
            assert visitor.get(f"/sitemap-{beyond}.xml").status_code == 404

    def test_who_is_signed_in_is_told_the_same(self, world, sign_in, app, library):
        seen = addresses(sign_in(world.agent).get("/sitemap.xml"))
        assert seen == addresses(app.test_client().get("/sitemap.xml"))

    def test_robots_are_shown_the_way(self, app):
        answer = app.test_client().get("/robots.txt")
        assert f"Sitemap: {SITE}/sitemap.xml" in answer.text

    @pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/kb/en/feed.xml"])
    def test_portals_have_none(self, app, world, path):
        assert app.test_client().get(f"/b/acme{path}").status_code == 404


class TestFeeds:
    def entries(self, answer):
        return [one.text for one in ElementTree.fromstring(answer.data).iter(f"{ATOM}title")][1:]

    def test_what_is_new(self, app, library):
        answer = app.test_client().get("/kb/en/feed.xml")
        assert answer.mimetype == "application/atom+xml"
        assert self.entries(answer) == ["Plans & <b>beams</b>"]
        assert self.entries(app.test_client().get("/kb/es/feed.xml")) == ["En espanol"]

    def test_of_a_category_and_what_is_below(self, app, library):
        visitor = app.test_client()
        for key in ("planning", "planning/basics"):
            assert len(self.entries(visitor.get(f"/kb/en/in/{key}/feed.xml"))) == 1
        for key in ("internal", "nothing"):
            assert visitor.get(f"/kb/en/in/{key}/feed.xml").status_code == 404

    def test_who_is_signed_in_is_told_the_same(self, world, sign_in, library):
        assert len(self.entries(sign_in(world.agent).get("/kb/en/feed.xml"))) == 1

    def test_it_is_not_sent_twice(self, app, library):
        first = app.test_client().get("/kb/en/feed.xml")
        again = app.test_client().get(
            "/kb/en/feed.xml", headers={"If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304

    def test_signs_that_xml_has_not(self, app, session):
        shelving.article(session, "odd", title="Odd\x0b\x00 sign".replace("\x00", ""))
        session.commit()
        assert self.entries(app.test_client().get("/kb/en/feed.xml")) == ["Odd sign"]


class TestHead:
    def test_what_a_public_article_says(self, app, library):
        page = app.test_client().get("/kb/en/in-english").text
        assert f'<link rel="canonical" href="{SITE}/kb/en/in-english">' in page
        for code, slug in (("en", "in-english"), ("es", "en-espanol"), ("x-default", "in-english")):
            language = "en" if code == "x-default" else code
            link = f'hreflang="{code}" href="{SITE}/kb/{language}/{slug}"'
            assert link in page
        assert '<meta property="og:title" content="Plans &amp; &lt;b&gt;beams&lt;/b&gt;">' in page
        assert '<meta name="description" content="All about in-english.">' in page

    def test_linked_data_can_be_read_and_end_nothing(self, app, session, library):
        shelving.article(session, "evil", title="</script><script>alert(1)</script>")
        session.commit()
        page = app.test_client().get("/kb/en/evil").text
        [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        article, crumbs = json.loads(block)["@graph"]
        assert article["headline"] == "</script><script>alert(1)</script>"
        assert crumbs["itemListElement"][-1]["item"] == f"{SITE}/kb/en/evil"
        assert "<script>alert" not in page

    def test_a_gated_article_says_nothing_of_itself(self, world, sign_in, library):
        page = sign_in(world.owner).get("/kb/en/for-customers").text
        assert 'name="robots" content="noindex"' in page
        assert "og:title" not in page
        assert "ld+json" not in page
