"""A system with a whole help centre, in which people have asked as well: made by the product's own
import, and carried over to PostgreSQL row by row."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from portal.background import create_background
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.db import Base
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import Runtime, runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.guidance.service import screens
from portal.guidance.service.screens import ScreenWords
from portal.kb.importing import running
from portal.kb.importing.storing import Choices
from portal.ops import database
from portal.ops.revisions import MIGRATIONS
from portal.search import analysis, models, rows, stemming, words
from portal.search.engines import postgres
from portal.search.searching import index_of
from portal.search.service import following
from tests.bench import library
from tests.bench.filling import Filled, fill, settings_of
from tests.bench.systems import scratch
from tests.fixtures.postgres import PostgresServer

TICKETS = 1000  # beside the articles; the floor shows some of them
SCREENS = 60
AT_ONCE = 2000
EDITOR = Actor(Role.MANAGER, name="Bench")
SETTINGS = ("max_connections=60", "shared_buffers=256MB")  # of PostgreSQL; all else as it comes
NO_QUESTIONS = "SET session_replication_role = replica"  # rows that point at each other


def kept(shelf: Path, articles: int) -> Filled:
    """From the shelf, or made."""
    folder = shelf / f"library-{articles}-{_edition()}"
    if not (folder / "stocked").exists():
        for old in shelf.glob(f"library-{articles}-*"):
            shutil.rmtree(old)
        filled = fill(folder, TICKETS)
        stock(folder, articles)
        (folder / "stocked").write_text("\n".join(filled.tokens))
    return Filled(folder, TICKETS, (folder / "stocked").read_text().split(), [])


def _edition() -> str:
    made_by = [Path(__file__), Path(library.__file__), *sorted(MIGRATIONS.rglob("*.py"))]
    made_by += [Path(str(one.__file__)) for one in (analysis, models, rows, stemming, words)]
    return sha256(b"".join(map(Path.read_bytes, made_by))).hexdigest()[:10]


def stock(folder: Path, articles: int) -> None:
    runtime = runtime_of(create_background(settings_of(folder)))
    with scratch("tree") as tree:
        library.write(tree, articles)
        for language in library.LANGUAGES:
            take_in(runtime, tree / language, language)
    _screens(runtime)
    with runtime.writers.begin() as session:  # all links are right: there is nothing to follow
        session.execute(update(OutboxEvent).values(done_at=utcnow()))
    index = index_of(runtime)
    assert index is not None
    following.rebuild(runtime.readers, index)
    runtime.engine.dispose()


def take_in(runtime: Runtime, tree: Path, language: str) -> None:
    """As `corbel kb import` does it."""
    job = running.Job(tree, Choices(language))
    report = running.run(
        job,
        runtime.writers,
        runtime.readers,
        runtime.store,
        at=utcnow(),
        progress=lambda _step, _done, _all: None,
    )
    assert report.created == report.files, report


def _screens(runtime: Runtime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        for number in range(SCREENS):
            module = library.MODULES[number % 3]
            screen = ScreenWords(
                f"{module}.screen-{number}", module, {"en": f"Screen {number}"}, [address(number)]
            )
            screens.add(session, screen, by=EDITOR, at=utcnow())


def address(number: int) -> str:
    return f"/projects/{{id}}/room-{number}"


@contextmanager
def on_postgres(folder: Path) -> Iterator[str]:
    """The same, in a database whose address is given."""
    with scratch("pg") as home:
        home.chmod(0o755)
        server = PostgresServer(home, SETTINGS)
        server.start()
        try:
            name = server.create()
            database.upgrade(server.url(name))
            server.empty(name)
            _carry_over(folder, f"postgresql+psycopg://postgres@/{name}?host={server.folder}")
            yield server.url(name)
        finally:
            server.stop()


def _carry_over(folder: Path, address: str) -> None:
    here, there = create_engine(settings_of(folder).database_url), create_engine(address)
    with here.connect() as source, there.begin() as target:
        target.execute(text(NO_QUESTIONS))
        for table in Base.metadata.tables.values():
            found = source.execution_options(yield_per=AT_ONCE).execute(select(table))
            for some in found.mappings().partitions():
                target.execute(insert(table), [dict(row) for row in some])
    with Session(there) as session, session.begin():
        postgres.take(session, _entries(session))
    with there.connect().execution_options(isolation_level="AUTOCOMMIT") as target:
        target.exec_driver_sql("VACUUM ANALYZE")
    here.dispose()
    there.dispose()


def _entries(session: Session) -> Iterator[postgres.Entry]:
    row = models.DocumentRow
    for found in session.execute(select(row.id, row.seq, row.language, row.words)).all():
        yield postgres.Entry(*found)
