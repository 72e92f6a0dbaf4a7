"""Writing to us from within a host page, and what comes of it."""

import io
import json
import re

import pytest
from PIL import Image
from sqlalchemy import select

from portal.foundation.tenancy import PLATFORM, see
from portal.tickets.models import Attachment, GuestBrowser, Ticket
from portal.writing.models import Draft

pytestmark = pytest.mark.usefixtures("noon")
SECRET = "AKIA" + "QWERTY1234UIOPAS"


def tickets(session):
    session.rollback()
    see(session, PLATFORM)
    return session.scalars(select(Ticket).order_by(Ticket.number)).all()


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def filled(page, **more):
    return {
        "press": field(page, "press"),
        "subject": "The schedule does not save",
        "body": "Nobody can save it.",
        "category": "bug",
        "severity": "P2",
    } | more


def test_the_promise_is_a_date_before_anything_is_sent(app, bearer):
    page = app.test_client().get("/widget/contact", headers=bearer()).text
    assert re.search(r"We('|’|&#39;)ll answer by \w+ \d+ Nov, \d\d:\d\d", page)
    assert "plan" in page


def test_a_ticket_is_filed_once_with_what_was_shown(app, bearer, session, world):
    client, headers = app.test_client(), bearer()
    page = client.get("/widget/contact", headers=headers).text
    captured = {"page_url": "https://app.acme.example/projects/1", "viewport": "800 × 600"}
    said = filled(page, captured=json.dumps(captured), with_context="1")
    first = client.post("/widget/contact", data=said, headers=headers)
    again = client.post("/widget/contact", data=said, headers=headers)
    assert first.status_code == again.status_code == 200
    assert "You have sent this already" in again.text
    (ticket,) = tickets(session)
    assert (ticket.requester_id, ticket.source, ticket.desk) == (
        world.pm.user_id,
        "in_app",
        "platform",
    )
    assert ticket.context_url == "https://app.acme.example/projects/1"
    assert ticket.context_metadata["viewport"] == "800 × 600"
    assert json.loads(first.headers["HX-Trigger"]) == {"corbel:sent": {"number": ticket.number}}


def test_what_was_unticked_is_not_sent(app, bearer, session):
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text)
    said["captured"] = json.dumps({"page_url": "https://app.acme.example/"})
    client.post("/widget/contact", data=said, headers=headers)
    (ticket,) = tickets(session)
    assert ticket.context_url is None
    assert ticket.context_metadata == {}


def test_a_refused_form_keeps_words_and_files(app, bearer, session):
    client, headers = app.test_client(), bearer()
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    picture.seek(0)
    page = client.get("/widget/contact", headers=headers).text
    said = filled(page, subject="") | {"attachments": (picture, "screen.png")}
    answer = client.post("/widget/contact", data=said, headers=headers)
    assert answer.status_code == 422
    assert "Nobody can save it." in answer.text
    kept = re.search(r'name="kept" value="([^"]+)"', answer.text)[1]
    client.post("/widget/contact", data=filled(answer.text, kept=kept), headers=headers)
    (ticket,) = tickets(session)
    assert session.scalars(select(Attachment)).one().ticket_id == ticket.id


def test_a_secret_is_masked_and_said_to_be(app, bearer, session):
    client, headers = app.test_client(), bearer()
    page = client.get("/widget/contact", headers=headers).text
    said = filled(page, body=f"The key is {SECRET}.")
    answer = client.post("/widget/contact", data=said, headers=headers)
    assert "We removed" in answer.text
    assert SECRET not in answer.text
    assert SECRET not in tickets(session)[0].description


def test_words_are_kept_on_the_server_until_they_are_sent(app, bearer, session):
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text)
    assert client.post("/widget/contact/draft", data=said, headers=headers).status_code == 204
    page = client.get("/widget/contact", headers=headers).text
    assert "Nobody can save it." in page
    assert "Draft saved" in page
    client.post("/widget/contact", data=filled(page), headers=headers)
    session.rollback()
    assert session.scalars(select(Draft)).all() == []


def test_a_draft_of_what_was_sent_meanwhile_is_none(app, bearer, session):
    """The page went away in mid-send: its last words came after the ticket that they became."""
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text)
    client.post("/widget/contact", data=said, headers=headers)
    client.post("/widget/contact/draft", data=said, headers=headers)
    page = client.get("/widget/contact", headers=headers).text
    assert "Nobody can save it." not in page
    assert field(page, "press") != said["press"]
    client.post("/widget/contact/draft", data=filled(page, body="Another."), headers=headers)
    assert "Another." in client.get("/widget/contact", headers=headers).text


def test_the_choices_follow_the_words(app, bearer):
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text)
    said |= {"severity": "", "category": "", "body": "It is too high", "subject": "An invoice"}
    answer = client.post("/widget/contact/choices", data=said, headers=headers)
    assert answer.status_code == 200
    assert 'value="invoicing" selected' in answer.text


# clients and vendors: their builder's desk, and no word of the platform


@pytest.mark.parametrize("role", ["client", "vendor"])
def test_a_client_writes_to_the_builder_who_alone_is_named(app, begin, server, session, role):
    opened = begin(server.sign("new@client.example", role=role)).json
    headers = {"Authorization": f"Bearer {opened['token']}"}
    client = app.test_client()
    pages = [opened["html"]]
    pages.append(client.get("/widget/contact", headers=headers).text)
    said = filled(pages[-1], category="question", severity="normal")
    pages.append(client.post("/widget/contact", data=said, headers=headers).text)
    (ticket,) = tickets(session)
    assert (ticket.desk, ticket.plan) == ("builder", "")
    for path in ("tickets", f"tickets/{ticket.number}", "home", "search?q=schedule"):
        pages.append(client.get(f"/widget/{path}", headers=headers).text)
    for page in pages:
        assert not re.search(r"corbel(?!:|-panel)", page, re.I), page
        assert "Upgrade" not in page
        assert "plan" not in page.lower().replace("planned", "").replace("explan", "")


def test_a_builders_colours_reach_its_clients_alone(app, begin, server, session, world):
    from portal.branding import service as branding
    from portal.branding.look import Look
    from tests.fixtures.world import NOW

    see(session, PLATFORM)
    look = Look(primary="#7a1f4b", accent="#0b6b57")
    branding.save(session, world.acme.id, look, seen=0, by=world.owner, at=NOW)
    session.commit()
    assert "--brand" in begin(server.sign("a@client.example", role="client")).json["css"]
    assert begin(server.sign()).json["css"] == ""


# guests


def guests_words(page, **more):
    return {
        "press": field(page, "press"),
        "name": "Ana",
        "email": "ana@example.com",
        "body": "Where is my invoice?",
        "website": "",
    } | more


def test_a_guest_sees_what_this_browser_wrote_and_nothing_else(app, guest, session, world):
    client, headers = app.test_client(), guest()
    page = client.get("/widget/contact", headers=headers).text
    answer = client.post("/widget/contact", data=guests_words(page), headers=headers)
    assert answer.status_code == 200, answer.text
    (ticket,) = tickets(session)
    assert (ticket.requester_id, ticket.builder_id, ticket.desk) == (None, world.acme.id, "builder")
    assert session.scalars(select(GuestBrowser)).one().ticket_id == ticket.id
    number = ticket.number
    assert "Where is my invoice?" in client.get("/widget/tickets", headers=guest()).text
    assert client.get(f"/widget/tickets/{number}", headers=guest()).status_code == 200
    other = guest("another random id of a browser")
    assert "Where is my invoice?" not in client.get("/widget/tickets", headers=other).text
    for path in (f"tickets/{number}", f"tickets/{number}/conversation"):
        assert client.get(f"/widget/{path}", headers=other).status_code == 404
    for path in (f"tickets/{number}/replies", f"tickets/{number}/resolution"):
        assert client.post(f"/widget/{path}", data={"body": "x"}, headers=other).status_code == 404


def test_a_guest_writes_back(app, guest, session):
    client, headers = app.test_client(), guest()
    page = client.get("/widget/contact", headers=headers).text
    client.post("/widget/contact", data=guests_words(page), headers=headers)
    number = tickets(session)[0].number
    data = {"body": f"And also {SECRET}", "press": "one"}
    answer = client.post(f"/widget/tickets/{number}/replies", data=data, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "And also" in answer.text
    assert SECRET not in answer.text
    done = client.post(f"/widget/tickets/{number}/resolution", headers=headers)
    assert "Glad to hear it" in done.text


def test_a_browser_learns_whether_what_it_was_sending_has_arrived(app, guest, session):
    client, headers = app.test_client(), guest()
    said = guests_words(client.get("/widget/contact", headers=headers).text)
    asked = f"/widget/submissions/{said['press']}"
    assert client.get(asked, headers=headers).status_code == 404
    client.post("/widget/contact", data=said, headers=headers)
    assert client.get(asked, headers=guest()).status_code == 204
    assert client.get(asked, headers=guest("another random id of a browser")).status_code == 404
    reply = {"body": "And more", "press": "a reply"}
    path = f"/widget/tickets/{tickets(session)[0].number}/replies"
    assert client.get("/widget/submissions/a reply", headers=headers).status_code == 404
    client.post(path, data=reply, headers=headers)
    assert client.get("/widget/submissions/a reply", headers=headers).status_code == 204


def test_a_reply_that_was_sent_leaves_no_draft_however_late_it_comes(app, bearer, session):
    client, headers = app.test_client(), bearer()
    said = filled(client.get("/widget/contact", headers=headers).text)
    client.post("/widget/contact", data=said, headers=headers)
    path = f"/widget/tickets/{tickets(session)[0].number}"
    reply = {"body": "One word more.", "press": "a reply"}
    client.post(f"{path}/replies", data=reply, headers=headers)
    assert client.post(f"{path}/draft", data=reply, headers=headers).status_code == 204
    session.rollback()
    assert session.scalars(select(Draft)).all() == []
    client.post(f"{path}/draft", data=reply | {"press": "the next"}, headers=headers)
    session.rollback()
    assert session.scalars(select(Draft)).one().fields == {"body": "One word more."}


def test_a_program_that_fills_in_everything_is_refused(app, guest, session):
    client, headers = app.test_client(), guest()
    page = client.get("/widget/contact", headers=headers).text
    said = guests_words(page, website="https://spam.example")
    assert client.post("/widget/contact", data=said, headers=headers).status_code == 422
    assert tickets(session) == []


# tickets of members


def test_a_reply_is_a_message_once(app, bearer, session):
    client, headers = app.test_client(), bearer()
    page = client.get("/widget/contact", headers=headers).text
    client.post("/widget/contact", data=filled(page), headers=headers)
    number = tickets(session)[0].number
    place = f"/widget/tickets/{number}"
    for _press in range(2):
        client.post(f"{place}/replies", data={"body": "A word.", "press": "p"}, headers=headers)
    assert client.get(place, headers=headers).text.count("A word.") == 1
    empty = client.post(f"{place}/replies", data={"body": "", "press": "q"}, headers=headers)
    assert empty.status_code == 422


def test_nobody_reads_what_a_colleague_or_another_builder_asked(
    app, bearer, begin, server, other_server, session, world
):
    client, headers = app.test_client(), bearer()
    page = client.get("/widget/contact", headers=headers).text
    client.post("/widget/contact", data=filled(page), headers=headers)
    place = f"/widget/tickets/{tickets(session)[0].number}"
    opened = begin(
        other_server.sign(world.stranger.email), builder="birch", origin="https://app.birch.example"
    )
    strangers = {"Authorization": f"Bearer {opened.json['token']}"}
    crew, client_ = bearer("f@acme.test", role="field"), bearer("c@x.example", role="client")
    for reader in (strangers, crew, client_):
        assert client.get(place, headers=reader).status_code == 404
        assert client.get(f"{place}/conversation", headers=reader).status_code == 404
        theirs = client.get("/widget/tickets", headers=reader).text
        assert "The schedule does not save" not in theirs
