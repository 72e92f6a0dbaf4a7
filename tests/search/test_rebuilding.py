"""Words of documents made anew while others write, and after somebody was killed."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.foundation.runtime import Runtime
from portal.search import vocabulary
from portal.search.analysis import VERSION
from portal.search.engines.whoosh import Busy
from portal.search.models import DocumentRow
from portal.search.searching import index_of
from portal.search.service import put, rebuilding
from portal.search.service.rebuilding import Rebuilt, Told, rebuild_all
from tests.search.conftest import Look, Put, document, titles

pytestmark = pytest.mark.database

TITLES = ["Send an invoice", "Set up scheduling", "Approve an estimate"]


class Killed(Exception):
    pass


@pytest.fixture
def shelf(shelve: Put) -> None:
    for title in TITLES:
        shelve(title, body="Words about it.")


def rebuilt(runtime: Runtime, told: Told = lambda *_all: None, *, all_: bool = False) -> Rebuilt:
    readers, writers = runtime.readers, runtime.writers
    return rebuild_all(readers, writers, index_of(runtime), told, everything=all_)


def outdate(runtime: Runtime, *names: str) -> None:
    """As if another version had analysed them."""
    with runtime.writers.begin() as session:
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.title.in_(names))
            .values(analysed=VERSION - 1, words="\n\n\n\n")
        )


def analysed(runtime: Runtime) -> dict[str, int]:
    with runtime.readers() as session:
        rows = session.execute(select(DocumentRow.title, DocumentRow.analysed))
        return {row.title: row.analysed for row in rows}


def test_what_is_right_is_left_alone(shelf: None, runtime: Runtime, look: Look) -> None:
    outdate(runtime, TITLES[0])
    assert rebuilt(runtime) == Rebuilt(documents=3, analysed=1)
    assert rebuilt(runtime) == Rebuilt(documents=3, analysed=0)
    assert rebuilt(runtime, all_=True) == Rebuilt(documents=3, analysed=3)
    assert titles(look("invoices")) == ["Send an invoice"]


def test_a_row_that_changes_meanwhile_stays_as_it_is_now(
    shelf: None, runtime: Runtime, look: Look, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdate(runtime, *TITLES)
    changed = document(TITLES[0], body="Quicker with a template.")
    analyse = rebuilding.analysed

    def slowly(*of: Any, **more: Any) -> dict[str, Any]:
        monkeypatch.setattr(rebuilding, "analysed", analyse)
        with runtime.writers.begin() as session:
            put(session, changed, at=now)
        return analyse(*of, **more)

    monkeypatch.setattr(rebuilding, "analysed", slowly)
    rebuilt(runtime)
    assert titles(look("template")) == [TITLES[0]]
    with runtime.readers() as session:
        kept = session.scalars(select(DocumentRow.words).where(DocumentRow.title == TITLES[0]))
        assert " templat " in kept.one()
        assert vocabulary.corrections(session, lambda _done: None) == []


def test_words_that_are_counted_meanwhile_are_counted_once(
    shelf: None, runtime: Runtime, session: Session, now: datetime
) -> None:
    outdate(runtime, TITLES[0])
    session.execute(update(vocabulary.words).values(documents=40))
    session.commit()

    def told(step: str, _done: int, _all: int) -> None:
        if step == rebuilding.COUNTING:
            with runtime.writers.begin() as writing:
                put(writing, document("Send a reminder"), at=now)

    rebuilt(runtime, told)
    assert vocabulary.corrections(session, lambda _done: None) == []


def test_whoever_was_killed_is_carried_on_with(
    shelf: None, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdate(runtime, *TITLES)
    monkeypatch.setattr(rebuilding, "SOME", 1)

    def killed(step: str, done: int, _all: int) -> None:
        if step == rebuilding.READING and done == 1:
            raise Killed

    with pytest.raises(Killed):
        rebuilt(runtime, killed)
    assert sorted(analysed(runtime).values()) == [VERSION - 1, VERSION - 1, VERSION]
    assert rebuilt(runtime) == Rebuilt(documents=3, analysed=2)
    assert set(analysed(runtime).values()) == {VERSION}


def test_one_at_a_time(shelf: None, runtime: Runtime) -> None:
    def told(_step: str, _done: int, _all: int) -> None:
        with pytest.raises(Busy):
            rebuilt(runtime)

    outdate(runtime, TITLES[0])
    rebuilt(runtime, told)
