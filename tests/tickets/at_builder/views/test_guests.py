"""Somebody without an account writes at a builder's portal."""

import pytest
from sqlalchemy import select

from portal.tickets.guests import token_for
from portal.tickets.models import Ticket
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
WRITTEN = {
    "name": "Ana",
    "email": "ana@example.com",
    "body": "When is the open house?",
    "press": "p",
}


@pytest.fixture
def visitor(app):
    return app.test_client()


@pytest.fixture
def written(world, visitor, session):
    answer = visitor.post("/b/acme/contact", data=WRITTEN)
    assert answer.headers["Location"] == "/b/acme/contact/thanks"
    return session.scalars(select(Ticket)).one()


def test_it_comes_to_the_builders_desk(world, written, visitor, sign_in):
    assert (written.desk, written.builder_id) == ("builder", world.acme.id)
    assert written.requester_id is None
    assert "We&#39;ll answer by" in visitor.get("/b/acme/contact/thanks").text
    assert written.subject in sign_in(world.owner).get("/company/desk").text
    assert sign_in(world.agent).get(f"/desk/{written.number}").status_code == 404


def test_its_link_opens_at_that_portal_alone(world, written, visitor):
    page = f"/requests/{token_for(written)}"
    assert visitor.get(f"/b/acme{page}").status_code == 200
    assert visitor.get(page).status_code == 404
    assert visitor.get(f"/b/birch{page}").status_code == 404


def test_they_write_back_and_settle_it(world, written, visitor, session):
    page = f"/b/acme/requests/{token_for(written)}"
    said = visitor.post(f"{page}/replies", data={"body": "On Sunday?", "press": "q"})
    assert said.status_code == 303
    assert said.headers["Location"].startswith(page)
    assert visitor.post(f"{page}/resolution").status_code == 303
    session.rollback()
    session.expire_all()
    assert written.status == "resolved"


def test_a_link_of_the_platforms_opens_at_no_portal(world, visitor, session):
    visitor.post("/contact", data=WRITTEN)
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.desk, ticket.builder_id) == ("platform", None)
    page = f"/requests/{token_for(ticket)}"
    assert visitor.get(page).status_code == 200
    assert visitor.get(f"/b/acme{page}").status_code == 404
    assert ticket.created_at <= NOW
