"""One vote a builder, however many press at once, and a number that is always right."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from portal.accounts.models import AuditEntry
from portal.core.permissions import Forbidden
from portal.foundation.tenancy import see, seeing
from portal.ideas.models import FeatureRequest, FeatureRequestVote, Status
from portal.ideas.queries import reach
from portal.ideas.service import counting, statuses, voting
from portal.ideas.service.refusals import NobodysVote, NoSuchTicket, NotOpen
from portal.ideas.service.statuses import Decision
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.support.racing import one_after_the_other
from tests.tickets.making import filed


def counts(session, found):
    session.commit()
    session.expire_all()
    rows = select(func.count()).where(FeatureRequestVote.request_id == found.id)
    return session.get_one(FeatureRequest, found.id).vote_count, session.scalar(rows)


def test_a_builders_idea_brings_its_vote(session, world):
    found = idea(session, world.owner)
    assert counts(session, found) == (1, 1)
    own = voting.own_vote(session, found.id, world.pm)
    assert (own.user_id, own.user_name) == (world.owner.user_id, world.owner.name)


def test_staff_have_no_vote(session, world):
    found = idea(session, world.agent)
    assert counts(session, found) == (0, 0)
    with pytest.raises(NobodysVote):
        voting.vote(session, found, by=world.agent, at=NOW)


def test_the_second_of_a_company_learns_who_was_first(session, world):
    found = idea(session, world.stranger)
    first = voting.vote(session, found, "For our crews", by=world.owner, at=NOW)
    second = voting.vote(session, found, "Me too", by=world.pm, at=NOW + timedelta(days=1))
    assert first.fresh
    assert not second.fresh
    assert second.vote.id == first.vote.id
    assert (second.vote.user_name, second.vote.reason) == (world.owner.name, "For our crews")
    assert counts(session, found) == (2, 2)


def test_taking_back_twice_is_taking_back(session, world):
    found = idea(session, world.stranger)
    heat = found.heat
    voting.vote(session, found, by=world.owner, at=NOW)
    assert found.heat > heat
    assert voting.take_back(session, found, by=world.pm)
    assert not voting.take_back(session, found, by=world.pm)
    assert counts(session, found) == (1, 1)
    assert session.get_one(FeatureRequest, found.id).heat == pytest.approx(heat)


def test_clients_and_guests_do_not_vote(session, world):
    found = idea(session, world.stranger)
    with pytest.raises(Forbidden):
        voting.vote(session, found, by=world.client, at=NOW)


def test_what_is_decided_takes_no_votes_and_gives_none_back(session, world):
    found = idea(session, world.owner)
    statuses.decide(session, found, Decision(Status.SHIPPED), by=world.manager, at=NOW)
    with pytest.raises(NotOpen):
        voting.vote(session, found, by=world.stranger, at=NOW)
    with pytest.raises(NotOpen):
        voting.take_back(session, found, by=world.owner)


def test_why_is_masked_and_can_be_said_later_by_a_colleague(session, world):
    found = idea(session, world.owner)
    assert voting.explain(session, found, "password: Tr0ub4dor&3horse", by=world.pm)
    assert "Tr0ub4dor" not in voting.own_vote(session, found.id, world.pm).reason
    assert not voting.explain(session, found, "we too", by=world.stranger)


def test_who_voted_and_why_is_no_other_builders(session, world):
    found = idea(session, world.owner)
    voting.explain(session, found, "Larkspur waits", by=world.owner)
    session.commit()
    with seeing(session, world.birch.id):
        assert session.scalars(select(FeatureRequestVote)).all() == []
        assert voting.own_vote(session, found.id, world.stranger) is None
        assert reach.by_number(session, world.stranger, found.number).vote_count == 1


def test_staff_vote_in_the_name_of_whoever_asked_in_a_ticket(session, pack, world):
    found, ticket = idea(session, world.stranger), filed(session, pack, world.pm, NOW)
    cast = voting.vote_for(
        session, found, world.acme, "They asked twice", ticket.number, by=world.agent, at=NOW
    )
    assert cast.fresh
    assert cast.vote.user_id == world.pm.user_id
    assert cast.vote.on_behalf_by_name == world.agent.name
    assert counts(session, found) == (2, 2)
    again = voting.vote(session, found, by=world.owner, at=NOW)
    assert not again.fresh


def test_staff_take_back_what_staff_cast_and_nothing_else(session, world):
    found = idea(session, world.stranger)
    cast = voting.vote_for(session, found, world.acme, "", by=world.agent, at=NOW).vote
    heat, own = found.heat, voting.own_vote(session, found.id, world.stranger)
    assert voting.take_back_for(session, found, own.id, by=world.agent, at=NOW) is None
    with pytest.raises(Forbidden):
        voting.take_back_for(session, found, cast.id, by=world.owner, at=NOW)
    key = cast.id
    assert voting.take_back_for(session, found, key, by=world.second, at=NOW) is world.acme
    assert voting.take_back_for(session, found, key, by=world.second, at=NOW) is None
    assert counts(session, found) == (1, 1)
    assert found.heat < heat
    assert "idea.vote_withdrawn" in session.scalars(select(AuditEntry.act)).all()


@pytest.mark.parametrize("of", ["birch", "nobody"])
def test_a_ticket_must_be_theirs(session, pack, world, of):
    found, ticket = idea(session, world.stranger), filed(session, pack, world.pm, NOW)
    number = ticket.number if of == "birch" else 999_999
    with pytest.raises(NoSuchTicket):
        voting.vote_for(session, found, world.birch, "why", number, by=world.agent, at=NOW)


def test_builders_do_not_vote_in_others_names(session, world):
    found = idea(session, world.stranger)
    with pytest.raises(Forbidden):
        voting.vote_for(session, found, world.acme, "why", by=world.owner, at=NOW)


def test_what_is_loaded_with_its_builder_can_be_held(session, world):
    """PostgreSQL locks no row that an outer join may lack."""
    number = idea(session, world.stranger).number
    session.commit()
    session.expunge_all()
    loaded = reach.by_number(session, world.owner, number)
    assert voting.vote(session, loaded, by=world.owner, at=NOW).fresh


def again(session, found):
    return session.get_one(FeatureRequest, found.id)


def test_two_of_a_builder_at_the_same_moment_are_one_vote(app, session, world):
    found = idea(session, world.stranger)
    session.commit()
    answers = []

    def press(who, session):
        cast = voting.vote(session, again(session, found), by=who, at=NOW)
        answers.append((cast.fresh, cast.vote.user_id))

    first, second = partial(press, world.owner), partial(press, world.pm)
    one_after_the_other(app, world.acme.id, first, second)
    assert answers == [(True, world.owner.user_id), (False, world.owner.user_id)]
    assert counts(session, found) == (2, 2)


def test_taking_back_at_the_same_moment_counts_once(app, session, world):
    found = idea(session, world.owner)
    session.commit()
    answers = []

    def press(who, session):
        answers.append(voting.take_back(session, again(session, found), by=who))

    first, second = partial(press, world.owner), partial(press, world.pm)
    one_after_the_other(app, world.acme.id, first, second)
    assert answers == [True, False]
    assert counts(session, found) == (0, 0)


def test_a_hundred_at_once_are_counted_one_by_one(app, runtime, session, world):
    """Twenty builders press five times each, each time the other way."""
    found, people = idea(session, world.agent), crowd(session, 20)
    session.commit()

    def press(one):
        number, who = one
        with app.app_context(), runtime.writers.begin() as session:
            see(session, who.builder_id)
            it = again(session, found)
            if number % 2:
                voting.take_back(session, it, by=who)
            else:
                voting.vote(session, it, by=who, at=NOW + timedelta(minutes=number))

    def keep_pressing(who):
        for number in range(5):
            press((number, who))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep_pressing, people))
    assert counts(session, found) == (20, 20)


def test_a_counter_can_be_made_anew(session, world):
    found = idea(session, world.owner)
    for who in crowd(session, 3):
        voting.vote(session, found, by=who, at=NOW + timedelta(days=3))
    heat = found.heat
    found.vote_count, found.heat, found.comment_count = 77, 0.0, 5
    counting.recount(session, found)
    assert (found.vote_count, found.comment_count) == (4, 0)
    assert found.heat == pytest.approx(heat)
