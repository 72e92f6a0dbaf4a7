"""From a builder's desk up to the platform: what goes, what stays, and who may know."""

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.foundation import outbox
from portal.foundation.tenancy import see
from portal.policy import desk_rules
from portal.tickets.models import Escalation, Message, Ticket
from portal.tickets.service import passing
from portal.tickets.service.passing import AlreadyPassed, Passing
from tests.fixtures.world import NOW
from tests.support.racing import one_after_the_other
from tests.tickets.at_builder.conftest import look_again
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
DESK = "/company/desk"


@pytest.fixture
def drain(runtime):
    return lambda at=NOW: outbox.drain(runtime.writers, runtime.subscribers, at=at)


@pytest.fixture
def office(world, sign_in):
    return sign_in(world.owner)


def decided(**changes):
    form = {"subject": "Times are an hour late", "severity": "P3", "category": "bug"}
    form |= {"impact": "one", "note": "Since Monday.", "how-opening": "whole", "press": "1"}
    return form | changes


@pytest.fixture
def above(asked, office, session):
    """The platform's ticket, once the whole was passed up."""
    assert office.post(f"{DESK}/{asked.number}/escalation", data=decided()).status_code == 303
    return session.scalars(select(Ticket).where(Ticket.source == "escalation")).one()


def test_it_becomes_a_ticket_of_the_platforms_own(world, asked, above, session):
    assert (above.desk, above.requester_id) == ("platform", world.owner.user_id)
    assert above.plan == "business"
    assert "Since Monday." in above.description
    assert asked.description in above.description
    assert asked.requester_name not in above.description
    acts = session.scalars(select(AuditEntry.act)).all()
    assert acts == ["escalation.sent"]


def test_what_is_left_out_or_changed_does_not_go(asked, office, session):
    form = decided(**{"how-opening": "redacted", "text-opening": "The time is wrong."})
    office.post(f"{DESK}/{asked.number}/escalation", data=form)
    above = session.scalars(select(Ticket).where(Ticket.source == "escalation")).one()
    assert "The time is wrong." in above.description
    assert "4471" not in above.description


def test_notes_of_the_team_stay_unless_they_are_chosen(asked, office, session):
    data = {"kind": "note", "body": "She was difficult last time."}
    office.post(f"{DESK}/{asked.number}/replies", data=data)
    page = office.get(f"{DESK}/{asked.number}/escalation").text
    look_again(session)
    note = session.scalars(select(Message)).one()
    assert f'name="how-{note.id}" value="left_out" checked' in page
    office.post(f"{DESK}/{asked.number}/escalation", data=decided())
    look_again(session)
    above = session.scalars(select(Ticket).where(Ticket.source == "escalation")).one()
    assert "difficult" not in above.description


def test_nothing_at_all_is_not_passed_up(asked, office, session):
    form = decided(**{"how-opening": "left_out", "note": " "})
    answer = office.post(f"{DESK}/{asked.number}/escalation", data=form)
    assert answer.status_code == 422
    assert "Nothing would go up" in answer.text
    assert session.scalars(select(Escalation)).all() == []


def test_it_can_be_read_before_it_goes(asked, office, session):
    page = office.post(f"{DESK}/{asked.number}/escalation", data=decided(preview="1")).text
    assert "So the platform reads it" in page
    assert session.scalars(select(Escalation)).all() == []


def test_twice_at_once_is_once(asked, above, office, session):
    office.post(f"{DESK}/{asked.number}/escalation", data=decided(press="2"))
    assert len(session.scalars(select(Escalation)).all()) == 1
    assert len(session.scalars(select(Ticket)).all()) == 2


def test_of_two_who_pass_it_up_at_once_the_second_is_told(app, world, asked, session, pack):
    def pass_up(own):
        ticket, decided = own.get_one(Ticket, asked.id), Passing("Late", "P3", "bug", "one", "Hm.")
        passing.pass_up(own, pack, ticket, decided, by=world.owner, at=NOW)

    with pytest.raises(AlreadyPassed):
        one_after_the_other(app, world.acme.id, pass_up, pass_up)
    look_again(session)
    assert len(session.scalars(select(Escalation)).all()) == 1
    assert len(session.scalars(select(Ticket)).all()) == 2


def test_the_client_learns_nothing_of_it(world, asked, above, office, sign_in, drain):
    drain()
    client, agent = sign_in(world.client), sign_in(world.agent)
    agent.post(f"/desk/{above.number}/reply", data={"kind": "reply", "body": "Zone is off."})
    drain(NOW.replace(minute=5))
    for path in ("/", "/tickets", f"/tickets/{asked.number}", "/notifications", "/help"):
        page = client.get(path).text
        assert str(above.number) not in page.replace(str(asked.number), ""), path
        assert "Zone is off." not in page
        assert "latform" not in page, path
    assert client.get(f"/tickets/{above.number}").status_code == 404


def test_agents_see_what_it_hits_and_not_whose_it_is(world, asked, above, sign_in):
    page = sign_in(world.agent).get(f"/desk/{above.number}").text
    assert "Passed up" in page
    assert asked.requester_email not in page
    assert f"#{asked.number}" not in page


def test_progress_goes_down_where_the_builder_wants_it(
    world, asked, office, session, sign_in, drain
):
    form = decided(tells_progress="1")
    office.post(f"{DESK}/{asked.number}/escalation", data=form)
    above = session.scalars(select(Ticket).where(Ticket.source == "escalation")).one()
    drain()
    agent, client = sign_in(world.agent), sign_in(world.client)
    agent.post(f"/desk/{above.number}/reply", data={"kind": "reply", "body": "Zone is off."})
    drain(NOW.replace(minute=1))
    agent.post(f"/desk/{above.number}/resolution", data={"outcome": "Fixed in 4.2"})
    drain(NOW.replace(minute=2))
    page = client.get(f"/tickets/{asked.number}").text
    assert "The people who can mend this are on it." in page
    assert "This should work again now." in page
    assert "Zone is off." not in page
    assert "Fixed in 4.2" not in page
    assert "Acme Homes" in page
    assert "Corbel" not in page
    look_again(session)
    assert session.scalars(select(Escalation)).one().state == "settled"


def test_calling_back_closes_above_and_leaves_the_clients_alone(asked, above, office, session):
    assert office.post(f"{DESK}/{asked.number}/recall", data={"why": ""}).status_code == 422
    office.post(f"{DESK}/{asked.number}/recall", data={"why": "It was our own setting."})
    look_again(session)
    assert (above.status, asked.status) == ("closed", "open")
    escalation = session.scalars(select(Escalation)).one()
    assert (escalation.state, escalation.ended_why) == ("recalled", "It was our own setting.")
    again = office.post(f"{DESK}/{asked.number}/recall", data={"why": "Once more"})
    assert again.status_code == 303
    assert office.get(f"{DESK}/{asked.number}/escalation").status_code == 200


def test_the_platform_sends_it_back_with_a_reason(world, asked, above, office, sign_in, session):
    agent = sign_in(world.agent)
    assert agent.post(f"/desk/{above.number}/refusal", data={"why": ""}).status_code == 422
    agent.post(f"/desk/{above.number}/refusal", data={"why": "The zone is the reader's own."})
    look_again(session)
    assert above.status == "closed"
    assert "The zone is the reader&#39;s own." in office.get(f"{DESK}/{asked.number}").text
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["escalation.sent", "escalation.refused"]


def test_what_nobody_passed_up_cannot_be_sent_back(world, session, pack, sign_in):
    ticket = filed(session, pack, world.owner, NOW)
    session.commit()
    assert sign_in(world.agent).get(f"/desk/{ticket.number}/refusal").status_code == 404


def test_another_builders_ticket_is_not_there(world, asked, sign_in, session):
    stranger = sign_in(world.stranger)
    for path in ("escalation", "recall"):
        assert stranger.get(f"{DESK}/{asked.number}/{path}").status_code == 404
    answer = stranger.post(f"{DESK}/{asked.number}/escalation", data=decided())
    assert answer.status_code == 404
    assert session.scalars(select(Escalation)).all() == []


@pytest.fixture
def direct(world, runtime):
    """Acme passes on at once what is the platform's to mend."""
    with runtime.writers() as writer:
        see(writer, world.acme.id)
        rules = desk_rules.Rules(passes_directly=True, tells_progress=True)
        desk_rules.save(writer, rules, by=world.owner, at=NOW)
        writer.commit()


def test_a_platform_issue_goes_up_by_itself_where_the_builder_said_so(
    world, direct, session, drain
):
    model = desk_rules.model_for(session, world.client)
    usual = {"severity": "normal", "category": "bug"}
    filed(session, model, world.client, NOW, intent="site-issue", **usual)
    filed(session, model, world.client, NOW, subject="My house", **usual)
    session.commit()
    drain()
    escalation = session.scalars(select(Escalation)).one()
    assert (escalation.by_id, escalation.tells_progress) == (world.owner.user_id, True)
    assert escalation.ticket.intent == "site-issue"


def test_what_somebody_passed_up_by_hand_does_not_go_up_once_more(direct, above, session, drain):
    drain()
    look_again(session)
    assert len(session.scalars(select(Escalation)).all()) == 1
    failed = outbox.OutboxEvent.attempts > 0
    assert session.scalars(select(outbox.OutboxEvent.error).where(failed)).all() == []
