"""A ticket that is really a wish for the product."""

import re

import pytest
from sqlalchemy import func, select

from portal.core.ticket_states import State
from portal.ideas.models import FeatureRequest, FeatureRequestVote
from portal.ideas.queries import asked, wanting
from portal.ideas.service import statuses, voting
from portal.ideas.service.statuses import Decision, Status
from portal.tickets.models import Message, Ticket
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
WISH = "Please let Pat Doe of Larkspur Homes Ltd attach photos to daily logs. Call +1 415 555 0134."


@pytest.fixture
def ticket(session, pack, world):
    made = filed(session, pack, world.pm, NOW, subject="Photos on daily logs", description=WISH)
    made.requester_name = "Pat Doe"
    session.commit()
    return made


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def address(ticket):
    return f"/desk/{ticket.number}/idea"


def sent(**other):
    return {
        "title": "Photos on daily logs",
        "body": "Attach photos to a daily log.",
        "category": "scheduling",
        "reason": "Inspectors ask for them",
        "telling": "It is among our ideas now:",
        "then": "resolve",
        "press": "press-1",
    } | other


def ideas(session):
    return session.scalars(select(FeatureRequest).order_by(FeatureRequest.number)).all()


def test_it_is_offered_without_what_is_private(agent, ticket):
    page = agent.get(address(ticket)).text
    body = re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page, re.S)[1]
    assert "attach photos to daily logs" in body
    for private in ("Pat Doe", "Larkspur", "415"):
        assert private not in body
    assert "Pat Doe" in page.partition('name="reason"')[2]  # which only their company reads
    assert "Make it an idea" in agent.get(f"/desk/{ticket.number}").text


def test_the_asker_has_a_vote_a_reply_and_the_link(session, agent, ticket, world, sign_in):
    assert agent.post(address(ticket), data=sent()).status_code == 303
    session.expire_all()
    (made,) = ideas(session)
    vote = session.scalars(select(FeatureRequestVote)).one()
    assert (vote.user_id, vote.builder_id, vote.reason) == (
        world.pm.user_id,
        world.acme.id,
        "Inspectors ask for them",
    )
    assert (made.vote_count, made.builder_id, made.submitted_by) == (1, None, world.agent.user_id)
    assert asked.elsewhere(session, world.agent, made.id).tickets == [ticket.number]
    found = session.get_one(Ticket, ticket.id)
    assert found.state is State.RESOLVED
    reply = session.scalars(select(Message).where(Message.ticket_id == ticket.id)).one()
    assert reply.body.endswith(f"/ideas/{made.number}")
    assert f"#{made.number}" in sign_in(world.pm).get(f"/tickets/{ticket.number}").text
    assert f'/desk/{ticket.number}"' in agent.get(f"/ideas/{made.number}").text
    assert f"/desk/{ticket.number}" not in sign_in(world.owner).get(f"/ideas/{made.number}").text


def test_pressed_twice_it_is_one(session, agent, ticket):
    for _ in range(2):
        assert agent.post(address(ticket), data=sent()).status_code == 303
    session.expire_all()
    assert len(ideas(session)) == 1
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_what_looks_private_is_shown_before_everybody_reads_it(session, agent, ticket):
    words = sent(body="Pat Doe wants photos.")
    answer = agent.post(address(ticket), data=words)
    assert answer.status_code == 422
    assert "some of it looks private" in answer.text
    assert not ideas(session)
    looked = re.search(r'name="looked" value="([^"]+)"', answer.text)[1]
    other = agent.post(
        address(ticket), data={**words, "title": "For Larkspur Homes Ltd", "looked": looked}
    )
    assert other.status_code == 422  # another thing than what was looked at
    assert agent.post(address(ticket), data={**words, "looked": looked}).status_code == 303


def test_it_joins_one_that_is_there(session, agent, ticket, world):
    there = idea(session, world.stranger)
    session.commit()
    page = agent.get(address(ticket)).text
    assert there.title in page
    sending = sent(into=str(there.number), title="", body="")
    assert agent.post(address(ticket), data=sending).status_code == 303
    session.expire_all()
    assert [one.id for one in ideas(session)] == [there.id]
    assert session.get_one(FeatureRequest, there.id).vote_count == 2


def test_whoever_asks_after_a_colleague_hears_of_it_too(session, agent, ticket, world):
    there = idea(session, world.owner)  # of the same builder, which has voted by it
    session.commit()
    answer = agent.post(address(ticket), data=sent(other=str(there.number)), follow_redirects=True)
    assert "had voted for it already" in answer.text
    session.expire_all()
    assert session.get_one(FeatureRequest, there.id).vote_count == 1
    assert set(wanting.people(session, [there.id], None, 9)) == {
        world.owner.user_id,
        world.pm.user_id,
    }


@pytest.mark.parametrize("which", ["999999", "internal", "shipped"])
def test_one_that_cannot_be_joined(session, agent, ticket, world, which):
    number = which
    if which != "999999":
        there = idea(session, world.manager, is_internal=which == "internal")
        if which == "shipped":
            statuses.decide(session, there, Decision(Status.SHIPPED), by=world.manager, at=NOW)
        session.commit()
        number = str(there.number)
    answer = agent.post(address(ticket), data=sent(other=number))
    assert answer.status_code in {409, 422}
    assert "Inspectors ask for them" in answer.text  # nothing typed is lost
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(FeatureRequestVote)) == 0
    assert session.get_one(Ticket, ticket.id).active


def test_words_that_are_missing(agent, ticket):
    answer = agent.post(address(ticket), data=sent(title="", body="", telling=""))
    assert answer.status_code == 422
    for said in ("Give the idea a title", "Say what should be possible", "Tell them what you did"):
        assert said in answer.text


def test_a_finished_ticket_is_told_as_such(session, agent, ticket):
    session.get_one(Ticket, ticket.id).status = "merged"
    session.commit()
    assert agent.post(address(ticket), data=sent()).status_code == 409
    session.expire_all()
    assert not ideas(session)


def test_only_at_our_own_desk(session, pack, world, sign_in, agent):
    at_builder = filed(session, pack, world.client, NOW)
    session.commit()
    assert at_builder.at_builder
    assert agent.get(address(at_builder)).status_code == 404
    assert sign_in(world.owner).get(address(at_builder)).status_code in {403, 404}


def test_a_voter_is_whoever_asked_even_without_a_vote(session, world, ticket):
    there = idea(session, world.agent)
    voting.vote_for(session, there, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    voting.vote_for(session, there, world.acme, "why", ticket.number, by=world.agent, at=NOW)
    assert asked.elsewhere(session, world.agent, there.id).tickets == [ticket.number]
