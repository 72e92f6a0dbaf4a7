import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core.escalation import Paging
from portal.core.ticket_states import State
from portal.foundation.tenancy import tenant_of
from portal.foundation.web.database import db
from portal.policy.loader import load_pack, shipped_packs
from portal.tickets.guests import token_for
from portal.tickets.models import Message, Page, Ticket
from portal.tickets.service import conversation
from portal.tickets.suggestions import for_stranger
from tests.fixtures.world import NOW
from tests.support.statements import counted
from tests.tickets.making import filed, words
from tests.tickets.views.conftest import press_of

pytestmark = pytest.mark.usefixtures("noon")
LETTER = {"name": "Ana Ruiz", "email": "ana@example.com", "body": "I can't get in any more."}


def write(client, **fields):
    press = press_of(client.get("/contact").text)
    return client.post("/contact", data=LETTER | {"press": press} | fields)


def only_ticket(session) -> Ticket:
    session.rollback()
    return session.scalars(select(Ticket)).one()


def test_a_visitor_writes_and_is_told_number_and_date(app, session):
    client = app.test_client()
    sent = write(client)
    assert sent.location == "/contact/thanks"
    ticket = only_ticket(session)
    assert (ticket.requester_id, ticket.builder_id, ticket.requester_role) == (None, None, "guest")
    assert (ticket.requester_name, ticket.requester_email) == ("Ana Ruiz", "ana@example.com")
    assert (ticket.source, ticket.channel) == ("contact", "contact")
    page = client.get(sent.location).text
    assert f"#{ticket.number}" in page
    assert re.search(r"We&#39;ll answer by \w+ \d+ Nov, \d\d:\d\d \(New York time\)", page)
    assert "ana@example.com" in page


def test_what_a_visitor_has_read_before_comes_along(app, session):
    client = app.test_client()
    read = "http://localhost/kb/en/plan-a-crew"
    page = client.get("/contact", query_string={"url": read}).text
    assert f"The page you come from is sent along: {read}" in page
    data = LETTER | {"press": press_of(page), "url": read}
    kept = client.post("/contact", data=data | {"body": ""})
    assert (kept.status_code, read in kept.text) == (422, True)
    client.post("/contact", data=data)
    assert only_ticket(session).context_url == read


@pytest.mark.parametrize("address", ["javascript:alert(1)", "mailto:a@b.test", "no address"])
def test_what_is_no_address_does_not(app, session, address):
    page = app.test_client().get("/contact", query_string={"url": address}).text
    assert "sent along" not in page
    write(app.test_client(), url=address)
    assert only_ticket(session).context_url is None


def test_the_link_goes_to_the_mailbox_and_nowhere_else(app, session):
    """Whoever types somebody's address must not read what is answered to them."""
    client = app.test_client()
    page = client.get(write(client).location).text
    assert token_for(only_ticket(session)) not in page
    assert "/requests/" not in page


def test_thanks_without_having_written_leads_to_the_form(app):
    assert app.test_client().get("/contact/thanks").location == "/contact"


def test_a_typed_address_opens_no_account(app, world, session, sign_in):
    write(app.test_client(), email=world.owner.email, name="Not the owner")
    ticket = only_ticket(session)
    assert ticket.requester_id is None
    assert sign_in(world.owner).get(f"/tickets/{ticket.number}").status_code == 404
    assert "can't get in" not in sign_in(world.owner).get("/tickets").text


def test_somebody_signed_in_is_who_they_are(world, session, sign_in):
    client = sign_in(world.pm)
    assert 'name="email"' not in client.get("/contact").text
    sent = write(client, email="someone@else.test", name="Else")
    ticket = only_ticket(session)
    assert (ticket.requester_id, ticket.channel) == (world.pm.user_id, "contact")
    assert sent.location == f"/tickets/{ticket.number}"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": " "}, "Enter your name."),
        ({"email": ""}, "Enter your e-mail address"),
        ({"email": "nonsense"}, "like name@example.com"),
        ({"email": "a@b.test\r\nBcc: x@y.test"}, "like name@example.com"),
        ({"email": "a@b.test,c@d.test"}, "like name@example.com"),
        ({"body": ""}, "Tell us how we can help."),
        ({"body": "x" * 50_001}, "longer than we can take"),
        ({"website": "http://spam.test"}, "Leave this field empty"),
        ({"intent": "legal"}, "Answer this too"),
    ],
)
def test_what_was_typed_is_still_there_when_something_is_wrong(app, session, wrong, says):
    answer = write(app.test_client(), **{"body": "Kept words", **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Kept words" in answer.text or "body" in wrong
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_without_a_script_the_questions_of_an_intent_are_a_button_away(app, session):
    answer = write(app.test_client(), intent="legal", choose="1")
    assert answer.status_code == 200
    assert 'name="answer-document"' in answer.text
    assert "can&#39;t get in" in answer.text
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_an_intent_routes_a_guests_letter(app, session):
    write(app.test_client(), intent="billing", **{"answer-outcome": "A refund"})
    ticket = only_ticket(session)
    assert (ticket.intent, ticket.team, ticket.category) == ("billing", "billing", "billing")
    assert ticket.subject == "Billing: I can't get in any more."
    assert "**What should happen?** A refund" in ticket.description


def test_pressing_twice_and_often_makes_one_ticket(app, session):
    data = LETTER | {"press": "c" * 32}
    with ThreadPoolExecutor(8) as pool:
        sent = pool.map(lambda _n: app.test_client().post("/contact", data=data), range(16))
        assert {answer.status_code for answer in sent} == {303}
    assert only_ticket(session)


def test_a_stranger_wakes_nobody_at_night(app, session, noon):
    noon.move_to(NOW + timedelta(hours=12))
    write(app.test_client(), body="Everything is down, nobody can work!")
    ticket = only_ticket(session)
    assert ticket.suggestion["severity"] == "P1"
    assert ticket.severity == "P2"
    assert session.scalars(select(Page)).all() == []


@pytest.mark.parametrize("key", shipped_packs())
def test_a_strangers_severity_pages_nobody_in_any_pack(key):
    pack = load_pack(key)
    for severity in pack.severities:
        chosen = pack.severity(for_stranger(pack, severity))
        assert chosen.page is Paging.NEVER
        assert chosen.rank >= pack.severity(severity).rank


def test_secrets_of_guests_are_removed_and_told(app, session):
    client = app.test_client()
    page = client.get(write(client, body="my password: hunter2secret").location).text
    assert "We removed a password" in page
    assert "hunter2secret" not in only_ticket(session).description


def test_a_guests_session_speaks_for_nobody_afterwards(app, session):
    seen = []
    app.after_request(lambda response: seen.append(tenant_of(db())) or response)
    write(app.test_client())
    assert seen == [None, None]


@pytest.fixture
def link(app, session):
    write(app.test_client())
    return f"/requests/{token_for(only_ticket(session))}"


def test_a_guest_reads_and_writes_behind_the_link(app, session, world, link):
    ticket = only_ticket(session)
    conversation.note(session, ticket, words("Hush"), by=world.agent, at=NOW)
    conversation.reply_as_agent(
        session, ticket, words("Try **this**."), by=world.agent, at=NOW, undo_seconds=0
    )
    session.commit()
    client = app.test_client()
    page = client.get(link)
    assert "<strong>this</strong>" in page.text
    assert "Hush" not in page.text
    assert 'content="no-referrer"' in page.text
    press = press_of(page.text)
    for _press in range(2):
        sent = client.post(f"{link}/replies", data={"body": "It worked", "press": press})
        assert sent.status_code == 303
    session.rollback()
    mine = session.scalars(select(Message).where(Message.sender_type == "customer")).one()
    assert (mine.body, mine.sender_id, mine.sender_name) == ("It worked", None, "Ana Ruiz")
    client.post(f"{link}/resolution")
    assert only_ticket(session).state is State.RESOLVED
    assert client.post(f"{link}/resolution").status_code == 409


def test_a_guests_empty_reply_is_refused(app, link):
    answer = app.test_client().post(f"{link}/replies", data={"body": " "})
    assert answer.status_code == 422
    assert "Write something first." in answer.text


def test_a_guests_late_reply_begins_a_linked_ticket(app, session, link, noon):
    client = app.test_client()
    client.post(f"{link}/resolution")
    noon.shift(timedelta(days=8))
    sent = client.post(f"{link}/replies", data={"body": "Again", "press": "z"})
    session.rollback()
    old, new = session.scalars(select(Ticket).order_by(Ticket.number))
    assert new.follows_id == old.id
    assert new.requester_email == "ana@example.com"
    assert sent.location == f"/requests/{token_for(new)}"


@pytest.mark.parametrize("token", ["x", "MTAwMQ.forged", "%00", "a" * 500])
def test_a_forged_link_opens_nothing(app, link, token):
    client = app.test_client()
    assert client.get(f"/requests/{token}").status_code == 404
    assert client.post(f"/requests/{token}/replies", data={"body": "x"}).status_code == 404
    assert client.post(f"/requests/{token}/resolution").status_code == 404


def test_a_link_opens_no_ticket_of_somebody_with_an_account(app, session, pack, world):
    ticket = filed(session, pack, world.owner, NOW)
    session.commit()
    assert app.test_client().get(f"/requests/{token_for(ticket)}").status_code == 404


def test_a_guests_pages_ask_few_questions(app, link, runtime):
    client = app.test_client()
    client.get(link)
    with counted(runtime.engine) as statements:
        client.get(link)
        client.get("/contact")
    assert len(statements) <= 10, statements


def test_too_many_letters_are_asked_to_wait(limited):
    client = limited.test_client()
    answers = [client.post("/contact", data={}).status_code for _press in range(24)]
    assert answers[0] == 422
    assert answers[-1] == 429
