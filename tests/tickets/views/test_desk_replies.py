"""Replies, notes and templates from the ticket screen: what leaves, what never does."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.ticket_states import State
from portal.foundation.ids import uuid7
from portal.tickets.models import ClockRow, Message, MessageVersion, Ticket
from portal.tickets.service import conversation, states
from portal.writing.models import Draft
from tests.fixtures.world import NOW
from tests.tickets.making import filed, words

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
EARLIER = NOW - timedelta(hours=1)
TEMPLATE = "looking-into-it"
FILLED = {
    "template": TEMPLATE,
    "field.problem": "the schedule is empty",
    "next_update": "2026-11-24T14:30",  # 19:30 UTC
}


@pytest.fixture
def ticket(session, pack, world) -> Ticket:
    made = filed(session, pack, world.owner, EARLIER)
    session.commit()
    return made


@pytest.fixture
def agent(world, sign_in):
    return sign_in(world.agent)


def messages(session, ticket) -> list[Message]:
    session.rollback()
    rows = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def state(session, ticket) -> str:
    session.rollback()
    return session.get_one(Ticket, ticket.id, populate_existing=True).status


def send(client, ticket, *, path="reply", headers=None, **fields):
    sent = {"kind": "reply", "press": uuid7().hex} | fields
    return client.post(f"/desk/{ticket.number}/{path}", data=sent, headers=headers)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("", State.IN_PROGRESS),
        ("reply_by_agent", State.IN_PROGRESS),
        ("ask_customer", State.WAITING_ON_CUSTOMER),
        ("resolve", State.RESOLVED),
    ],
)
def test_a_reply_and_what_comes_of_the_ticket(session, ticket, agent, then, expected):
    answer = send(agent, ticket, body="We are on it.", then=then)
    assert answer.status_code == 303
    (message,) = messages(session, ticket)
    assert f"#m-{message.id}" in answer.location
    assert (message.body, message.is_internal) == ("We are on it.", False)
    assert message.leaves_at == NOW + timedelta(seconds=15)
    assert state(session, ticket) == expected


def test_a_way_to_send_that_is_none(session, ticket, agent):
    answer = send(agent, ticket, body="x", then="close")
    assert answer.status_code == 422
    assert "Choose how to send it." in answer.text
    assert messages(session, ticket) == []


@pytest.mark.parametrize("fields", [{"kind": "note"}, {"kind": "something"}, {"path": "note"}])
def test_a_note_stays_in_the_house_whatever_the_address(session, ticket, agent, fields):
    assert send(agent, ticket, body="Between us", **fields).status_code == 303
    (message,) = messages(session, ticket)
    assert message.is_internal
    assert state(session, ticket) == State.OPEN


def test_the_same_press_is_one_reply(session, ticket, agent):
    press = uuid7().hex
    for _ in range(2):
        send(agent, ticket, body="Once", press=press)
    assert len(messages(session, ticket)) == 1


def test_nothing_written_is_not_sent(session, ticket, agent):
    answer = send(agent, ticket, body="   ")
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    assert 'href="#composer-body"' in answer.text
    assert messages(session, ticket) == []


def test_too_much_is_not_sent_and_not_lost(session, ticket, agent):
    answer = send(agent, ticket, body="x" * 50_001)
    assert answer.status_code == 422
    assert "longer than we can take" in answer.text
    assert "x" * 50_001 in answer.text


def test_what_no_database_takes_is_left_out(session, ticket, agent):
    fields = {"body": "a\0b", "press": "p\0", "field.x": "\0"}
    assert send(agent, ticket, path="draft", **fields).status_code == 204
    assert send(agent, ticket, **fields).status_code == 303
    assert messages(session, ticket)[0].body == "ab"
    assert send(agent, ticket, body="x", press="p" * 65).status_code == 422


def test_secrets_are_removed_and_the_writer_is_told(session, ticket, agent):
    answer = send(agent, ticket, body="Use password: hunter2secret", headers=HTMX)
    assert "We removed a password" in answer.headers["HX-Trigger"]
    assert "hunter2secret" not in messages(session, ticket)[0].body


def test_htmx_gets_what_changed_and_an_empty_composer(session, ticket, agent):
    answer = send(agent, ticket, body="We are on it.", headers=HTMX)
    assert answer.status_code == 200
    assert "<!doctype" not in answer.text
    assert "Your reply leaves in" in answer.text
    composer = answer.text.partition('id="composer-area"')[2]
    assert composer.partition("</textarea>")[0].endswith("\n")


def test_undo_brings_the_words_back(session, ticket, agent, noon):
    send(agent, ticket, body="Too quick")
    path = f"/desk/{ticket.number}"
    html = agent.get(path).text
    action = re.search(rf'action="({path}/messages/[^"]+/withdrawal)"', html)[1]
    noon.move_to(NOW + timedelta(seconds=10))
    assert agent.post(action).status_code == 303
    html = agent.get(path).text
    assert "Your reply leaves in" not in html
    composer = html.partition('id="composer-body"')[2].partition("</textarea>")[0]
    assert "Too quick" in composer
    assert state(session, ticket) == State.OPEN
    assert messages(session, ticket)[0].withdrawn_at is not None


def test_what_has_left_is_not_taken_back(session, ticket, agent, noon):
    send(agent, ticket, body="Gone")
    (message,) = messages(session, ticket)
    noon.move_to(NOW + timedelta(seconds=16))
    answer = agent.post(f"/desk/{ticket.number}/messages/{message.id}/withdrawal")
    assert answer.status_code == 409
    assert "has left already" in answer.text
    assert "Your reply leaves in" not in agent.get(f"/desk/{ticket.number}").text


def test_another_agents_reply_is_not_mine_to_take_back(session, world, ticket, agent, sign_in):
    send(agent, ticket, body="Mine")
    (message,) = messages(session, ticket)
    other = sign_in(world.second)
    assert "/withdrawal" not in other.get(f"/desk/{ticket.number}").text
    path = f"/desk/{ticket.number}/messages/{message.id}/withdrawal"
    assert other.post(path).status_code == 409


# ── Somebody else was faster ────────────────────────────────────────────────────────────────


def test_a_word_that_came_meanwhile_stops_the_reply(session, world, ticket, agent):
    seen = _seen(agent, ticket)
    conversation.reply_as_customer(session, ticket, words("It is back!"), by=world.owner, at=NOW)
    session.commit()
    answer = send(agent, ticket, body="My long answer", then="resolve", seen=seen)
    assert answer.status_code == 409
    assert "Nothing was sent" in answer.text
    meanwhile = answer.text.partition('id="composer-meanwhile"')[2]
    assert "It is back!" in meanwhile
    assert "Send anyway" in meanwhile
    assert 'name="then" value="resolve"' in meanwhile
    composer = answer.text.partition('id="composer-body"')[2].partition("</textarea>")[0]
    assert "My long answer" in composer
    assert len(messages(session, ticket)) == 1
    again = send(agent, ticket, body="My long answer", seen=_field(answer.text, "seen"))
    assert again.status_code == 303
    assert len(messages(session, ticket)) == 2


def test_a_colleagues_note_counts_and_ones_own_words_do_not(session, world, ticket, agent):
    seen = _seen(agent, ticket)
    send(agent, ticket, body="First", seen=seen)
    assert send(agent, ticket, body="Second", seen=seen).status_code == 303
    session.rollback()
    session.refresh(ticket)
    conversation.note(session, ticket, words("Careful"), by=world.second, at=NOW)
    session.commit()
    answer = send(agent, ticket, body="Third", seen=seen, headers=HTMX)
    assert answer.status_code == 409
    assert "Careful" in answer.text.partition('id="composer-meanwhile"')[2]


def test_a_note_is_never_stopped(session, world, ticket, agent):
    seen = _seen(agent, ticket)
    conversation.reply_as_customer(session, ticket, words("More"), by=world.owner, at=NOW)
    session.commit()
    assert send(agent, ticket, kind="note", body="For us", seen=seen).status_code == 303


def test_a_state_that_takes_no_reply_any_more(session, world, ticket, agent):
    states.close(session, ticket, by=world.manager, at=NOW)
    session.commit()
    answer = send(agent, ticket, body="Still typing")
    assert answer.status_code == 409
    assert "The ticket has changed" in answer.text
    assert "Still typing" in answer.text
    assert messages(session, ticket) == []


def _seen(client, ticket) -> str:
    return _field(client.get(f"/desk/{ticket.number}").text, "seen")


def _field(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


# ── Templates ───────────────────────────────────────────────────────────────────────────────


def test_choosing_a_template_shows_its_fields(ticket, agent):
    html = agent.post(f"/desk/{ticket.number}/templates", data={"template": TEMPLATE}).text
    body = html.partition('id="composer-body"')[2].partition("</textarea>")[0]
    assert "Hello Owner," in body  # the customer
    assert "{problem}" in body
    assert 'name="field.problem"' in html
    assert re.search(r'name="next_update" value="2026-11-\d\dT\d\d:\d\d"', html)


def test_the_template_speaks_the_customers_language(session, pack, world, sign_in, agent):
    spanish = world.owner.__class__(
        **{f: getattr(world.owner, f) for f in world.owner.__slots__} | {"locale": "es"}
    )
    ticket = filed(session, pack, spanish, NOW)
    session.commit()
    html = agent.post(f"/desk/{ticket.number}/templates", data={"template": TEMPLATE}).text
    assert "Gracias por avisarnos." in html
    assert "The problem, in your words" in html  # what the agent reads


def test_words_of_ones_own_survive_another_template(ticket, agent):
    path = f"/desk/{ticket.number}/templates"
    html = agent.post(path, data={"template": "solved", "body": "By the way", "was": ""}).text
    assert "it is solved: {outcome}" in html
    assert "By the way" in html
    untouched = _body(html.replace("By the way", ""))
    back = agent.post(path, data={"template": "", "was": "solved", "body": untouched}).text
    assert _body(back).strip() == ""


def _body(html: str) -> str:
    area = html.partition('id="composer-body"')[2].partition("</textarea>")[0]
    return area.partition(">")[2].replace("&#39;", "'")


def test_a_filled_template_is_sent(session, ticket, agent):
    assert send(agent, ticket, **FILLED).status_code == 303
    (message,) = messages(session, ticket)
    assert message.template == TEMPLATE
    assert "I understand that the schedule is empty." in message.body
    assert "write again by Tue 24 Nov, 14:30" in message.body
    assert "Agent1" in message.body
    assert "{" not in message.body
    clock = session.scalar(
        select(ClockRow).where(ClockRow.ticket_id == ticket.id, ClockRow.clock == "next_update")
    )
    assert clock.due_at == NOW.replace(hour=19, minute=30)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"field.problem": ""}, "#field.problem"),
        ({"field.problem": "  \n "}, "#field.problem"),
        ({"field.problem": None}, "#field.problem"),
        ({"next_update": ""}, "#next_update"),
        ({"body": "Hi, nothing of it is in here"}, "#field.problem"),
        ({"next_update": "2026-11-23T10:00"}, "#next_update"),
        ({"next_update": "soon"}, "#next_update"),
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_half_filled_template_is_not(session, ticket, agent, changes, named, headers):
    fields = {key: value for key, value in (FILLED | changes).items() if value is not None}
    answer = send(agent, ticket, headers=headers, **fields)
    assert answer.status_code == 422
    assert f'href="{named}"' in answer.text
    assert f'<option value="{TEMPLATE}" selected' in answer.text
    assert messages(session, ticket) == []


def test_braces_that_are_no_gap_of_the_template_are_text(session, ticket, agent):
    body = "{problem} {next_update} {outcome} {} {x"
    assert send(agent, ticket, **FILLED, body=body).status_code == 303
    assert messages(session, ticket)[0].body.endswith("{outcome} {} {x")


def test_a_gap_that_the_program_fills_may_not_stand_either(session, ticket, agent):
    body = "Hello {customer_name}: {problem} {next_update}"
    assert send(agent, ticket, **FILLED, body=body).status_code == 303
    assert messages(session, ticket)[0].body.startswith("Hello Owner: the schedule is empty Tue")


def test_what_is_put_in_is_never_read_as_a_template(session, ticket, agent):
    answer = send(agent, ticket, **(FILLED | {"field.problem": "it says {agent_name}"}))
    assert answer.status_code == 422  # it might as well be a gap that was forgotten
    assert "{agent_name} still stands" in answer.text
    assert messages(session, ticket) == []


def test_a_template_that_is_none_sends_nothing(session, ticket, agent):
    assert send(agent, ticket, template="none-such", body="x").status_code == 422
    assert messages(session, ticket) == []


def test_a_note_takes_no_template(session, ticket, agent):
    assert send(agent, ticket, kind="note", template=TEMPLATE, body="Us").status_code == 303
    assert messages(session, ticket)[0].body == "Us"


def test_the_preview_marks_what_is_open(ticket, agent):
    path = f"/desk/{ticket.number}/preview"
    data = {"template": TEMPLATE, "body": "**I** know that {problem}. {agent_name}"}
    html = agent.post(path, data=data).text
    assert '<mark class="gap">The problem, in your words</mark>' in html
    assert "<strong>I</strong>" in html
    assert "Agent1" in html
    html = agent.post(path, data=data | {"field.problem": "<b>it</b> fails"}).text
    assert 'class="gap"' not in html
    assert "&lt;b&gt;it&lt;/b&gt; fails" in html


# ── Promises, drafts, files, edits ──────────────────────────────────────────────────────────


def test_a_promised_update_is_a_clock(session, ticket, agent):
    send(agent, ticket, body="More tomorrow", next_update="2026-11-25T09:00")
    html = agent.get(f"/desk/{ticket.number}").text
    assert "Promised the next update by Wed 25 Nov, 09:00" in html


@pytest.mark.parametrize("when", ["2026-11-24T09:59", "yesterday", "2026-13-45T00:00"])
def test_a_promise_in_the_past_or_nowhere(session, ticket, agent, when):
    answer = send(agent, ticket, body="Later", next_update=when)
    assert answer.status_code == 422
    assert 'href="#next_update"' in answer.text
    assert "Later" in answer.text
    assert messages(session, ticket) == []


def test_drafts_are_kept_by_kind_and_change_sides(session, ticket, agent):
    path = f"/desk/{ticket.number}"
    kept = {"body": "Half a thought", "template": TEMPLATE, "field.problem": "it"}
    assert agent.post(f"{path}/draft", data=kept | {"kind": "reply"}).status_code == 204
    html = agent.get(path).text
    assert "Half a thought" in html
    assert 'name="field.problem"' in html
    agent.post(f"{path}/draft", data=kept | {"kind": "note"})
    session.rollback()
    assert [d.place.rpartition(":")[2] for d in session.scalars(select(Draft))] == ["note"]
    assert re.search(r'value="note"\s+checked', agent.get(path).text)
    agent.post(f"{path}/draft", data={"kind": "note", "body": ""})
    session.rollback()
    assert session.scalars(select(Draft)).all() == []


def test_a_draft_is_its_writers_own(world, ticket, agent, sign_in):
    agent.post(f"/desk/{ticket.number}/draft", data={"body": "Secret thought", "kind": "reply"})
    assert "Secret thought" not in sign_in(world.second).get(f"/desk/{ticket.number}").text


def test_sending_forgets_the_draft(session, ticket, agent):
    agent.post(f"/desk/{ticket.number}/draft", data={"body": "Done", "kind": "reply"})
    send(agent, ticket, body="Done")
    session.rollback()
    assert session.scalars(select(Draft)).all() == []


def test_files_go_along_and_survive_a_refusal(session, ticket, agent):
    path = f"/desk/{ticket.number}/reply"
    refused = agent.post(
        path,
        data={"kind": "reply", "attachments": (io.BytesIO(b"log"), "log.txt"), "then": "nonsense"},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422
    assert "log.txt" in refused.text
    kept = _field(refused.text, "kept")
    assert send(agent, ticket, body="See the log", kept=kept).status_code == 303
    assert messages(session, ticket)[0].attachments[0]["filename"] == "log.txt"
    html = agent.get(f"/desk/{ticket.number}").text
    assert f"/tickets/{ticket.number}/attachments/{kept}" in html


def test_a_file_that_is_refused_is_named(session, ticket, agent):
    answer = agent.post(
        f"/desk/{ticket.number}/reply",
        data={"kind": "reply", "body": "See", "attachments": (io.BytesIO(b"PK"), "x.png")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "x.png" in answer.text
    assert messages(session, ticket) == []


def test_own_words_are_edited_and_the_original_stays(session, ticket, agent, noon):
    send(agent, ticket, body="Frist")
    (message,) = messages(session, ticket)
    noon.move_to(NOW + timedelta(minutes=5))
    path = f"/desk/{ticket.number}/messages/{message.id}"
    assert f'href="{path}/edition"' in agent.get(f"/desk/{ticket.number}").text
    assert "Frist" in agent.get(f"{path}/edition").text
    assert agent.post(f"{path}/edition", data={"body": "First"}).status_code == 303
    html = agent.get(f"/desk/{ticket.number}").text
    assert "First" in html
    assert f'href="{path}/versions"' in html
    assert "Frist" in agent.get(f"{path}/versions").text
    session.rollback()
    assert session.scalar(select(MessageVersion.body)) == "Frist"


def test_edits_end_after_a_while_and_are_nobody_elses(session, world, ticket, agent, sign_in, noon):
    send(agent, ticket, body="Mine")
    (message,) = messages(session, ticket)
    path = f"/desk/{ticket.number}/messages/{message.id}/edition"
    assert sign_in(world.second).post(path, data={"body": "Yours"}).status_code == 409
    assert agent.post(path, data={"body": ""}).status_code == 422
    noon.move_to(NOW + timedelta(minutes=16))
    assert agent.post(path, data={"body": "Late"}).status_code == 409
    assert f'href="{path}"' not in agent.get(f"/desk/{ticket.number}").text
    assert messages(session, ticket)[0].body == "Mine"


def test_a_message_of_another_ticket_is_not_found(session, pack, world, ticket, agent):
    send(agent, ticket, body="Here")
    (message,) = messages(session, ticket)
    other = filed(session, pack, world.owner, NOW)
    session.commit()
    path = f"/desk/{other.number}/messages/{message.id}"
    assert agent.get(f"{path}/versions").status_code == 404
    assert agent.post(f"{path}/withdrawal").status_code == 404
