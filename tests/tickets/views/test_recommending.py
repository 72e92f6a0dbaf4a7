"""Articles for who answers: found with the desk's eyes, opened with those of whoever asked."""

import pytest
from sqlalchemy import func, select

from portal.policy import desk_rules
from portal.tickets.models import Message
from tests.fixtures.world import NOW
from tests.tickets.helping import shelve
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
TEXT = "Drag the bar of a task on the Gantt chart to another day."


@pytest.fixture
def shelf(session, runtime, now):
    def put(title, **changes):
        return shelve(session, runtime, now, title, TEXT, **changes)

    return {
        "public": put("Move a task on the Gantt chart", role_tags=["client"]),
        "customers": put("Gantt chart for builders", audience="customers"),
        "staff": put("Gantt chart internals", audience="staff"),
    }


@pytest.fixture
def ticket(session, pack, world, shelf):
    made = filed(session, pack, world.pm, NOW, subject="A task on the Gantt chart does not move")
    session.commit()
    return made


@pytest.fixture
def at_desk(session, world, shelf):
    model = desk_rules.model_for(session, world.client)
    level = {"severity": "normal", "category": "question", "module": ""}
    made = filed(session, model, world.client, NOW, subject="The task on the Gantt chart", **level)
    session.commit()
    return made


def messages(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Message))


def test_links_for_the_customer_and_none_to_what_they_cant_open(sign_in, world, ticket):
    page = sign_in(world.agent).get(f"/desk/{ticket.number}/articles").text
    base = "http://127.0.0.1:8000"
    assert f"[Gantt chart for builders]({base}/kb/en/gantt-chart-for-builders)" in page
    assert "Gantt chart internals" in page
    assert "Not for whoever asked" in page
    assert "[Gantt chart internals]" not in page
    only = sign_in(world.agent).get(f"/desk/{ticket.number}/articles?q=internals").text
    assert "Gantt chart internals" in only
    assert (
        "No article has"
        in sign_in(world.agent).get(f"/desk/{ticket.number}/articles?q=zzzz+qqqq").text
    )


def test_at_a_builders_desk_links_lead_to_the_portal(sign_in, world, at_desk):
    page = sign_in(world.owner).get(f"/company/desk/{at_desk.number}/articles").text
    assert "/b/acme/kb/en/move-a-task-on-the-gantt-chart)" in page
    assert "Gantt chart for builders" in page
    assert "[Gantt chart for builders]" not in page
    assert "internals" not in page


def test_a_reply_with_a_link_that_they_cant_open_is_given_back(session, sign_in, world, ticket):
    client = sign_in(world.agent)
    link = "See [this](/kb/en/gantt-chart-internals)."
    refused = client.post(f"/desk/{ticket.number}/reply", data={"kind": "reply", "body": link})
    assert refused.status_code == 422
    assert "can&#39;t open “Gantt chart internals”" in refused.text
    assert link in refused.text
    assert messages(session) == 0
    kept = client.post(f"/desk/{ticket.number}/note", data={"kind": "note", "body": link})
    assert kept.status_code == 303
    fine = "See /kb/en/gantt-chart-for-builders and /kb/en/nothing-there and /kb/en/."
    sent = client.post(
        f"/desk/{ticket.number}/reply",
        data={"kind": "reply", "body": fine, "then": "reply_by_agent"},
    )
    assert messages(session) == 2, sent.text


def test_and_at_a_builders_desk(session, sign_in, world, at_desk):
    client = sign_in(world.owner)
    sent = {"kind": "reply", "body": "/b/acme/kb/en/gantt-chart-for-builders"}
    refused = client.post(f"/company/desk/{at_desk.number}/replies", data=sent)
    assert refused.status_code == 422
    assert "can&#39;t open" in refused.text
    assert messages(session) == 0


def test_others_have_no_such_page(sign_in, world, ticket, at_desk):
    for who in (world.stranger, world.client, world.pm):
        assert sign_in(who).get(f"/desk/{ticket.number}/articles").status_code in {403, 404}
    assert sign_in(world.stranger).get(f"/company/desk/{at_desk.number}/articles").status_code in {
        403,
        404,
    }
    assert sign_in(world.agent).get(f"/desk/{at_desk.number}/articles").status_code == 404


def test_own_tickets_are_found_by_the_search_page(sign_in, world, ticket, at_desk):
    own = sign_in(world.pm).get("/search?q=gantt").text
    assert f"#{ticket.number}" in own
    assert f"/tickets/{ticket.number}" in own
    assert f"/desk/{ticket.number}" in sign_in(world.agent).get("/search?q=gantt").text
    theirs = sign_in(world.client).get("/search?q=gantt").text
    assert f"#{at_desk.number}" in theirs
    assert f"#{ticket.number}" not in theirs
    assert f"#{ticket.number}" not in sign_in(world.stranger).get("/search?q=gantt").text
