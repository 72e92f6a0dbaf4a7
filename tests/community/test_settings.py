"""A builder's name stands beside its people as long as the builder wants it to."""

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.community.models import CommunitySettings
from portal.community.queries import people
from portal.community.service import points, settings
from portal.community.service.settings import ChangedMeanwhile, Choice
from portal.core.permissions import Forbidden
from portal.foundation.tenancy import PLATFORM, ForeignRow, see
from tests.support.racing import one_after_the_other


@pytest.fixture
def saved(session, world, now):
    def done(by=None, **choice):
        by = by or world.owner
        see(session, by.builder_id)
        settings.save(session, Choice(**choice), by=by, at=now)
        session.commit()

    return done


@pytest.fixture
def member(session, world, now):
    def made(user_id):
        points.taking_part(session, user_id, at=now)
        session.commit()
        return people.profile(session, user_id)

    see(session, PLATFORM)
    return made


def test_without_a_word_the_name_is_shown_and_the_portal_reads(session, world):
    see(session, world.acme.id)
    assert settings.of(session, world.acme.id) == Choice()
    assert people.shown_names(session, [world.acme.id, None]) == {world.acme.id: "Acme Homes"}
    assert people.portal_may_read(session, world.acme.id)


def test_what_one_chose_holds_whoever_looks(session, world, saved):
    saved(shows_name=False, portal_reads=False)
    for tenant in (world.birch.id, world.acme.id, PLATFORM):
        see(session, tenant)
        names = people.shown_names(session, [world.acme.id, world.birch.id])
        assert names == {world.birch.id: "Birch Build"}
        assert not people.portal_may_read(session, world.acme.id)
        assert people.portal_may_read(session, world.birch.id)


def test_nobody_reads_or_writes_the_settings_of_another(session, world, saved, now):
    saved(shows_name=False)
    see(session, world.birch.id)
    assert session.scalars(select(CommunitySettings)).all() == []
    session.add(CommunitySettings(builder_id=world.acme.id, updated_at=now))
    with pytest.raises(ForeignRow):
        session.flush()


def test_of_two_who_save_at_once_the_second_is_told(app, session, world, now):
    def save(session):
        settings.save(session, Choice(shows_name=False), by=world.owner, at=now)

    with pytest.raises(ChangedMeanwhile):
        one_after_the_other(app, world.acme.id, save, save)
    session.rollback()
    assert settings.of(session, world.acme.id).version == 1


def test_only_those_who_run_the_company_choose(session, world, now):
    for by in (world.pm, world.manager):
        with pytest.raises(Forbidden):
            settings.save(session, Choice(), by=by, at=now)


def test_a_profile_has_the_company_only_where_it_is_shown(world, member, saved, session):
    assert member(world.pm.user_id).builder_name == "Acme Homes"
    saved(shows_name=False)
    see(session, PLATFORM)
    assert people.profile(session, world.pm.user_id).builder_name == ""


def test_staff_have_a_profile_without_a_company(world, member):
    found = member(world.agent.user_id)
    assert (found.is_staff, found.builder_name) == (True, "")


def test_nobody_has_a_profile_who_never_took_part_or_is_gone(session, world, member):
    assert people.profile(session, world.pm.user_id) is None
    assert member(world.client.user_id) is None
    assert member(world.pm.user_id) is not None
    session.get_one(User, world.pm.user_id).disabled_at = world.acme.created_at
    session.flush()
    assert people.profile(session, world.pm.user_id) is None
