"""Two ideas that are one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core.audience import Reader
from portal.core.permissions import Forbidden, Role
from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaComment
from portal.ideas.queries import asked, listing, wanting
from portal.ideas.service import commenting, merging, voting
from portal.ideas.service.refusals import CannotMerge, NotOpen
from portal.search.documents import Question
from portal.search.service import find
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.support.racing import one_after_the_other
from tests.tickets.making import filed

LATER = NOW + timedelta(days=1)


@pytest.fixture
def pair(session, world):
    """Acme wants both, one other builder each of them."""
    same, into = idea(session, world.owner), idea(session, world.stranger, "Pictures in logs")
    left, right = crowd(session, 2)
    voting.vote(session, same, by=left, at=NOW)
    voting.vote(session, into, by=right, at=NOW)
    voting.vote(session, into, "Second reason", by=world.pm, at=LATER)
    voting.explain(session, same, "First reason", by=world.owner)
    commenting.comment(session, same, "Please soon", by=world.owner, at=NOW)
    session.commit()
    return same, into


def test_votes_are_united_one_a_builder(session, world, pair):
    same, into = pair
    merging.merge(session, same, into, by=world.manager, at=LATER)
    session.commit()
    rows = select(func.count()).where(FeatureRequestVote.request_id == into.id)
    assert (into.vote_count, session.scalar(rows)) == (4, 4)
    assert same.vote_count == 0
    assert same.merged_into_id == into.id
    acme = voting.own_vote(session, into.id, world.owner)
    assert acme.reason == "Second reason\n\nFirst reason"
    assert acme.created_at == NOW


def test_comments_move_along(session, world, pair):
    same, into = pair
    merging.merge(session, same, into, by=world.manager, at=LATER)
    moved = select(IdeaComment.body).where(IdeaComment.request_id == into.id)
    assert session.scalars(moved).all() == ["Please soon"]
    assert (same.comment_count, into.comment_count) == (0, 1)


def test_it_is_gone_from_lists_and_search(session, world, pair):
    same, into = pair
    merging.merge(session, same, into, by=world.manager, at=LATER)
    session.commit()
    shown = listing.listed(session, None, listing.Wanted(order="new")).items
    assert same.id not in {one.id for one in shown}
    found = find(session, Question("photos daily logs", "en", kinds=("idea",)), Reader(Role.OWNER))
    assert same.id not in {hit.id for hit in found.hits}


def test_what_was_merged_before_leads_to_the_last(session, world, pair):
    same, into = pair
    last = idea(session, world.stranger, "Media everywhere")
    merging.merge(session, same, into, by=world.manager, at=LATER)
    merging.merge(session, into, last, by=world.manager, at=LATER)
    session.commit()
    assert session.get_one(FeatureRequest, same.id).merged_into_id == last.id
    assert last.vote_count == 4


def test_it_is_neither_itself_nor_gone_nor_a_way_out_of_what_is_internal(session, world, pair):
    same, into = pair
    inside = idea(session, world.manager, "Secret plan", is_internal=True)
    for one, other in ((same, same), (inside, into), (same, inside)):
        with pytest.raises(CannotMerge):
            merging.merge(session, one, other, by=world.manager, at=LATER)
    merging.merge(session, same, into, by=world.manager, at=LATER)
    with pytest.raises(CannotMerge):
        merging.merge(session, same, into, by=world.manager, at=LATER)


def test_agents_do_not_merge(session, world, pair):
    with pytest.raises(Forbidden):
        merging.merge(session, *pair, by=world.agent, at=LATER)


def test_who_votes_for_what_is_being_merged_is_told(app, session, world, pair):
    """And their vote is not lost on an idea that nobody sees any more."""
    same, into = pair
    voting.take_back(session, same, by=world.owner)
    session.commit()

    def merge(session):
        pairs = (session.get_one(FeatureRequest, one.id) for one in (same, into))
        merging.merge(session, *pairs, by=world.manager, at=LATER)

    def vote(session):
        voting.vote(session, session.get_one(FeatureRequest, same.id), by=world.pm, at=LATER)

    with pytest.raises(NotOpen):
        one_after_the_other(app, "platform", merge, vote)
    session.expire_all()
    rows = select(func.count()).where(FeatureRequestVote.request_id == into.id)
    assert session.get_one(FeatureRequest, into.id).vote_count == session.scalar(rows) == 4


def test_whoever_asked_for_either_in_a_ticket_hears_of_it(session, pack, world, pair):
    same, into = pair
    ticket = filed(session, pack, world.pm, NOW)
    for one in pair:
        voting.vote_for(session, one, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    merging.merge(session, same, into, by=world.manager, at=LATER)
    assert asked.elsewhere(session, world.agent, into.id).tickets == [ticket.number]
    assert world.pm.user_id in wanting.people(session, [into.id], None, 99)
