"""The help centre: pages over ten thousand articles in two languages, embedded and on PostgreSQL,
beside the floor."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from portal.background import create_background
from portal.config import Settings
from portal.core.audience import Gate
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime, runtime_of
from portal.ops import database
from portal.ops.revisions import MIGRATIONS
from portal.search import vocabulary
from portal.search.models import DocumentRow
from portal.search.searching import index_of
from portal.search.service import following
from portal.search.service.indexing import analyse
from tests.bench import library
from tests.bench.client import Client
from tests.bench.filling import settings_of
from tests.bench.measuring import Ask, in_turn
from tests.bench.report import Figure
from tests.bench.systems import floor, scratch, system
from tests.fixtures.postgres import PostgresServer

ARTICLES = 10_000
MODULES = ("scheduling", "billing", "field", "")
SHELVES = 12
AT_ONCE = 500
LIMIT = 10  # times the floor, at the ninety-fifth percentile
SPACE = UUID("0f2d6a86-52f1-4d5c-8f83-6d2a3b8f6f11")
SETTINGS = ("max_connections=60", "shared_buffers=256MB")  # of PostgreSQL; all else as it comes
FLOOR = "floor"


def measured(shelf: Path, rounds: int, articles: int = ARTICLES) -> Iterator[Figure]:
    with ExitStack() as running:
        embedded = kept(shelf, articles)
        bare = Client(running.enter_context(floor(embedded / "corbel.db")))
        url = running.enter_context(system(embedded)).url
        asks: dict[str, Ask] = {FLOOR: lambda: bare.get("/"), "search, embedded": _searches(url)}
        on_postgres = running.enter_context(_postgres(articles))
        asks["search, PostgreSQL"] = _searches(on_postgres)
        times = in_turn(asks, rounds)
    base = times.pop(FLOOR)
    yield Figure(FLOOR, base.p95 * 1000, "ms", note=f"median {base.median * 1000:.1f} ms")
    for name, taken in times.items():
        yield Figure(
            f"{name}, p95 of {articles:,}",
            taken.p95 * 1000,
            "ms",
            ratio=taken.p95 / base.p95,
            limit=LIMIT,
            note=f"median {taken.median * 1000:.1f} ms = {taken.median / base.median:.1f} ×",
        )


def _searches(url: str) -> Ask:
    """One question after the other, as somebody without an account."""
    client = Client(url)
    paths = cycle(
        [
            f"/search?{urlencode({'q': words, 'lang': spoken})}"
            for words, spoken in library.questions()
        ]
    )
    return lambda: client.get(next(paths))


def kept(shelf: Path, articles: int) -> Path:
    """A data directory, from the shelf or made."""
    folder = shelf / f"library-{articles}-{_edition()}"
    if not (folder / "filled").exists():
        for old in shelf.glob(f"library-{articles}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        fill(settings_of(folder), articles)
        (folder / "filled").touch()
    return folder


def _edition() -> str:
    made_by = [Path(__file__), Path(library.__file__), *sorted(MIGRATIONS.rglob("*.py"))]
    made_by += sorted(Path(vocabulary.__file__).parent.rglob("*.py"))
    return sha256(b"".join(map(Path.read_bytes, made_by))).hexdigest()[:10]


@contextmanager
def _postgres(articles: int) -> Iterator[str]:
    with scratch("pg") as folder, scratch("data") as data:
        folder.chmod(0o755)
        server = PostgresServer(folder, SETTINGS)
        server.start()
        try:
            address = server.url(server.create())
            fill(settings_of(data, address), articles)
            with system(data, DATABASE_URL=address) as live:
                yield live.url
        finally:
            server.stop()


def fill(settings: Settings, articles: int) -> None:
    """Many documents at a time; the words of all are counted once, at the end."""
    database.upgrade(settings.database_url)
    runtime = runtime_of(create_background(settings))
    everything = enumerate((p for both in library.pages(articles) for p in both), start=1)
    while some := [one for one, _number in zip(everything, range(AT_ONCE), strict=False)]:
        with runtime.writers.begin() as session:
            for number, page in some:
                session.add(_row(session, number, page))
    with runtime.writers.begin() as session:
        vocabulary.count_anew(session)
    _index(runtime)
    runtime.engine.dispose()


def _index(runtime: Runtime) -> None:
    index = index_of(runtime)
    if index is not None:
        following.rebuild(runtime.readers, index)
    else:
        with runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE search_documents")


def _row(session: Session, number: int, page: library.Page) -> DocumentRow:
    article = (number - 1) // len(library.LANGUAGES)
    row = DocumentRow(
        kind="article",
        object_id=uuid5(SPACE, page.language + page.slug),
        group_id=uuid5(SPACE, str(article)),
        language=page.language,
        title=page.title,
        path=f"/kb/{page.language}/{page.slug}",
        slug=page.slug,
        gates=[Gate.PUBLIC],
        headings=page.headings,
        summary=page.summary,
        body=page.body,
        labels=[],
        roles=[],
        module=MODULES[article % len(MODULES)],
        category=f"shelf-{article % SHELVES}",
        seq=number,
        is_gone=False,
        updated_at=utcnow(),
    )
    analyse(session, row)
    return row
