"""Columns and connections that keep what they were given."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from portal.accounts.models import Builder
from portal.foundation.ids import uuid7
from portal.foundation.runtime import Runtime

AT = datetime(2026, 11, 24, 15, 0, tzinfo=timezone(timedelta(hours=-5)))


def builder(**changes: object) -> Builder:
    return Builder(**{"slug": "a", "name": "A", "plan": "starter", "created_at": AT} | changes)


def test_times_come_back_in_utc(runtime: Runtime) -> None:
    with runtime.writers.begin() as session:
        session.add(builder())
    with runtime.readers() as session:
        found = session.scalars(select(Builder.created_at)).one()
    assert found == AT
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(runtime: Runtime) -> None:
    with runtime.writers() as session:
        session.add(builder(created_at=datetime(2026, 11, 24)))  # noqa: DTZ001
        with pytest.raises(StatementError, match="has no time zone"):
            session.flush()


def test_counting_up_in_many_threads_loses_nothing(runtime: Runtime) -> None:
    from portal.tickets.service.numbers import next_number

    given: list[int] = []

    def draw() -> None:
        for _ in range(5):
            with runtime.writers.begin() as session:
                given.append(next_number(session))

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1001, 1031))


def test_keys_rise_and_carry_their_version() -> None:
    keys = [uuid7() for _ in range(5000)]
    assert keys == sorted(set(keys))
    assert {key.version for key in keys} == {7}
