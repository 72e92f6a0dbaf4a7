"""For machines that look after machines: alive, ready, metrics."""

import hmac
import os
import time
from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.foundation.clock import utcnow
from portal.foundation.deliveries import QUEUED, Delivery, Status
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import Runtime, current_runtime
from portal.foundation.web.access import public
from portal.ops import dead_letters, revisions
from portal.ops.models import Heartbeat

blueprint = Blueprint("ops", __name__)

REQUESTS = Counter("corbel_requests", "Answered requests", ["method", "endpoint", "status"])
SECONDS = Histogram(
    "corbel_request_seconds",
    "Time to the answer",
    ["method", "endpoint"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.before_request(_begin)
    app.after_request(_count)


@blueprint.get("/healthz")
@public("a supervisor asks whether the process lives")
def healthz() -> ResponseReturnValue:
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public("a load balancer asks whether to send people here")
def readyz() -> ResponseReturnValue:
    checks = readiness(current_runtime())
    ready = checks["database"] == checks["migrations"] == "ok"
    status = "unavailable" if not ready else "ready" if checks["redis"] == "ok" else "degraded"
    return jsonify(status=status, checks=checks), 200 if ready else 503


def readiness(runtime: Runtime) -> dict[str, str]:
    """Without Redis everything works, only later: that is no reason to turn people away."""
    return {**_database(runtime), "redis": "ok" if redis_answers(runtime) else "away"}


def _database(runtime: Runtime) -> dict[str, str]:
    try:
        current = revisions.is_current(runtime.engine)
    except DBAPIError:
        return {"database": "away", "migrations": "unknown"}
    return {"database": "ok", "migrations": "ok" if current else "behind: corbel db upgrade"}


def redis_answers(runtime: Runtime) -> bool:
    try:
        return bool(runtime.doorbell.redis.ping())
    except RedisError:
        return False


@blueprint.get("/metrics")
@public("for the monitoring of this machine, or with its own token")
def metrics() -> ResponseReturnValue:
    runtime = current_runtime()
    if not _may_read_metrics(runtime.settings.metrics_token):
        abort(404)
    return Response(
        generate_latest(_requests()) + generate_latest(_now(runtime)),
        content_type=CONTENT_TYPE_LATEST,
    )


def _may_read_metrics(token: str) -> bool:
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # behind a proxy on this machine everybody would be loopback
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _now(runtime: Runtime) -> CollectorRegistry:
    registry = CollectorRegistry()
    with runtime.readers() as session:
        registry.register(_Snapshot(list(_gauges(session, utcnow()))))
    return registry


class _Snapshot(Collector):
    def __init__(self, gauges: list[GaugeMetricFamily]) -> None:
        self.gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self.gauges


def _gauges(session: Session, at: datetime) -> Iterable[GaugeMetricFamily]:
    events = select(func.count()).select_from(OutboxEvent)
    dead = OutboxEvent.dead_at.is_not(None)
    yield GaugeMetricFamily(
        "corbel_outbox_open",
        "Events not dealt with yet",
        session.scalar(events.where(OutboxEvent.done_at.is_(None), ~dead)),
    )
    yield GaugeMetricFamily(
        "corbel_outbox_dead",
        "Events given up after all tries",
        session.scalar(events.where(dead)),
    )
    deliveries = GaugeMetricFamily(
        "corbel_deliveries", "Mails and pages not sent", labels=["kind", "status"]
    )
    queued = select(Delivery.kind, func.count()).where(QUEUED).group_by(Delivery.kind)
    for kind, count in session.execute(queued):
        deliveries.add_metric([kind, Status.QUEUED], count)
    for pile in dead_letters.dead_deliveries(session):
        deliveries.add_metric([pile.kind, Status.DEAD], pile.count)
    yield deliveries
    ages = GaugeMetricFamily(
        "corbel_heartbeat_age_seconds", "Since the process was last seen", labels=["name"]
    )
    for name, seen in session.execute(select(Heartbeat.name, Heartbeat.at)):
        ages.add_metric([name], (at - seen).total_seconds())
    yield ages


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "unknown"
    REQUESTS.labels(request.method, endpoint, response.status_code).inc()
    if "began" in g:
        SECONDS.labels(request.method, endpoint).observe(time.perf_counter() - g.began)
    return response
