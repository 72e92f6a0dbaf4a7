"""The stream: who hears of what, and what happens when there is none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.accounts.models import Login, Membership, User
from portal.config import Settings
from portal.core.permissions import Actor
from portal.foundation import outbox, realtime
from portal.foundation.clock import utcnow
from portal.foundation.queue import Doorbell
from portal.foundation.realtime import Hub, NoRoom, publish
from portal.foundation.runtime import Runtime
from portal.policy.pack import Pack
from tests.fixtures.world import NOW, SignIn, World
from tests.tickets.making import filed

HEARD = 5  # seconds


class Listener:
    """Reads a stream as a browser does, in a thread of its own."""

    def __init__(self, client: FlaskClient, path: str = "/live") -> None:
        self.response = client.get(path, buffered=False)
        assert self.response.status_code == 200
        self.heard: list[str] = []
        self.arrived, self.leaving = Event(), Event()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for chunk in self.response.response:
            text = chunk.decode() if isinstance(chunk, bytes) else chunk
            self.heard += [line[6:] for line in text.splitlines() if line.startswith("data: ")]
            self.arrived.set()
            if self.leaving.is_set():
                break
        self.response.close()

    def leave(self) -> None:
        self.leaving.set()
        self.reader.join(HEARD)
        assert not self.reader.is_alive()

    def wait_for(self, what: str) -> None:
        for _turn in range(HEARD * 10):
            if what in self.heard:
                return
            self.arrived.wait(0.1)
            self.arrived.clear()
        raise AssertionError(f"{what} is not among {self.heard}")


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    return replace(settings, redis_url=redis_url, max_streams=3)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(realtime, "RETRY_SECONDS", 0.2)


def topics_of(runtime: Runtime, client: FlaskClient, path: str = "/live") -> set[str]:
    """What a stream listens to."""
    opened = SimpleNamespace(topics=set[str]())
    hub_open = runtime.hub.open

    def remember(topics: set[str], **more: str) -> object:
        opened.topics = topics
        return hub_open(topics, **more)

    runtime.hub.open = remember  # type: ignore[method-assign,assignment]
    client.get(path, buffered=False).close()
    runtime.hub.open = hub_open  # type: ignore[method-assign]
    return opened.topics


def test_an_event_reaches_the_open_page(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World, pack: Pack
) -> None:
    """From a ticket in the database through outbox and Valkey to the browser."""
    listener = Listener(sign_in(world.agent))
    listener.wait_for("1")  # ready
    filed(session, pack, world.owner, NOW)
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=NOW):
        pass
    listener.wait_for("queue")
    listener.wait_for(f"user:{world.agent.user_id}")  # a line in the agent's inbox
    listener.leave()


def test_streams_are_not_held_back_on_the_way(sign_in: SignIn, world: World) -> None:
    response = sign_in(world.agent).get("/live", buffered=False)
    assert response.mimetype == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Length" not in response.headers
    response.close()


def test_each_hears_what_its_pages_show(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.pm, NOW)
    session.commit()
    about, acme = f"?ticket={ticket.number}", f"builder:{world.acme.id}"
    desk = f"desk:{world.acme.id}"

    def heard(person: Actor, query: str = "") -> set[str]:
        return topics_of(runtime, sign_in(person), f"/live{query}") - {f"user:{person.user_id}"}

    assert heard(world.agent) == {"queue"}
    assert heard(world.owner) == {acme, desk}
    assert heard(world.pm) == {desk}
    assert heard(world.client) == set()
    assert heard(world.agent, about) == {"queue", f"ticket:{ticket.id}"}
    assert heard(world.pm, about) == {desk, f"ticket:{ticket.id}"}


@pytest.mark.parametrize("number", ["{number}", "999999", "0", "-1", "x", "٣", "9" * 30, "1 OR 1"])
def test_foreign_and_unknown_tickets_do_not_exist(
    session: Session, sign_in: SignIn, world: World, pack: Pack, number: str
) -> None:
    ticket = filed(session, pack, world.pm, NOW)
    session.commit()
    path = f"/live?ticket={number.format(number=ticket.number)}"
    for person in (world.stranger, world.client):
        assert sign_in(person).get(path, buffered=False).status_code == 404


def test_others_events_are_not_heard(sign_in: SignIn, world: World, redis: Redis) -> None:
    listener = Listener(sign_in(world.client))
    listener.wait_for("1")
    publish(Doorbell(redis), ["queue", f"user:{world.owner.user_id}", f"builder:{world.acme.id}"])
    publish(Doorbell(redis), [f"user:{world.client.user_id}"])
    listener.wait_for(f"user:{world.client.user_id}")
    assert listener.heard == ["1", f"user:{world.client.user_id}"]
    listener.leave()


def test_full_house_is_503_and_room_comes_back(sign_in: SignIn, world: World) -> None:
    client = sign_in(world.agent)
    open_ones = [client.get("/live", buffered=False) for _stream in range(3)]
    refused = client.get("/live")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    open_ones[0].close()  # though not a word of it was read
    last = client.get("/live", buffered=False)
    assert last.status_code == 200
    for response in (*open_ones[1:], last):
        response.close()


class Ended(Listener):
    """Reads until the other side ends the stream."""

    def wait(self) -> None:
        self.reader.join(HEARD)
        assert not self.reader.is_alive(), self.heard


def test_a_browser_that_is_signed_out_elsewhere_hears_no_more(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World, monkeypatch
) -> None:
    """By the word that Redis carries, long before the next heartbeat."""
    monkeypatch.setattr(realtime, "HEARTBEAT_SECONDS", 60)
    here, there = sign_in(world.agent), sign_in(world.agent)
    listener, mine = Ended(there), Listener(here)
    listener.wait_for("1")
    mine.wait_for("1")
    assert here.post("/account/sessions/revocation").status_code == 303
    outbox.drain(runtime.writers, runtime.subscribers, at=utcnow() + timedelta(seconds=1))
    listener.wait()
    publish(runtime.doorbell, ["queue"])
    mine.wait_for("queue")
    mine.leaving.set()
    publish(runtime.doorbell, ["queue"])
    mine.leave()


def test_a_stream_notices_by_itself_when_the_word_is_lost(
    session: Session, sign_in: SignIn, world: World
) -> None:
    listener = Ended(sign_in(world.agent))
    listener.wait_for("1")
    session.execute(delete(Login))
    session.commit()
    listener.wait()


def test_a_stream_ends_with_a_disabled_person_and_a_changed_role(
    session: Session, sign_in: SignIn, world: World
) -> None:
    agent, owner = Ended(sign_in(world.agent)), Ended(sign_in(world.owner))
    agent.wait_for("1")
    owner.wait_for("1")
    session.get_one(User, world.agent.user_id).disabled_at = NOW
    session.execute(
        update(Membership).where(Membership.user_id == world.owner.user_id).values(role="field")
    )
    session.commit()
    agent.wait()
    owner.wait()


def test_a_stream_that_does_not_read_is_ended_as_well(redis_url: str) -> None:
    hub = Hub(Redis.from_url(redis_url), 3)
    stream = hub.open({"queue"}, ends_with="login:1")
    for _time in range(realtime.BACKLOG + 5):
        hub._hand_out(["queue"])
    hub._hand_out(["login:1"])
    assert len(list(hub.events(stream))) <= realtime.BACKLOG


def test_signed_out_gets_no_stream(app: Flask) -> None:
    assert app.test_client().get("/live").status_code == 302


class TestWithoutRedis:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, redis_url="unix:///nowhere/valkey.sock")

    def test_pages_poll(self, sign_in: SignIn, world: World) -> None:
        answer = sign_in(world.agent).get("/live")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0

    def test_work_goes_on(
        self, runtime: Runtime, session: Session, world: World, pack: Pack
    ) -> None:
        ticket = filed(session, pack, world.owner, NOW)
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=NOW):
            pass
        session.refresh(ticket)
        assert ticket.assigned_to is not None


def test_redis_that_dies_ends_the_streams(redis_url: str, valkey_server) -> None:  # type: ignore[no-untyped-def]
    hub = Hub(Redis.from_url(redis_url), 3)
    stream = hub.open({"queue"})
    events = hub.events(stream)
    assert "ready" in next(events)
    valkey_server.kill()
    assert all(event.startswith(":") for event in events)  # heartbeats, and then the end
    with pytest.raises(NoRoom):
        hub.open({"queue"})
