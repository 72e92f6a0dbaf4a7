"""The page: whole and by its block, for who may read what, and what is noted of it."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.core.audience import Gate
from portal.search import sources
from portal.search.models import Query
from portal.search.sources import OwnHit
from tests.fixtures.world import SignIn, World
from tests.search.conftest import Put

HTMX = {"HX-Request": "true"}


@pytest.fixture
def shelf(shelve: Put) -> None:
    shelve("Send an invoice", body="Press Send.", module="billing")
    shelve("Enviar una factura", "es", body="Pulsa Enviar.")
    shelve("Margins for staff", gates=frozenset({Gate.STAFF}))
    shelve("Ask your builder", gates=frozenset({Gate.PORTAL, Gate.CLIENT}), body="An invoice.")


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


def test_a_page_without_a_question(client: FlaskClient) -> None:
    answer = client.get("/search")
    assert answer.status_code == 200
    assert "Ask the way you would ask a person" in answer.text


def test_a_page_for_who_has_no_script(shelf: None, client: FlaskClient) -> None:
    answer = client.get("/search?q=invoices&lang=en")
    assert 'href="/kb/en/send-an-invoice"' in answer.text
    assert "Margins" not in answer.text
    assert "Ask your builder" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_as_somebody_types(shelf: None, client: FlaskClient) -> None:
    answer = client.get("/search?typing=1&q=invo&lang=en", headers=HTMX)
    assert answer.text.strip().startswith("<div")
    assert "Send an <" not in answer.text
    assert "Send an invoice" in answer.text
    assert answer.headers["HX-Replace-Url"] == "/search?q=invo&lang=en"


def test_a_portal_shows_what_is_for_its_people(
    shelf: None, world: World, client: FlaskClient
) -> None:
    answer = client.get("/b/acme/search?q=invoice&lang=en")
    assert "Ask your builder" in answer.text
    assert "Send an invoice" not in answer.text
    assert 'href="/b/acme/kb/en/ask-your-builder"' in answer.text


def test_what_was_meant(shelf: None, client: FlaskClient) -> None:
    answer = client.get("/search?q=invocie&lang=en")
    assert "Showing results for" in answer.text
    assert "as_written=1" in answer.text
    assert "Nothing was found" in client.get("/search?q=invocie&lang=en&as_written=1").text


def test_another_language_is_said(shelf: None, client: FlaskClient) -> None:
    assert "this is what other languages have" in client.get("/search?q=factura&lang=en").text


@pytest.mark.parametrize(
    "words", ["*" * 9000, "((((", "%00", "%ff%fe", "<script>alert(1)</script>", '"', "a" * 10_000]
)
def test_hostile_words(shelf: None, client: FlaskClient, words: str) -> None:
    answer = client.get(f"/search?q={words}&lang=xx&page=-3&kind=../..")
    assert answer.status_code in {200, 414}
    assert "<script>alert" not in answer.text


def answered(client: FlaskClient, path: str) -> TestResponse:
    """To the last byte, as a server does it."""
    answer = client.get(path)
    answer.close()
    return answer


def noted(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    return [(row.words, row.hits) for row in session.scalars(select(Query).order_by(Query.id))]


def test_a_search_is_noted_once(
    shelf: None, world: World, sign_in: SignIn, session: Session
) -> None:
    client = sign_in(world.owner)
    client.get("/search?typing=1&q=inv&lang=en", headers=HTMX)
    assert noted(session) == []
    client.post("/search/notes", data={"q": "invoi", "lang": "en"})
    answered(client, "/search?q=invoice&lang=en")
    answered(client, "/search?q=invoice&lang=en&page=2")
    assert noted(session) == [("invoice", 1)]
    opened = UUID(int=5)
    client.post("/search/notes", data={"kind": "article", "id": str(opened)})
    answered(client, "/search?q=nothing+like+it&lang=en")
    session.rollback()
    first, second = session.scalars(select(Query).order_by(Query.id)).all()
    assert first.opened == {"kind": "article", "id": str(opened)}
    assert (first.builder_id, first.role, first.plan) == (world.acme.id, "owner", "business")
    assert (second.words, second.hits, second.opened) == ("nothing like it", 0, {})


def test_a_stranger_leaves_no_cookie(shelf: None, client: FlaskClient, session: Session) -> None:
    answer = answered(client, "/search?q=invoice+4111+1111+1111+1111&lang=en")
    assert "Set-Cookie" not in answer.headers or "corbel" in answer.headers["Set-Cookie"]
    ((words, _hits),) = noted(session)
    assert "4111" not in words


def test_own_tickets_stand_apart(
    shelf: None, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mine(session, actor, words, limit):
        return [OwnHit(f"{words} of {actor.email}", "/tickets/1")]

    monkeypatch.setattr(sources, "_SOURCES", {"tickets": ("Your tickets", mine)})
    page = sign_in(world.owner).get("/search?q=invoice&lang=en").text
    assert "invoice of owner@acme.test" in page
