"""What a process needs to search, and what keeps its index up with the rows."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.runtime import Runtime, Ticker
from portal.search import standing, vocabulary
from portal.search.engines import postgres
from portal.search.engines.base import INDEX
from portal.search.engines.whoosh import Index
from portal.search.service import following as index
from portal.search.service.indexing import BELL

FOLLOW: Final = "portal.search.jobs.follow"


def furnish(runtime: Runtime) -> None:
    """Sessions of this process know where to look, and whom to tell of changes."""
    known: dict[str, object] = {
        vocabulary.KEPT: vocabulary.Vocabulary(),
        standing.KEPT: standing.Memory(),
    }
    told: dict[str, object] = {}
    if runtime.engine.dialect.name == "sqlite":
        known[INDEX] = Index(runtime.settings.data / "index")
        told[BELL] = runtime.doorbell.bell(FOLLOW)
    else:
        known[postgres.LISTS] = postgres.Lists()
    for sessions, more in ((runtime.readers, {}), (runtime.writers, told)):
        sessions.configure(info={**sessions.kw.get("info", {}), **known, **more})


def index_of(runtime: Runtime) -> Index | None:
    """None: the database finds by itself."""
    found: Index | None = runtime.readers.kw["info"].get(INDEX)
    return found


def following(runtime: Runtime) -> Ticker:
    """For the clock: whoever was to be told may have heard nothing."""

    def follow(_sessions: sessionmaker[Session], _at: datetime) -> int:
        here = index_of(runtime)
        return index.follow(runtime.readers, here) if here is not None else 0

    return follow
