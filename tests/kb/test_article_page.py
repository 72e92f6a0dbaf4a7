"""An article is read by those it is for, and is nothing to anybody else."""

import pytest

from portal.core.audience import Audience
from portal.core.permissions import Role
from portal.kb.models import Redirect
from tests.fixtures.world import NOW
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")

PAGE = "/kb/en/set-up-a-project"
OPEN = {
    "public": ({"visitor", "owner", "pm", "agent"}, {}),
    "public for clients": (
        {"visitor", "owner", "pm", "agent", "portal visitor", "client", "vendor"},
        {"role_tags": ["client"]},
    ),
    "customers": ({"owner", "pm", "agent"}, {"audience": Audience.CUSTOMERS}),
    "customers and clients": (
        {"owner", "pm", "agent", "client"},
        {"audience": Audience.CUSTOMERS, "role_tags": ["client", "pm"]},
    ),
    "staff": ({"agent"}, {"audience": Audience.STAFF, "role_tags": ["client"]}),
    "unpublished": (set(), {"is_published": False, "role_tags": ["client"]}),
}


@pytest.fixture
def clients(app, world, sign_in, person):
    at_portal = app.test_client()
    at_portal.portal = "acme"
    return {
        "visitor": app.test_client(),
        "owner": sign_in(world.owner),
        "pm": sign_in(world.pm),
        "agent": sign_in(world.agent),
        "portal visitor": at_portal,
        "client": sign_in(world.client),
        "vendor": sign_in(person(Role.VENDOR, world.acme)),
    }


@pytest.mark.parametrize("kind", OPEN)
def test_who_reads_it(session, clients, kind):
    readers, values = OPEN[kind]
    shelving.article(session, "set-up-a-project", **values)
    session.commit()
    answers = {name: client.get(PAGE) for name, client in clients.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == readers
    for name, answer in answers.items():
        assert ("Open the plan" in answer.text) is (name in readers)
        if name not in readers:
            assert answer.status_code == 404
            assert "Set up a project" not in answer.text


def test_what_is_hidden_is_to_the_letter_as_what_never_was(app, session, world):
    shelving.article(session, "plans-7", audience=Audience.STAFF)
    session.commit()
    hidden, nothing = (app.test_client().get(f"/kb/en/{slug}") for slug in ("plans-7", "plans-8"))
    assert hidden.status_code == nothing.status_code == 404
    assert without_keys(hidden.text, "7") == without_keys(nothing.text, "8")
    assert hidden.headers["X-Robots-Tag"] == "noindex"


def without_keys(page: str, slug: str) -> list[str]:
    """Without what differs from one request to the next."""
    lines = page.replace(f"plans-{slug}", "…").replace(f"plans {slug}", "…").splitlines()
    return [line for line in lines if "csrf" not in line.lower() and "nonce" not in line]


def test_it_is_reached_by_its_former_address(app, session, world):
    old = shelving.article(session, "new-name")
    hidden = shelving.article(session, "secret-name", audience=Audience.STAFF)
    for slug, about in (("old-name", old), ("older-name", old), ("was-secret", hidden)):
        session.add(Redirect(language="en", slug=slug, article_id=about.id, created_at=NOW))
    session.commit()
    visitor = app.test_client()
    for slug in ("old-name", "older-name"):
        answer = visitor.get(f"/kb/en/{slug}")
        assert (answer.status_code, answer.location) == (301, "/kb/en/new-name")
    assert visitor.get("/kb/en/was-secret").status_code == 404
    assert "secret-name" not in visitor.get("/kb/en/was-secret").text


class TestLanguages:
    @pytest.fixture
    def both(self, session):
        about = shelving.topic(session)
        english = shelving.article(session, "in-english", about, number=2)
        spanish = shelving.article(session, "en-espanol", about, language="es", translated_from=1)
        session.commit()
        return english, spanish

    def test_the_address_is_the_language_of_the_page(self, app, session, both):
        page = app.test_client().get("/kb/es/en-espanol", headers={"Accept-Language": "en"})
        assert '<html lang="es"' in page.text
        assert "/kb/en/in-english" in page.text

    def test_it_changes_nothing_for_the_reader(self, world, sign_in, both):
        client = sign_in(world.owner)
        client.get("/kb/es/en-espanol")
        assert '<html lang="en"' in client.get("/").text

    def test_the_slug_of_another_language_leads_to_the_translation(self, app, both):
        answer = app.test_client().get("/kb/es/in-english")
        assert (answer.status_code, answer.location) == (302, "/kb/es/en-espanol")

    def test_what_is_not_translated_is_shown_as_it_is_and_says_so(self, app, session):
        about = shelving.article(session, "english-alone")
        session.add(Redirect(language="en", slug="alone", article_id=about.id, created_at=NOW))
        session.commit()
        visitor = app.test_client()
        page = visitor.get("/kb/es/english-alone")
        assert page.status_code == 200
        assert '<html lang="es"' in page.text
        assert (
            '<link rel="canonical" href="http://127.0.0.1:8000/kb/en/english-alone">' in page.text
        )
        assert 'lang="en"' in page.text
        assert visitor.get("/kb/es/alone").location == "/kb/es/english-alone"

    def test_a_translation_behind_its_original_says_so(self, app, session, both):
        _english, spanish = both
        visitor = app.test_client()
        assert "detrás de su original" in visitor.get("/kb/es/en-espanol").text
        spanish.translated_from = 2
        session.commit()
        assert "detrás de su original" not in visitor.get("/kb/es/en-espanol").text
        assert "is behind" not in visitor.get("/kb/en/in-english").text

    def test_other_languages_there_are_none_of(self, app):
        assert app.test_client().get("/kb/fr/in-english").status_code == 404


def test_links_of_our_own_stay_at_the_portal(session, clients):
    shelving.article(session, "set-up-a-project", role_tags=["client"])
    session.commit()
    at_portal, at_platform = clients["client"].get(PAGE), clients["visitor"].get(PAGE)
    assert 'href="/b/acme/kb/en/other"' in at_portal.text
    assert 'href="/kb/en/other"' in at_platform.text
    assert "Corbel" not in at_portal.text
    assert at_portal.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in at_platform.headers


def test_those_who_write_find_the_way_to_the_editor(session, clients):
    made = shelving.article(session, "set-up-a-project")
    session.commit()
    assert f'href="/articles/{made.id}"' in clients["agent"].get(PAGE).text
    assert f'href="/articles/{made.id}"' not in clients["owner"].get(PAGE).text


class TestNeighbours:
    def test_before_and_after_in_the_order_of_the_shelf(self, app, session):
        shelf = shelving.category(session, "planning")
        for number, slug in enumerate(("one", "two", "three", "four", "five")):
            gate = {"audience": Audience.STAFF} if slug == "two" else {}
            shelving.article(session, slug, category_id=shelf.id, position=number, **gate)
        session.commit()
        page = app.test_client().get("/kb/en/three").text
        assert 'rel="prev" href="/kb/en/one"' in page
        assert 'rel="next" href="/kb/en/four"' in page
        assert "/kb/en/two" not in page
        assert 'href="/kb/en/in/planning"' in page

    def test_what_stands_on_no_shelf_is_in_order_too(self, app, session):
        for number, slug in enumerate(("one", "two", "three")):
            shelving.article(session, slug, position=number)
        session.commit()
        page = app.test_client().get("/kb/en/two").text
        assert 'rel="prev" href="/kb/en/one"' in page
        assert 'rel="next" href="/kb/en/three"' in page
        assert 'href="/kb/en/in/-">Other articles</a>' in page


class TestLooseArticles:
    @pytest.fixture
    def library(self, session):
        shelf = shelving.category(session, "planning")
        shelving.article(session, "on-a-shelf", category_id=shelf.id)
        shelving.article(session, "loose")
        shelving.article(session, "for-the-desk", audience=Audience.STAFF)
        session.commit()

    def test_they_can_be_come_by(self, app, library):
        visitor = app.test_client()
        front = visitor.get("/kb/en").text
        assert "Nothing here yet" not in front
        assert 'href="/kb/en/in/-">Other articles</a>' in front
        page = visitor.get("/kb/en/in/-").text
        assert 'href="/kb/en/loose"' in page
        assert "on-a-shelf" not in page
        assert "for-the-desk" not in page
        assert "on-a-shelf" not in visitor.get("/kb/en/in/-/feed.xml").text
        assert "/kb/en/loose" in visitor.get("/kb/en/in/-/feed.xml").text

    def test_a_centre_of_nothing_else_is_not_empty(self, app, session):
        shelving.article(session, "loose")
        session.commit()
        front = app.test_client().get("/kb/es").text
        assert 'href="/kb/es/in/-">Otros artículos</a>' in front

    def test_without_any_there_is_no_such_shelf(self, app, session):
        shelf = shelving.category(session, "planning")
        shelving.article(session, "on-a-shelf", category_id=shelf.id)
        session.commit()
        visitor = app.test_client()
        assert "Other articles" not in visitor.get("/kb/en").text
        assert visitor.get("/kb/en/in/-").status_code == 404
        assert visitor.get("/kb/en/in/-/feed.xml").status_code == 404


class TestFreshness:
    def test_a_stranger_is_not_sent_the_same_twice(self, app, session):
        made = shelving.article(session, "calm")
        session.commit()
        first = app.test_client().get("/kb/en/calm")
        assert first.headers["Last-Modified"]
        asked = {"If-None-Match": first.headers["ETag"]}
        assert app.test_client().get("/kb/en/calm", headers=asked).status_code == 304
        made.view_count = 7
        made.title = "Calmer"
        session.commit()
        again = app.test_client().get("/kb/en/calm", headers=asked)
        assert again.status_code == 200
        assert "Calmer" in again.text

    def test_who_is_signed_in_always_gets_their_own(self, session, world, sign_in):
        shelving.article(session, "calm")
        session.commit()
        answer = sign_in(world.owner).get("/kb/en/calm")
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
