"""Words are counted by what documents have, however many are given at once."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.search import vocabulary
from portal.search.models import DocumentRow, words
from portal.search.service import put, put_all, remove
from tests.search.conftest import document

pytestmark = pytest.mark.database


def counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(words.c.word, words.c.documents))
    return {word: number for word, number in rows if number}


def test_many_at_once_are_counted_as_one_after_the_other(session: Session, now: datetime) -> None:
    invoice = document("Send an invoice", body="The client pays the invoice.")
    bid = document("Win a bid", body="The client signs.")
    put_all(session, [invoice, bid], at=now)
    changed = document("Send an invoice", body="The client signs the estimate.")
    put_all(session, [changed, bid], at=now)
    kept = counts(session)
    assert (kept["client"], kept["signs"], kept["estimate"]) == (2, 2, 1)
    assert "pays" not in kept
    assert vocabulary.corrections(session, lambda _done: None) == []


def test_each_gets_the_next_number(session: Session, now: datetime) -> None:
    put(session, document("First"), at=now)
    put_all(session, [document("Second"), document("Third"), document("First")], at=now)
    rows = session.execute(select(DocumentRow.title, DocumentRow.seq).order_by(DocumentRow.seq))
    assert [(title, seq) for title, seq in rows] == [("First", 1), ("Second", 2), ("Third", 3)]


def test_one_given_twice_is_there_once(session: Session, now: datetime) -> None:
    put_all(session, [document("Same", body="old"), document("Same", body="new")], at=now)
    kept = counts(session)
    assert kept["new"] == 1
    assert "old" not in kept


def test_what_is_taken_back_counts_no_more(session: Session, now: datetime) -> None:
    gone = document("Archive a project")
    put(session, gone, at=now)
    remove(session, gone.kind, gone.object_id, at=now)
    assert counts(session) == {}
