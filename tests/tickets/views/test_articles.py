"""An article made of an answered ticket, without what is private."""

import io
import re
from html import unescape

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from portal.core.ticket_states import Verb
from portal.kb.models import Draft, KbFile, Topic
from portal.policy import desk_rules
from portal.tickets.models import Message, TicketEvent
from portal.tickets.service import assignment, attachments, conversation, states
from tests.fixtures.world import NOW
from tests.tickets.making import filed, words

pytestmark = pytest.mark.usefixtures("noon")
ASKED = """Hi Mara,

the Gantt chart of Larkspur Bridge Ltd stands still. Call me at +1 415 555 0134
or write to pat.doe@acme.test. It is https://app.test/projects/88/schedule?key=1

Regards,
Pat Doe"""
ANSWER = (
    "Hello Pat,\n\nopen *Settings* and choose **Recalculate**. You were charged $300 for INV-2231."
)


@pytest.fixture
def ticket(session, pack, world, runtime):
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(picture, "PNG")
    picture.seek(0)
    upload = FileStorage(picture, filename="Pat Doe screen.png")
    files = attachments.keep(session, runtime.store, [upload], by=world.pm, at=NOW, limit=10**6)
    made = filed(
        session,
        pack,
        world.pm,
        NOW,
        subject="Gantt of Pat is stuck",
        description=ASKED,
        files=files,
    )
    made.requester_name = "Pat Doe"
    assignment.take(session, made, by=world.agent, at=NOW)
    conversation.note(session, made, words("Pat is a difficult one"), by=world.agent, at=NOW)
    session.commit()
    return made


@pytest.fixture
def answered(session, ticket, world):
    conversation.reply_as_agent(
        session,
        ticket,
        words(ANSWER),
        by=world.agent,
        at=NOW,
        undo_seconds=0,
        then=Verb.REPLY_BY_AGENT,
    )
    states.resolve(session, ticket, by=world.agent, at=NOW, outcome="Recalculating helps, Pat.")
    session.commit()
    return ticket


def fields(html):
    """What a browser would send."""
    found = [("spoken", re.search(r'name="spoken" value="(\w+)"', html)[1])]
    for tag in re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", html):
        if " checked" in tag:
            found.append(
                (re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1])
            )
    found += re.findall(r'<input type="hidden" name="(shown)" value="([^"]*)"', html)
    found += [("text-title", unescape(re.search(r'name="text-title" value="([^"]*)"', html)[1]))]
    for name, text in re.findall(
        r'<textarea[^>]*name="(text-[^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.S
    ):
        found.append((name, unescape(text)))
    return found


def send(client, ticket, sent):
    data = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    return client.post(f"/desk/{ticket.number}/article", data=data)


def test_everything_private_is_proposed_for_removal(sign_in, world, answered):
    page = sign_in(world.agent).get(f"/desk/{answered.number}/article").text
    written = "\n".join(value for name, value in fields(page) if name.startswith("text-"))
    for private in ("Pat", "Mara", "Larkspur", "555", "pat.doe", "projects/88", "$300", "INV-2231"):
        assert private not in written, written
    assert "**Recalculate**" in written
    assert "difficult" not in page
    assert "$300" in page  # among what was found


def test_a_draft_is_made_of_what_was_chosen(session, sign_in, world, answered):
    client = sign_in(world.agent)
    sent = fields(client.get(f"/desk/{answered.number}/article").text)
    made = send(client, answered, sent)
    draft = session.scalars(select(Draft)).one()
    assert made.status_code == 303
    assert made.location.endswith(f"/articles/{draft.article_id}")
    assert "Pat" not in draft.title + draft.body
    assert "## The answer" in draft.body
    assert "Recalculating helps" in draft.body
    topic = session.scalars(select(Topic)).one()
    assert (topic.source_ticket_id, topic.module_tag) == (answered.id, "scheduling")
    assert topic.audience == "customers"
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "article_begun")).one()
    assert event.is_internal
    assert session.scalar(select(func.count()).select_from(KbFile)) == 0
    assert "Began an article" in client.get(f"/desk/{answered.number}").text
    own = sign_in(world.pm).get(f"/tickets/{answered.number}").text
    assert "Began an article" not in own
    assert f"#{answered.number}" in client.get(f"/desk/of/{answered.id}").text


def test_what_is_unticked_comes_back_into_edited_words(sign_in, world, answered):
    client = sign_in(world.agent)
    page = client.get(f"/desk/{answered.number}/article").text
    amount = re.search(r'id="gone-(amount-\w+)"', page)[1]
    sent = [
        (name, value.replace("You were charged", "The fee is"))
        for name, value in fields(page)
        if not (name == "gone" and value == amount)
    ]
    again = send(client, answered, [*sent, ("apply", "1")])
    assert again.status_code == 200
    text = dict(fields(again.text))
    assert any("The fee is $300 for [number" in value for value in text.values())


def test_what_somebody_types_in_is_found_too(session, sign_in, world, answered):
    client = sign_in(world.agent)
    sent = [
        (name, f"{value} Ask tom@example.com." if name.startswith("text-") else value)
        for name, value in fields(client.get(f"/desk/{answered.number}/article").text)
    ]
    refused = send(client, answered, sent)
    assert refused.status_code == 422
    assert "have something private in them, too" in refused.text
    written = "\n".join(v for name, v in fields(refused.text) if name.startswith("text-"))
    assert "tom@example.com" not in written
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert send(client, answered, fields(refused.text)).status_code == 303


def test_in_another_language_the_stand_ins_speak_it(sign_in, world, answered, session):
    client = sign_in(world.agent)
    sent = fields(client.get(f"/desk/{answered.number}/article").text)
    send(client, answered, [*sent, ("language", "es")])
    draft = session.scalars(select(Draft)).one()
    assert draft.article.language == "es" if "article" in draft.__dict__ else True
    assert "[name" not in draft.body
    assert "[nombre" in draft.body
    assert "## La respuesta" in draft.body


def test_a_picture_goes_along_when_it_is_chosen_and_bears_no_name(
    session, sign_in, world, answered, ticket
):
    client = sign_in(world.agent)
    page = client.get(f"/desk/{answered.number}/article").text
    key = re.search(r'name="picture" value="([^"]*)"', page)[1]
    send(client, answered, [*fields(page), ("picture", key)])
    file = session.scalars(select(KbFile)).one()
    assert file.filename == "picture-1.png"
    assert f"/kb/files/{file.id}/picture-1.png" in session.scalars(select(Draft)).one().body


@pytest.mark.parametrize(
    ("drop", "said"), [("piece", "Choose at least one answer"), ("text-title", "Give it a title")]
)
def test_nothing_is_made_of_nothing(session, sign_in, world, answered, drop, said):
    client = sign_in(world.agent)
    page = client.get(f"/desk/{answered.number}/article").text
    sent = [(n, v) for n, v in fields(page) if n != drop] + (
        [(drop, "")] if drop != "piece" else []
    )
    refused = send(client, answered, sent)
    assert refused.status_code == 422
    assert said in refused.text
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_without_an_answer_there_is_no_article(sign_in, world, ticket):
    client = sign_in(world.agent)
    asked = client.get(f"/desk/{ticket.number}/article")
    assert asked.status_code == 303
    assert "There is no answer yet" in client.get(asked.location).text
    assert "Make an article" not in client.get(f"/desk/{ticket.number}").text


def test_a_note_is_never_part_of_it(session, sign_in, world, answered):
    """Whatever a forged form says."""
    client = sign_in(world.agent)
    said = session.scalars(select(Message)).all()
    [note] = [message for message in said if message.is_internal]
    page = client.get(f"/desk/{answered.number}/article").text
    sent = [*fields(page), ("piece", str(note.id)), (f"text-{note.id}", "difficult")]
    assert send(client, answered, sent).status_code == 303
    session.rollback()
    assert "difficult" not in session.scalars(select(Draft)).one().body


def test_not_of_a_builders_own_desk_and_not_by_its_people(session, sign_in, world, answered):
    model = desk_rules.model_for(session, world.client)
    level = {"severity": "normal", "category": "question", "module": ""}
    own = filed(session, model, world.client, NOW, **level)
    conversation.reply_as_agent(session, own, words("Yes."), by=world.owner, at=NOW, undo_seconds=0)
    session.commit()
    for path in (f"/desk/{own.number}/article", f"/desk/of/{own.id}"):
        assert sign_in(world.agent).get(path).status_code == 404
    for who in (world.owner, world.pm):
        assert sign_in(who).get(f"/desk/{answered.number}/article").status_code in {403, 404}
