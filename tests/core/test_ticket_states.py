from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.sla import Clock, Happening, Promises, Terms, What, read_clocks
from portal.core.targets import parse_target
from portal.core.ticket_states import (
    TRANSITIONS,
    Answer,
    State,
    TransitionError,
    Verb,
    allowed,
    happenings_of,
    is_active,
    next_state,
    reopen_or_follow_up,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ([Verb.TAKE, Verb.REPLY_BY_AGENT, Verb.RESOLVE, Verb.AUTO_CLOSE], State.CLOSED),
        ([Verb.ASSIGN], State.OPEN),
        ([Verb.TAKE, Verb.RELEASE], State.OPEN),
        ([Verb.REPLY_BY_AGENT, Verb.REPLY_BY_CUSTOMER], State.IN_PROGRESS),
        ([Verb.ASK_CUSTOMER], State.WAITING_ON_CUSTOMER),
        ([Verb.ASK_CUSTOMER, Verb.TAKE], State.WAITING_ON_CUSTOMER),
        ([Verb.ASK_CUSTOMER, Verb.REPLY_BY_CUSTOMER], State.OPEN),
        ([Verb.ASK_CUSTOMER, Verb.REPLY_BY_AGENT], State.IN_PROGRESS),
        ([Verb.ASK_CUSTOMER, Verb.AUTO_CLOSE, Verb.REOPEN], State.OPEN),
        ([Verb.SNOOZE, Verb.WAKE], State.OPEN),
        ([Verb.SNOOZE, Verb.REPLY_BY_CUSTOMER], State.OPEN),
        ([Verb.SNOOZE, Verb.SNOOZE], State.SNOOZED),
        ([Verb.RESOLVE, Verb.REPLY_BY_AGENT], State.RESOLVED),
        ([Verb.RESOLVE, Verb.REPLY_BY_CUSTOMER], State.OPEN),
        ([Verb.RESOLVE, Verb.REOPEN], State.OPEN),
        ([Verb.MERGE, Verb.UNMERGE], State.OPEN),
        ([Verb.CLOSE, Verb.REOPEN], State.OPEN),
    ],
)
def test_ways_through_a_tickets_life(path: list[Verb], end: State) -> None:
    state = State.OPEN
    for verb in path:
        state = next_state(state, verb)
    assert state is end


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.OPEN, Verb.AUTO_CLOSE),
        (State.IN_PROGRESS, Verb.AUTO_CLOSE),
        (State.SNOOZED, Verb.AUTO_CLOSE),
        (State.OPEN, Verb.WAKE),
        (State.OPEN, Verb.REOPEN),
        (State.RESOLVED, Verb.RESOLVE),
        (State.RESOLVED, Verb.TAKE),
        (State.CLOSED, Verb.REPLY_BY_CUSTOMER),
        (State.CLOSED, Verb.REPLY_BY_AGENT),
        (State.CLOSED, Verb.MERGE),
        (State.MERGED, Verb.REPLY_BY_AGENT),
        (State.MERGED, Verb.REOPEN),
    ],
)
def test_ways_that_do_not_exist(state: State, verb: Verb) -> None:
    assert verb not in allowed(state)
    with pytest.raises(TransitionError, match=f"that is {state} allows .*, not {verb}"):
        next_state(state, verb)


def test_the_refusal_names_what_is_allowed() -> None:
    with pytest.raises(TransitionError) as refused:
        next_state(State.RESOLVED, Verb.SNOOZE)
    assert str(refused.value) == (
        "a ticket that is resolved allows reply_by_agent, reply_by_customer, reopen, close,"
        " auto_close, merge, not snooze"
    )


def test_the_table_is_whole() -> None:
    assert set(TRANSITIONS) == set(State)
    used = {verb for verbs in TRANSITIONS.values() for verb in verbs}
    assert used == set(Verb)
    assert {state for verbs in TRANSITIONS.values() for state in verbs.values()} == set(State)


@pytest.mark.parametrize(("state", "verb"), list(product(State, Verb)))
def test_allowed_and_next_state_agree(state: State, verb: Verb) -> None:
    if verb in allowed(state):
        assert next_state(state, verb) in State
    else:
        with pytest.raises(TransitionError):
            next_state(state, verb)


def test_what_is_active() -> None:
    assert {state for state in State if not is_active(state)} == {
        State.RESOLVED,
        State.CLOSED,
        State.MERGED,
    }


@pytest.mark.parametrize(
    ("days_later", "answer"),
    [(0, Answer.REOPEN), (7, Answer.REOPEN), (7.001, Answer.FOLLOW_UP), (90, Answer.FOLLOW_UP)],
)
def test_a_late_word_becomes_a_follow_up(days_later: float, answer: Answer) -> None:
    assert reopen_or_follow_up(NOW, NOW + timedelta(days=days_later), days=7) is answer


@pytest.mark.parametrize(
    ("state", "verb", "happens"),
    [
        (State.OPEN, Verb.TAKE, ()),
        (State.OPEN, Verb.SNOOZE, ()),
        (State.OPEN, Verb.REPLY_BY_AGENT, (What.ANSWERED, What.RESUMED)),
        (State.IN_PROGRESS, Verb.ASK_CUSTOMER, (What.ANSWERED, What.PAUSED)),
        (State.WAITING_ON_CUSTOMER, Verb.REPLY_BY_CUSTOMER, (What.REPLIED,)),
        (State.RESOLVED, Verb.REPLY_BY_CUSTOMER, (What.REPLIED, What.REOPENED)),
        (State.RESOLVED, Verb.REPLY_BY_AGENT, (What.ANSWERED, What.RESUMED)),
        (State.CLOSED, Verb.REOPEN, (What.REOPENED,)),
        (State.MERGED, Verb.UNMERGE, (What.REOPENED,)),
        (State.OPEN, Verb.MERGE, (What.CLOSED,)),
        (State.WAITING_ON_CUSTOMER, Verb.AUTO_CLOSE, (What.CLOSED,)),
        (State.SNOOZED, Verb.WAKE, (What.RESUMED,)),
    ],
)
def test_what_the_clocks_are_told(state: State, verb: Verb, happens: tuple[What, ...]) -> None:
    assert happenings_of(state, verb) == happens


def test_the_clocks_are_told_nothing_of_what_is_not_allowed() -> None:
    with pytest.raises(TransitionError):
        happenings_of(State.CLOSED, Verb.REPLY_BY_CUSTOMER)


@given(st.lists(st.sampled_from(list(Verb)), max_size=15))
def test_clocks_run_exactly_while_we_have_to_act(verbs: list[Verb]) -> None:
    state, at = State.OPEN, NOW
    story = [Happening(at, What.OPENED)]
    asked = False
    for verb in verbs:
        if verb not in allowed(state):
            continue
        at += timedelta(minutes=1)
        story += [Happening(at, what) for what in happenings_of(state, verb)]
        state = next_state(state, verb)
        asked = state is State.WAITING_ON_CUSTOMER or (asked and state is State.SNOOZED)
    terms = Terms(parse_target("4h"), None, "UTC")
    (reading,) = [
        reading
        for reading in read_clocks(story, Promises(resolution=terms))
        if reading.clock is Clock.RESOLUTION
    ]
    assert (reading.ended_at is not None) == (not is_active(state))
    assert (reading.paused_at is not None) == (is_active(state) and asked)
