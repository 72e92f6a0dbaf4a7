from datetime import timedelta
from uuid import uuid4

import pytest

from portal.tickets.faces import Face, face_of, is_warned, latest, pressing
from portal.tickets.models import Ticket
from portal.tickets.queries.entries import ClockEntry, StepEntry
from tests.fixtures.world import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def reading(app):
    with app.test_request_context():
        yield


def row(clock="first_response", **values) -> ClockEntry:
    given = {"ticket_id": uuid4(), "round": 1, "started_at": NOW - HOUR}
    return ClockEntry(clock=clock, **(given | values))


def step(do, at, round=1) -> StepEntry:
    return StepEntry("first_response", round, at, do, why={}, tier=0)


@pytest.mark.parametrize(
    ("values", "warned", "state", "note"),
    [
        ({"due_at": NOW + HOUR}, False, "running", ""),
        ({"due_at": NOW + HOUR}, True, "soon", ""),
        ({"due_at": NOW}, True, "breached", ""),
        ({"due_at": NOW - HOUR, "outer_at": NOW + HOUR}, False, "running", ""),
        ({"due_at": None}, False, "none", ""),
        ({"due_at": NOW, "met_at": NOW}, False, "met", "Kept"),
        ({"due_at": NOW - HOUR, "met_at": NOW}, False, "none", "Kept late"),
        ({"due_at": None, "met_at": NOW}, False, "met", "Kept"),
        ({"due_at": NOW, "stopped_at": NOW - HOUR}, False, "none", "Stopped"),
        ({"paused_at": NOW, "left_seconds": 7200}, False, "paused", "On hold, 2 hours left"),
        ({"paused_at": NOW, "due_at": NOW - HOUR}, True, "paused", ""),
    ],
)
def test_how_a_clock_looks(values, warned, state, note):
    face = face_of(row(**values), NOW, warned=warned)
    assert (face.state, face.note) == (state, note)


def test_a_range_is_due_at_its_outer_end():
    assert face_of(row(due_at=NOW, outer_at=NOW + HOUR), NOW, warned=False).due_at == NOW + HOUR


def test_the_last_round_of_each_in_their_order():
    rows = [row("resolution"), row("next_update", round=2), row("next_update"), row()]
    assert [(one.clock, one.round) for one in latest(rows)] == [
        ("first_response", 1),
        ("next_update", 2),
        ("resolution", 1),
    ]


def test_a_list_shows_the_next_to_break():
    rows = [row(met_at=NOW), row("next_update", due_at=NOW + HOUR), row("resolution", due_at=NOW)]
    assert pressing(Ticket(), rows, NOW).clock == "resolution"


def test_of_what_stands_still_the_paused_comes_first():
    rows = [row(met_at=NOW), row("resolution", paused_at=NOW, left_seconds=60)]
    assert pressing(Ticket(), rows, NOW).state == "paused"
    assert pressing(Ticket(), rows[:1], NOW).state == "met"
    assert pressing(Ticket(), [], NOW) == Face("", "", "none", None)


def test_a_warning_is_given_once_it_is_no_longer_ahead():
    clock = row(due_at=NOW + HOUR)
    warn, other, breach = step("warn", NOW), step("warn", NOW, round=2), step("breach", NOW + HOUR)
    assert not is_warned(clock, [warn, breach])
    assert is_warned(clock, [breach, other])
    assert not is_warned(clock, [])
