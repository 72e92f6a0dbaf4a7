"""No request asks the database more the more there is."""

from itertools import count

import pytest
from sqlalchemy import event

from tests.fixtures.database import KIND
from tests.fixtures.programs import TICKETS, ticket
from tests.support.statements import counted

MOST = 10
SAID = {"sqlite": 0, "postgresql": 2}[KIND]  # for whom: before the token is known, and then


@pytest.fixture
def agent(world, speak):
    return speak(world.agent)


@pytest.fixture
def full(world, speak):
    """Tickets of three people; one of them with many messages."""
    owner = speak(world.owner)
    keys = [owner.open(severity="P1")["id"] for _ in range(4)]
    keys += [speak(world.pm).open()["id"], speak(world.stranger).open()["id"]]
    for number in range(6):
        owner.say(keys[0], f"Line {number}")
    return keys


def test_a_ticket_is_opened_in_one_transaction_of_few_statements(runtime, world, speak):
    owner, committed = speak(world.owner), []
    owner.open()
    event.listen(runtime.engine, "commit", committed.append)
    with counted(runtime.engine) as asked:
        owner.post(TICKETS, ticket(severity="P3"), **{"Idempotency-Key": "a"})
    assert len(committed) == 1
    assert len(asked) <= MOST + SAID, asked
    assert not [one for one in asked if one.startswith("UPDATE support_tickets")]


def test_lists_and_tickets_take_few_queries(runtime, full, agent, world, speak):
    for program in (agent, speak(world.owner)):
        program.get()
        with counted(runtime.engine) as asked:
            assert len(program.get().json["items"]) >= 5
        assert len(asked) <= MOST + SAID, asked
        with counted(runtime.engine) as asked:
            assert len(program.get(f"{TICKETS}/{full[0]}").json["messages"]) == 6
        assert len(asked) <= MOST + SAID, asked


def test_more_tickets_on_a_page_take_no_more_queries(runtime, full, agent):
    agent.get()
    with counted(runtime.engine) as short:
        agent.get(limit=1)
    with counted(runtime.engine) as long:
        agent.get(limit=6)
    assert len(short) == len(long)


def test_opening_a_ticket_takes_no_more_queries_the_more_there_are(runtime, world, speak):
    owner, fresh = speak(world.owner), count()
    owner.open()

    def cost() -> int:
        with counted(runtime.engine) as asked:
            owner.post(TICKETS, ticket(), **{"Idempotency-Key": f"key-{next(fresh)}"})
        return len(asked)

    before = cost()
    for _ in range(5):
        owner.open()
    assert cost() <= before


def test_what_hardly_any_ticket_has_is_looked_for_a_stretch_at_a_time(world, speak, monkeypatch):
    monkeypatch.setattr("portal.tickets.queries.listing.LOOKED_AT", 3)
    owner = speak(world.owner)
    rare = [owner.open(severity="P1")["id"]]
    for _ in range(7):
        owner.open(severity="P4")
    rare.append(owner.open(severity="P1")["id"])
    found, pages, cursor = [], 0, ""
    while cursor is not None:
        page = owner.get(severity="P1", cursor=cursor).json
        found += [one["id"] for one in page["items"]]
        pages, cursor = pages + 1, page["next_cursor"]
    assert found == rare[::-1]
    assert pages == 4
    assert len(owner.get(limit=100).json["items"]) == 9


@pytest.mark.skipif(KIND != "sqlite", reason="asks SQLite for its plan")
def test_lists_read_an_index_in_its_order(runtime, full, agent, world, speak):
    for program in (agent, speak(world.owner), speak(world.pm)):
        cursor = program.get(limit=1).json["next_cursor"] or ""
        with counted(runtime.engine) as asked:
            program.get(status="open", severity="P1", cursor=cursor)
        for listing in (one for one in asked if "ORDER BY support_tickets.created_at" in one):
            plan = _plan(runtime, listing)
            assert "USE TEMP B-TREE" not in plan, plan
            assert "SCAN support_tickets\n" not in plan, plan


def _plan(runtime, statement: str) -> str:
    with runtime.engine.connect() as connection:
        raw = connection.connection.driver_connection
        values = ["x"] * statement.count("?")
        rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    return "\n".join(row[3] for row in rows) + "\n"
