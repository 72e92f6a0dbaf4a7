from datetime import timedelta

import pytest

from portal.core.permissions import Actor, Role
from portal.foundation.tenancy import PLATFORM, see
from portal.policy import desk_rules
from portal.tickets.queries import finding
from portal.tickets.queries.finding import find_tickets
from portal.tickets.service import assignment, conversation
from tests.fixtures.database import KIND
from tests.support.plans import planned
from tests.support.statements import counted
from tests.tickets.making import filed, words


def numbers(session, actor, sought, now):
    session.flush()
    see(session, PLATFORM if actor.is_staff else actor.builder_id)
    return [one.number for one in find_tickets(session, actor, sought, now=now)]


@pytest.fixture
def ticket(session, pack, world, now):
    return filed(
        session,
        pack,
        world.pm,
        now - timedelta(hours=1),
        subject="La planificación no carga",
        description="Nobody on site can see the Gantt chart.",
    )


def test_by_number_with_and_without_the_sign(session, world, ticket, now):
    for sought in (str(ticket.number), f"#{ticket.number}", f" {ticket.number} "):
        assert numbers(session, world.pm, sought, now) == [ticket.number]
    assert numbers(session, world.pm, "99999999999", now) == []
    assert numbers(session, world.pm, "9999999999", now) == []


@pytest.mark.parametrize(
    "sought",
    ["planificación", "PLANIFICACION", "planif", "gantt", "gantt planificacion", "Gantt, carga!"],
)
def test_by_words_of_subject_and_opening(session, world, ticket, now, sought):
    assert numbers(session, world.pm, sought, now) == [ticket.number]


@pytest.mark.parametrize("sought", ["lanificación", "gantt crane", "", "%", "_", "x", "a", "'; --"])
def test_other_words_find_nothing(session, world, ticket, now, sought):
    assert numbers(session, world.pm, sought, now) == []


def test_by_what_was_answered_once_it_has_left_and_never_by_notes(session, world, ticket, now):
    assignment.take(session, ticket, by=world.agent, at=now)
    conversation.note(session, ticket, words("Smells of xylophone"), by=world.agent, at=now)
    conversation.reply_as_agent(
        session, ticket, words("Clear the jacaranda"), by=world.agent, at=now, undo_seconds=15
    )
    assert numbers(session, world.pm, "jacaranda", now) == []
    later = now + timedelta(minutes=1)
    assert numbers(session, world.pm, "jacaranda", later) == [ticket.number]
    for who in (world.pm, world.owner, world.agent):
        assert numbers(session, who, "xylophone", later) == []


def test_nobody_elses(session, pack, world, ticket, now):
    guest = Actor(Role.GUEST, builder_id=world.acme.id)
    for who in (world.stranger, world.client, guest):
        assert numbers(session, who, "gantt", now) == []
        assert numbers(session, who, str(ticket.number), now) == []
    assert numbers(session, world.owner, "gantt", now) == [ticket.number]
    assert numbers(session, world.agent, "gantt", now) == [ticket.number]


def test_a_client_finds_their_own_at_the_builders_desk(session, world, now, desk_ticket):
    assert numbers(session, world.client, "scaffold", now) == [desk_ticket.number]
    assert numbers(session, world.owner, "scaffold", now) == [desk_ticket.number]
    assert numbers(session, world.agent, "scaffold", now) == []


@pytest.fixture
def desk_ticket(session, world, now):
    model = desk_rules.model_for(session, world.client)
    level = {"severity": "normal", "category": "question", "module": ""}
    return filed(session, model, world.client, now, subject="The scaffold", **level)


def test_only_the_newest_are_looked_through(session, pack, world, now, monkeypatch):
    monkeypatch.setattr(finding, "NEWEST", 2)
    made = [
        filed(session, pack, world.pm, now + timedelta(minutes=n), subject="Crane")
        for n in range(4)
    ]
    assert numbers(session, world.pm, "crane", now) == [made[3].number, made[2].number]


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize("who", ["owner", "pm", "field", "client", "agent"])
def test_no_list_is_sorted_and_no_table_read_whole(runtime, session, world, ticket, now, who):
    field = Actor(Role.FIELD, world.pm.user_id, world.acme.id)
    actor = field if who == "field" else getattr(world, who)
    see(session, PLATFORM if actor.is_staff else actor.builder_id)
    with planned(runtime.engine) as plans, counted(runtime.engine) as asked:
        find_tickets(session, actor, "gantt chart", now=now)
    assert len(asked) <= 2
    for plan in plans:
        whole = {"SCAN support_tickets", "SCAN support_tickets_1"}
        assert whole.isdisjoint(plan.splitlines()), plan
        assert "SCAN ticket_messages" not in plan, plan
