"""Writing on tickets through the API."""

import base64
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.ticket_states import State
from portal.foundation.tenancy import PLATFORM, see
from portal.tickets.models import Message, Ticket
from tests.fixtures.programs import TICKETS


@pytest.fixture
def owner(world, speak):
    return speak(world.owner)


@pytest.fixture
def agent(world, speak):
    return speak(world.agent)


@pytest.fixture
def made(owner):
    return owner.open(severity="P2")


def age(runtime, days):
    """The ticket's end is that much longer ago."""
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        ticket = session.scalars(select(Ticket)).one()
        for name in ("resolved_at", "closed_at"):
            if getattr(ticket, name):
                setattr(ticket, name, getattr(ticket, name) - timedelta(days=days))


def test_a_customer_writes(owner, made, world):
    answer = owner.say(made["id"], "It is **worse** now.")
    assert answer.status_code == 201
    message = answer.json
    assert message["ticket_id"] == made["id"]
    assert message["sender_type"] == "customer"
    assert message["sender_id"] == str(world.owner.user_id)
    assert message["body"] == "It is **worse** now."
    assert message["is_internal"] is False
    assert message["leaves_at"] == message["created_at"]


def test_a_reply_of_staff_is_the_answer_and_can_still_be_taken_back(agent, made, pack):
    message = agent.say(made["number"], "We are on it.").json
    waits = datetime.fromisoformat(message["leaves_at"]) - datetime.fromisoformat(
        message["created_at"]
    )
    assert waits == timedelta(seconds=pack.lifecycle.undo_send_seconds)
    ticket = agent.get(f"{TICKETS}/{made['id']}").json
    assert ticket["first_response_at"] == message["created_at"]
    assert ticket["status"] == State.IN_PROGRESS


def test_a_note_answers_nothing(agent, made):
    message = agent.say(made["id"], "Ask engineering.", is_internal=True).json
    assert message["is_internal"] is True
    ticket = agent.get(f"{TICKETS}/{made['id']}").json
    assert ticket["first_response_at"] is None
    assert ticket["status"] == State.OPEN


@pytest.mark.parametrize("who", ["owner", "pm", "client"])
def test_customers_write_no_notes_and_are_told_why(world, speak, who, session):
    program = speak(getattr(world, who))
    made = program.open()
    answer = program.say(made["id"], "psst", is_internal=True)
    assert answer.status_code == 403
    assert "staff" in answer.json["detail"]
    assert session.scalars(select(Message)).all() == []


def test_a_reply_reopens_what_was_resolved(owner, made):
    owner.move(made["id"], "resolved")
    assert owner.say(made["id"], "It is back.").status_code == 201
    assert owner.get(f"{TICKETS}/{made['id']}").json["status"] == State.OPEN


def test_what_was_settled_long_ago_wants_a_new_ticket(owner, made, pack, runtime):
    owner.move(made["id"], "closed")
    age(runtime, pack.lifecycle.reopen_days + 1)
    answer = owner.say(made["id"], "It is back.")
    assert answer.status_code == 409
    assert "new ticket" in answer.json["detail"]
    assert owner.move(made["id"], "open").status_code == 409


def test_staff_can_t_reply_where_it_is_closed_and_read_what_they_can_do(owner, agent, made):
    owner.move(made["id"], "closed")
    answer = agent.say(made["id"], "One more thing")
    assert answer.status_code == 409
    assert answer.json["allowed"] == ["open"]
    assert agent.say(made["id"], "For the record", is_internal=True).status_code == 201


def test_secrets_are_masked_and_told(owner, made, session):
    message = owner.say(made["id"], "The password: correct-horse-9 still works").json
    assert "correct-horse-9" not in message["body"]
    assert [found["kind"] for found in message["masked"]] == ["password"]
    assert "correct-horse-9" not in session.scalars(select(Message)).one().body


def test_files_hang_on_the_message(owner, made):
    file = {"filename": "log.txt", "content": base64.b64encode(b"line").decode()}
    message = owner.say(made["id"], "See the log", attachments=[file]).json
    (attached,) = message["attachments"]
    assert attached["filename"] == "log.txt"
    assert attached["size"] == 4
    ticket = owner.get(f"{TICKETS}/{made['id']}").json
    assert ticket["attachments"] == []
    assert ticket["messages"][0]["attachments"] == [attached]


WRONG = (
    ({}, "body"),
    ({"body": ""}, "body"),
    ({"body": " \n\t"}, "body"),
    ({"body": "a\x00b"}, "body"),
    ({"body": 7}, "body"),
    ({"body": None}, "body"),
    ({"body": "x" * 50_001}, "body"),
    ({"body": "x", "is_internal": "yes"}, "is_internal"),
    ({"body": "x", "is_internal": 1}, "is_internal"),
    ({"body": "x", "confirmed": "all"}, "confirmed"),
    ({"body": "x", "attachments": [{}] * 11}, "attachments"),
)


def test_wrong_fields_are_named_and_nothing_is_written(owner, made, session):
    for body, field in WRONG:
        answer = owner.post(f"{TICKETS}/{made['id']}/messages", body)
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json["errors"]} == {field}
    assert session.scalars(select(Message)).all() == []


def test_the_sender_is_whoever_holds_the_token(owner, made, world):
    message = owner.say(
        made["id"], "Hi", sender_type="agent", sender_id=str(world.agent.user_id)
    ).json
    assert (message["sender_type"], message["sender_id"]) == ("customer", str(world.owner.user_id))
