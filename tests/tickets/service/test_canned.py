"""What a builder's team keeps at hand, each under a title of its own."""

import pytest
from sqlalchemy import select

from portal.tickets.models import CannedReply
from portal.tickets.service import canned
from portal.tickets.service.canned import TitleTaken
from tests.fixtures.world import NOW
from tests.support.racing import one_after_the_other

TITLE = "Book a visit"


@pytest.fixture
def add(world):
    return lambda session: canned.add(session, TITLE, "Tomorrow?", by=world.pm, at=NOW)


def titles(session):
    session.rollback()
    return session.scalars(select(CannedReply.title)).all()


def test_of_two_who_add_a_title_at_once_the_second_is_told(app, world, session, add):
    with pytest.raises(TitleTaken):
        one_after_the_other(app, world.acme.id, add, add)
    assert titles(session) == [TITLE]


def test_of_two_who_give_a_title_at_once_the_second_is_told(app, world, session, add):
    with pytest.raises(TitleTaken):
        one_after_the_other(app, world.acme.id, add, renamed(session, world))
    assert sorted(titles(session)) == [TITLE, "Papers"]


def renamed(session, world):
    key = canned.add(session, "Papers", "Here.", by=world.pm, at=NOW).id
    session.commit()

    def rename(own):
        papers = own.get_one(CannedReply, key)
        canned.change(own, papers, TITLE, "Here.", by=world.owner, at=NOW)

    return rename
