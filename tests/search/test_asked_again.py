"""The same question a moment later."""

from datetime import datetime

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from portal.core.audience import Gate, Reader
from portal.core.permissions import Role
from portal.foundation.runtime import Runtime
from portal.search import standing
from portal.search.models import DocumentRow
from portal.search.searching import index_of
from portal.search.service import put_all, remove
from tests.search.conftest import Look, Put, document, keep_up, titles


def statements(runtime: Runtime, look: Look, words: str, **more: object) -> int:
    ran: list[str] = []

    def note(*told: object) -> None:
        ran.append(str(told[2]))

    event.listen(runtime.engine, "before_cursor_execute", note)
    try:
        look(words, **more)
    finally:
        event.remove(runtime.engine, "before_cursor_execute", note)
    return len([one for one in ran if "search_" in one])


def test_takes_one_question(shelve: Put, runtime: Runtime, look: Look) -> None:
    shelve("Send an invoice")
    first = look("invoice", kinds=["article"])
    assert statements(runtime, look, "invoice", kinds=["article"]) == 1
    assert look("invoice", kinds=["article"]) == first


def test_until_something_is_published(shelve: Put, look: Look) -> None:
    shelve("Send an invoice")
    look("invoice")
    shelve("Print an invoice")
    assert set(titles(look("invoice"))) == {"Send an invoice", "Print an invoice"}


def test_by_somebody_else(shelve: Put, look: Look) -> None:
    shelve("Send an invoice", gates=frozenset({Gate.STAFF}))
    assert titles(look("invoice", reader=Reader(Role.AGENT))) == ["Send an invoice"]
    assert not look("invoice").hits
    assert not look("invoice", reader=Reader(Role.CLIENT, at_portal=True)).hits


def test_no_longer_than_a_minute(
    shelve: Put, runtime: Runtime, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve("Send an invoice")
    monkeypatch.setattr(standing, "LASTING", -1.0)
    look("invoice")
    assert statements(runtime, look, "invoice") > 1


def test_few_are_kept(shelve: Put, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    shelve("Send an invoice")
    monkeypatch.setattr(standing, "PAGES", 8)
    for number in range(40):
        assert titles(look(f"invoice {number}")) == ["Send an invoice"]


def test_without_an_index_nothing_is_kept(shelve: Put, runtime: Runtime, look: Look) -> None:
    shelve("Send an invoice")
    index = index_of(runtime)
    if index is None:
        pytest.skip("PostgreSQL finds by itself")
    index.is_broken()
    look("invoice")
    with runtime.writers.begin() as session:
        session.execute(update(DocumentRow).values(title="Written meanwhile"))
    assert titles(look("invoice")) == ["Written meanwhile"]


def test_what_was_read_of_a_segment_is_kept_when_more_is_published(
    runtime: Runtime, session: Session, now: datetime, shelve: Put, look: Look
) -> None:
    index = index_of(runtime)
    if index is None:
        pytest.skip("PostgreSQL's lists are kept anyway")
    put_all(session, [document(f"Invoice {number}") for number in range(80)], at=now)
    session.commit()
    keep_up(runtime)
    look("invoice")
    before = index.view().parts[0]
    remove(session, "article", document("Invoice 7").object_id, at=now)
    session.commit()
    shelve("Print an invoice")
    assert look("invoice").total == 80
    after = next(part for part in index.view().parts if part.name == before.name)
    assert after is not before
    assert after.kept is before.kept
