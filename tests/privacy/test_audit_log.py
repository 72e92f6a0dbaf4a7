"""The audit log as queries read it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.foundation.tenancy import PLATFORM, see
from portal.privacy.queries import audit as log
from portal.privacy.queries.audit import Sought
from tests.fixtures.world import NOW, World


@pytest.fixture
def written(session: Session, world: World) -> World:
    """Ten entries of each builder a minute apart, and one of the platform's."""
    for minute in range(10):
        for by in (world.owner, world.stranger):
            act = "brand.saved" if minute % 2 else "domain.verified"
            about = f"{by.builder_slug}-{minute}.example"
            at = NOW + timedelta(minutes=minute)
            audit.record(session, act, by=by, at=at, about=about)
    audit.record(session, "retention.saved", by=world.admin, at=NOW)
    session.commit()
    return world


def told(session: Session, **sought: object) -> list[str]:
    return [row.about for row in log.entries(session, Sought(**sought), None).items]  # type: ignore[arg-type]


def test_a_builder_reads_its_own_newest_first(session, written, runtime) -> None:
    with runtime.readers() as own:
        see(own, written.acme.id)
        assert told(own) == [f"acme-{minute}.example" for minute in range(9, -1, -1)]


def test_the_platform_reads_all_and_may_narrow_it(session, written) -> None:
    assert len(told(session)) == 21
    of_birch = told(session, builder_id=written.birch.id)
    assert of_birch == [f"birch-{minute}.example" for minute in range(9, -1, -1)]


def test_it_is_narrowed_by_act_words_person_and_days(session, written, world) -> None:
    acme = {"builder_id": world.acme.id}
    assert len(told(session, act="brand.saved", **acme)) == 5
    assert told(session, about="ACME-3", **acme) == ["acme-3.example"]
    assert told(session, who="nobody") == []
    assert len(told(session, who=world.owner.name[:3].lower(), **acme)) == 10
    since = NOW + timedelta(minutes=3)
    until = NOW + timedelta(minutes=5)
    assert told(session, since=since, until=until, **acme) == ["acme-4.example", "acme-3.example"]


def test_signs_of_a_pattern_are_just_signs(session, written) -> None:
    assert told(session, about="%") == []
    assert told(session, about="_cme") == []


def test_pages_hold_while_entries_are_added(session, written, monkeypatch) -> None:
    monkeypatch.setattr(log, "PAGE_ROWS", 4)
    sought, seen, cursor = Sought(builder_id=written.acme.id), [], None
    for _turn in range(10):
        rows = log.entries(session, sought, cursor)
        seen += [row.about for row in rows.items]
        audit.record(session, "brand.saved", by=written.owner, at=NOW + timedelta(days=1))
        session.flush()
        cursor = rows.next_cursor
        if cursor is None:
            break
    assert seen == [f"acme-{minute}.example" for minute in range(9, -1, -1)]


def test_an_export_reads_everything_some_at_a_time(session, written, runtime, monkeypatch) -> None:
    monkeypatch.setattr(log, "AT_ONCE", 3)
    own = list(log.every_entry(runtime.readers, written.acme.id, Sought()))
    assert [row.about for row in own] == [f"acme-{minute}.example" for minute in range(9, -1, -1)]
    assert len(list(log.every_entry(runtime.readers, PLATFORM, Sought()))) == 21
