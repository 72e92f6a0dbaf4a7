"""Columns and connections that keep what they were given."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, StatementError

from portal.accounts.models import Builder
from portal.background import create_background
from portal.config import Settings
from portal.foundation import db
from portal.foundation.ids import uuid7
from portal.foundation.numbers import next_number
from portal.foundation.runtime import Runtime, runtime_of
from tests.fixtures.database import KIND

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


@pytest.mark.skipif(KIND != "sqlite", reason="PostgreSQL has a process of its own for its log")
def test_the_log_is_carried_over_by_who_has_time(runtime: Runtime, settings: Settings) -> None:
    background = runtime_of(create_background(settings))
    asked = text("PRAGMA wal_autocheckpoint")
    with runtime.readers() as web, background.readers() as worker:
        assert (web.scalar(asked), worker.scalar(asked)) == (db.LOG_PAGES, 1000)
    background.engine.dispose()


def test_counting_up_in_many_threads_loses_nothing(runtime: Runtime) -> None:
    given: list[int] = []

    def draw() -> None:
        for _ in range(5):
            with runtime.writers.begin() as session:
                given.append(next_number(session, "ticket"))

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


@pytest.mark.skipif(KIND != "sqlite", reason="PostgreSQL has a pen for each row")
def test_who_waits_for_the_pen_gets_it_and_in_vain_is_told_so(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime.writers.begin() as session:
        session.add(builder())
        session.flush()
        waiting = threading.Thread(target=lambda: _rename(runtime, "waited"))
        waiting.start()
        time.sleep(0.05)  # it has begun to wait, as long as usual
        monkeypatch.setattr(db, "BUSY_MILLISECONDS", 30)
        with pytest.raises(OperationalError, match="locked"), runtime.writers() as other:
            other.scalars(select(Builder)).all()
    waiting.join()
    with runtime.readers() as session:
        assert session.scalars(select(Builder.name)).one() == "waited"


def _rename(runtime: Runtime, name: str) -> None:
    with runtime.writers.begin() as session:
        session.scalars(select(Builder)).one().name = name


def test_what_people_write_is_not_in_a_fault_of_the_database(runtime: Runtime) -> None:
    with runtime.writers.begin() as session, pytest.raises(StatementError) as fault:
        session.execute(text("insert into nowhere values (:words)"), {"words": "my secret"})
    assert "nowhere" in str(fault.value)
    assert "my secret" not in str(fault.value)
