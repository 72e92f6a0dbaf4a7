"""Lists of documents by word, that a process reads from PostgreSQL once and keeps."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.foundation.runtime import Runtime
from portal.search.asking import Ask, Concept, Narrowed, Way
from portal.search.engines import postgres, table
from portal.search.engines.postgres import LISTS, Documents, Lists
from portal.search.service import put, remove
from portal.search.service.rebuilding import rebuild_all
from portal.search.standing import Standing, standing
from tests.search.conftest import Look, Put, document, titles

pytestmark = pytest.mark.database
PUBLIC = frozenset({Gate.PUBLIC})
TITLES = ("Send an invoice", "Pay an invoice", "Set up scheduling", "Approve an estimate")


@pytest.fixture
def lists(runtime: Runtime, shelve: Put) -> Lists:
    if runtime.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has an index beside it")
    for title in TITLES:
        shelve(title, body="Words about it, and about an invoice.")
    found: Lists = runtime.readers.kw["info"][LISTS]
    return found


def held(runtime: Runtime, lists: Lists) -> Documents:
    with runtime.readers() as session:
        return lists.documents(session, standing(session).newest)


def asked(*words: str) -> Ask:
    return Ask("en", tuple(Concept(word, (Way((word,)),)) for word in words))


@pytest.mark.parametrize("words", [("invoic",), ("send", "invoic"), ("schedul", "nowhere")])
def test_they_say_what_the_rows_say(lists: Lists, runtime: Runtime, words: tuple[str, ...]) -> None:
    narrowed = Narrowed(PUBLIC)
    with runtime.readers() as session:
        engine = postgres.Postgres(lists, standing(session))
        found = engine.candidates(session, asked(*words), narrowed, 10)
        expected = table.ENGINE.candidates(session, asked(*words), narrowed, 10)
        assert found.ids[:1] == expected.ids[:1]  # of equals, the last that came
        assert set(found.ids) == set(expected.ids)
        assert (found.counts, found.share) == (expected.counts, expected.share)
        stems = {*words, "client"}
        assert engine.known(session, "en", stems, PUBLIC) == table.ENGINE.known(
            session, "en", stems, PUBLIC
        )


def test_what_changes_is_found_while_they_are_kept(
    lists: Lists, runtime: Runtime, look: Look, session: Session, now: datetime
) -> None:
    before = held(runtime, lists)
    assert titles(look("scheduling")) == ["Set up scheduling"]
    put(session, document("Scheduling for crews"), at=now)
    put(session, document("Set up scheduling", body="Of estimates alone."), at=now)
    gone = document("Approve an estimate")
    remove(session, "article", gone.object_id, at=now)
    hidden = document("Pay an invoice", gates=frozenset({Gate.STAFF}))
    put(session, hidden, at=now)
    session.commit()
    assert set(titles(look("scheduling"))) == {"Scheduling for crews", "Set up scheduling"}
    assert titles(look("estimates")) == ["Set up scheduling"]
    assert titles(look("pay invoice")) == ["Send an invoice"]
    assert held(runtime, lists) is before


def test_they_are_read_anew_after_many_changes(
    lists: Lists,
    runtime: Runtime,
    look: Look,
    shelve: Put,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(table, "BEHIND", 2)
    first = held(runtime, lists)
    for title in ("Order materials", "Order tools"):
        shelve(title)
    assert held(runtime, lists) is first
    shelve("Order windows")
    second = held(runtime, lists)
    assert second is not first
    assert len(look("order").hits) == 3


def test_a_rebuild_is_known_to_every_process(
    lists: Lists, runtime: Runtime, look: Look, session: Session
) -> None:
    before = held(runtime, lists)
    session.execute(text("DELETE FROM search_terms"))
    session.commit()
    assert titles(look("scheduling")) == []
    rebuild_all(runtime.readers, runtime.writers, None, everything=True)
    assert held(runtime, lists) is not before
    assert titles(look("scheduling")) == ["Set up scheduling"]


def test_those_of_another_database_are_not_used(lists: Lists, runtime: Runtime) -> None:
    with runtime.readers() as session:
        ahead = lists.documents(session, standing(session).newest)
        assert lists.documents(session, ahead.seq - 1) is not ahead


@pytest.mark.usefixtures("lists")
def test_their_rows_are_narrow(session: Session, shelve: Put) -> None:
    """However many words there are, a page of the table has dozens of documents."""
    size = text("SELECT pg_relation_size('search_terms')")
    before = session.scalar(size)
    for number in range(30):
        words = " ".join(f"word{number}of{place}" for place in range(120))
        shelve(f"Page {number}", body=words)
    session.rollback()
    assert session.scalar(size) - before <= 8192


@pytest.mark.parametrize("kept", [True, False])
def test_ties_are_broken_alike(
    lists: Lists, runtime: Runtime, session: Session, shelve: Put, kept: bool
) -> None:
    """Wherever PostgreSQL has moved the rows meanwhile, and however it comes upon them."""
    for number in range(20):
        shelve("Close a project", slug=f"close-{number}", module=f"module{number % 3}")
    orders = set()
    for by_index in ("on", "off"):
        with runtime.readers() as reading:
            reading.execute(text(f"SET LOCAL enable_indexscan = {by_index}"))
            reading.execute(text(f"SET LOCAL enable_bitmapscan = {by_index}"))
            own = Standing(standing(reading).newest)  # what another process knows
            engine = postgres.Postgres(Lists(), own) if kept else table.ENGINE
            found = engine.candidates(reading, asked("project"), Narrowed(PUBLIC), 10)
            orders.add(tuple(found.ids))
        moved = "UPDATE search_documents SET path = path WHERE slug IN ('close-2', 'close-5')"
        session.execute(text(moved))
        session.commit()
    assert len(orders) == 1
    assert len(orders.pop()) == 10
