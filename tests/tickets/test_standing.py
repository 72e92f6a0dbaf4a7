from datetime import timedelta
from uuid import uuid4

import pytest

from portal.core.sla import Clock
from portal.core.ticket_states import State
from portal.tickets.models import Ticket
from portal.tickets.queries.entries import ClockEntry
from portal.tickets.standing import Turn, reopens_until, standing_of
from tests.fixtures.world import NOW

HOUR = timedelta(hours=1)


def ticket(state=State.OPEN, **more) -> Ticket:
    return Ticket(status=state, **more)


def row(clock=Clock.FIRST_RESPONSE, due=NOW + HOUR, **more) -> ClockEntry:
    return ClockEntry(uuid4(), clock, more.pop("round", 1), NOW, due_at=due, **more)


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (State.RESOLVED, Turn.SOLVED),
        (State.CLOSED, Turn.CLOSED),
        (State.MERGED, Turn.MERGED),
        (State.WAITING_ON_CUSTOMER, Turn.YOURS),
    ],
)
def test_some_states_say_it_all(state, turn):
    assert standing_of(ticket(state), [row()], NOW).turn is turn


def test_the_first_answer_comes_first():
    rows = [row(), row(Clock.NEXT_UPDATE), row(Clock.RESOLUTION, NOW - HOUR)]
    standing = standing_of(ticket(), rows, NOW, promised={"update"})
    assert (standing.turn, standing.by, standing.clock_state) == (
        Turn.ANSWER_DUE,
        NOW + HOUR,
        "running",
    )


def test_late_from_the_instant_it_was_due():
    standing = standing_of(ticket(), [row(due=NOW)], NOW)
    assert (standing.turn, standing.clock_state) == (Turn.ANSWER_LATE, "breached")


def test_a_range_is_late_only_at_its_far_end():
    ranged = row(due=NOW - HOUR, outer_at=NOW + HOUR)
    standing = standing_of(ticket(), [ranged], NOW)
    assert (standing.turn, standing.outer) == (Turn.ANSWER_DUE, NOW + HOUR)


def test_best_effort_has_no_date():
    standing = standing_of(ticket(), [row(due=None)], NOW)
    assert (standing.turn, standing.clock_state) == (Turn.ANSWER_OPEN, "none")


def test_the_desks_own_goals_are_not_told():
    rows = [row(met_at=NOW), row(Clock.NEXT_UPDATE), row(Clock.RESOLUTION)]
    assert standing_of(ticket(State.IN_PROGRESS), rows, NOW).turn is Turn.ANSWERED


def test_a_promised_update_is_told_by_the_pack_or_by_word():
    rows = [row(met_at=NOW), row(Clock.NEXT_UPDATE)]
    going = ticket(State.IN_PROGRESS)
    assert standing_of(going, rows, NOW, promised={"update"}).turn is Turn.UPDATE_DUE
    assert standing_of(going, rows, NOW, told_until=NOW + HOUR).turn is Turn.UPDATE_DUE
    assert standing_of(going, rows, NOW, told_until=NOW + 2 * HOUR).turn is Turn.ANSWERED
    late = standing_of(going, rows, NOW + 2 * HOUR, told_until=NOW + HOUR)
    assert late.turn is Turn.UPDATE_LATE


def test_the_running_round_counts_not_a_kept_one():
    kept = row(Clock.NEXT_UPDATE, NOW - HOUR, round=1, met_at=NOW - HOUR)
    running = row(Clock.NEXT_UPDATE, NOW + HOUR, round=2)
    rows = [row(met_at=NOW), kept, running]
    standing = standing_of(ticket(State.IN_PROGRESS), rows, NOW, promised={"update"})
    assert (standing.turn, standing.by) == (Turn.UPDATE_DUE, NOW + HOUR)


def test_the_customers_last_word_leaves_the_turn_with_us():
    assert standing_of(ticket(State.OPEN), [row(met_at=NOW)], NOW).turn is Turn.OURS


def test_until_when_a_reply_reopens():
    assert reopens_until(ticket(), 7) is None
    resolved = ticket(State.RESOLVED, resolved_at=NOW)
    assert reopens_until(resolved, 7) == NOW + timedelta(days=7)
    closed = ticket(State.CLOSED, resolved_at=NOW, closed_at=NOW + HOUR)
    assert reopens_until(closed, 7) == NOW + HOUR + timedelta(days=7)
