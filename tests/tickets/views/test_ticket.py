import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core.ticket_states import State, Verb
from portal.tickets.models import Attachment, Message, Ticket, TicketEvent
from portal.tickets.service import assignment, conversation, following, states, triage
from portal.writing.models import Draft
from tests.fixtures.world import NOW
from tests.support.statements import counted
from tests.tickets.making import filed, words
from tests.tickets.views.conftest import press_of

pytestmark = pytest.mark.usefixtures("noon")
EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def ticket(session, pack, world) -> Ticket:
    made = filed(session, pack, world.pm, EARLIER)
    session.commit()
    return made


def answered(session, ticket, by, text="We are **on** it.", at=NOW - timedelta(minutes=30), **more):
    done = conversation.reply_as_agent(
        session, ticket, words(text), by=by, at=at, undo_seconds=15, **more
    )
    session.commit()
    return done.message


def state_of(session, ticket) -> str:
    session.rollback()
    return session.get_one(Ticket, ticket.id, populate_existing=True).status


@pytest.mark.parametrize(
    ("who", "status"),
    [("pm", 200), ("owner", 200), ("client", 404), ("stranger", 404), ("agent", 302)],
)
def test_who_sees_a_ticket(world, ticket, sign_in, who, status):
    answer = sign_in(getattr(world, who)).get(f"/tickets/{ticket.number}")
    assert answer.status_code == status
    if who == "agent":
        assert str(ticket.number) in answer.location
        assert answer.location != f"/tickets/{ticket.number}"


def test_scripts_know_the_readers_zone(world, ticket, sign_in):
    html = sign_in(world.owner).get(f"/tickets/{ticket.number}").text
    assert f'data-zone="{world.owner.zone}"' in html


PARTS = [
    ("GET", "closure"),
    ("POST", "closure"),
    ("POST", "resolution"),
    ("POST", "reopening"),
    ("POST", "replies"),
    ("POST", "draft"),
    ("GET", "messages/{message}/edition"),
    ("POST", "messages/{message}/edition"),
    ("GET", "messages/{message}/versions"),
    ("GET", "attachments/{file}"),
    ("GET", "attachments/{file}/preview"),
    ("GET", "removed/body-0"),
]


@pytest.mark.parametrize(("method", "part"), PARTS)
def test_no_part_of_it_is_there_for_a_stranger(session, world, ticket, sign_in, method, part):
    done = conversation.reply_as_customer(session, ticket, words("mine"), by=world.pm, at=EARLIER)
    file = session.scalars(select(Attachment)).first()
    session.commit()
    part = part.format(message=done.message.id, file=file.id if file else uuid4())
    for client in (sign_in(world.stranger), sign_in(world.client)):
        answer = client.open(
            f"/tickets/{ticket.number}/{part}", method=method, data={"body": "x", "words": "x"}
        )
        assert answer.status_code == 404
    assert state_of(session, ticket) == State.OPEN


@pytest.mark.parametrize("number", [1, 999_999, 10**12])
def test_an_unknown_number_is_not_found(world, sign_in, number):
    assert sign_in(world.owner).get(f"/tickets/{number}").status_code == 404


def test_a_customer_reads_no_notes_and_nothing_that_has_not_left(session, world, ticket, sign_in):
    conversation.note(session, ticket, words("Internal thought"), by=world.agent, at=EARLIER)
    answered(session, ticket, world.agent, "Already out")
    answered(session, ticket, world.agent, "Still waiting", at=NOW - timedelta(seconds=5))
    page = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert "Already out" in page
    assert "Internal thought" not in page
    assert "Still waiting" not in page
    assert page.count("Answered</p>") <= 1
    assert page.count(">Answered<") + page.count(">Answered ") >= 1


def test_the_timeline_is_public_and_tells_no_workings(session, pack, world, ticket, sign_in):
    assignment.take(session, ticket, by=world.agent, at=EARLIER)
    triage.classify(session, pack, ticket, severity="P3", by=world.agent, at=EARLIER)
    taken_back = answered(session, ticket, world.agent, "Oops", at=EARLIER)
    conversation.withdraw(
        session, ticket, taken_back, by=world.agent, at=EARLIER + timedelta(seconds=5)
    )
    session.commit()
    page = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    timeline = page[page.index("What happened so far") :]
    assert "Reported in the app" in timeline
    assert "P3" in timeline
    for hidden in ("Assigned", "Took a reply back", "Answered", "Oops"):
        assert hidden not in timeline


def test_stages_count_what_is_not_shown(session, world, ticket, sign_in):
    before = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert 'aria-current="step"' in before
    assignment.take(session, ticket, by=world.agent, at=EARLIER)
    session.commit()
    page = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert "Category and severity are settled and somebody owns it." in page


def test_a_kept_promise_and_a_broken_one(session, pack, world, ticket, sign_in, noon):
    client = sign_in(world.pm)
    assert "We&#39;ll answer by Tue 24 Nov, 13:00" in client.get(f"/tickets/{ticket.number}").text
    noon.shift(timedelta(hours=6))
    late = client.get(f"/tickets/{ticket.number}").text
    assert "We are late, and we are sorry" in late
    assert "We said that we would answer by Tue 24 Nov, 13:00" in late
    answered(session, session.merge(ticket), world.agent, at=NOW + timedelta(hours=5))
    assert "We have answered" in client.get(f"/tickets/{ticket.number}").text


def test_a_promised_update_is_told(session, world, ticket, sign_in):
    answered(session, ticket, world.agent, next_update=NOW + timedelta(hours=2))
    page = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert "You hear from us again by" in page
    assert "Tue 24 Nov, 12:00" in page


def test_a_question_gives_the_customer_the_turn(session, world, ticket, sign_in):
    answered(session, ticket, world.agent, "Which browser?", then=Verb.ASK_CUSTOMER)
    client = sign_in(world.pm)
    assert "It is your turn" in client.get(f"/tickets/{ticket.number}").text
    client.post(f"/tickets/{ticket.number}/replies", data={"body": "Firefox", "press": "a"})
    page = client.get(f"/tickets/{ticket.number}").text
    assert "Firefox" in page
    assert "The next word is ours" in page


def test_a_reply_is_one_however_often_it_is_pressed(session, world, ticket, sign_in):
    client = sign_in(world.pm)
    press = press_of(client.get(f"/tickets/{ticket.number}").text)
    data = {"body": "More: password: hunter2secret", "press": press}
    first = client.post(f"/tickets/{ticket.number}/replies", data=data)
    second = client.post(f"/tickets/{ticket.number}/replies", data=data)
    assert first.status_code == 303
    assert first.location == second.location
    message = session.scalars(select(Message)).one()
    assert "hunter2secret" not in message.body
    page = client.get(first.location).text
    assert "a password was removed here" in page
    place = re.search(r"/tickets/\d+/removed/[^\"]+", page)[0]
    assert client.post(place, data={"words": "hunter2secret"}).status_code == 303
    session.rollback()
    assert session.scalars(select(Message)).one().body == "More: password: hunter2secret"


@pytest.mark.parametrize(
    ("body", "says"),
    [("", "Write something"), (" \n ", "Write something"), ("x" * 50_001, "longer than we can")],
)
def test_a_refused_reply_keeps_what_was_typed(session, world, ticket, sign_in, body, says):
    answer = sign_in(world.pm).post(f"/tickets/{ticket.number}/replies", data={"body": body})
    assert answer.status_code == 422
    assert says in answer.text
    assert body.strip()[:100] in answer.text
    assert session.scalars(select(Message)).all() == []


def test_a_refused_file_leaves_words_and_good_files(session, world, ticket, sign_in):
    client = sign_in(world.pm)
    good = io.BytesIO()
    Image.new("RGB", (9, 9)).save(good, "PNG")
    files = [(io.BytesIO(good.getvalue()), "good.png"), (io.BytesIO(b"MZ"), "bad.jpg")]
    data = {"body": "See here", "press": "p", "attachments": files}
    answer = client.post(
        f"/tickets/{ticket.number}/replies", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "“bad.jpg” is called a picture" in answer.text
    assert "See here" in answer.text
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)
    client.post(f"/tickets/{ticket.number}/replies", data={"press": "p", "kept": kept})
    page = client.get(f"/tickets/{ticket.number}").text
    assert "good.png" in page
    assert f"/tickets/{ticket.number}/attachments/{kept[0]}/preview" in page


def test_a_change_in_between_is_a_conflict_that_keeps_the_text(
    session, world, ticket, sign_in, monkeypatch
):

    def refuse(*_args, **_more):
        raise following.ChangedMeanwhile

    monkeypatch.setattr(following, "reply", refuse)
    answer = sign_in(world.pm).post(f"/tickets/{ticket.number}/replies", data={"body": "Kept"})
    assert answer.status_code == 409
    assert "Kept" in answer.text
    assert "changed while you were writing" in answer.text


def test_a_change_in_between_is_tried_again_once(session, world, ticket, sign_in, monkeypatch):

    truly, tries = following.reply, []

    def stumble(*args, **more):
        tries.append(1)
        if len(tries) == 1:
            raise following.ChangedMeanwhile
        return truly(*args, **more)

    monkeypatch.setattr(following, "reply", stumble)
    answer = sign_in(world.pm).post(f"/tickets/{ticket.number}/replies", data={"body": "Through"})
    assert answer.status_code == 303
    assert session.scalars(select(Message.body)).one() == "Through"


def test_drafts_come_back_and_go_with_the_reply(session, world, ticket, sign_in):
    client = sign_in(world.pm)
    client.post(f"/tickets/{ticket.number}/draft", data={"body": "Half a sentence"})
    page = client.get(f"/tickets/{ticket.number}").text
    assert "Half a sentence" in page
    assert "Draft saved Tue 24 Nov, 10:00" in page
    assert "Half a sentence" not in sign_in(world.owner).get(f"/tickets/{ticket.number}").text
    client.post(f"/tickets/{ticket.number}/replies", data={"body": "Whole", "press": "1"})
    assert session.scalars(select(Draft)).all() == []


def test_own_words_can_be_changed_for_a_while_and_the_former_are_kept(
    session, world, ticket, sign_in, noon
):
    client = sign_in(world.pm)
    sent = client.post(f"/tickets/{ticket.number}/replies", data={"body": "Frist", "press": "1"})
    message = session.scalars(select(Message)).one()
    place = f"/tickets/{ticket.number}/messages/{message.id}"
    assert f"{place}/edition" in client.get(sent.location).text
    assert "Frist" in client.get(f"{place}/edition").text
    assert client.post(f"{place}/edition", data={"body": ""}).status_code == 422
    assert client.post(f"{place}/edition", data={"body": "First"}).status_code == 303
    page = client.get(f"/tickets/{ticket.number}").text
    assert "Edited" in page
    assert "Frist" not in page
    assert "Frist" in client.get(f"{place}/versions").text
    assert "Frist" in sign_in(world.owner).get(f"{place}/versions").text
    assert sign_in(world.owner).get(f"{place}/edition").status_code == 404
    noon.shift(timedelta(minutes=16))
    assert f"{place}/edition" not in client.get(f"/tickets/{ticket.number}").text
    late = client.post(f"{place}/edition", data={"body": "Too late"})
    assert late.status_code == 409
    assert "Too late" in late.text
    assert client.get(f"{place}/edition").status_code == 303


def test_the_versions_of_a_note_are_not_for_customers(session, world, ticket, sign_in):
    note = conversation.note(session, ticket, words("hush"), by=world.agent, at=EARLIER).message
    session.commit()
    place = f"/tickets/{ticket.number}/messages/{note.id}/versions"
    assert sign_in(world.pm).get(place).status_code == 404


def test_quoted_text_is_folded_and_there(session, world, ticket, sign_in):
    quoted = "Thanks.\n\nOn Tue, 24 Nov 2026, Ana wrote:\n> the old letter"
    conversation.reply_as_customer(session, ticket, words(quoted), by=world.pm, at=EARLIER)
    session.commit()
    page = sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert "message__quoted" in page
    assert "the old letter" in page


def test_this_solved_it_and_open_it_again(session, world, ticket, sign_in):
    client = sign_in(world.pm)
    assert client.post(f"/tickets/{ticket.number}/resolution").status_code == 303
    assert state_of(session, ticket) == State.RESOLVED
    page = client.get(f"/tickets/{ticket.number}").text
    assert "This is solved" in page
    assert "write back by Tue 1 Dec, 10:00" in page
    assert client.post(f"/tickets/{ticket.number}/reopening").status_code == 303
    assert state_of(session, ticket) == State.OPEN
    again = client.post(f"/tickets/{ticket.number}/reopening")
    assert again.status_code == 409
    assert "changed in the meantime" in again.text


def test_closing_asks_first_also_without_a_script(session, world, ticket, sign_in):
    client = sign_in(world.pm)
    asked = client.get(f"/tickets/{ticket.number}/closure").text
    assert f'action="/tickets/{ticket.number}/closure"' in asked
    assert state_of(session, ticket) == State.OPEN
    client.post(f"/tickets/{ticket.number}/closure")
    assert state_of(session, ticket) == State.CLOSED
    assert client.get(f"/tickets/{ticket.number}/closure").status_code == 303
    assert client.post(f"/tickets/{ticket.number}/closure").status_code == 409


def test_a_reply_in_time_opens_it_again(session, world, ticket, sign_in, noon):
    client = sign_in(world.pm)
    client.post(f"/tickets/{ticket.number}/resolution")
    noon.shift(timedelta(days=6, hours=23))
    client.post(f"/tickets/{ticket.number}/replies", data={"body": "It is back", "press": "1"})
    assert state_of(session, ticket) == State.OPEN


def test_a_late_reply_begins_a_linked_ticket(session, world, ticket, sign_in, noon):
    client = sign_in(world.pm)
    client.post(f"/tickets/{ticket.number}/closure")
    noon.shift(timedelta(days=7, minutes=1))
    page = client.get(f"/tickets/{ticket.number}").text
    assert "your message begins a new ticket" in page
    assert "Open it again" not in page
    refused = client.post(f"/tickets/{ticket.number}/reopening")
    assert refused.status_code == 409
    assert "Write a message on it instead" in refused.text
    for _press in range(2):
        sent = client.post(
            f"/tickets/{ticket.number}/replies", data={"body": "It is back", "press": "late"}
        )
    session.rollback()
    new = session.scalars(select(Ticket).where(Ticket.id != ticket.id)).one()
    assert sent.location == f"/tickets/{new.number}"
    assert new.follows_id == ticket.id
    assert (new.subject, new.description) == (ticket.subject, "It is back")
    assert state_of(session, ticket) == State.CLOSED
    page = client.get(sent.location).text
    assert f'href="/tickets/{ticket.number}">#{ticket.number}</a>' in page
    told = session.scalars(select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id))
    assert list(told).count("followed_up") == 1


def test_an_update_of_the_open_page_brings_the_changed_blocks_alone(world, ticket, sign_in):
    answer = sign_in(world.pm).get(f"/tickets/{ticket.number}", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "<textarea" not in answer.text  # what is being typed is left alone
    for part in ("conversation", "head", "standing", "verbs", "side"):
        assert f'id="ticket-{part}"' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_long_ticket_asks_few_questions(session, world, ticket, sign_in, runtime):
    for number in range(8):
        at = EARLIER + timedelta(minutes=number)
        conversation.reply_as_customer(session, ticket, words(f"{number}"), by=world.pm, at=at)
    session.commit()
    client = sign_in(world.pm)
    client.get(f"/tickets/{ticket.number}")
    with counted(runtime.engine) as statements:
        client.get(f"/tickets/{ticket.number}")
    assert len(statements) <= 10, statements


def test_reading_writes_nothing(world, ticket, sign_in, runtime):
    client = sign_in(world.pm)
    with counted(runtime.engine) as statements:
        client.get(f"/tickets/{ticket.number}")
        client.get("/tickets")
        client.get("/tickets/new")
        client.get("/")
    assert not [one for one in statements if not one.startswith(("SELECT", "BEGIN"))]


def test_what_somebody_else_solved_is_explained(session, world, ticket, sign_in):
    states.resolve(session, ticket, by=world.agent, at=EARLIER, outcome="Restarted the sync.")
    session.commit()
    assert "Restarted the sync." in sign_in(world.pm).get(f"/tickets/{ticket.number}").text


def test_staff_do_not_write_as_customers(world, ticket, sign_in):
    answer = sign_in(world.agent).post(f"/tickets/{ticket.number}/replies", data={"body": "x"})
    assert answer.status_code == 404
