"""The paging service refuses, stumbles or says nothing: somebody is told by another way."""

import pytest
from sqlalchemy import select

from portal.foundation.deliveries import Delivery
from portal.tickets.models import Ticket, TicketEvent
from tests.faults.books import Books
from tests.faults.customers import post
from tests.fixtures.live import StartLive
from tests.fixtures.processes import GENEROUS, eventually
from tests.support.http_receiver import Answer, HttpReceiver, Script, Silence

pytestmark = pytest.mark.once

NIGHT_DESK = "night@corbel.test"
TROUBLES: dict[str, Script] = {
    "too many": Answer(429, headers={"Retry-After": "600"}),
    "server error": Answer(500),
    "bad request": Answer(400, {"message": "Invalid routing key"}),
    "silence": Silence(),
}


def happened(books: Books, subject: str) -> set[str]:
    """What stands on the timeline of the ticket of this subject."""
    kinds = select(TicketEvent.kind).join(Ticket, Ticket.id == TicketEvent.ticket_id)
    with books.read() as session:
        return set(session.scalars(kinds.where(Ticket.subject == subject)))


def letters_to(books: Books, address: str) -> int:
    with books.read() as session:
        return len(session.scalars(select(Delivery.id).where(Delivery.recipient == address)).all())


def test_the_second_way_and_the_alarm(start_live: StartLive, duty: HttpReceiver) -> None:
    system = start_live(
        PACK="engineers",
        PAGERDUTY_URL=duty.url,
        PAGERDUTY_KEY="k",
        PAGE_FALLBACK_EMAIL=NIGHT_DESK,
    )
    with Books(system) as books:
        books.hire()
        books.enrol("owner@acme.test")
        token = books.token("owner@acme.test")
        for number, (trouble, script) in enumerate(TROUBLES.items(), 1):
            duty.script(script)
            key = trouble.replace(" ", "-")
            posted = post(system.url, token, key, subject=trouble, severity="critical")
            assert posted.status == 201
            eventually(lambda: "page_fallback" in happened(books, trouble), every=0.1)  # noqa: B023
            eventually(lambda: letters_to(books, NIGHT_DESK) == number, every=0.1)  # noqa: B023
            assert "page_accepted" not in happened(books, trouble)
            assert ("page_failed" in happened(books, trouble)) == (trouble == "bad request")
        duty.script(Answer(202))
        eventually(lambda: "page_accepted" in happened(books, "server error"), every=0.2)
        keys = {request.json()["dedup_key"] for request in duty.wait_for(len(TROUBLES), GENEROUS)}
        assert len(keys) == len(TROUBLES), "one incident a ticket, however often it was tried"
        assert books.dead() == []
