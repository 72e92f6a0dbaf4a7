"""What was taken for a secret in a panel, and put back by who wrote it."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.foundation.tenancy import PLATFORM, see
from portal.tickets.models import Message, Ticket, TicketEvent
from tests.fixtures.world import NOW
from tests.widget.test_contact import SECRET, filled, guests_words

pytestmark = pytest.mark.usefixtures("noon")


def only(session, model=Ticket):
    session.rollback()
    see(session, PLATFORM)
    return session.scalars(select(model)).one()


def sealed(page):
    return html.unescape(re.search(r'data-removed="([^"]+)"', page)[1])


def place(page):
    return re.search(r'hx-post="(/widget/tickets/\d+/removed/[^"]+)"', page)[1]


@pytest.fixture
def sent(app, bearer):
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text, body=f"It is {SECRET}.")
    return client, headers, client.post("/widget/contact", data=said, headers=headers).text


def test_it_goes_back_to_where_it_stood(sent, session):
    client, headers, page = sent
    headers |= {"Corbel-Removed": sealed(page)}
    number = only(session).number
    assert "Not a secret?" in client.get(f"/widget/tickets/{number}", headers=headers).text
    answer = client.post(place(page), data={"words": SECRET}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "It is back in its place" in answer.text
    assert "Not a secret?" not in answer.text
    assert only(session).description == f"It is {SECRET}."
    told = session.scalars(select(TicketEvent.kind)).all()
    assert "secret_put_back" in told


def test_other_words_don_t_and_stay_in_the_form(sent, session):
    client, headers, page = sent
    headers |= {"Corbel-Removed": sealed(page)}
    answer = client.post(place(page), data={"words": "something else"}, headers=headers)
    assert answer.status_code == 422
    assert "This is not what stood there" in answer.text
    assert ">\nsomething else</textarea>" in answer.text
    assert client.post(place(page), data={"words": ""}, headers=headers).status_code == 422
    assert SECRET not in only(session).description


def test_only_by_its_sender_with_the_seal_and_for_an_hour(sent, bearer, noon):
    client, headers, page = sent
    seal, words = sealed(page), {"words": SECRET}
    assert client.post(place(page), data=words, headers=headers).status_code == 404
    forged = headers | {"Corbel-Removed": seal[:-4] + "AAAA"}
    assert client.post(place(page), data=words, headers=forged).status_code == 404
    other = bearer("f@acme.test", role="field") | {"Corbel-Removed": seal}
    assert client.post(place(page), data=words, headers=other).status_code == 404
    noon.shift(timedelta(minutes=61))
    late = bearer(at=NOW + timedelta(minutes=61)) | {"Corbel-Removed": seal}
    assert client.post(place(page), data=words, headers=late).status_code == 404


def test_nothing_of_it_stands_in_the_page(sent):
    _client, _headers, page = sent
    assert SECRET not in page
    assert "fingerprint" not in page


def test_in_a_reply_too(sent, session):
    client, headers, page = sent
    number = only(session).number
    data = {"body": f"And {SECRET}", "press": "one"}
    headers |= {"Corbel-Removed": sealed(page)}
    page = client.post(f"/widget/tickets/{number}/replies", data=data, headers=headers).text
    assert page.count("Not a secret?") == 2  # the report's is still to be had
    (reply,) = [
        one for one in re.findall(r'hx-post="([^"]+/removed/[^"]+)"', page) if "desc" not in one
    ]
    headers |= {"Corbel-Removed": sealed(page)}
    assert client.post(reply, data={"words": SECRET}, headers=headers).status_code == 200
    assert only(session, Message).body == f"And {SECRET}"


def test_a_guests_goes_back_too(app, guest, session):
    client, headers = app.test_client(), guest()
    page = client.get("/widget/contact", headers=headers).text
    said = guests_words(page, body=f"My key is {SECRET}")
    page = client.post("/widget/contact", data=said, headers=headers).text
    headers |= {"Corbel-Removed": sealed(page)}
    for _either in ("subject", "description"):
        answer = client.post(place(page), data={"words": SECRET}, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.text
        headers |= {"Corbel-Removed": html.unescape(re.search(r'data-removed="([^"]*)"', page)[1])}
    ticket = only(session)
    assert ticket.subject == ticket.description == f"My key is {SECRET}"
