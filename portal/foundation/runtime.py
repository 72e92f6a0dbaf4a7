"""What a process holds while it runs: engine, sessions, doorbell, and who handles what."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.config import Settings, secret_key
from portal.foundation import outbox
from portal.foundation.db import make_engine, reading, session_factory
from portal.foundation.deliveries import Channel
from portal.foundation.queue import PATIENCE, Doorbell, connect
from portal.foundation.realtime import Hub
from portal.foundation.storage import Store

DRAIN = "portal.foundation.jobs.drain_outbox"

Ticker = Callable[[sessionmaker[Session], datetime], int]
"""Clock work as of a time, safe to repeat; says how much it did."""


@dataclass(slots=True)
class Runtime:
    settings: Settings
    engine: Engine
    writers: sessionmaker[Session]
    readers: sessionmaker[Session]
    doorbell: Doorbell
    store: Store
    hub: Hub
    fingerprint_key: bytes  # so that fingerprints of masked secrets mean nothing elsewhere
    sealing_key: bytes  # of what lies encrypted in the database
    subscribers: outbox.Subscribers = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    tickers: list[Ticker] = field(default_factory=list)


def start(settings: Settings) -> Runtime:
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    doorbell = Doorbell(connect(settings.redis_url, PATIENCE))
    writers = session_factory(engine)
    writers.configure(info={outbox.BELL: doorbell.bell(DRAIN)})
    return Runtime(
        settings=settings,
        engine=engine,
        writers=writers,
        readers=session_factory(reading(engine)),
        doorbell=doorbell,
        store=Store(settings.data / "files"),
        hub=Hub(connect(settings.redis_url), settings.max_streams),
        fingerprint_key=_key(settings, b"fingerprints"),
        sealing_key=_key(settings, b"sealing"),
    )


def _key(settings: Settings, purpose: bytes) -> bytes:
    return hashlib.sha256(purpose + secret_key(settings).encode()).digest()


def runtime_of(app: Flask) -> Runtime:
    runtime: Runtime = app.extensions["corbel"]
    return runtime


def current_runtime() -> Runtime:
    """The running process's; needs an application context."""
    runtime: Runtime = current_app.extensions["corbel"]
    return runtime
