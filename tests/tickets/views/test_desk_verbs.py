"""What agents do to a ticket besides writing: each verb, its refusals, and going stale."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import SupportAgent
from portal.core.ticket_states import State
from portal.tickets.models import Check, Ticket, TicketEvent
from portal.tickets.service import assignment, states
from portal.tickets.service.clocks import URGENT_AHEAD
from portal.tickets.views.states import quick_times
from tests.fixtures.world import NOW
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def ticket(session, pack, world) -> Ticket:
    made = filed(session, pack, world.owner, EARLIER)
    session.commit()
    return made


@pytest.fixture
def agent(world, sign_in):
    return sign_in(world.agent)


@pytest.fixture
def do(agent, ticket):
    def post(verb, client=agent, headers=None, **fields):
        return client.post(f"/desk/{ticket.number}/{verb}", data=fields, headers=headers)

    return post


def fresh(session, ticket) -> Ticket:
    session.rollback()
    return session.get_one(Ticket, ticket.id, populate_existing=True)


def kinds(session, ticket) -> list[str]:
    session.rollback()
    query = select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id)
    return list(session.scalars(query.order_by(TicketEvent.id)))


def test_take_and_give_back(session, world, ticket, do):
    assert do("assignment", held_by="").location == f"/desk/{ticket.number}"
    taken = fresh(session, ticket)
    assert (taken.assigned_to, taken.status) == (world.agent.agent_id, State.IN_PROGRESS)
    assert do("release").status_code == 303
    given = fresh(session, ticket)
    assert (given.assigned_to, given.status) == (None, State.OPEN)


def test_taking_over_needs_to_have_seen_who_has_it(session, world, ticket, do):
    assignment.take(session, ticket, by=world.second, at=NOW)
    session.commit()
    stale = do("assignment", held_by="")
    assert stale.status_code == 409
    assert "Somebody else took the ticket" in stale.text
    assert fresh(session, ticket).assigned_to == world.second.agent_id
    assert do("assignment", held_by=str(world.second.agent_id)).status_code == 303
    assert fresh(session, ticket).assigned_to == world.agent.agent_id


def test_pressing_take_twice_is_taking_once(session, ticket, do):
    for _ in range(2):
        assert do("assignment", held_by="").status_code == 303
    assert kinds(session, ticket).count("assigned") == 1


def test_managers_take_none(do, world, sign_in):
    assert do("assignment", client=sign_in(world.manager)).status_code == 422


def test_only_managers_give_back_for_others(session, world, ticket, do, sign_in):
    assignment.take(session, ticket, by=world.second, at=NOW)
    session.commit()
    assert do("release").status_code == 403
    assert do("release", client=sign_in(world.manager)).status_code == 303
    assert fresh(session, ticket).assigned_to is None


def test_hand_over_shows_who_could(session, world, ticket, agent):
    second = session.get_one(SupportAgent, world.second.agent_id)
    second.is_available = False
    second.specialties = ["feature_request", "cranes"]
    session.commit()
    html = agent.get(f"/desk/{ticket.number}/handover").text
    assert "Agent1" in html
    assert "cranes · Feature request" in html
    assert "Proposed" in html
    assert "Away" in html


def test_hand_over(session, world, ticket, do):
    answer = do("handover", agent=str(world.second.agent_id), reason="Knows the sync")
    assert answer.status_code == 303
    given = fresh(session, ticket)
    assert given.assigned_to == world.second.agent_id
    assert given.assignment_why["reason"] == "Knows the sync"


@pytest.mark.parametrize("agent_id", ["", "me", "018f0000-0000-7000-8000-000000000000"])
def test_hand_over_to_nobody(session, ticket, do, agent_id):
    answer = do("handover", agent=agent_id, reason="Because I said so")
    assert answer.status_code == 422
    assert "Because I said so" in answer.text
    assert 'href="#agent"' in answer.text
    assert fresh(session, ticket).assigned_to is None


def test_only_managers_hand_over_what_others_have(session, world, ticket, do, sign_in):
    assignment.take(session, ticket, by=world.second, at=NOW)
    session.commit()
    chosen = {"agent": str(world.agent.agent_id)}
    assert do("handover", **chosen).status_code == 403
    assert do("handover", client=sign_in(world.manager), **chosen).status_code == 303


@pytest.mark.parametrize(
    ("about", "value"), [("severity", "P1"), ("category", "billing"), ("team", "security")]
)
def test_sorting_is_one_click(session, ticket, do, about, value):
    assert do(about, value=value, reason="Seen it").status_code == 303
    assert getattr(fresh(session, ticket), about) == value


def test_another_severity_moves_the_clock(session, ticket, do, agent):
    before = agent.get(f"/desk/{ticket.number}").text
    assert "Tue 24 Nov, 13:00" in before  # four working hours
    do("severity", value="P1")
    assert "Tue 24 Nov, 10:00" in agent.get(f"/desk/{ticket.number}").text  # one hour
    assert fresh(session, ticket).due_rank == NOW - URGENT_AHEAD


@pytest.mark.parametrize("about", ["severity", "category", "team"])
@pytest.mark.parametrize("value", ["", "P9", "<b>"])
def test_what_the_support_model_does_not_know(session, ticket, do, about, value):
    before = getattr(ticket, about)
    assert do(about, value=value).status_code == 422
    assert getattr(fresh(session, ticket), about) == before


def test_htmx_gets_the_parts_and_a_toast(do):
    answer = do("severity", headers=HTMX, value="P1")
    assert answer.status_code == 200
    assert "corbel:toast" in answer.headers["HX-Trigger"]
    assert 'id="desk-side"' in answer.text
    assert "composer-body" not in answer.text
    assert 'id="level-P1" name="value" value="P1" aria-pressed="true"' in answer.text


def test_the_checklist_is_ticked_and_unticked(session, world, ticket, do, agent):
    for _ in range(2):
        assert do("checks/context").status_code == 303
    session.rollback()
    assert session.scalars(select(Check.item)).all() == ["context"]
    html = agent.get(f"/desk/{ticket.number}").text
    assert 'aria-checked="true" data-done="true" id="check-context"' in html
    for _ in range(2):
        assert do("checks/context/removal").status_code == 303
    session.rollback()
    assert session.scalars(select(Check)).all() == []
    assert kinds(session, ticket)[-2:] == ["checked", "unchecked"]


def test_a_check_that_is_none(do):
    for item in ("none-such", "%00"):
        assert do(f"checks/{item}").status_code == 404
        assert do(f"checks/{item}/removal").status_code == 404


def test_what_happened_ticks_by_itself(do, agent, ticket):
    assert 'id="check-owner"' in agent.get(f"/desk/{ticket.number}").text
    do("assignment", held_by="")
    assert 'id="check-owner"' not in agent.get(f"/desk/{ticket.number}").text


def test_wait_snooze_wake_solve_reopen_close(session, ticket, do):
    steps = [
        ("waiting", {}, State.WAITING_ON_CUSTOMER),
        ("snooze", {"until": "2026-11-25T09:00"}, State.SNOOZED),
        ("waking", {}, State.OPEN),
        ("resolution", {"outcome": "The sync runs again."}, State.RESOLVED),
        ("reopening", {}, State.OPEN),
        ("closure", {"reason": "Asked twice"}, State.CLOSED),
    ]
    for verb, fields, expected in steps:
        assert do(verb, **fields).status_code == 303, verb
        assert fresh(session, ticket).status == expected, verb
    assert {"snoozed", "woken", "resolved", "reopened", "closed"} <= set(kinds(session, ticket))


def test_the_customer_reads_what_came_of_it(ticket, do, world, sign_in):
    do("resolution", outcome="The sync runs again.")
    assert "The sync runs again." in sign_in(world.owner).get(f"/tickets/{ticket.number}").text


def test_solving_needs_an_outcome(session, ticket, do):
    answer = do("resolution", outcome="  ")
    assert answer.status_code == 422
    assert "the customer reads this" in answer.text
    assert fresh(session, ticket).status == State.OPEN


@pytest.mark.parametrize("page", ["resolution", "closure", "snooze", "handover"])
def test_what_ends_or_hides_asks_first_on_a_page_of_its_own(ticket, agent, page):
    html = agent.get(f"/desk/{ticket.number}/{page}").text
    assert f'action="/desk/{ticket.number}/{page}"' in html
    assert 'method="post"' in html
    assert "Cancel" in html


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("waiting", {}),
        ("resolution", {"outcome": "Done"}),
        ("snooze", {"until": "2026-11-25T09:00"}),
        ("waking", {}),
        ("closure", {}),
    ],
)
def test_what_the_state_no_longer_allows(session, world, ticket, do, verb, fields):
    states.close(session, ticket, by=world.manager, at=NOW)
    session.commit()
    answer = do(verb, **fields)
    assert answer.status_code == 409
    assert "changed since you opened it" in answer.text
    assert fresh(session, ticket).status == State.CLOSED


@pytest.mark.parametrize("until", ["", "2026-11-24T09:59", "tomorrow"])
def test_snoozing_needs_a_time_to_come(session, ticket, do, until):
    answer = do("snooze", until=until)
    assert answer.status_code == 422
    assert 'href="#until"' in answer.text
    assert fresh(session, ticket).status == State.OPEN


def test_usual_times_to_snooze_until():
    friday = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    assert [f"{at:%a %H:%M}" for at in quick_times(friday)] == [
        "Fri 18:30",
        "Sat 09:00",
        "Mon 09:00",
    ]
    sunday = friday + timedelta(days=2)
    assert [f"{at:%a %H:%M}" for at in quick_times(sunday)] == ["Sun 18:30", "Mon 09:00"]


def test_usual_times_can_be_pressed(session, ticket, agent, do):
    html = agent.get(f"/desk/{ticket.number}/snooze").text
    assert 'name="until" value="2026-11-25T09:00:00-05:00"' in html
    do("snooze", until="2026-11-25T09:00:00-05:00")
    assert fresh(session, ticket).snoozed_until == datetime(2026, 11, 25, 14, tzinfo=UTC)


def test_a_page_of_another_ticket_is_not_confirmed(session, pack, world, do):
    from portal.tickets.models import Page

    night = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    other = filed(session, pack, world.owner, night, severity="P1")
    session.commit()
    page = session.scalars(select(Page).where(Page.ticket_id == other.id)).one()
    do(f"pages/{page.id}/acknowledgement")
    session.rollback()
    assert session.get_one(Page, page.id, populate_existing=True).acknowledged_at is None
