"""Rows of what is gone are forgotten after a while, and an index that was away longer knows it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.foundation.runtime import Runtime
from portal.search.documents import Document
from portal.search.models import DocumentRow
from portal.search.searching import index_of
from portal.search.service import put_all, remove
from portal.search.service.following import behind, follow
from portal.search.service.purging import KEPT, purge
from tests.search.conftest import Look, document, keep_up, titles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("noon")]

TITLES = ("Send an invoice", "Send a bid", "Send a photo", "Send a plan")
LATER = KEPT + timedelta(days=1)


@pytest.fixture
def shelf(runtime: Runtime, session: Session, now: datetime) -> dict[str, Document]:
    made = {title: document(title) for title in TITLES}
    put_all(session, made.values(), at=now)
    session.commit()
    keep_up(runtime)
    return made


def take_away(session: Session, one: Document, at: datetime) -> None:
    remove(session, one.kind, one.object_id, at=at)
    session.commit()


def kept(runtime: Runtime) -> tuple[set[str], int]:
    with runtime.readers() as session:
        newest = session.scalar(select(func.max(DocumentRow.seq)))
        return set(session.scalars(select(DocumentRow.title))), newest or 0


def test_the_newest_of_the_old_stays(
    shelf: dict[str, Document],
    runtime: Runtime,
    session: Session,
    noon: time_machine.Traveller,
    now: datetime,
    look: Look,
) -> None:
    for title in TITLES[:2]:
        take_away(session, shelf[title], now)
    noon.move_to(now + LATER)
    take_away(session, shelf[TITLES[2]], now + LATER)
    newest = kept(runtime)[1]
    assert purge(runtime.writers, now + LATER) == 1
    assert kept(runtime) == (set(TITLES[1:]), newest)
    assert purge(runtime.writers, now + LATER) == 0
    assert purge(runtime.writers, now + 20 * LATER) == 0  # as of a time that is not yet
    keep_up(runtime)
    assert titles(look("send")) == ["Send a plan"]


def test_an_index_that_was_away_is_made_anew(
    shelf: dict[str, Document],
    runtime: Runtime,
    session: Session,
    noon: time_machine.Traveller,
    now: datetime,
    look: Look,
) -> None:
    index = index_of(runtime)
    if index is None:
        pytest.skip("PostgreSQL has no index beside it")
    former = index.state().folder
    for title in TITLES[:2]:
        take_away(session, shelf[title], now)
    noon.move_to(now + LATER)
    assert purge(runtime.writers, now + LATER) == 1
    assert titles(look("send a plan"))[0] == "Send a plan"
    follow(runtime.readers, index)
    assert behind(runtime.readers, index).rows == 0
    assert index.state().folder != former
    assert look("send").total == 2
