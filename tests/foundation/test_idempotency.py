"""One effect a key, however often and however much at once a request is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.foundation.idempotency import (
    KEPT,
    IdempotencyKey,
    KeyReused,
    claim,
    forget_old,
    keep,
)
from portal.foundation.ids import uuid7
from portal.foundation.web.idempotency import HEADER, REPLAYED
from portal.tickets.models import Message, Ticket
from tests.fixtures.programs import TICKETS, Program, ticket
from tests.fixtures.world import NOW

AT_ONCE = 50


@pytest.fixture
def owner(world, speak):
    return speak(world.owner)


def sent(program: Program, key: str, body: object = None, path: str = TICKETS):
    return program.post(path, ticket() if body is None else body, **{HEADER: key})


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


def test_the_same_request_gets_the_first_answer_again(owner, session):
    first, again = sent(owner, "a"), sent(owner, "a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    assert again.content_type == first.content_type
    assert again.headers[REPLAYED] == "true"
    assert REPLAYED not in first.headers
    assert count(session, Ticket) == 1


def test_another_key_or_none_is_another_ticket(owner, session):
    sent(owner, "a")
    sent(owner, "b")
    owner.post(TICKETS, ticket())
    owner.post(TICKETS, ticket())
    assert count(session, Ticket) == 4


def test_the_same_key_with_another_body_is_refused(owner, session):
    sent(owner, "a")
    answer = sent(owner, "a", ticket(subject="Something else"))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"][0]["field"] == HEADER
    assert count(session, Ticket) == 1


def test_the_same_key_at_another_address_is_refused(owner, session):
    one, two = owner.open()["id"], owner.open()["id"]
    body = {"body": "Hello"}
    assert sent(owner, "a", body, f"{TICKETS}/{one}/messages").status_code == 201
    assert sent(owner, "a", body, f"{TICKETS}/{two}/messages").status_code == 422
    assert count(session, Message) == 1


def test_messages_are_written_once_too(owner, session):
    path = f"{TICKETS}/{owner.open()['id']}/messages"
    first, again = (sent(owner, "a", {"body": "Hello"}, path) for _ in range(2))
    assert again.data == first.data
    assert count(session, Message) == 1


def test_keys_are_everybody_s_own(owner, world, speak, session):
    answer = sent(owner, "a")
    other = sent(speak(world.pm), "a")
    assert other.json["id"] != answer.json["id"]
    assert count(session, Ticket) == 2


def test_what_was_refused_may_be_sent_again_mended(owner, session):
    assert sent(owner, "a", {"subject": ""}).status_code == 422
    assert sent(owner, "a", ticket(severity="weather")).status_code == 422
    assert sent(owner, "a").status_code == 201
    assert count(session, IdempotencyKey) == 1


def test_keys_that_are_none_are_refused(owner, session):
    for key in ("", "x" * 256, "two words", "ключ"):
        answer = owner.client.post(
            TICKETS, json=ticket(), headers=owner.headers | {HEADER: key.encode().decode("latin-1")}
        )
        assert answer.status_code == 422, key
        assert answer.json["errors"][0]["field"] == HEADER
    assert sent(owner, "x" * 255).status_code == 201


def test_many_at_once_make_one_ticket(app, owner, session):
    start = Barrier(AT_ONCE)

    def send(_):
        program = Program(app, owner.token)
        start.wait()
        return sent(program, "a")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    done = [answer for answer in answers if answer.status_code == 201]
    later = [answer for answer in answers if answer.status_code != 201]
    assert len({answer.data for answer in done}) == 1
    assert sum(REPLAYED not in answer.headers for answer in done) == 1
    assert all(answer.status_code == 503 and answer.headers["Retry-After"] for answer in later)
    assert count(session, Ticket) == 1
    assert count(session, IdempotencyKey) == 1


def test_without_an_effect_there_is_no_answer_either(owner, session, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("portal.tickets.service.filing.clocks.start", broken)
    assert sent(owner, "a").status_code == 500
    monkeypatch.undo()
    assert count(session, IdempotencyKey) == 0
    answer = sent(owner, "a")
    assert answer.status_code == 201
    assert REPLAYED not in answer.headers
    assert count(session, Ticket) == 1


def test_a_key_is_claimed_once(runtime):
    owner_id = uuid7()
    with runtime.writers.begin() as session:
        assert claim(session, owner_id, "a", "d1", at=NOW) is None
        keep(session, owner_id, "a", status=201, body="{}", location="/there")
    with runtime.writers.begin() as session:
        earlier = claim(session, owner_id, "a", "d1", at=NOW)
        assert earlier is not None
        assert (earlier.status, earlier.body, earlier.location) == (201, "{}", "/there")
        with pytest.raises(KeyReused):
            claim(session, owner_id, "a", "d2", at=NOW)


def test_answers_are_kept_a_day_and_then_forgotten(runtime, session):
    owner_id = uuid7()
    with runtime.writers.begin() as writing:
        for key, at in (("young", NOW), ("old", NOW - timedelta(minutes=1))):
            claim(writing, owner_id, key, "d", at=at)

    def left() -> set[str]:
        session.rollback()
        return set(session.scalars(select(IdempotencyKey.key)))

    def forgotten(at: datetime) -> int:
        return forget_old(runtime.writers, at)

    assert forgotten(NOW + KEPT - timedelta(minutes=1)) == 0
    assert forgotten(NOW + KEPT) == 1
    assert left() == {"young"}
    assert forgotten(NOW + KEPT) == 0


def test_the_clock_forgets_them(runtime):
    assert forget_old in runtime.tickers
