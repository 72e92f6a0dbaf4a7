import re
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis

from portal.foundation import outbox
from portal.foundation.clock import utcnow
from portal.foundation.db import make_engine
from portal.ops.models import WORKER, beat
from tests.fixtures.database import KIND
from tests.support.plans import planned


@pytest.fixture
def client(app):
    return app.test_client()


def test_alive_asks_nobody(client, runtime):
    runtime.engine = make_engine("sqlite:////nowhere/corbel.db")
    assert client.get("/healthz").json == {"status": "alive"}


def test_ready_when_everything_answers(client, runtime, redis_url):
    runtime.doorbell.redis = Redis.from_url(redis_url)
    for _ in range(2):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert set(answer.json["checks"].values()) == {"ok"}


def test_without_redis_degraded_but_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"]["redis"] == "away"


def test_not_ready_without_the_database(client, runtime):
    runtime.engine = make_engine("sqlite:////nowhere/corbel.db")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (503, "unavailable")
    assert answer.json["checks"]["database"] == "away"


def test_not_ready_before_the_migrations(client, runtime, tmp_path):
    runtime.engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"] == "behind: corbel db upgrade"


def test_metrics_show_requests_backlog_and_heartbeats(client, runtime):
    at = utcnow() - timedelta(seconds=90)
    beat(runtime.writers, WORKER, at)
    with runtime.writers.begin() as session:
        outbox.record(session, "test.happened", at=at, builder_id=None)
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'corbel_requests_total{endpoint="ops.healthz",method="GET",status="200"}' in text
    assert "corbel_outbox_open 1.0" in text
    age = next(line for line in text.splitlines() if line.startswith("corbel_heartbeat_age"))
    assert 90 <= float(age.split()[-1]) <= (utcnow() - at).total_seconds()


@pytest.mark.parametrize(
    ("token", "headers", "address", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, "10.0.0.7", 404),
        ("", {"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1", 404),
        ("s3cret", {}, "127.0.0.1", 404),
        ("s3cret", {"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ("s3cret", {"Authorization": "Bearer s3cret"}, "10.0.0.7", 200),
    ],
)
def test_metrics_are_for_this_machine_or_its_token(
    client, runtime, token, headers, address, status
):
    runtime.settings = replace(runtime.settings, metrics_token=token)
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_paths_that_do_not_exist_are_counted_together(client):
    for number in range(3):
        client.get(f"/nowhere/{number}")
    text = client.get("/metrics").text
    assert "/nowhere" not in text
    assert 'corbel_requests_total{endpoint="unknown"' in text


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_metrics_read_no_more_than_the_backlog(client, runtime):
    with planned(runtime.engine) as plans:
        assert client.get("/metrics").status_code == 200
    backlog = [plan for plan in plans if "FROM outbox" in plan or "FROM deliveries" in plan]
    assert len(backlog) == 4
    for plan in backlog:
        assert re.search(r"ix_(outbox|deliveries)_(due|dead)", plan), plan
