"""Moving tickets through the API."""

from itertools import product

import pytest
from sqlalchemy import select

from portal.tickets.models import TicketEvent
from tests.fixtures.programs import TICKETS

OF_CUSTOMERS = {
    # where it stands: where customers can move it
    "open": {"resolved", "closed"},
    "in_progress": {"resolved", "closed"},
    "waiting_on_customer": {"resolved", "closed"},
    "resolved": {"open", "closed"},
    "closed": {"open"},
}
OF_STAFF = OF_CUSTOMERS | {
    "open": {"in_progress", "waiting_on_customer", "resolved", "closed"},
    "in_progress": {"waiting_on_customer", "resolved", "closed"},
}
STATES = tuple(OF_CUSTOMERS)


@pytest.fixture
def agent(world, speak):
    return speak(world.agent)


def standing(program, agent, status):
    """A ticket of the program that stands so."""
    made = program.open()
    if status != "open":
        assert agent.move(made["id"], status).status_code == 200
    return made["id"]


@pytest.mark.parametrize(
    ("who", "by"), [("owner", "agent"), ("pm", "agent"), ("client", "owner"), ("client", "pm")]
)
def test_customers_settle_and_reopen(world, speak, who, by):
    program, agent = speak(getattr(world, who)), speak(getattr(world, by))
    for status, wanted in product(STATES, STATES):
        key = standing(program, agent, status)
        answer = program.move(key, wanted)
        if wanted == status or wanted in OF_CUSTOMERS[status]:
            assert (answer.status_code, answer.json["status"]) == (200, wanted)
            continue
        assert answer.status_code == (403 if wanted in OF_STAFF[status] else 409)
        assert set(answer.json["allowed"]) == OF_CUSTOMERS[status]
        assert program.get(f"{TICKETS}/{key}").json["status"] == status


@pytest.mark.parametrize(
    ("who", "asked_by"),
    [("agent", "owner"), ("manager", "owner"), ("owner", "client"), ("pm", "client")],
)
def test_those_who_answer_work_with_them_too(world, speak, who, asked_by):
    customer, program = speak(getattr(world, asked_by)), speak(getattr(world, who))
    for status, wanted in product(STATES, STATES):
        answer = program.move(standing(customer, program, status), wanted)
        if wanted == status or wanted in OF_STAFF[status]:
            assert (answer.status_code, answer.json["status"]) == (200, wanted)
            continue
        assert answer.status_code == 409
        assert set(answer.json["allowed"]) == OF_STAFF[status]
        assert all(name in answer.json["detail"] for name in OF_STAFF[status])


def test_an_agent_who_begins_on_a_free_ticket_takes_it(world, speak, agent):
    made = speak(world.owner).open()
    assert agent.move(made["id"], "in_progress").json["assigned_to"] == str(world.agent.agent_id)


def test_whoever_has_it_keeps_it_when_another_says_that_work_has_begun(world, speak, agent):
    made = speak(world.owner).open()
    agent.move(made["id"], "in_progress")
    agent.move(made["id"], "closed")
    agent.move(made["id"], "open")
    moved = speak(world.second).move(made["id"], "in_progress").json
    assert moved["status"] == "in_progress"
    assert moved["assigned_to"] == str(world.agent.agent_id)


def test_a_manager_begins_without_taking_it(world, speak):
    made = speak(world.owner).open()
    moved = speak(world.manager).move(made["id"], "in_progress").json
    assert (moved["status"], moved["assigned_to"]) == ("in_progress", None)


def test_waiting_stops_the_clock_and_is_an_answer(world, speak, agent):
    made = speak(world.owner).open()
    moved = agent.move(made["id"], "waiting_on_customer").json
    assert moved["first_response_at"] is not None


@pytest.mark.parametrize(
    ("status", "kind", "fact"),
    [
        ("resolved", "resolved", "outcome"),
        ("closed", "closed", "reason"),
        ("waiting_on_customer", "waiting", "reason"),
    ],
)
def test_the_reason_stands_on_the_timeline_without_secrets(
    world, speak, agent, session, status, kind, fact
):
    made = speak(world.owner).open()
    agent.move(made["id"], status, reason="Restarted; password: correct-horse-9")
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == kind)).one()
    assert event.facts[fact].startswith("Restarted")
    assert "correct-horse-9" not in event.facts[fact]


def test_the_present_state_again_changes_nothing(world, speak, session):
    owner = speak(world.owner)
    made = owner.open()
    owner.move(made["id"], "resolved")
    before = len(session.scalars(select(TicketEvent)).all())
    session.rollback()
    assert owner.move(made["id"], "resolved").status_code == 200
    assert len(session.scalars(select(TicketEvent)).all()) == before


def test_states_that_nobody_can_ask_for_are_named_as_wrong(world, speak):
    owner = speak(world.owner)
    made = owner.open()
    for body in ({}, {"status": "snoozed"}, {"status": 1}, {"status": None}):
        answer = owner.put(f"{TICKETS}/{made['id']}/status", body)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json["errors"]] == ["#/status"]
