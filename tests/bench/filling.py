"""A database as it is after years: as many tickets as wanted, in a minute or two.

A handful are filed through the product (stories.py); the rest are copies of them (stencil.py),
spread over three years, over builders and agents. What the clocks would do next lies in the far
future, so that a kept database disturbs no later measurement.
"""

import json
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.accounts.models import SupportAgent
from portal.accounts.queries import user_by_email
from portal.background import create_background
from portal.config import Settings, secret_key
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.numbers import Counter
from portal.foundation.runtime import Runtime, runtime_of, start
from portal.foundation.tenancy import PLATFORM, see
from portal.ops import database
from portal.ops.revisions import MIGRATIONS
from portal.ops.ticking import tick
from portal.policy.loader import load_pack
from tests.bench.stencil import Stencil, tables
from tests.bench.stories import STORIES, Stage, Story, played

PASSWORD = "a long enough pass phrase"
AGENT = "agent1@corbel.test"
OWNER = "owner@builder{}.test"
CUSTOMER = OWNER.format(0)
MANAGER = "manager{}@corbel.test"
YEARS = timedelta(days=3 * 365)
AGENTS = 8
MANAGERS = 2
CUSTOMERS = 20  # who write: each may only so often
TICKETS_A_BUILDER = 250
AT_ONCE = 2_000  # tickets a transaction
APART = 200  # keys from one copy to the next
FIRST_NUMBER = 1001
KEPT_DAYS = 5  # resolved tickets of a kept database close after a week


Cookies = dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Filled:
    """A data directory for `corbel up`; numbers of tickets to look at."""

    folder: Path
    tickets: int
    tokens: list[str]  # one of each customer who writes
    numbers: list[int]  # active ones of the first builder, which is the customer's


def settings_of(folder: Path, address: str = "") -> Settings:
    """`address` of another database than SQLite's in the folder."""
    where = {"CORBEL_DATABASE_URL": address} if address else {}
    return Settings.from_env({"CORBEL_DATA": str(folder), "CORBEL_LOG_LEVEL": "error", **where})


def kept(shelf: Path, tickets: int) -> Filled:
    """From the shelf, or made: a change of tables, packs or of this file makes it anew."""
    folder = shelf / f"{tickets}-{_edition()}"
    note = folder / "filled.json"
    if note.exists() and time.time() - note.stat().st_mtime < KEPT_DAYS * 86400:
        return Filled(**json.loads(note.read_text()) | {"folder": folder})
    for old in shelf.glob(f"{tickets}-*"):
        shutil.rmtree(old)
    return fill(folder, tickets)


def signed_in(filled: Filled, emails: Sequence[str]) -> list[Cookies]:
    """Of browsers that have signed in, past the password: argon2 is slow on purpose."""
    settings = settings_of(filled.folder)
    runtime = start(settings)
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        logins = [_login(session, email) for email in emails]
    runtime.engine.dispose()
    app = Flask("cookie")
    app.secret_key = secret_key(settings)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return [
        {b"corbel": signer.dumps({"_user_id": str(login), "_fresh": True}).encode()}
        for login in logins
    ]


def _login(session: Session, email: str) -> UUID:
    user = user_by_email(session, email)
    assert user is not None
    return accounts.start_login(session, user.id, at=utcnow()).id


def _edition() -> str:
    pack = load_pack("module-46").digest
    parts = [*Path(__file__).parent.glob("st*.py"), Path(__file__), *MIGRATIONS.rglob("*.py")]
    return sha256(pack.encode() + b"".join(map(Path.read_bytes, sorted(parts)))).hexdigest()[:10]


def fill(folder: Path, tickets: int, stories: Sequence[Story] = STORIES) -> Filled:
    folder.mkdir(parents=True, exist_ok=True)
    settings, now = settings_of(folder), utcnow()
    database.upgrade(settings.database_url)
    app = create_background(settings)
    with app.app_context():
        crowd = _people(runtime_of(app), tickets, now - YEARS)
        originals = _originals(runtime_of(app), crowd, stories, now)
        runtime_of(app).engine.dispose()
    path = folder / "corbel.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        stencils = [Stencil(connection, key) for key in originals]
        _copy(connection, stencils, stories, crowd, tickets - len(stories), now)
        _put_off(connection)
        _leave_some_to_nobody(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        numbers = [row[0] for row in connection.execute(SOME_ACTIVE, [crowd.firms[0].builder])]
    filled = Filled(folder, tickets, crowd.tokens, numbers)
    (folder / "filled.json").write_text(json.dumps(asdict(filled), default=str))
    return filled


SOME_ACTIVE = """SELECT number FROM support_tickets
    WHERE builder_id = ? AND active AND assigned_to IS NOT NULL ORDER BY created_at LIMIT 100"""


@dataclass(frozen=True, slots=True)
class Firm:
    """Keys as SQLite keeps them."""

    builder: str
    owner: str


@dataclass(frozen=True, slots=True)
class Crowd:
    firms: list[Firm]
    agents: list[tuple[str, str]]  # agent and user
    customer: Actor
    agent: Actor
    tokens: list[str]


def _people(runtime: Runtime, tickets: int, at: datetime) -> Crowd:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        staff = [_agent(session, number, at) for number in range(1, AGENTS + 1)]
        owners = [
            _owner(session, number, at)
            for number in range(max(CUSTOMERS, tickets // TICKETS_A_BUILDER))
        ]
        for number in range(MANAGERS):
            _manager(session, number, at)
        tokens = [
            accounts.create_token(session, owner.email, "bench", at=at).plain
            for owner in owners[:CUSTOMERS]
        ]
    return Crowd(
        [Firm(_hex(owner.builder_id), _hex(owner.user_id)) for owner in owners],
        [(_hex(agent.agent_id), _hex(agent.user_id)) for agent in staff],
        owners[0],
        staff[0],
        tokens,
    )


def _hex(key: UUID | None) -> str:
    assert key is not None
    return key.hex


def _agent(session: Session, number: int, at: datetime) -> Actor:
    membership = accounts.add_member(
        session,
        email=f"agent{number}@corbel.test",
        name=f"Agent {number}",
        role=Role.AGENT,
        builder=None,
        password=PASSWORD if number == 1 else "",
        at=at,
        zone="America/New_York",
    )
    agent = SupportAgent(
        user_id=membership.user_id,
        display_name=f"Agent {number}",
        tier=1 + number % 3,
        max_active_tickets=1_000_000,
    )
    session.add(agent)
    session.flush()
    return accounts.actor(membership, agent)


def _manager(session: Session, number: int, at: datetime) -> None:
    accounts.add_member(
        session,
        email=MANAGER.format(number),
        name=f"Manager {number}",
        role=Role.MANAGER,
        builder=None,
        password="",
        at=at,
    )


def _owner(session: Session, number: int, at: datetime) -> Actor:
    builder = accounts.add_builder(
        session, f"builder{number}", f"Builder {number}", "business", created_at=at
    )
    membership = accounts.add_member(
        session,
        email=OWNER.format(number),
        name=f"Owner {number}",
        role=Role.OWNER,
        builder=builder,
        password=PASSWORD if number == 0 else "",
        at=at,
        zone="America/Chicago",
    )
    return accounts.actor(membership, None)


def _originals(
    runtime: Runtime, crowd: Crowd, stories: Sequence[Story], now: datetime
) -> list[UUID]:
    pack = load_pack(runtime.settings.pack)
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        stage = Stage(session, pack, crowd.customer, crowd.agent)
        made = [played(stage, story, now) for story in stories]
    tick(runtime, now)
    return made


def _copy(
    connection: sqlite3.Connection,
    stencils: Sequence[Stencil],
    stories: Sequence[Story],
    crowd: Crowd,
    count: int,
    now: datetime,
) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    statements = {table.name: _insert(connection, table.name) for table in tables()}
    number, dice = FIRST_NUMBER + len(stencils), random.Random(2)
    for chosen in _batches(stencils, stories, count, now):
        rows: dict[str, list[list[object]]] = {name: [] for name in statements}
        connection.execute("BEGIN")
        for stencil, opened, ticks in chosen:
            others = _others(crowd, dice)
            for table, values in stencil.copy(opened - stencil.opened, others, number, ticks):
                rows[table].append(values)
            number += 1
        for name, some in rows.items():
            connection.executemany(statements[name], some)
        connection.execute("COMMIT")
    connection.execute(
        f"UPDATE {Counter.__tablename__} SET value = ? WHERE name = 'ticket'", [number]
    )


Chosen = tuple[Stencil, datetime, int]


def _batches(
    stencils: Sequence[Stencil], stories: Sequence[Story], count: int, now: datetime
) -> Iterator[list[Chosen]]:
    """The finished ones in order of time, then those in work; the same ones at every run."""
    dice = random.Random(46)
    weights = [story.share for story in stories]
    picked = dice.choices(range(len(stories)), weights, k=count)
    old = sorted(index for index in picked if stories[index].name.startswith("finished"))
    dice.shuffle(old)
    fresh = [index for index in picked if not stories[index].name.startswith("finished")]
    ticks, batch = 0, []
    for place, index in enumerate([*old, *fresh]):
        opened = _opened(stencils[index], place, len(old), now, dice)
        ticks = max(ticks + APART, int(opened.timestamp() * 1000) * 4096)
        batch.append((stencils[index], opened, ticks))
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    yield batch


def _opened(
    stencil: Stencil, place: int, finished: int, now: datetime, dice: random.Random
) -> datetime:
    if place >= finished:
        return stencil.opened - timedelta(seconds=dice.uniform(0, 36 * 3600))
    return now - YEARS + (YEARS - timedelta(days=8)) * (place / finished)


def _others(crowd: Crowd, dice: random.Random) -> dict[str, str]:
    """One ticket of fifty is the first builder's; the others share the rest."""
    firm = crowd.firms[0] if dice.random() < 0.02 else dice.choice(crowd.firms)
    agent, user = dice.choice(crowd.agents)
    customer, staff = crowd.customer, crowd.agent
    return {
        _hex(customer.builder_id): firm.builder,
        _hex(customer.user_id): firm.owner,
        _hex(staff.agent_id): agent,
        _hex(staff.user_id): user,
    }


def _insert(connection: sqlite3.Connection, table: str) -> str:
    count = len(connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description)
    return f'INSERT INTO "{table}" VALUES ({", ".join("?" * count)})'


def _put_off(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE ticket_steps SET at = '2100-01-01 00:00:00.000000'"
        " WHERE fired_at IS NULL AND cancelled_at IS NULL"
    )


def _leave_some_to_nobody(connection: sqlite3.Connection) -> None:
    """The unanswered ones: the product gave each to somebody at once."""
    connection.execute(
        "UPDATE support_tickets SET assigned_to = NULL"
        " WHERE active AND subject LIKE '%(unanswered)'"
    )
