from datetime import timedelta

import pytest

from portal.core.ticket_states import Verb
from portal.tickets.service import conversation, states
from tests.fixtures.world import NOW
from tests.support.statements import counted
from tests.tickets.making import filed, words

pytestmark = pytest.mark.usefixtures("noon")


def test_an_empty_list_says_what_to_do(world, sign_in):
    page = sign_in(world.pm).get("/tickets").text
    assert "No tickets yet" in page
    assert 'href="/tickets/new"' in page


PEOPLE = ("owner", "pm", "client", "stranger")


def test_who_sees_which(world, session, pack, sign_in):
    for who in (world.owner, world.pm, world.client, world.stranger):
        filed(session, pack, who, NOW - timedelta(hours=1), subject=f"Asked by {who.email}")
    session.commit()
    names = ("owner@acme", "pm@acme", "client@acme", "owner@birch")
    pages = {who: sign_in(getattr(world, who)).get("/tickets").text for who in PEOPLE}
    seen = {who: {other for other in names if f"Asked by {other}" in pages[who]} for who in PEOPLE}
    assert seen == {  # what clients asked stands at their builder's own desk
        "owner": {"owner@acme", "pm@acme"},
        "pm": {"pm@acme"},
        "client": {"client@acme"},
        "stranger": {"owner@birch"},
    }


def test_staff_go_to_their_queue(world, sign_in):
    assert sign_in(world.agent).get("/tickets").location == "/queue"


def test_states_narrow_the_list(world, session, pack, sign_in):
    at = NOW - timedelta(hours=2)
    filed(session, pack, world.pm, at, subject="Still open")
    asked = filed(session, pack, world.pm, at, subject="Asked back")
    conversation.reply_as_agent(
        session, asked, words("?"), by=world.agent, at=at, undo_seconds=0, then=Verb.ASK_CUSTOMER
    )
    done = filed(session, pack, world.pm, at, subject="All done")
    states.resolve(session, done, by=world.agent, at=at)
    session.commit()
    client = sign_in(world.pm)
    shown = {
        state: {
            name
            for name in ("Still open", "Asked back", "All done")
            if name in client.get(f"/tickets?state={state}").text
        }
        for state in ("active", "waiting_on_customer", "resolved", "closed", "nonsense")
    }
    assert shown == {
        "active": {"Still open", "Asked back"},
        "waiting_on_customer": {"Asked back"},
        "resolved": {"All done"},
        "closed": set(),
        "nonsense": {"Still open", "Asked back", "All done"},
    }
    assert "None of this kind" in client.get("/tickets?state=closed").text


def test_snoozed_is_a_word_of_ours(world, session, pack, sign_in):
    ticket = filed(session, pack, world.pm, NOW - timedelta(hours=2))
    states.snooze(
        session, ticket, until=NOW + timedelta(days=1), by=world.agent, at=NOW - timedelta(hours=1)
    )
    session.commit()
    page = sign_in(world.pm).get("/tickets").text
    assert "Being worked on" in page
    assert "Snoozed" not in page


def test_pages_lead_on_and_back_without_a_gap(world, session, pack, sign_in):
    for number in range(60):
        at = NOW - timedelta(minutes=number)
        filed(session, pack, world.pm, at, subject=f"Ticket no. {number:02}")
    session.commit()
    client, seen, address = sign_in(world.pm), [], "/tickets"
    while address:
        page = client.get(address).text
        seen += [n for n in range(60) if f"Ticket no. {n:02}" in page]
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        address = older.replace("&amp;", "&")
    assert seen == list(range(60))


def test_a_made_up_place_is_the_beginning(world, session, pack, sign_in):
    filed(session, pack, world.pm, NOW)
    session.commit()
    assert "Scheduling is down" in sign_in(world.pm).get("/tickets?page=%00garbage").text


def test_an_update_brings_the_rows_alone(world, sign_in):
    answer = sign_in(world.pm).get("/tickets", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="tickets"' in answer.text


def test_a_full_list_asks_few_questions(world, session, pack, sign_in, runtime):
    for number in range(30):
        filed(session, pack, world.pm, NOW - timedelta(minutes=number))
    session.commit()
    client = sign_in(world.owner)
    client.get("/tickets")
    with counted(runtime.engine) as statements:
        client.get("/tickets")
    assert len(statements) <= 10, statements
