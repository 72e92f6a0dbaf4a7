"""No page asks much, and nothing that it asks grows with the tickets there are."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import inspect

from portal.ops import ticking
from portal.tickets.queries.queue import Filters
from portal.tickets.service import assignment, states
from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.support.plans import planned
from tests.support.statements import counted
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
MOST = 10
BIG = ("support_tickets", "ticket_messages", "ticket_events", "ticket_steps", "ticket_clocks")
MACHINERY = ("outbox", "effects", "deliveries", "idempotency_keys", "ticket_pages")

LISTS = [
    ("agent", "/queue?view=mine"),
    ("agent", "/queue?view=unassigned"),
    ("agent", "/queue?view=breaching"),
    ("agent", "/queue?view=all"),
    ("agent", "/queue?view=all&state=closed"),
    ("agent", "/queue?view=all&severity=P2&category=scheduling"),
    ("agent", "/queue?view=all&builder=acme"),
    ("agent", "/queue?view=all&assignee=01a1fd03163e73648b048d97a33c22f4"),
    ("owner", "/tickets"),
    ("owner", "/tickets?state=active"),
    ("owner", "/tickets?state=closed"),
    ("pm", "/tickets"),
    ("pm", "/tickets?state=active"),
]
PAGES = [
    *LISTS,
    ("agent", "/desk/{}"),
    ("agent", "/notifications"),
    ("agent", "/account/notifications"),
    ("agent", "/policy"),
    ("manager", "/queue"),
    ("manager", "/desk/{}"),
    ("owner", "/"),
    ("owner", "/tickets/new"),
    ("owner", "/tickets/{}"),
    ("owner", "/notifications"),
    ("owner", "/account"),
    ("owner", "/mailbox"),
    ("client", "/"),
]
LABELS = frozenset({"kind", "status", "state", "severity", "category", "team", "channel", "role"})
SEARCHED = re.compile(r"SEARCH \w+ USING .*INDEX \w+ \((.*)\)")


@pytest.fixture
def tickets(world, session, pack):
    """More than a page of them: some taken, some closed, some late."""
    made = [
        filed(session, pack, who, NOW - timedelta(minutes=number), module="scheduling")
        for number in range(16)
        for who in (world.owner, world.pm)
    ]
    for ticket in made[::3]:
        assignment.take(session, ticket, by=world.agent, at=NOW)
    for ticket in made[::5]:
        states.close(session, ticket, by=world.owner, at=NOW)
    for ticket in made[::4]:
        ticket.warned_at = NOW
    session.commit()
    return made


@pytest.mark.once
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_ten_queries_a_page_at_most(runtime, world, sign_in, tickets, who, path):
    client = sign_in(getattr(world, who))
    path = path.format(tickets[0].number)
    assert client.get(path).status_code == 200
    with counted(runtime.engine) as asked:
        client.get(path)
    assert len(asked) <= MOST, "\n".join(asked)


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_no_query_reads_a_whole_table(runtime, world, sign_in, tickets, who, path):
    """Through an index, in whose order a list's LIMIT ends it."""
    client = sign_in(getattr(world, who))
    with planned(runtime.engine) as plans:
        client.get(path.format(tickets[0].number))
    assert plans
    for plan in plans:
        for line in plan.splitlines():
            whole = any(line == f"SCAN {table}" for table in BIG)
            assert not whole, plan


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_no_turn_of_the_clock_reads_a_whole_table(runtime, tickets, session):
    """Every five seconds, as long as the system runs."""
    session.close()
    with planned(runtime.engine) as plans:
        for hours in (0, 1, 100):
            ticking.tick(runtime, NOW + timedelta(hours=hours))
    asked = "".join(plans)
    assert all(f"FROM {table}" in asked for table in MACHINERY)
    for plan in plans:
        for line in plan.splitlines():
            assert line not in {f"SCAN {table}" for table in (*BIG, *MACHINERY)}, plan


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_rows_are_found_by_whose_they_are(runtime, world, sign_in, tickets, who, path):
    """Never by a label alone, which a good part of a table may share: SQLite has no statistics to
    know better, and takes any index that fits as well."""
    client = sign_in(getattr(world, who))
    with planned(runtime.engine) as plans:
        client.get(path.format(tickets[0].number))
    found = [(columns, plan) for plan in plans for columns in SEARCHED.findall(plan)]
    assert found
    for columns, plan in found:
        assert not set(re.findall(r"(\w+)[=<>]", columns)) <= LABELS, plan


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(("who", "path"), LISTS)
def test_lists_and_counts_are_read_in_the_order_of_an_index(
    runtime, world, sign_in, tickets, who, path
):
    client = sign_in(getattr(world, who))
    with planned(runtime.engine) as plans:
        client.get(path)
    assert "FROM support_tickets" in "".join(plans)
    for plan in plans:
        if "FROM support_tickets" in plan:
            assert "USE TEMP B-TREE" not in plan, plan
            assert "LIMIT" in plan, plan


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(
    ("who", "path", "index"),
    [
        ("owner", "/tickets?state=active", "ix_tickets_active_of_builder"),
        ("agent", "/queue?view=all&builder=acme", "ix_tickets_queue_of_builder"),
        (
            "agent",
            "/queue?view=all&assignee=01a1fd03163e73648b048d97a33c22f4",
            "ix_tickets_mine",
        ),
        ("agent", "/queue?view=mine", "ix_tickets_mine"),
        ("agent", "/queue?view=breaching", "ix_tickets_warned"),
    ],
)
def test_what_is_active_is_found_among_the_active(
    runtime, world, sign_in, tickets, who, path, index
):
    """However long the history behind it is."""
    client = sign_in(getattr(world, who))
    with planned(runtime.engine) as plans:
        client.get(path)
    assert any(f"USING INDEX {index}" in plan and "ORDER BY" in plan for plan in plans), plans


def test_the_queue_passes_over_what_is_filtered_out_without_its_row(runtime):
    """Few match and thousands are active: each of them would be read from its own place."""
    [queue] = [
        index
        for index in inspect(runtime.engine).get_indexes("support_tickets")
        if index["name"] == "ix_tickets_queue"
    ]
    asked = {"status" if one.name == "state" else one.name for one in fields(Filters)}
    of_their_own = {"builder", "assignee"}
    assert asked - of_their_own <= set(queue["column_names"])


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_counting_the_views_reads_nothing_but_their_indexes(runtime, world, sign_in, tickets):
    client = sign_in(world.agent)
    with planned(runtime.engine) as plans:
        client.get("/queue")
    [counts] = [plan for plan in plans if "count(*)" in plan and "support_tickets" in plan]
    reads = [line for line in counts.splitlines() if "support_tickets USING" in line]
    assert len(reads) == 4
    assert all("COVERING INDEX" in line for line in reads), counts
