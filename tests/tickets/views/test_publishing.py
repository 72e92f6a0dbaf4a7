"""An answered ticket becomes a thread of the forum, once whoever asked has agreed."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from portal.core.audience import Reader
from portal.core.permissions import Role
from portal.forum.models import Post, Reply, State
from portal.forum.service import moderating
from portal.foundation import outbox
from portal.notifications.models import Notification
from portal.search.documents import Question
from portal.search.service import find
from portal.tickets.models import Consent, Publication, Ticket, TicketEvent
from portal.tickets.service import assignment, attachments, conversation
from portal.writing.models import Picture
from tests.fixtures.world import NOW
from tests.forum.making import thread
from tests.tickets.making import filed, words

pytestmark = pytest.mark.usefixtures("noon")
ASKED = """The Gantt chart of Larkspur Bridge Ltd stands still.
Call +1 415 555 0134 or pat.doe@acme.test."""
ANSWER = "Hello Pat, open Settings and choose Recalculate. You were charged $300 for INV-2231."
PRIVATE = ("Larkspur", "415 555", "pat.doe", "$300", "INV-2231", "Pat")


@pytest.fixture
def ticket(session, pack, world, runtime):
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(picture, "PNG")
    picture.seek(0)
    upload = FileStorage(picture, filename="Pat Doe screen.png")
    files = attachments.keep(session, runtime.store, [upload], by=world.pm, at=NOW, limit=10**6)
    subject = "Gantt stands still"
    made = filed(session, pack, world.pm, NOW, subject=subject, description=ASKED, files=files)
    made.requester_name = "Pat Doe"
    assignment.take(session, made, by=world.agent, at=NOW)
    conversation.reply_as_agent(
        session, made, words(ANSWER), by=world.agent, at=NOW, undo_seconds=0
    )
    session.commit()
    return made


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


@pytest.fixture
def pm(sign_in, world):
    return sign_in(world.pm)


@pytest.fixture
def told(runtime, session, now):
    def listen():
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=now):
            pass
        session.expire_all()
        return set(session.execute(select(Notification.user_id, Notification.kind)).all())

    return listen


def asked(client, ticket, **changes):
    """As the agent's page proposes it."""
    at = f"/desk/{ticket.number}/thread"
    page = client.get(at).text
    form = {
        "spoken": "en",
        "language": "en",
        "category": "scheduling",
        "piece": re.findall(r'name="piece" value="([^"]+)" checked', page),
        "gone": re.findall(r'name="gone" value="([^"]+)" checked', page),
        "shown": re.findall(r'name="shown" value="([^"]+)"', page),
        "text-title": "Gantt stands still",
    }
    for key in re.findall(r'id="use-([^"]+)"', page):
        text = re.search(rf'name="text-{key}"[^>]*>\n?(.*?)</textarea>', page, re.S)[1]
        form[f"text-{key}"] = text
    return client.post(at, data={**form, **changes})


def answer(client, ticket, said, **more):
    return client.post(f"/tickets/{ticket.number}/publication", data={"answer": said, **more})


def publish(client, ticket):
    return client.post(f"/desk/{ticket.number}/thread/publication")


def publication(session):
    session.commit()
    return session.scalars(
        select(Publication).order_by(Publication.asked_at, Publication.id)
    ).all()[-1]


def test_from_the_question_to_the_forum(session, app, ticket, agent, pm, world, told):
    assert asked(agent, ticket).status_code == 303
    one = publication(session)
    for private in PRIVATE:
        assert private not in one.title + one.question + one.answer
    assert (world.pm.user_id, "publication_asked") in told()
    visitor = app.test_client()
    assert "Gantt" not in visitor.get("/forum").text
    assert f"/tickets/{ticket.number}/publication" in pm.get(f"/tickets/{ticket.number}").text
    page = pm.get(f"/tickets/{ticket.number}/publication").text
    assert "May others read this?" in page
    assert "choose Recalculate" in page
    assert publish(agent, ticket).status_code == 409  # nobody has agreed yet
    assert answer(pm, ticket, "yes", remark="Go ahead").status_code == 303
    assert (world.agent.user_id, "publication_granted") in told()
    assert session.scalar(select(func.count()).select_from(Post)) == 0
    made = publish(agent, ticket)
    assert made.status_code == 303
    shown = visitor.get(made.headers["Location"]).text
    assert "choose Recalculate" in shown
    assert "with the consent of whoever asked" in shown
    for private in (*PRIVATE, world.pm.name, world.acme.name, "Go ahead"):
        assert private not in shown
    assert (world.pm.user_id, "published") in told()
    post = session.scalars(select(Post)).one()
    assert (post.source_ticket_id, post.verified_at is not None) == (ticket.id, True)
    assert find(session, Question("gantt", "en"), Reader(Role.PM)).hits
    kinds = session.scalars(select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id))
    assert {"publication_asked", "publication_granted", "published"} <= set(kinds.all())
    assert "Others read this in the forum" in pm.get(f"/tickets/{ticket.number}/publication").text
    assert publish(agent, ticket).status_code == 409


def test_a_no_is_a_no_and_says_why(session, ticket, agent, pm, world, told):
    asked(agent, ticket)
    assert answer(pm, ticket, "no", remark="Our layout is in it").status_code == 303
    assert (world.agent.user_id, "publication_refused") in told()
    assert publish(agent, ticket).status_code == 409
    page = agent.get(f"/desk/{ticket.number}/thread").text
    assert "They said no" in page
    assert "Our layout is in it" in page
    assert asked(agent, ticket).status_code == 303  # in other words
    assert publication(session).state == Consent.ASKED


def test_without_a_choice_what_was_typed_stays(ticket, agent, pm):
    asked(agent, ticket)
    sent = answer(pm, ticket, "", remark="Take out the site")
    assert sent.status_code == 422
    assert "Take out the site" in sent.text
    assert "Choose one of the two" in sent.text


@pytest.mark.parametrize("before", ["granted", "published"])
def test_consent_is_taken_back_at_any_time(session, app, ticket, agent, pm, world, told, before):
    asked(agent, ticket)
    answer(pm, ticket, "yes")
    where = publish(agent, ticket).headers["Location"] if before == "published" else "/forum"
    assert pm.post(f"/tickets/{ticket.number}/publication/removal").status_code == 303
    assert (world.agent.user_id, "consent_taken_back") in told()
    assert publication(session).state == Consent.WITHDRAWN
    visitor = app.test_client()
    assert "Recalculate" not in visitor.get(where).text
    assert not find(session, Question("gantt", "en"), Reader(Role.PM)).hits
    assert publish(agent, ticket).status_code == 409


def test_taken_back_where_it_was_joined_to_another_thread(
    session, app, ticket, agent, pm, world, told
):
    into = thread(session, world.agent, NOW, "Charts")
    session.commit()
    asked(agent, ticket)
    answer(pm, ticket, "yes")
    publish(agent, ticket)
    session.expire_all()
    post = session.scalars(select(Post).where(Post.source_ticket_id == ticket.id)).one()
    moderating.merge(session, post, into, by=world.agent, at=NOW)
    session.commit()
    assert "Recalculate" in app.test_client().get(f"/forum/{into.number}").text
    pm.post(f"/tickets/{ticket.number}/publication/removal")
    told()
    assert "Recalculate" not in app.test_client().get(f"/forum/{into.number}").text
    session.expire_all()
    states = session.scalars(select(Reply.state).where(Reply.post_id == into.id)).all()
    assert set(states) == {State.REMOVED}


def test_we_change_our_mind(session, ticket, agent, pm):
    asked(agent, ticket)
    assert agent.post(f"/desk/{ticket.number}/thread/withdrawal").status_code == 303
    assert answer(pm, ticket, "yes").status_code == 409
    assert "This stays private" in pm.get(f"/tickets/{ticket.number}/publication").text


def test_pictures_go_along_only_if_chosen(session, app, ticket, agent, pm):
    page = agent.get(f"/desk/{ticket.number}/thread").text
    assert 'name="picture"' in page
    key = re.search(r'name="picture" value="([^"]+)"', page)[1]
    asked(agent, ticket, picture=key)
    assert f"/attachments/{key}/preview" in pm.get(f"/tickets/{ticket.number}/publication").text
    answer(pm, ticket, "yes")
    shown = app.test_client().get(publish(agent, ticket).headers["Location"]).text
    session.expire_all()
    copy = session.scalars(select(Picture)).one()
    assert str(copy.id) in shown
    assert "Pat" not in copy.filename
    assert app.test_client().get(f"/attachments/{copy.id}", buffered=True).status_code == 200


def test_what_was_typed_and_is_private_is_taken_out_first(session, ticket, agent):
    sent = asked(agent, ticket, **{"text-title": "The chart of Larkspur Bridge Ltd"})
    assert sent.status_code == 303, sent.text  # known from the ticket, and ticked
    assert "Larkspur" not in publication(session).title


def test_something_private_that_is_new(session, ticket, agent):
    sent = asked(agent, ticket, **{"text-title": "Ask jo@other.test"})
    assert sent.status_code == 422
    assert "something private in them" in sent.text
    session.expire_all()
    assert session.scalars(select(Publication)).all() == []


def test_others_neither_see_nor_answer(ticket, agent, sign_in, world):
    asked(agent, ticket)
    for other in (world.stranger, world.client):
        client = sign_in(other)
        assert client.get(f"/tickets/{ticket.number}/publication").status_code == 404
        assert answer(client, ticket, "yes").status_code == 404
    assert sign_in(world.owner).get(f"/desk/{ticket.number}/thread").status_code == 403


def test_whoever_has_no_account_cannot_agree(session, ticket, agent):
    session.get_one(Ticket, ticket.id).requester_id = None
    session.commit()
    assert "Nobody to ask" in agent.get(f"/desk/{ticket.number}/thread").text
    assert asked(agent, ticket).status_code == 409


def test_asked_twice_it_is_asked_once(session, ticket, agent):
    page = agent.get(f"/desk/{ticket.number}/thread").text
    assert "Ask whether we may publish it" in page
    assert asked(agent, ticket).status_code == 303
    agent.post(f"/desk/{ticket.number}/thread", data={"piece": ["opening", "outcome"]})
    assert session.scalar(select(func.count()).select_from(Publication)) == 1
