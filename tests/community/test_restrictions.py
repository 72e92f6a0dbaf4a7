"""A restriction is said politely, ends by itself, and can be objected to once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.community.models import Restriction
from portal.community.queries import restrictions as queries
from portal.community.service import restrictions
from portal.community.service.restrictions import (
    AppealedAlready,
    NobodyThere,
    NothingToAnswer,
    NotInForce,
    Restricted,
    RestrictedAlready,
    refuse_if_restricted,
)
from portal.core.permissions import Forbidden, Role
from portal.foundation import outbox
from portal.foundation.ids import uuid7
from portal.foundation.tenancy import PLATFORM
from portal.notifications.models import Notification
from tests.support.racing import one_after_the_other


@pytest.fixture
def told(session, runtime, now):
    """Who hears of what happened, and of what kind."""

    def heard():
        session.commit()
        outbox.drain(runtime.writers, runtime.subscribers, at=now)
        session.rollback()
        rows = session.scalars(select(Notification).order_by(Notification.id))
        return {(row.user_id, row.kind) for row in rows}

    return heard


def acts(session):
    rows = select(AuditEntry.act).where(AuditEntry.act.startswith("restriction."))
    return list(session.scalars(rows.order_by(AuditEntry.id)))


def test_it_holds_until_its_end_and_no_longer(session, world, restrict, now):
    restriction = restrict(days=7)
    with pytest.raises(Restricted) as refused:
        refuse_if_restricted(session, world.pm, at=now + timedelta(days=6))
    assert refused.value.until == restriction.ends_at
    assert refused.value.reason == "Please be kind to others."
    refuse_if_restricted(session, world.pm, at=now + timedelta(days=7))
    refuse_if_restricted(session, world.owner, at=now)
    refuse_if_restricted(session, world.agent, at=now)


def test_what_holds_for_one_thing_leaves_the_other(session, world, restrict, now):
    restrict(user_id=world.pm.user_id, what="chat")
    refuse_if_restricted(session, world.pm, at=now)
    with pytest.raises(Restricted):
        refuse_if_restricted(session, world.pm, at=now, what="chat")


def test_a_company_is_restricted_with_all_its_people(session, world, restrict, told, now):
    restrict(builder_id=world.acme.id)
    for one in (world.pm, world.owner):
        with pytest.raises(Restricted) as refused:
            refuse_if_restricted(session, one, at=now)
        assert refused.value.is_companys
    refuse_if_restricted(session, world.stranger, at=now)
    assert told() == {(world.owner.user_id, "company_restricted")}


def test_who_is_restricted_is_told_and_it_is_written_down(session, world, restrict, told):
    restrict()
    assert told() == {(world.pm.user_id, "restricted")}
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.act, entry.about, entry.builder_id) == ("restriction.imposed", "Pm", None)


def test_agents_may_not_restrict(session, world, now):
    wish = restrictions.Wish("No.", now + timedelta(days=1), user_id=world.pm.user_id)
    for by in (world.agent, world.owner):
        with pytest.raises(Forbidden):
            restrictions.restrict(session, wish, by=by, at=now)


def test_staff_and_nobody_can_not_be_restricted(world, restrict):
    for user_id in (world.agent.user_id, uuid7()):
        with pytest.raises(NobodyThere):
            restrict(user_id=user_id)


def test_nobody_is_restricted_twice_at_a_time(world, restrict, now):
    restrict(days=7)
    with pytest.raises(RestrictedAlready):
        restrict(days=30)
    restrict(at=now + timedelta(days=8))


def test_one_persons_restriction_is_nobody_elses(session, world, restrict, now):
    restrict(days=7)
    restrict(user_id=world.stranger.user_id)
    assert queries.own(session, world.agent) == []
    assert [one.user_id for one in queries.own(session, world.stranger)] == [world.stranger.user_id]
    refuse_if_restricted(session, world.owner, at=now)


def test_of_two_who_restrict_at_once_the_second_is_told(app, session, world, now):
    def done(session):
        wish = restrictions.Wish("No.", now + timedelta(days=1), user_id=world.pm.user_id)
        restrictions.restrict(session, wish, by=world.manager, at=now)

    with pytest.raises(RestrictedAlready):
        one_after_the_other(app, PLATFORM, done, done)
    session.rollback()
    assert len(session.scalars(select(Restriction)).all()) == 1


def test_it_can_be_lifted_once(session, world, restrict, told, now):
    restriction = restrict()
    restrictions.lift(session, restriction, by=world.manager, at=now)
    refuse_if_restricted(session, world.pm, at=now)
    with pytest.raises(NotInForce):
        restrictions.lift(session, restriction, by=world.manager, at=now)
    assert (world.pm.user_id, "restriction_lifted") in told()
    assert acts(session) == ["restriction.imposed", "restriction.lifted"]


def test_whoever_is_restricted_objects_once_and_managers_hear_it(
    session, world, restrict, told, now
):
    restriction = restrict()
    restrictions.appeal(session, restriction, "I was quoting.", by=world.pm, at=now)
    with pytest.raises(AppealedAlready):
        restrictions.appeal(session, restriction, "Please!", by=world.pm, at=now)
    heard = told()
    assert (world.manager.user_id, "restriction_appealed") in heard
    assert (world.agent.user_id, "restriction_appealed") not in heard


def test_a_company_speaks_through_those_who_run_it(session, world, restrict, now):
    restriction = restrict(builder_id=world.acme.id)
    with pytest.raises(NotInForce):
        restrictions.appeal(session, restriction, "Please.", by=world.pm, at=now)
    restrictions.appeal(session, restriction, "Please.", by=world.owner, at=now)


def test_others_and_the_late_can_not_object(session, world, restrict, now):
    restriction = restrict(days=1)
    assert not restrictions.may_appeal(restriction, world.stranger, now)
    later = now + timedelta(days=2)
    with pytest.raises(NotInForce):
        restrictions.appeal(session, restriction, "Too late.", by=world.pm, at=later)


def test_an_objection_is_answered_and_the_restriction_stays(session, world, restrict, told, now):
    restriction = restrict()
    with pytest.raises(NothingToAnswer):
        restrictions.decline_appeal(session, restriction, "No.", by=world.manager, at=now)
    restrictions.appeal(session, restriction, "I was quoting.", by=world.pm, at=now)
    restrictions.decline_appeal(session, restriction, "You were not.", by=world.admin, at=now)
    with pytest.raises(NothingToAnswer):
        restrictions.grant_appeal(session, restriction, "Or so.", by=world.manager, at=now)
    with pytest.raises(Restricted):
        refuse_if_restricted(session, world.pm, at=now)
    assert (world.pm.user_id, "appeal_answered") in told()
    assert acts(session)[-1] == "restriction.upheld"


def test_an_objection_that_is_right_ends_it(session, world, restrict, told, now):
    restriction = restrict()
    restrictions.appeal(session, restriction, "I was quoting.", by=world.pm, at=now)
    restrictions.grant_appeal(session, restriction, "You were.", by=world.manager, at=now)
    refuse_if_restricted(session, world.pm, at=now)
    heard = told()
    assert (world.pm.user_id, "appeal_answered") in heard
    assert (world.pm.user_id, "restriction_lifted") not in heard  # one letter says both


def test_what_is_over_meanwhile_is_answered_all_the_same(session, world, restrict, now):
    restriction = restrict(days=1)
    restrictions.appeal(session, restriction, "I was quoting.", by=world.pm, at=now)
    later = now + timedelta(days=2)
    restrictions.decline_appeal(session, restriction, "It is over.", by=world.manager, at=later)
    assert restriction.answered_at == later


def test_who_is_erased_before_they_are_told_breaks_nothing(session, world, restrict, told):
    session.delete(restrict())
    assert told() == set()


@pytest.mark.parametrize("role", [Role.PM, Role.FIELD])
def test_rights_are_of_the_platform_alone(world, restrict, session, person, role, now):
    with pytest.raises(Forbidden):
        restrictions.lift(session, restrict(), by=person(role, world.birch), at=now)
