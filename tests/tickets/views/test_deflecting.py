"""While somebody writes a ticket: articles beside the form, and nothing filed if one is enough."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.foundation import outbox
from portal.kb.models import Article, Feedback, Reading
from portal.tickets.models import Ticket, TicketEvent
from portal.writing.models import Draft
from tests.tickets.helping import shelve
from tests.tickets.views.conftest import press_of

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
WORDS = {"subject": "Drag a task on the Gantt chart", "body": "It does not move."}


@pytest.fixture
def gantt(session, runtime, now):
    text = "Drag the bar of a task on the Gantt chart to another day."
    roles = {"role_tags": ["pm", "client"]}
    return shelve(session, runtime, now, "Move a task on the Gantt chart", text, **roles)


@pytest.fixture
def inside(session, runtime, now):
    text = "Drag the bar of a task on the Gantt chart in the database."
    return shelve(session, runtime, now, "Gantt chart internals", text, audience="staff")


@pytest.fixture
def customers(session, runtime, now):
    text = "Drag the bar of a task on the Gantt chart with your plan."
    return shelve(session, runtime, now, "Gantt chart for builders", text, audience="customers")


def counted(session, model) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def drain(runtime, now):
    outbox.drain(runtime.writers, runtime.subscribers, at=now)


def test_articles_for_the_words_without_leaving_the_form(world, sign_in, gantt, inside, customers):
    answer = sign_in(world.pm).post("/tickets/new/suggestion", data=WORDS, headers=HTMX).text
    assert "Perhaps this answers it" in answer
    assert "Move a task on the Gantt chart" in answer
    assert "Gantt chart for builders" in answer
    assert "internals" not in answer
    assert f"/kb/en/articles/{gantt.id}/readings" in answer


def test_at_a_portal_only_what_is_for_its_people(app, world, sign_in, gantt, inside, customers):
    for client in (sign_in(world.client), _visitor(app, "acme")):
        path = "/tickets/new/suggestion" if client.get("/tickets/new").status_code == 200 else ""
        answer = client.post(path or "/contact/suggestion", data=WORDS | _body(), headers=HTMX).text
        assert "Move a task on the Gantt chart" in answer
        assert "for builders" not in answer
        assert "internals" not in answer
        assert f"/b/acme/kb/en/articles/{gantt.id}/readings" in answer


def _visitor(app, portal=""):
    client = app.test_client()
    client.portal = portal
    return client


def _body():
    return {"body": f"{WORDS['subject']}. {WORDS['body']}"}


def test_visitors_are_shown_what_is_public(app, gantt, customers):
    answer = _visitor(app).post("/contact/suggestion", data=_body(), headers=HTMX).text
    assert "Move a task on the Gantt chart" in answer
    assert "for builders" not in answer


@pytest.mark.parametrize("words", ["", "Gantt", "x" * 5000, '"gantt', "- - -", "\0", "🏗 " * 300])
def test_nothing_is_pressed_on_who_has_said_nothing(world, sign_in, gantt, words):
    sent = {"subject": words, "body": ""}
    answer = sign_in(world.pm).post("/tickets/new/suggestion", data=sent, headers=HTMX)
    assert answer.status_code == 200
    assert "Perhaps this answers it" not in answer.text


def test_without_a_script_they_lie_in_the_page_after_a_check(world, sign_in, gantt):
    page = sign_in(world.pm).post("/tickets/new", data=WORDS | {"check": "1"}).text
    assert "Drag the bar of a task" in page
    assert f'href="/kb/en/{gantt.slug}?from=ticket_form"' in page
    assert page.count('id="body"') == 1


def test_an_article_is_fetched_when_it_is_unfolded(app, world, sign_in, gantt, customers, inside):
    client = sign_in(world.pm)
    assert "Drag the bar" in client.get(f"/tickets/new/articles/{gantt.id}").text
    assert client.get(f"/tickets/new/articles/{customers.id}").status_code == 200
    assert client.get(f"/tickets/new/articles/{inside.id}").status_code == 404
    assert _visitor(app).get(f"/tickets/new/articles/{customers.id}").status_code == 404
    assert sign_in(world.client).get(f"/tickets/new/articles/{customers.id}").status_code == 404


def test_what_was_unfolded_stays_open(world, sign_in, gantt):
    sent = WORDS | {"read": str(gantt.id)}
    answer = sign_in(world.pm).post("/tickets/new/suggestion", data=sent, headers=HTMX).text
    assert re.search(r"<details[^>]* open", answer)
    assert "Drag the bar of a task" in answer


def test_this_solved_it_files_nothing_and_counts(world, session, sign_in, gantt):
    client = sign_in(world.pm)
    client.post("/tickets/new/draft", data=WORDS)
    sent = WORDS | {"article": str(gantt.id), "severity": "P2", "press": "abc"}
    page = client.post("/tickets/new/solution", data=sent).text
    assert "Nothing was sent" in page
    assert counted(session, Ticket) == 0
    assert counted(session, Draft) == 0
    said = session.scalars(select(Feedback)).one()
    assert (said.helpful, said.surface, said.user_id) == (True, "ticket_form", world.pm.user_id)
    reading = session.scalars(select(Reading)).one()
    assert (reading.surface, reading.plan, reading.ticket_id) == ("ticket_form", "business", None)
    assert session.get(Article, gantt.id).helpful_count == 1
    client.post("/tickets/new/solution", data=sent)
    assert counted(session, Feedback) == counted(session, Reading) == 1
    # and undone, with all that was written
    written = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert written["press"] == "abc"
    form = client.post("/tickets/new/doubts", data=written).text
    assert WORDS["subject"] in form
    assert WORDS["body"] in form
    assert press_of(form.replace('value="abc"', f'value="{"0" * 32}"'))
    assert counted(session, Feedback) == 0
    assert session.get(Article, gantt.id).helpful_count == 0


def test_a_visitor_is_helped_too(app, session, gantt):
    client = _visitor(app)
    page = client.post("/contact/solution", data=_body() | {"article": str(gantt.id)}).text
    assert "Nothing was sent" in page
    said = session.scalars(select(Feedback)).one()
    assert (said.user_id, said.builder_id, len(said.visitor) > 20) == (None, None, True)
    form = client.post("/contact/doubts", data=_body() | {"article": str(gantt.id)}).text
    assert "It does not move." in form
    assert counted(session, Feedback) == 0


@pytest.mark.parametrize("article", ["", "x", "00000000-0000-7000-8000-000000000000"])
def test_what_is_no_article_solves_nothing(world, session, sign_in, inside, article):
    client = sign_in(world.pm)
    for key in (article, str(inside.id)):
        sent = WORDS | {"article": key}
        assert client.post("/tickets/new/solution", data=sent).status_code == 404
    assert counted(session, Feedback) == 0


def test_a_ticket_within_a_day_marks_what_was_read(
    world, session, sign_in, gantt, report, runtime, now
):
    client = sign_in(world.pm)
    told = {"from": "ticket_form"}
    client.post(f"/kb/en/articles/{gantt.id}/readings", data=told)
    old = session.scalars(select(Reading)).one()
    earlier = Reading(
        article_id=gantt.id,
        visitor=old.visitor,
        user_id=old.user_id,
        builder_id=old.builder_id,
        at=now - timedelta(hours=25),
    )
    others = Reading(article_id=gantt.id, visitor="else", at=now - timedelta(hours=1))
    session.add_all([earlier, others])
    session.commit()
    report(client)
    drain(runtime, now)
    session.expire_all()
    ticket = session.scalars(select(Ticket)).one()
    assert session.get(Reading, old.id).ticket_id == ticket.id
    assert session.get(Reading, earlier.id).ticket_id is None
    assert session.get(Reading, others.id).ticket_id is None
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "opened")).one()
    assert "visitor" not in event.facts


def test_a_visitors_letter_marks_what_the_same_browser_read(app, session, gantt, runtime, now):
    client = _visitor(app)
    client.post(f"/kb/en/articles/{gantt.id}/readings", data={"from": "ticket_form"})
    press = press_of(client.get("/contact").text)
    letter = {"name": "Ana Ruiz", "email": "ana@example.com", "press": press}
    client.post("/contact", data=_body() | letter)
    drain(runtime, now)
    session.expire_all()
    reading = session.scalars(select(Reading)).one()
    assert reading.ticket_id == session.scalars(select(Ticket)).one().id
    assert reading.surface == "ticket_form"
