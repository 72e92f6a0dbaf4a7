"""Answers beside the panel's form, and nothing sent if one is enough."""

import re

import pytest
from sqlalchemy import func, select

from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Feedback, Reading
from portal.tickets.models import Ticket
from portal.writing.models import Draft
from tests.tickets.helping import shelve

pytestmark = pytest.mark.usefixtures("noon")
WORDS = {"subject": "Drag a task on the Gantt chart", "body": "It does not move.", "press": "p"}


@pytest.fixture
def gantt(session, runtime, now):
    see(session, PLATFORM)
    text = "Drag the bar of a task on the Gantt chart to another day."
    roles = {"role_tags": ["pm", "client"]}
    return shelve(session, runtime, now, "Move a task on the Gantt chart", text, **roles)


@pytest.fixture
def customers(session, runtime, now):
    see(session, PLATFORM)
    text = "Drag the bar of a task on the Gantt chart with your plan."
    return shelve(session, runtime, now, "Gantt for builders", text, audience="customers")


def counted(session, model) -> int:
    session.rollback()
    see(session, PLATFORM)
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_they_follow_the_words(app, bearer, gantt, customers):
    client, headers = app.test_client(), bearer()
    blank = client.get("/widget/contact", headers=headers).text
    assert "Perhaps this answers it" not in blank
    said = client.post("/widget/contact/choices", data=WORDS, headers=headers).text
    assert "Move a task on the Gantt chart" in said
    assert "Gantt for builders" in said
    assert 'id="suggested" hx-swap-oob="true"' in said
    prefilled = client.get("/widget/contact", query_string=WORDS, headers=headers).text
    assert "Move a task on the Gantt chart" in prefilled


def test_only_what_they_may_read(app, begin, server, guest, gantt, customers):
    opened = begin(server.sign("a@client.example", role="client")).json
    for headers in ({"Authorization": f"Bearer {opened['token']}"}, guest()):
        body = {"body": f"{WORDS['subject']} {WORDS['body']}"}
        said = app.test_client().post("/widget/contact/choices", data=WORDS | body, headers=headers)
        assert "for builders" not in said.text
        place = f"/widget/words/{customers.id}"
        assert app.test_client().get(place, headers=headers).status_code == 404
        solved = app.test_client().post(
            "/widget/contact/solution", data=WORDS | {"article": str(customers.id)}, headers=headers
        )
        assert solved.status_code == 404


def test_its_words_are_read_beside_the_form(app, bearer, session, gantt):
    client, headers = app.test_client(), bearer()
    page = client.get(f"/widget/words/{gantt.id}", headers=headers).text
    assert "Drag the bar" in page
    assert 'id="body"' not in page  # which is the form's own
    place = f"/widget/articles/{gantt.id}/readings"
    client.post(place, data={"from": "ticket_form"}, headers=headers)
    session.rollback()
    see(session, PLATFORM)
    assert session.scalars(select(Reading)).one().surface == "ticket_form"


def test_one_that_solved_it_sends_nothing_and_counts(app, bearer, session, gantt):
    client, headers = app.test_client(), bearer()
    client.post("/widget/contact/draft", data=WORDS, headers=headers)
    said = WORDS | {"article": str(gantt.id), "severity": "P2"}
    page = client.post("/widget/contact/solution", data=said, headers=headers).text
    assert "Nothing was sent" in page
    assert (counted(session, Ticket), counted(session, Draft)) == (0, 0)
    opinion = session.scalars(select(Feedback)).one()
    assert (opinion.helpful, opinion.surface) == (True, "ticket_form")


def test_it_did_not_after_all_and_every_word_is_back(app, bearer, session, gantt):
    client, headers = app.test_client(), bearer()
    said = WORDS | {"article": str(gantt.id), "severity": "P2", "category": "bug"}
    page = client.post("/widget/contact/solution", data=said, headers=headers).text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert fields == said
    form = client.post("/widget/contact/doubts", data=fields, headers=headers).text
    assert "It does not move." in form
    assert 'value="Drag a task on the Gantt chart"' in form
    assert 'name="press" type="hidden" value="p"' in form
    assert counted(session, Feedback) == 0
    client.post("/widget/contact", data=said, headers=headers)
    assert counted(session, Ticket) == 1


def test_a_guest_is_offered_them_too(app, guest, session, gantt):
    client, headers = app.test_client(), guest()
    said = {"name": "Ana", "email": "ana@example.com", "body": " ".join(WORDS.values())}
    assert (
        "Perhaps this answers it"
        in client.post("/widget/contact/choices", data=said, headers=headers).text
    )
    said["article"] = str(gantt.id)
    page = client.post("/widget/contact/solution", data=said, headers=headers).text
    assert "Nothing was sent" in page
    form = client.post("/widget/contact/doubts", data=said, headers=headers).text
    assert 'value="ana@example.com"' in form
    assert counted(session, Ticket) == 0
