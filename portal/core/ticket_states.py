"""The states of a ticket and the one table of ways between them.

    open ──take, reply──▶ in_progress ──ask──▶ waiting_on_customer
     ▲ ▲                      │                        │     │
     │ └──release, customer───┴────customer replies────┘     └─silence─▶ closed
     │
     ├──wake, customer── snoozed ◀──snooze── open, in_progress, waiting
     ├──reopen, customer── resolved ◀──resolve── any active state
     │                        └──close, silence──▶ closed
     ├──reopen── closed ◀──close── any active state
     └──unmerge── merged ◀──merge── any active state, resolved

`open` means that the customer waits and nobody is at it; `in_progress` that somebody of us is.
Silence closes only what we have answered: age alone never does (`auto_close`).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.sla import What


class TransitionError(ValueError):
    """A verb that a ticket's state does not allow; the message names those that it does."""


class State(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING_ON_CUSTOMER = "waiting_on_customer"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


class Verb(StrEnum):
    REPLY_BY_AGENT = "reply_by_agent"
    ASK_CUSTOMER = "ask_customer"
    REPLY_BY_CUSTOMER = "reply_by_customer"
    TAKE = "take"
    ASSIGN = "assign"
    RELEASE = "release"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    AUTO_CLOSE = "auto_close"
    MERGE = "merge"
    UNMERGE = "unmerge"


class Answer(StrEnum):
    """What a customer's word on a finished ticket does."""

    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"


TRANSITIONS: dict[State, dict[Verb, State]] = {
    State.OPEN: {
        Verb.REPLY_BY_AGENT: State.IN_PROGRESS,
        Verb.ASK_CUSTOMER: State.WAITING_ON_CUSTOMER,
        Verb.REPLY_BY_CUSTOMER: State.OPEN,
        Verb.TAKE: State.IN_PROGRESS,
        Verb.ASSIGN: State.OPEN,
        Verb.RELEASE: State.OPEN,
        Verb.SNOOZE: State.SNOOZED,
        Verb.RESOLVE: State.RESOLVED,
        Verb.CLOSE: State.CLOSED,
        Verb.MERGE: State.MERGED,
    },
    State.IN_PROGRESS: {
        Verb.REPLY_BY_AGENT: State.IN_PROGRESS,
        Verb.ASK_CUSTOMER: State.WAITING_ON_CUSTOMER,
        Verb.REPLY_BY_CUSTOMER: State.IN_PROGRESS,
        Verb.TAKE: State.IN_PROGRESS,
        Verb.ASSIGN: State.IN_PROGRESS,
        Verb.RELEASE: State.OPEN,
        Verb.SNOOZE: State.SNOOZED,
        Verb.RESOLVE: State.RESOLVED,
        Verb.CLOSE: State.CLOSED,
        Verb.MERGE: State.MERGED,
    },
    State.WAITING_ON_CUSTOMER: {
        Verb.REPLY_BY_AGENT: State.IN_PROGRESS,
        Verb.ASK_CUSTOMER: State.WAITING_ON_CUSTOMER,
        Verb.REPLY_BY_CUSTOMER: State.OPEN,
        Verb.TAKE: State.WAITING_ON_CUSTOMER,
        Verb.ASSIGN: State.WAITING_ON_CUSTOMER,
        Verb.RELEASE: State.WAITING_ON_CUSTOMER,
        Verb.SNOOZE: State.SNOOZED,
        Verb.RESOLVE: State.RESOLVED,
        Verb.CLOSE: State.CLOSED,
        Verb.AUTO_CLOSE: State.CLOSED,
        Verb.MERGE: State.MERGED,
    },
    State.SNOOZED: {
        Verb.REPLY_BY_AGENT: State.IN_PROGRESS,
        Verb.ASK_CUSTOMER: State.WAITING_ON_CUSTOMER,
        Verb.REPLY_BY_CUSTOMER: State.OPEN,
        Verb.TAKE: State.SNOOZED,
        Verb.ASSIGN: State.SNOOZED,
        Verb.RELEASE: State.SNOOZED,
        Verb.SNOOZE: State.SNOOZED,
        Verb.WAKE: State.OPEN,
        Verb.RESOLVE: State.RESOLVED,
        Verb.CLOSE: State.CLOSED,
        Verb.MERGE: State.MERGED,
    },
    State.RESOLVED: {
        Verb.REPLY_BY_AGENT: State.RESOLVED,
        Verb.REPLY_BY_CUSTOMER: State.OPEN,
        Verb.REOPEN: State.OPEN,
        Verb.CLOSE: State.CLOSED,
        Verb.AUTO_CLOSE: State.CLOSED,
        Verb.MERGE: State.MERGED,
    },
    State.CLOSED: {Verb.REOPEN: State.OPEN},
    State.MERGED: {Verb.UNMERGE: State.OPEN},
}

ACTIVE = frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING_ON_CUSTOMER, State.SNOOZED})

_HAPPENS: dict[Verb, tuple[What, ...]] = {
    Verb.REPLY_BY_AGENT: (What.ANSWERED, What.RESUMED),
    Verb.ASK_CUSTOMER: (What.ANSWERED, What.PAUSED),
    Verb.REPLY_BY_CUSTOMER: (What.REPLIED,),
    Verb.WAKE: (What.RESUMED,),
    Verb.RESOLVE: (What.RESOLVED,),
    Verb.CLOSE: (What.CLOSED,),
    Verb.AUTO_CLOSE: (What.CLOSED,),
    Verb.MERGE: (What.CLOSED,),
}


def next_state(state: State, verb: Verb) -> State:
    """Where `verb` leads from `state`; `TransitionError` where it leads nowhere."""
    try:
        return TRANSITIONS[state][verb]
    except KeyError:
        names = ", ".join(TRANSITIONS[state])
        raise TransitionError(f"a ticket that is {state} allows {names}, not {verb}") from None


def allowed(state: State) -> tuple[Verb, ...]:
    """The verbs that `state` allows, in the order of the table."""
    return tuple(TRANSITIONS[state])


def is_active(state: State) -> bool:
    """Whether somebody still has to do something: neither resolved, closed nor merged."""
    return state in ACTIVE


def happenings_of(state: State, verb: Verb) -> tuple[What, ...]:
    """What the clocks are told, in order, when `verb` is done to a ticket in `state`."""
    happens = _HAPPENS.get(verb, ())
    reopened = not is_active(state) and is_active(next_state(state, verb))
    return (*happens, What.REOPENED) if reopened else happens


def reopen_or_follow_up(ended_at: datetime, now: datetime, days: int) -> Answer:
    """Whether a reply still reopens a ticket that was resolved or closed at `ended_at`."""
    return Answer.REOPEN if now - ended_at <= timedelta(days=days) else Answer.FOLLOW_UP
