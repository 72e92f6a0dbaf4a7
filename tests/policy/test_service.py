"""Versions that tickets keep, and emergency windows, in a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core.permissions import Forbidden
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import ForeignRow, see
from portal.policy import queries, service
from portal.policy.loader import load_file, load_pack
from portal.policy.models import EmergencyWindow, PolicyVersion
from portal.policy.service import WindowRefused
from tests.policy.small import written

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_kept():
    service._by_version.clear()
    service._kept.clear()


def test_a_pack_is_registered_once(session):
    pack = load_pack("luneo")
    first = service.register(session, pack, NOW)
    again = service.register(session, pack, NOW + DAY)
    assert (first.id, first.registered_at) == (again.id, NOW)
    assert (first.pack, first.version, first.digest) == ("luneo", pack.version, pack.digest)


def test_a_ticket_keeps_what_it_was_promised_under_though_the_file_changes(session, tmp_path):
    path = written(tmp_path)
    before = service.register(session, load_file(path), NOW)
    path = written(tmp_path, ('gold = "1h"', 'gold = "9h"'))
    after = service.register(session, load_file(path), NOW)
    session.commit()
    session.expunge_all()
    targets = [
        str(service.pack_of(session, version.id).rule_for("high", "gold", "email").respond)
        for version in (before, after)
    ]
    assert before.id != after.id
    assert targets == ["1h", "9h"]
    assert not service.pack_of(session, before.id).source.count("9h")


def test_a_kept_pack_equals_the_one_registered(session):
    pack = load_pack("studiovault")
    version = service.register(session, pack, NOW)
    session.commit()
    session.expunge_all()
    assert service.pack_of(session, version.id) == pack


def test_a_pack_is_read_from_its_row_once(session, monkeypatch):
    version = service.register(session, load_pack("luneo"), NOW)
    first = service.pack_of(session, version.id)
    monkeypatch.setattr(service, "pack_from_source", lambda *_: pytest.fail("read again"))
    assert service.pack_of(session, version.id) is first


def test_an_unknown_version_is_an_error(session):
    with pytest.raises(NoResultFound):
        service.pack_of(session, uuid4())


def test_two_processes_register_the_same_pack(session, monkeypatch):
    """The second looked before the first had committed: it gets the first one's row."""
    pack = load_pack("luneo")
    first = service.register(session, pack, NOW)
    look, looks = queries.version_of, []

    def too_early(*arguments):
        looks.append(arguments)
        return None if len(looks) == 1 else look(*arguments)

    monkeypatch.setattr(service.queries, "version_of", too_early)
    assert service.register(session, pack, NOW + HOUR).id == first.id
    assert session.scalar(select(func.count()).select_from(PolicyVersion)) == 1


def test_another_failure_of_the_row_is_not_hidden(session):
    with pytest.raises(IntegrityError):
        service.register(session, replace(load_pack("luneo"), version=None), NOW)


@pytest.fixture
def agency(session, world):
    world.acme.plan = "agency"
    session.flush()
    return world


def grant(session, world, **changes):
    asked = {
        "starts_at": NOW + DAY,
        "ends_at": NOW + 3 * DAY,
        "hotline": " +34 600 000 000 ",
        "by": world.manager,
        "at": NOW,
    }
    pack = changes.pop("pack", None) or load_pack("studiovault")
    builder = changes.pop("builder", world.acme)
    return service.grant_window(session, pack, builder, **(asked | changes))


def test_a_window_covers_its_days(session, agency):
    made = grant(session, agency, note="Two shoots")
    assert (made.hotline, made.note, made.granted_by) == (
        "+34 600 000 000",
        "Two shoots",
        agency.manager.user_id,
    )
    builder = agency.acme.id
    assert service.window_of(session, builder, NOW) is None
    assert service.window_of(session, builder, NOW + DAY) == made.window
    assert service.window_of(session, builder, NOW + 3 * DAY) is None
    assert service.window_of(session, agency.birch.id, NOW + DAY) is None
    assert service.window_of(session, None, NOW + DAY) is None


def test_granting_and_cancelling_are_told(session, agency):
    made = grant(session, agency)
    service.cancel_window(session, made, by=agency.manager, at=NOW + HOUR)
    service.cancel_window(session, made, by=agency.manager, at=NOW + 2 * HOUR)
    session.flush()
    told = session.scalars(
        select(OutboxEvent)
        .where(OutboxEvent.kind.like("emergency_window.%"))
        .order_by(OutboxEvent.created_at)
    ).all()
    assert [event.kind for event in told] == [
        "emergency_window.granted",
        "emergency_window.cancelled",
    ]
    assert {event.payload["window_id"] for event in told} == {str(made.id)}
    assert made.cancelled_at == NOW + HOUR


def test_a_cancelled_window_has_kept_what_it_promised(session, agency):
    made = grant(session, agency, starts_at=NOW, ends_at=NOW + DAY)
    service.cancel_window(session, made, by=agency.manager, at=NOW + 2 * HOUR)
    assert service.window_of(session, agency.acme.id, NOW + HOUR) is not None
    assert service.window_of(session, agency.acme.id, NOW + 3 * HOUR) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"starts_at": NOW + DAY, "ends_at": NOW + DAY}, "backwards"),
        ({"starts_at": NOW + DAY, "ends_at": NOW}, "backwards"),
        ({"ends_at": NOW + 16 * DAY}, "too_long"),
        ({"starts_at": NOW - 2 * DAY, "ends_at": NOW}, "over"),
        ({"hotline": "  "}, "hotline"),
    ],
)
def test_a_window_must_make_sense(session, agency, changes, reason):
    with pytest.raises(WindowRefused) as refused:
        grant(session, agency, **changes)
    assert refused.value.reason == reason
    assert str(refused.value)


def test_windows_of_a_builder_do_not_overlap(session, agency):
    first = grant(session, agency)
    with pytest.raises(WindowRefused) as refused:
        grant(session, agency, starts_at=NOW + 2 * DAY, ends_at=NOW + 5 * DAY)
    assert (refused.value.reason, refused.value.about) == ("overlaps", first)
    assert grant(session, agency, starts_at=NOW + 3 * DAY, ends_at=NOW + 5 * DAY)


def test_a_cancelled_window_makes_room(session, agency):
    service.cancel_window(session, grant(session, agency), by=agency.manager, at=NOW)
    assert grant(session, agency)


def test_only_entitled_plans(session, world):
    with pytest.raises(WindowRefused, match="plan has no emergency windows"):
        grant(session, world, builder=world.birch)


def test_only_packs_with_emergencies(session, agency):
    with pytest.raises(WindowRefused, match="this support model has no emergency windows"):
        grant(session, agency, pack=load_pack("luneo"))


@pytest.mark.parametrize("who", ["owner", "agent", "client"])
def test_only_who_may(session, agency, who):
    with pytest.raises(Forbidden):
        grant(session, agency, by=getattr(agency, who))
    made = grant(session, agency)
    with pytest.raises(Forbidden):
        service.cancel_window(session, made, by=getattr(agency, who), at=NOW)


def test_the_database_refuses_a_window_that_runs_backwards(session, agency):
    session.add(
        EmergencyWindow(
            builder_id=agency.acme.id,
            starts_at=NOW,
            ends_at=NOW,
            hotline="x",
            created_at=NOW,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_builder_sees_no_window_of_another(session, agency):
    grant(session, agency)
    session.commit()
    see(session, agency.birch.id)
    assert queries.windows_of(session, agency.acme.id, since=NOW) == []
    session.add(
        EmergencyWindow(
            builder_id=agency.acme.id,
            starts_at=NOW,
            ends_at=NOW + DAY,
            hotline="x",
            created_at=NOW,
        )
    )
    with pytest.raises(ForeignRow):
        session.flush()
