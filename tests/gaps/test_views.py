import csv
import io

import pytest

from portal.kb.models import Draft
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def editor(sign_in, world, session):
    def enter(who="agent"):
        session.commit()
        return sign_in(getattr(world, who))

    return enter


def test_the_heaviest_come_first(readers, article, editor):
    readers.searched("a starter", "rare words")
    readers.searched("b enterprise", "gantt export")
    readers.said_no("c", article, "outdated")
    text = editor().get("/articles/gaps").text
    assert text.index("gantt export") < text.index("rare words")
    assert "Move a task" in text
    assert "outdated (1)" in text
    only = editor().get("/articles/gaps?kind=unhelpful").text
    assert "Move a task" in only
    assert "gantt export" not in only


@pytest.mark.parametrize("query", ["days=x", "days=99999", "kind=none", "state=x", "just=x&key=y"])
def test_nonsense_in_the_address_is_passed_over(readers, editor, query):
    readers.searched("a", "gantt export")
    assert "gantt export" in editor().get(f"/articles/gaps?{query}").text


def test_only_who_writes_articles_sees_it(readers, editor):
    readers.searched("a", "gantt export")
    for who in ("owner", "pm", "client"):
        for path in ("", "/nothing_found?key=en:gantt+export", "/outcome", "/outcome/readings.csv"):
            assert editor(who).get(f"/articles/gaps{path}").status_code in {302, 303, 403, 404}


def test_examples_name_nobody(readers, editor, world):
    readers.searched("a business", "gantt export")
    text = editor().get("/articles/gaps/nothing_found?key=en:gantt+export").text
    assert "gantt export" in text
    assert "Business" in text
    assert world.pm.name not in text
    assert editor().get("/articles/gaps/nothing_found?key=en:else").status_code == 404
    assert editor().get("/articles/gaps/else?key=en:else").status_code == 404


def test_the_tickets_behind_an_article(session, pack, world, readers, article, editor, now):
    ticket = filed(session, pack, world.pm, now, subject="It still fails")
    readers.read("a", article, ticket_id=ticket.id)
    text = editor().get(f"/articles/gaps/asked_after?key={article.id}").text
    assert f"/desk/{ticket.number}" in text
    assert "It still fails" in text


def test_set_aside_undone_and_brought_back(readers, editor):
    readers.searched("a", "gantt export")
    client = editor()
    sent = {"key": "en:gantt export", "fate": "dismissed", "reason": "We have no such thing"}
    answer = client.post("/articles/gaps/nothing_found/settlement", data=sent)
    assert answer.status_code == 303
    after = client.get(answer.location).text
    assert "Undo" in after
    assert "Nobody missed anything" in after
    assert "We have no such thing" in client.get("/articles/gaps?state=aside").text
    client.post("/articles/gaps/nothing_found/reopening", data={"key": "en:gantt export"})
    assert "gantt export" in client.get("/articles/gaps").text


def test_a_reason_that_is_too_long_is_given_back(readers, editor):
    readers.searched("a", "gantt export")
    sent = {"key": "en:gantt export", "fate": "done", "reason": "x" * 301}
    answer = editor().post("/articles/gaps/nothing_found/settlement", data=sent)
    assert answer.status_code == 422
    assert "x" * 301 in answer.text


def test_an_article_is_begun_by_one_press(session, readers, editor):
    readers.searched("a", "gantt export")
    sent = {"key": "en:gantt export"}
    answer = editor().post("/articles/gaps/nothing_found/article", data=sent)
    draft = session.query(Draft).one()
    assert (draft.title, draft.labels) == ("Gantt export", ["gantt export"])
    assert answer.location.endswith(f"/articles/{draft.article_id}")


def test_what_reading_saves_with_the_readings_behind_it(readers, article, editor):
    readers.read("a business", article)
    readers.read("b", article, hours=1)
    client = editor()
    text = client.get("/articles/gaps/outcome").text
    assert "100 %" in text
    rows = list(csv.reader(io.StringIO(client.get("/articles/gaps/outcome/readings.csv").text)))
    assert [row[2] for row in rows[1:]] == ["Move a task", "Move a task"]
    assert {row[6] for row in rows[1:]} == {"1", "2"}


def test_nothing_yet(editor):
    client = editor()
    assert "Nobody missed anything" in client.get("/articles/gaps").text
    assert "Nothing is set aside" in client.get("/articles/gaps?state=aside").text
    assert "Nothing was read yet" in client.get("/articles/gaps/outcome").text
