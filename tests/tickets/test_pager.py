"""Pages on their way to a real HTTP receiver that answers as PagerDuty may."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Paging
from portal.foundation import deliveries, outbox, pagerduty
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.runtime import Runtime
from portal.notifications.models import Notification
from portal.policy.pack import Pack
from portal.tickets import pager
from portal.tickets.models import Page, Ticket
from portal.tickets.service import paging as pages
from portal.tickets.service import states
from tests.fixtures.world import World
from tests.support.http_receiver import Answer, HttpReceiver, Silence
from tests.tickets.making import filed

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Saturday evening in New York
SECOND = timedelta(seconds=1)
ENDURING = timedelta(minutes=5)


@pytest.fixture
def duty() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver


@pytest.fixture
def paged(
    runtime: Runtime, session: Session, world: World, pack: Pack, duty: HttpReceiver
) -> Ticket:
    """A ticket at night that is to be paged through the receiver."""
    connect(runtime, duty.url)
    ticket = filed(session, pack, world.owner, NIGHT, severity="P1", subject="Down <b>&</b> out")
    session.commit()
    return ticket


def connect(runtime: Runtime, url: str) -> None:
    service = Paging(f"{url}/v2/enqueue", "routing-key", "night@corbel.test", 5)
    runtime.settings = replace(runtime.settings, paging=service)
    runtime.channels = {**runtime.channels, "page": pager.channel(runtime.settings)}


def send(runtime: Runtime, session: Session, at: datetime) -> int:
    """What the page sender and the worker do at `at`."""
    session.commit()
    page = {"page": runtime.channels["page"]}
    tried = deliveries.send_due(runtime.writers, page, at=lambda: at)
    while outbox.drain(runtime.writers, runtime.subscribers, at=at):
        pass
    session.expire_all()
    return tried


def page(session: Session) -> Page:
    session.rollback()
    return session.scalars(select(Page)).one()


def told(session: Session) -> set[str]:
    return set(session.scalars(select(Notification.kind)))


def letters(session: Session, address: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Delivery).where(Delivery.recipient == address))
    return [row.payload for row in rows]


def keys(duty: HttpReceiver) -> set[str]:
    return {request.json()["dedup_key"] for request in duty.requests}


def test_accepted_page_waits_for_its_confirmation(
    runtime: Runtime, session: Session, paged: Ticket, duty: HttpReceiver
) -> None:
    send(runtime, session, NIGHT)
    [request] = duty.requests
    event = request.json()
    assert request.path == "/v2/enqueue"
    assert event["event_action"] == "trigger"
    assert event["routing_key"] == "routing-key"
    assert event["payload"]["summary"] == f"#{paged.number} P1: Down <b>&</b> out"
    assert event["payload"]["severity"] == "critical"
    assert event["links"][0]["href"] == f"http://127.0.0.1:8000/desk/{paged.number}"
    assert page(session).state == pages.ACCEPTED
    assert page(session).confirm_by == NIGHT + ENDURING
    assert not told(session) & {"page_fallback", "page_failed"}


def test_unconfirmed_page_goes_the_second_way_once(
    runtime: Runtime, session: Session, paged: Ticket, duty: HttpReceiver
) -> None:
    send(runtime, session, NIGHT)
    for seconds in (-1, 0, 1, 60):
        at = NIGHT + ENDURING + seconds * SECOND
        pages.unconfirmed(runtime.writers, at)
        send(runtime, session, at)
        assert ("page_fallback" in told(session)) == (seconds >= 0)
    assert len(letters(session, "night@corbel.test")) == 1
    assert len(letters(session, "lead@corbel.test")) >= 1
    assert len(duty.requests) == 1


def test_confirmed_page_is_acknowledged_there_and_falls_back_nowhere(
    runtime: Runtime, session: Session, world: World, paged: Ticket, duty: HttpReceiver
) -> None:
    send(runtime, session, NIGHT)
    at = NIGHT + 60 * SECOND
    pages.acknowledge(session, paged, page(session).id, by=world.second, at=at)
    send(runtime, session, at)
    send(runtime, session, at)
    assert [r.json()["event_action"] for r in duty.requests] == ["trigger", "acknowledge"]
    assert len(keys(duty)) == 1
    assert page(session).state == pages.ACKNOWLEDGED
    assert page(session).acknowledged_by == world.second.name
    pages.unconfirmed(runtime.writers, NIGHT + 2 * ENDURING)
    send(runtime, session, NIGHT + 2 * ENDURING)
    assert "page_fallback" not in told(session)


def test_solved_ticket_resolves_the_incident(
    runtime: Runtime, session: Session, world: World, paged: Ticket, duty: HttpReceiver
) -> None:
    send(runtime, session, NIGHT)
    states.resolve(session, paged, by=world.second, at=NIGHT + SECOND)
    send(runtime, session, NIGHT + SECOND)
    send(runtime, session, NIGHT + SECOND)
    assert [r.json()["event_action"] for r in duty.requests] == ["trigger", "resolve"]
    assert len(keys(duty)) == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(429, headers={"Retry-After": "30"}), Answer(500), Answer(503), Silence()],
    ids=["429", "500", "503", "silence"],
)
def test_trouble_starts_the_second_way_within_a_minute_and_is_tried_again(
    runtime: Runtime,
    session: Session,
    paged: Ticket,
    duty: HttpReceiver,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pagerduty, "LONGEST_TIMEOUT", 0.3)
    duty.script(answer, Answer(202))
    send(runtime, session, NIGHT + 2 * SECOND)
    assert page(session).fallback_at == NIGHT + 2 * SECOND
    assert page(session).state == pages.QUEUED
    assert page(session).error
    assert "page_fallback" in told(session)
    assert len(letters(session, "night@corbel.test")) == 1
    send(runtime, session, NIGHT + 40 * SECOND)
    assert page(session).state == pages.ACCEPTED
    assert len(keys(duty)) == 1  # one incident, however often it was tried
    assert "page_failed" not in told(session)


def test_retry_after_is_kept(
    runtime: Runtime, session: Session, paged: Ticket, duty: HttpReceiver
) -> None:
    duty.script(Answer(429, headers={"Retry-After": "30"}), Answer(202))
    send(runtime, session, NIGHT)
    assert send(runtime, session, NIGHT + 29 * SECOND) == 0
    assert send(runtime, session, NIGHT + 30 * SECOND) == 1


def test_nobody_listens(runtime: Runtime, session: Session, paged: Ticket) -> None:
    with HttpReceiver() as gone:
        url = gone.url
    connect(runtime, url)
    send(runtime, session, NIGHT)
    assert page(session).error.startswith("connection")
    assert "page_fallback" in told(session)


@pytest.mark.parametrize("status", [400, 404])
def test_refused_for_good_is_an_alarm(
    runtime: Runtime, session: Session, paged: Ticket, duty: HttpReceiver, status: int
) -> None:
    duty.script(Answer(status, {"message": "Invalid routing key routing-key"}))
    send(runtime, session, NIGHT)
    assert page(session).state == pages.FAILED
    assert str(status) in page(session).error
    assert "routing-key" not in page(session).error.replace("Invalid routing key", "")
    assert {"page_failed", "page_fallback"} <= told(session)
    assert letters(session, "admin@corbel.test")[0]["subject"].count("Paging failed") == 1
    assert send(runtime, session, NIGHT + 60 * SECOND) == 0
    assert len(duty.requests) == 1


def test_two_hours_of_trouble_end_in_an_alarm(
    runtime: Runtime, session: Session, paged: Ticket, duty: HttpReceiver
) -> None:
    duty.script(Answer(500))
    delivery = session.scalars(select(Delivery).where(Delivery.kind == "page")).one()
    at = NIGHT
    while delivery.status == Status.QUEUED and at < NIGHT + timedelta(hours=5):
        send(runtime, session, at)
        at = max(delivery.next_try_at, at + SECOND)
    assert delivery.status == Status.DEAD
    assert "page_failed" in told(session)
    assert len(letters(session, "night@corbel.test")) == 1
    assert len(keys(duty)) == 1


def test_page_acknowledged_before_it_left_never_leaves(
    runtime: Runtime, session: Session, world: World, paged: Ticket, duty: HttpReceiver
) -> None:
    pages.acknowledge(session, paged, page(session).id, by=world.second, at=NIGHT)
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=NIGHT):
        pass
    send(runtime, session, NIGHT + SECOND)
    assert duty.requests == []
