"""`corbel doctor`: what must work, whether it does, and what to do where it doesn't."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings, SettingsError
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime, runtime_of
from portal.foundation.speech import CATALOGUES
from portal.ops import datadir, dead_letters, health, revisions
from portal.ops.dead_letters import Pile
from portal.ops.models import CLOCK, WORKER, Heartbeat
from portal.search import searching
from portal.search.service import following

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 500 * 1024 * 1024  # bytes
SILENCE = timedelta(minutes=1)
BEHIND = 100  # changes that a worker takes within seconds

Start = Callable[[], Flask]


class Mark(StrEnum):
    FINE = "✓"
    BROKEN = "✗"
    UNSET = "–"


@dataclass(frozen=True, slots=True)
class Finding:
    mark: Mark
    subject: str
    detail: str

    @property
    def broken(self) -> bool:
        return self.mark is Mark.BROKEN

    def line(self) -> str:
        return f"{self.mark} {self.subject:<13} {self.detail}"


def fine(subject: str, detail: str) -> Finding:
    return Finding(Mark.FINE, subject, detail)


def broken(subject: str, detail: str) -> Finding:
    return Finding(Mark.BROKEN, subject, detail)


def unset(subject: str, detail: str) -> Finding:
    return Finding(Mark.UNSET, subject, detail)


def examine(environ: Mapping[str, str], start: Start) -> Iterator[Finding]:
    """One finding after the other; what rests on something broken is left out."""
    yield python(sys.version_info[:2])
    yield translations(CATALOGUES)
    try:
        settings = Settings.from_env(environ)
    except SettingsError as error:
        yield broken("settings", "; ".join(str(error).splitlines()))
        return
    yield fine("settings", "valid")
    directory = data_directory(settings.data)
    yield directory
    if directory.broken:
        return
    yield outgoing_mail(settings)
    yield paging(settings)
    try:
        runtime = runtime_of(start())
    except Exception as error:  # whatever keeps the application from starting is the finding
        yield broken("application", f"doesn't start: {error}")
        return
    yield fine("application", f"starts with the support model {settings.pack}")
    yield from running(runtime)


def running(runtime: Runtime) -> Iterator[Finding]:
    yield storage(runtime)
    yield redis(runtime)
    tables = migrations(runtime)
    yield tables
    if not tables.broken:
        yield row_security(runtime.engine)
        yield search_index(runtime)
        for name in (WORKER, CLOCK):
            yield heartbeat(runtime, name, utcnow())
        yield from given_up(runtime)


def python(version: tuple[int, int]) -> Finding:
    found = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return broken("python", f"{found} is too old: 3.11 or newer is needed")
    return fine("python", found)


def translations(folder: Path) -> Finding:
    sources = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    stale = [path for path in sources if not path.with_suffix(".mo").exists()]
    if stale:
        names = ", ".join(path.parent.parent.name for path in stale)
        return broken("translations", f"not compiled: {names}; run `make install`")
    return fine("translations", ", ".join(path.parent.parent.name for path in sources) or "none")


def data_directory(data: Path) -> Finding:
    try:
        datadir.prepare(data)
    except datadir.DataDirError as error:
        return broken("data", str(error))
    free = shutil.disk_usage(data).free
    size = f"{free / 1024**3:.1f} GB free"
    if free < LEAST_FREE:
        return broken("data", f"{data}: only {size}; make room")
    return fine("data", f"{data}, {size}")


def outgoing_mail(settings: Settings) -> Finding:
    if settings.smtp is None:
        return unset("mail", "CORBEL_SMTP_HOST is not set: mail stays in the local mailbox page")
    return fine("mail", f"through {settings.smtp.host}:{settings.smtp.port}")


def paging(settings: Settings) -> Finding:
    if settings.paging is None:
        return unset("paging", "CORBEL_PAGERDUTY_KEY is not set: nobody is paged after hours")
    if not settings.paging.fallback_email:
        return broken("paging", "set CORBEL_PAGE_FALLBACK_EMAIL: who is told when paging fails")
    return fine("paging", f"PagerDuty, and {settings.paging.fallback_email} when it fails")


def storage(runtime: Runtime) -> Finding:
    folder = runtime.settings.data / "files"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return fine("attachments", str(folder))
    except OSError as error:
        return broken("attachments", f"{folder} can't be written: {error.strerror}")


def redis(runtime: Runtime) -> Finding:
    kind = "the embedded Valkey" if runtime.settings.embedded_redis else "Redis"
    if health.redis_answers(runtime):
        return fine("redis", f"{kind} answers")
    return broken(
        "redis", f"{kind} doesn't answer: is `corbel up` running, is CORBEL_REDIS_URL right?"
    )


def migrations(runtime: Runtime) -> Finding:
    try:
        if revisions.is_current(runtime.engine):
            return fine("database", f"{runtime.engine.dialect.name}, up to date")
    except DBAPIError as error:
        reason = str(error).splitlines()[0]
        return broken("database", f"can't be reached ({reason}): is CORBEL_DATABASE_URL right?")
    return broken("database", "is behind this version: run `corbel db upgrade`")


_ABOVE = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def row_security(engine: Engine) -> Finding:
    """The database's own wall between builders; SQLite has none."""
    subject = "second wall"
    if engine.dialect.name != "postgresql":
        return unset(subject, "SQLite keeps tenants apart by the application alone")
    with engine.connect() as connection:
        above = connection.scalar(_ABOVE)
    if above:
        return broken(
            subject,
            "the database's role is a superuser or goes round row-level security: "
            "ALTER ROLE … NOSUPERUSER NOBYPASSRLS",
        )
    return fine(subject, "row-level security holds for the role that we connect as")


def search_index(runtime: Runtime) -> Finding:
    subject, index = "search", searching.index_of(runtime)
    if index is None:
        return fine(subject, "PostgreSQL finds by itself")
    now = following.examined(runtime.readers, index)
    if now.why:
        return broken(subject, f"no index ({now.why}): run `corbel search rebuild`")
    if now.rows > BEHIND:
        return broken(subject, f"the index is {now.rows} changes behind: is a worker running?")
    return fine(subject, f"the index is {now.rows} changes behind the database")


def heartbeat(runtime: Runtime, name: str, at: datetime) -> Finding:
    with runtime.readers() as session:
        seen = session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    if seen is None:
        return broken(name, f"has never been seen: start it with `corbel {name}` or `corbel up`")
    if at - seen > SILENCE:
        return broken(name, f"was last seen at {seen:%Y-%m-%d %H:%M:%S} UTC: is it running?")
    return fine(name, f"seen {(at - seen).total_seconds():.0f} s ago")


def given_up(runtime: Runtime) -> Iterator[Finding]:
    with runtime.readers() as session:
        yield dead("events", dead_letters.dead_events(session))
        yield dead("deliveries", dead_letters.dead_deliveries(session))


def dead(subject: str, piles: Sequence[Pile]) -> Finding:
    if not piles:
        return fine(subject, "none was given up")
    told = "; ".join(
        f"{pile.count} {pile.kind} ({dead_letters.in_short(pile.error)})" for pile in piles
    )
    return broken(subject, f"given up: {told}; mend the reason, then run `corbel replay`")
