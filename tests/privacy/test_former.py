"""People who were removed: found, taken along and erased by the company that knew them, and by no
other."""

import pytest
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import FormerMember, Membership, User
from portal.accounts.service import team
from portal.core.permissions import Role
from portal.privacy.queries import people
from portal.privacy.service import erasing, exporting
from portal.tickets.models import Ticket
from tests.fixtures.world import NOW, World
from tests.privacy.conftest import EMAIL, NAME, Past
from tests.privacy.test_erasing import whereabouts

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def remove(session, world: World):
    def go(past: Past, by=None) -> FormerMember:
        team.remove(session, past.membership, by=by or world.owner, at=NOW)
        session.commit()
        return session.get_one(FormerMember, past.membership.id)

    return go


def found(session, actor, search=""):
    return [one.id for one in people.former_members(session, actor, search, None).items]


def test_who_was_removed_is_found_by_their_company_alone(session, past, world, remove) -> None:
    assert found(session, world.owner) == []
    former = remove(past)
    for words in ("", "vogelsang", "CANARIA", EMAIL, "example.com"):
        assert found(session, world.owner, words) == [former.id]
    assert found(session, world.owner, "%") == found(session, world.owner, "_") == []
    for other in (world.stranger, world.admin):
        assert found(session, other, "") == []
    assert people.in_reach(session, world.owner, former.id) is former
    assert people.in_reach(session, world.stranger, former.id) is None


def test_nothing_is_left_of_them_after_it(session, runtime, past, world, remove, forget) -> None:
    former = remove(past)
    shown = erasing.preview(session, former, by=world.owner)
    assert (shown.wholly, shown.refused) == (True, "")
    assert (shown.found["tickets"], shown.found["messages"], shown.found["files"]) == (1, 1, 1)
    assert (shown.found["sign_ins"], shown.found["tokens"]) == (0, 0)
    erasing.begin(session, former, EMAIL, by=world.owner, at=NOW)
    assert found(session, world.owner) == []
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria", "vogelsang") == []
    assert session.scalars(select(FormerMember)).all() == []


def test_their_data_can_be_taken_along(session, past, world, remove, made) -> None:
    data, bundle = made(exporting.ask_for(session, remove(past), by=world.owner, at=NOW))
    (left,) = data["former_memberships"]
    assert (left["company"], left["role"]) == ("Acme Homes", "client")
    assert data["memberships"] == []
    assert len(data["tickets"]) == 1
    assert "Removed on" in bundle.read("index.html").decode()


def test_whom_two_have_removed_each_forgets_by_itself(
    session, runtime, past, world, enrol, leave_traces, remove, forget
) -> None:
    birch = leave_traces(*enrol(world.birch))
    here, there = remove(past), remove(birch, world.stranger)
    assert not erasing.preview(session, here, by=world.owner).wholly
    erasing.begin(session, here, EMAIL, by=world.owner, at=NOW)
    forget()
    kept = session.get_one(Ticket, birch.ticket.id)
    assert (kept.requester_name, kept.requester_email) == (NAME, EMAIL)
    assert session.get_one(Ticket, past.ticket.id).requester_name == "Former client"
    assert found(session, world.stranger, NAME) == [there.id]
    assert erasing.preview(session, there, by=world.stranger).wholly
    erasing.begin(session, there, EMAIL, by=world.stranger, at=NOW)
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria") == []


def test_who_is_elsewhere_goes_on_there(
    session, runtime, past, world, enrol, leave_traces, remove, forget
) -> None:
    birch = leave_traces(*enrol(world.birch))
    login = accounts.start_login(session, birch.actor.user_id, at=NOW, portal=world.birch.id)
    erasing.begin(session, remove(past), EMAIL, by=world.owner, at=NOW)
    forget()
    user = session.scalars(select(User).where(User.id == past.actor.user_id)).one()
    assert (user.name, user.email, user.disabled_at) == (NAME, EMAIL, None)
    assert accounts.actor_of_login(session, login.id) == birch.actor


def test_who_is_erased_here_is_still_found_where_they_were(
    session, past, world, enrol, leave_traces, remove, forget
) -> None:
    """A member of Acme's, and a former one of Birch's, who still has her name in its tickets."""
    birch = leave_traces(*enrol(world.birch))
    there = remove(birch, world.stranger)
    erasing.begin(session, past.membership, EMAIL, by=world.owner, at=NOW)
    forget()
    assert found(session, world.stranger, EMAIL) == [there.id]


def test_who_comes_back_is_no_former_member(session, past, world, remove, enrol) -> None:
    former = remove(past).id
    _actor, again = enrol(world.acme, Role.VENDOR)
    session.commit()
    session.expire_all()
    assert found(session, world.owner) == []
    assert people.in_reach(session, world.owner, former) is None
    team.remove(session, again, by=world.owner, at=NOW)
    session.commit()
    assert found(session, world.owner) == [again.id]


def test_who_asked_before_they_were_removed_is_not_forgotten(session, past, world, remove) -> None:
    asked = erasing.ask(session, past.membership, by=past.actor, at=NOW)
    session.commit()
    begun = erasing.begin(session, remove(past), EMAIL, by=world.owner, at=NOW)
    assert (begun.id, begun.state) == (asked.id, "running")


def test_the_platforms_own_people_are_found_by_the_platform(
    session, runtime, past, world, forget
) -> None:
    agent = session.scalars(
        select(Membership).where(Membership.user_id == world.agent.user_id)
    ).one()
    agent.user.name, agent.user.email = "Stella Firmament", "stella@corbel.test"
    session.commit()
    team.remove(session, agent, by=world.admin, at=NOW)
    session.commit()
    assert found(session, world.admin) == [agent.id]
    assert found(session, world.owner) == []
    former = session.get_one(FormerMember, agent.id)
    erasing.begin(session, former, "stella@corbel.test", by=world.admin, at=NOW)
    forget()
    assert whereabouts(session, runtime, "stella", "firmament") == []


def test_a_former_owner_is_no_last_owner(session, world, enrol) -> None:
    _actor, other = enrol(world.acme, Role.OWNER)
    session.commit()
    team.remove(session, other, by=world.owner, at=NOW)
    session.commit()
    former = session.get_one(FormerMember, other.id)
    assert erasing.preview(session, former, by=world.owner).refused == ""
