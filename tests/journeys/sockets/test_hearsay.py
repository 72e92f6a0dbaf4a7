"""What a client asks goes through a builder's office up to the platform and back, in a running
system; each word reaches those alone whom it was meant for, on whatever way."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import zip_longest

import pytest
from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.accounts.models import Login
from portal.core.permissions import BUILDER_STAFF, STAFF, Role
from portal.foundation.clock import utcnow
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.outbox import OutboxEvent
from portal.foundation.realtime import publish
from portal.foundation.runtime import Runtime
from portal.tickets.models import Attachment, Message, Ticket
from tests.fixtures.live import Live
from tests.fixtures.premises import NOBODYS, Premises, picture
from tests.fixtures.processes import eventually
from tests.journeys.sockets.callers import Caller, Somebody
from tests.journeys.sockets.listeners import Listener
from tests.journeys.sockets.spider import pages_of
from tests.journeys.sockets.story import Case, hidden_from, play
from tests.support.addresses import address
from tests.support.doors import of_tickets

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]
CALLERS = 4  # at a time
CLIENT, OWNER, AGENT = ("acme", Role.CLIENT), ("acme", Role.OWNER), ("", Role.AGENT)

Callers = Mapping[tuple[str, Role], Caller]


@pytest.fixture
def callers(people: list[Somebody], system: Live) -> Iterator[Callers]:
    with ExitStack() as stack:
        yield {
            (one.company, one.actor.role): stack.enter_context(Caller(system.url, one))
            for one in people
        }


def test_each_word_reaches_whom_it_was_meant_for(
    app: Flask, runtime: Runtime, session: Session, premises: Premises, callers: Callers
) -> None:
    heard = {key: Listener(one.browser, f"{one.url}/live") for key, one in callers.items()}
    parties = callers[CLIENT], callers[OWNER], callers[AGENT]
    case = play(*parties, picture().read(), lambda: eventually(lambda: nothing_is_due(session)))
    grounds = list(of_the_case(session, premises, case))

    def told(caller: Caller) -> list[str]:
        return [*shown(caller, case), *found_by_trying(app, grounds, caller, case)]

    with ThreadPoolExecutor(CALLERS) as pool:
        wrong = [what for found in pool.map(told, callers.values()) for what in found]
    assert not [*wrong, *written(session, callers.values(), case)]
    end_all_streams(runtime, session)
    for key, listener in heard.items():
        assert listener.wait() <= topics_of(callers[key].who), key
    assert heard[OWNER].heard, "nobody was told anything"


def nothing_is_due(session: Session) -> bool:
    """Neither an event nor a letter is still on its way."""
    session.rollback()
    now = utcnow()
    events = OutboxEvent.done_at.is_(None) & (OutboxEvent.next_try_at <= now)
    letters = (Delivery.status == Status.QUEUED) & (Delivery.next_try_at <= now)
    return not session.scalar(select(exists().where(events) | exists().where(letters)))


def of_the_case(session: Session, premises: Premises, case: Case) -> Iterator[Premises]:
    """The premises with the case's keys in place of their own, each at least once."""
    for number in (case.asked, case.above):
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        known = replace(
            premises, number=number, at_desk=number, passed=number, above=number, ticket=ticket.id
        )
        messages = session.scalars(select(Message.id).where(Message.ticket_id == ticket.id))
        files = session.scalars(select(Attachment.id).where(Attachment.ticket_id == ticket.id))
        for message, file in zip_longest(messages, files, fillvalue=NOBODYS):
            yield replace(known, message=message, desk_message=message, attachment=file)


def shown(caller: Caller, case: Case) -> Iterator[str]:
    """By the pages that the caller is led to."""
    for answer in pages_of(caller):
        yield from betrayed(caller, case, answer.text, answer.url)


def found_by_trying(
    app: Flask, grounds: Sequence[Premises], caller: Caller, case: Case
) -> Iterator[str]:
    places = {
        address(app, rule, ground.arguments(rule))
        for rule, method in of_tickets(app)
        for ground in grounds
        if method == "GET"
    }
    for place in sorted(places):
        yield from betrayed(caller, case, caller.ask("GET", place).text, place)


def written(session: Session, callers: Iterable[Caller], case: Case) -> Iterator[str]:
    """In letters to them."""
    for caller in callers:
        mine = Delivery.recipient == caller.who.actor.email
        for letter in session.scalars(select(Delivery).where(mine)):
            yield from betrayed(caller, case, json.dumps(letter.payload), "a letter")


def betrayed(caller: Caller, case: Case, text: str, place: str) -> Iterator[str]:
    for word in sorted(hidden_from(caller.who, case)):
        if word in text:
            yield f"{caller.who} reads {word} in {place}"


def end_all_streams(runtime: Runtime, session: Session) -> None:
    """Behind all that was said: what is heard by then is all that ever will be."""
    publish(runtime.doorbell, [f"login:{key}" for key in session.scalars(select(Login.id))])


def topics_of(somebody: Somebody) -> set[str]:
    """What may change on their own pages; at the other builder nothing has."""
    actor = somebody.actor
    company = {f"desk:{actor.builder_id}", f"builder:{actor.builder_id}"}
    match actor.role:
        case role if role in STAFF:
            return {"queue", f"user:{actor.user_id}"}
        case Role.CLIENT if somebody.company == "acme":
            return {f"user:{actor.user_id}"}
        case role if role in BUILDER_STAFF and somebody.company == "acme":
            return company | {f"user:{actor.user_id}"}
    return set()
