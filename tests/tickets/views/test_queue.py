import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import SupportAgent
from portal.tickets.models import Ticket
from portal.tickets.queries.queue import PAGE_ROWS
from portal.tickets.service import assignment, states, triage
from tests.fixtures.world import NOW, closed_to
from tests.support.statements import counted
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}


def numbers(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', html)]


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def many(session, pack, world) -> list[Ticket]:
    """Thirty, the oldest filed first; they fall due in that order."""
    made = [
        filed(session, pack, world.owner, NOW - timedelta(minutes=90 - n), subject=f"Number {n}")
        for n in range(30)
    ]
    session.commit()
    return made


@pytest.mark.parametrize("who", ["agent", "manager", "admin"])
def test_staff_see_the_queue(world, sign_in, who):
    assert sign_in(getattr(world, who)).get("/queue").status_code == 200


@pytest.mark.parametrize("who", ["owner", "pm", "client", "stranger"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/queue"),
        ("POST", "/queue/1001/assignment"),
        ("POST", "/queue/absence"),
        ("POST", "/queue/presence"),
    ],
)
def test_customers_do_not(world, sign_in, who, method, path):
    actor = getattr(world, who)
    assert sign_in(actor).open(path, method=method).status_code == closed_to(actor)


def test_nobody_signed_in_is_asked_to(client_of_nobody):
    answer = client_of_nobody.get("/queue?view=mine")
    assert answer.status_code == 302
    assert "/sign-in?next=%2Fqueue%3Fview%3Dmine" in answer.location


@pytest.fixture
def client_of_nobody(app):
    return app.test_client()


def test_what_burns_is_on_top(session, pack, world, sign_in):
    calm = filed(session, pack, world.owner, NOW, severity="P3", subject="Calm")
    soon = filed(session, pack, world.owner, NOW - timedelta(minutes=30), severity="P1")
    late = filed(session, pack, world.owner, NOW - timedelta(hours=2), severity="P1")
    session.commit()
    html = sign_in(world.agent).get("/queue").text
    assert numbers(html) == [late.number, soon.number, calm.number]
    assert f'id="row-{late.number}" data-burns="breached"' in html
    assert f'id="row-{soon.number}" data-burns="running"' in html
    assert "1 h over" in html
    assert "30 min left" in html


def test_what_is_urgent_comes_before_what_is_late(session, pack, world, sign_in):
    late = filed(session, pack, world.owner, NOW - timedelta(days=9), severity="P3")
    urgent = filed(session, pack, world.owner, NOW, severity="P1")
    session.commit()
    assert numbers(sign_in(world.agent).get("/queue").text) == [urgent.number, late.number]


def test_a_row_says_all_that_one_look_needs(session, pack, world, sign_in):
    ticket = filed(session, pack, world.owner, NOW, severity="P1", subject="<b>All</b> down")
    session.commit()
    row = sign_in(world.agent).get("/queue").text.partition("<tbody")[2]
    for words in ("First answer", "P1", f"#{ticket.number}", "Acme Homes", "Business", "Owner"):
        assert words in row
    assert "Nobody yet" in row
    assert "Tier 1" in row
    assert "&lt;b&gt;All&lt;/b&gt; down" in row


def test_the_views(session, pack, world, sign_in, runtime):
    mine, free, other, done = (filed(session, pack, world.owner, NOW) for _ in range(4))
    assignment.take(session, mine, by=world.agent, at=NOW)
    assignment.take(session, other, by=world.second, at=NOW)
    states.resolve(session, done, by=world.agent, at=NOW)
    session.commit()
    client = sign_in(world.agent)
    shown = {
        view: set(numbers(client.get(f"/queue?view={view}").text))
        for view in ("mine", "unassigned", "breaching", "all")
    }
    assert shown["mine"] == {mine.number}
    assert shown["unassigned"] == {free.number}
    assert shown["breaching"] == set()
    assert shown["all"] == {mine.number, free.number, other.number}


def test_the_rail_counts_what_the_views_hold(session, many, world, sign_in):
    assignment.take(session, many[0], by=world.agent, at=NOW)
    session.commit()
    rail = sign_in(world.agent).get("/queue").text.partition('id="rail"')[2].partition("</ul>")[0]
    assert re.findall(r'rail__count[^"]*">([^<]*)<', rail) == ["1", "29", "0", "30"]


def test_counts_stop_at_a_thousand(world, sign_in, monkeypatch):
    from portal.tickets.queries import queue
    from portal.tickets.queries.queue import COUNT_TO, View

    full = queue.Rail(dict.fromkeys(View, COUNT_TO), here=True)
    monkeypatch.setattr(queue, "rail", lambda *_: full)
    assert "999+" in sign_in(world.agent).get("/queue").text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("severity", "P1"),
        ("category", "billing"),
        ("team", "billing"),
        ("state", "waiting_on_customer"),
        ("builder", "birch"),
    ],
)
def test_each_filter_narrows_and_can_be_taken_off(session, pack, world, sign_in, name, value):
    filed(session, pack, world.owner, NOW)
    one = filed(session, pack, world.stranger, NOW, severity="P1", category="billing")
    triage.classify(session, pack, one, by=world.agent, at=NOW, team="billing")
    states.wait_on_customer(session, one, by=world.agent, at=NOW)
    session.commit()
    client = sign_in(world.agent)
    html = client.get(f"/queue?{name}={value}").text
    assert numbers(html) == [one.number]
    without = re.search(r'class="chip" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert name not in without
    assert len(numbers(client.get(without).text)) == 2


def test_what_can_be_filtered_is_fetched_when_somebody_asks(many, world, sign_in):
    client = sign_in(world.agent)
    closed = client.get("/queue?view=mine").text
    assert "<select" not in closed
    offer = re.search(r'id="queue-filters"><a[^>]+href="([^"]+)"', closed)[1].replace("&amp;", "&")
    whole = client.get(offer).text
    assert '<details class="queue-filters" open>' in whole
    assert 'name="assignee"' in whole
    alone = client.get(offer, headers={"HX-Request": "true"}).text
    assert alone.strip().startswith('<form class="filters"')
    assert 'name="view" value="mine"' in alone


def test_filter_by_assignee(session, many, world, sign_in):
    assignment.take(session, many[3], by=world.second, at=NOW)
    session.commit()
    client = sign_in(world.agent)
    html = client.get(f"/queue?assignee={world.second.agent_id}").text
    assert numbers(html) == [many[3].number]
    assert "Agent2" in html.partition('class="chips"')[2].partition("</ul>")[0]


def test_resolved_tickets_are_found_by_their_state(session, many, world, sign_in):
    states.resolve(session, many[0], by=world.agent, at=NOW)
    session.commit()
    assert numbers(sign_in(world.agent).get("/queue?state=resolved").text) == [many[0].number]


@pytest.mark.parametrize("view", ["mine", "unassigned", "breaching", "all", "none-such"])
def test_an_empty_view_says_what_to_do(world, sign_in, view):
    html = sign_in(world.agent).get(f"/queue?view={view}").text
    assert 'class="empty__title"' in html


def test_filters_that_match_nothing_can_be_removed(many, world, sign_in):
    html = sign_in(world.agent).get("/queue?view=unassigned&category=billing").text
    assert "Nothing matches these filters" in html
    assert 'href="/queue?view=unassigned"' in html


def test_pages_hold_twenty_five_and_lead_there_and_back(many, world, sign_in):
    client = sign_in(world.agent)
    first = client.get("/queue?severity=P2").text
    assert len(numbers(first)) == PAGE_ROWS
    assert not link(first, "prev")
    assert "severity=P2" in link(first, "next")
    second = client.get(link(first, "next")).text
    assert len(numbers(second)) == 5
    assert numbers(first) + numbers(second) == [ticket.number for ticket in many]
    assert numbers(client.get(link(second, "prev")).text) == numbers(first)


def test_paging_shows_each_ticket_once_while_others_arrive(session, pack, many, world, sign_in):
    client = sign_in(world.agent)
    first = client.get("/queue").text
    for _ in range(3):  # more urgent than all that have been shown
        filed(session, pack, world.owner, NOW - timedelta(hours=3), severity="P1")
    session.commit()
    second = client.get(link(first, "next")).text
    assert set(numbers(first)).isdisjoint(numbers(second))
    assert set(numbers(first)) | set(numbers(second)) == {ticket.number for ticket in many}


def test_a_cursor_of_ones_own_making_is_refused(world, sign_in):
    answer = sign_in(world.agent).get("/queue?cursor=abc")
    assert answer.status_code == 400
    assert "Start from the first page" in answer.text


@pytest.mark.parametrize("query", ["?view=../x", "?assignee=me", "?builder='--", "?severity=%00"])
def test_nonsense_in_the_address_shows_a_page(many, world, sign_in, query):
    assert sign_in(world.agent).get(f"/queue{query}").status_code == 200


def test_live_updates_get_the_list_and_the_counts_alone(many, world, sign_in):
    html = sign_in(world.agent).get("/queue", headers=HTMX).text
    assert "<!doctype" not in html
    assert 'id="rail"' in html
    assert 'id="queue"' in html
    assert len(numbers(html)) == PAGE_ROWS


def test_taking_without_leaving_the_list(session, many, world, sign_in):
    client = sign_in(world.agent)
    answer = client.post(f"/queue/{many[0].number}/assignment", headers=HTMX)
    assert answer.status_code == 204
    assert "corbel:queue-changed" in answer.headers["HX-Trigger"]
    assert numbers(client.get("/queue?view=mine").text) == [many[0].number]


def test_taking_without_script_leads_back_to_the_view(many, world, sign_in):
    path = f"/queue/{many[0].number}/assignment"
    answer = sign_in(world.agent).post(path, data={"view": "unassigned"})
    assert answer.status_code == 303
    assert answer.location == "/queue?view=unassigned"


def test_what_somebody_took_meanwhile_is_not_taken_away(session, many, world, sign_in):
    assignment.take(session, many[0], by=world.second, at=NOW)
    session.commit()
    answer = sign_in(world.agent).post(f"/queue/{many[0].number}/assignment")
    assert answer.status_code == 409
    assert "Somebody else took" in answer.text


def test_who_takes_no_tickets_is_told_so(many, world, sign_in):
    client = sign_in(world.manager)
    assert client.post(f"/queue/{many[0].number}/assignment").status_code == 422
    assert "data-take" not in client.get("/queue").text


def test_stepping_away_and_coming_back(session, world, sign_in):
    client = sign_in(world.agent)
    assert "You are on duty" in client.get("/queue").text
    client.post("/queue/absence")
    html = client.get("/queue").text
    assert "You are away" in html
    session.rollback()
    agent = session.get(SupportAgent, world.agent.agent_id, populate_existing=True)
    assert agent.is_available is False
    client.post("/queue/presence")
    assert "You are on duty" in client.get("/queue").text


def test_managers_have_no_switch(world, sign_in):
    client = sign_in(world.manager)
    assert "Step away" not in client.get("/queue").text
    assert client.post("/queue/absence").status_code == 422


@pytest.mark.parametrize("query", ["", "?view=breaching&severity=P2&builder=acme"])
def test_ten_queries_at_most(runtime, many, world, sign_in, query):
    client = sign_in(world.agent)
    client.get(f"/queue{query}")
    with counted(runtime.engine) as seen:
        client.get(f"/queue{query}")
    assert len(seen) <= 10, "\n".join(seen)


def test_the_queue_speaks_spanish(session, many, world, sign_in):
    client = sign_in(world.agent)
    client.post("/locale", data={"locale": "es"})
    html = client.get("/queue").text
    assert '<html lang="es"' in html
    assert session.scalar(select(Ticket.subject).limit(1)) in html
