"""What it costs to find out whose portal a request is for: with ten builders and with ten thousand,
each with a host of its own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Builder
from portal.background import create_background
from portal.branding import sites
from portal.branding.models import Domain
from portal.config import secret_key
from portal.core.permissions import Role
from portal.foundation.clock import utcnow
from portal.foundation.runtime import runtime_of, start
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.site import SiteSessions
from portal.ops import database
from portal.policy import desk_rules
from portal.tickets.service.filing import NewTicket, file_ticket
from tests.bench.client import Client
from tests.bench.filling import settings_of
from tests.bench.measuring import Ask, Times, in_turn
from tests.bench.report import Figure
from tests.bench.systems import scratch, system

SIZES = (10, 10_000)  # builders
ROUNDS = 150
CALLS = 500
GROWTH = 1.1
SHARE = 0.05  # of a page's time
CLIENT = "client@bench.test"
HOST = "help.b{}.example"
SLUG = "b{}"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Town:
    """A data directory with so many builders; `number` is a ticket of the first one's client."""

    folder: Path
    builders: int
    number: int


def measured() -> Iterator[Figure]:
    with scratch("few") as few, scratch("many") as many:
        towns = [_founded(few, SIZES[0]), _founded(many, SIZES[1])]
        with system(few) as one, system(many) as other:
            asks: dict[tuple[str, int], Ask] = {}
            for town, url in zip(towns, (one.url, other.url), strict=True):
                asks |= {(name, town.builders): ask for name, ask in _asks(town, url).items()}
            times = in_turn(asks, ROUNDS)
        yield from _grown(times)
        yield from _shares(towns[1], times)


def _asks(town: Town, url: str) -> dict[str, Ask]:
    """A different builder each time, so that nothing is at hand by chance."""
    visitors = cycle([Client(url, host=HOST.format(n)) for n in range(min(town.builders, 200))])
    paths = cycle([f"/b/{SLUG.format(n)}/" for n in range(min(town.builders, 200))])
    plain, client = Client(url), Client(url, host=HOST.format(0), cookies=_cookie(town))
    return {
        "portal: home by host": lambda: next(visitors).get("/"),
        "portal: home by path": lambda: plain.get(next(paths)),
        "portal: the client's ticket by host": lambda: client.get(f"/tickets/{town.number}"),
    }


def _grown(times: dict[tuple[str, int], Times]) -> Iterator[Figure]:
    for name in dict.fromkeys(name for name, _size in times):
        few, many = (times[name, size].median for size in SIZES)
        what = f"{name}, {SIZES[1]:,} to {SIZES[0]} builders"
        yield Figure(what, many * 1000, "ms", ratio=many / few, limit=GROWTH, note="median")


def _shares(town: Town, times: dict[tuple[str, int], Times]) -> Iterator[Figure]:
    """As a share of the page that shows the least."""
    settings = settings_of(town.folder)
    runtime = start(settings)
    find = sites.finder(settings)
    page = min(times[name, size].median for name, size in times if size == town.builders)
    for name, asked in (("host", (HOST, "")), ("path", ("127.0.0.1", SLUG))):
        with runtime.readers() as session:
            taken = [_seconds(find, session, asked, n % town.builders) for n in range(CALLS)]
        seconds = median(taken)
        what = f"portal: found by {name}, share of its quickest page"
        yield Figure(what, seconds * 1e6, "µs", ratio=seconds / page, limit=SHARE)
    runtime.engine.dispose()


def _seconds(find: sites.Finder, session: Session, asked: tuple[str, str], number: int) -> float:
    host, slug = (part.format(number) for part in asked)
    began = time.perf_counter()
    found = find(session, host, slug)
    taken = time.perf_counter() - began
    assert found is not None, (host, slug)
    return taken


def _founded(folder: Path, builders: int) -> Town:
    settings, now = settings_of(folder), utcnow() - timedelta(days=1)
    database.upgrade(settings.database_url)
    app = create_background(settings)
    with app.app_context(), runtime_of(app).writers.begin() as session:
        see(session, PLATFORM)
        for number in range(builders):
            builder = Builder(
                slug=SLUG.format(number), name=f"Builder {number}", plan="business", created_at=now
            )
            session.add(builder)
            session.flush()
            session.add(
                Domain(
                    builder_id=builder.id,
                    host=HOST.format(number),
                    token=str(number),
                    state="verified",
                    is_primary=True,
                    created_at=now,
                )
            )
            if number == 0:
                ticket = _asked(session, builder)
            if number % AT_ONCE == 0:
                session.flush()
                session.expunge_all()
        town = Town(folder, builders, ticket)
    runtime_of(app).engine.dispose()
    return town


def _asked(session: Session, builder: Builder) -> int:
    """By a client of the first builder."""
    now = utcnow()
    about = {"email": CLIENT, "name": "Clara Bench", "role": Role.CLIENT, "builder": builder}
    client = accounts.actor(accounts.add_member(session, password="", at=now, **about), None)
    model = desk_rules.model_for(session, client)
    new = NewTicket(
        subject="When is the walk-through?",
        description="We would like to bring my parents along.",
        severity="normal",
        category="question",
        team="support",
        source="in_app",
        channel="in_app",
    )
    return file_ticket(session, model, new, by=client, at=now).ticket.number


def _cookie(town: Town) -> dict[bytes, bytes]:
    settings = settings_of(town.folder)
    runtime = start(settings)
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        user = people.user_by_email(session, CLIENT)
        first = people.builder_by_slug(session, SLUG.format(0))
        assert user is not None
        assert first is not None
        login = accounts.start_login(session, user.id, at=utcnow(), portal=first.id)
        key = str(login.id)
    runtime.engine.dispose()
    app = Flask("cookie")
    app.secret_key = secret_key(settings)
    signer = SiteSessions(frozenset()).serializer_of(app, HOST.format(0))
    assert signer is not None
    return {b"corbel": signer.dumps({"_user_id": key, "_fresh": True}).encode()}
