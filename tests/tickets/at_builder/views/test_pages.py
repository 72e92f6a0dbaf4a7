"""Acme's office answers at its own desk."""

import pytest
from sqlalchemy import select

from portal.foundation import outbox
from portal.foundation.deliveries import Delivery
from portal.notifications.models import Notification
from portal.tickets.models import CannedReply, Message
from tests.fixtures.world import NOW
from tests.tickets.at_builder.conftest import look_again

pytestmark = pytest.mark.usefixtures("noon")
DESK = "/company/desk"


@pytest.fixture
def drain(runtime):
    return lambda at=NOW: outbox.drain(runtime.writers, runtime.subscribers, at=at)


@pytest.fixture
def office(world, sign_in):
    return sign_in(world.owner)


def test_the_inbox_shows_what_is_open(world, asked, office, sign_in):
    assert asked.subject in office.get(DESK).text
    assert asked.subject in office.get(f"{DESK}?view=issues").text
    assert asked.subject in office.get(f"{DESK}?view=free").text
    assert asked.subject not in office.get(f"{DESK}?view=mine").text
    assert asked.subject not in office.get(f"{DESK}?view=done").text
    assert asked.subject not in sign_in(world.stranger).get(DESK).text


def test_the_team_hears_of_it_and_the_platform_does_not(world, asked, session, drain):
    drain()
    told = set(session.scalars(select(Notification.user_id)))
    assert {world.owner.user_id, world.pm.user_id} <= told
    assert not told & {world.agent.user_id, world.manager.user_id, world.admin.user_id}
    letters = set(session.scalars(select(Delivery.recipient)))
    assert not {one for one in letters if one.endswith("@corbel.test")}


def test_an_answer_reaches_the_client_and_makes_its_writer_the_handler(
    world, asked, session, office, sign_in, drain
):
    answer = office.post(
        f"{DESK}/{asked.number}/replies", data={"kind": "reply", "body": "We look at it today."}
    )
    assert answer.status_code == 303
    assert "Take it back" in office.get(f"{DESK}/{asked.number}").text
    client = sign_in(world.client)
    assert "We look at it today." not in client.get(f"/tickets/{asked.number}").text
    message = session.scalars(select(Message)).one()
    message.leaves_at = NOW
    session.commit()
    drain(NOW.replace(minute=1))
    assert "We look at it today." in client.get(f"/tickets/{asked.number}").text
    look_again(session)
    assert asked.handler_id == world.owner.user_id


def test_a_note_stays_with_the_team(world, asked, office, sign_in):
    data = {"kind": "note", "body": "She was difficult last time."}
    office.post(f"{DESK}/{asked.number}/replies", data=data)
    assert "She was difficult" in office.get(f"{DESK}/{asked.number}").text
    assert "She was difficult" not in sign_in(world.client).get(f"/tickets/{asked.number}").text


def test_what_was_typed_survives_a_refusal(asked, office):
    words = "x" * 50_001
    answer = office.post(f"{DESK}/{asked.number}/replies", data={"kind": "note", "body": words})
    assert answer.status_code == 422
    assert words in answer.text
    assert "longer than we can take" in answer.text


def test_canned_words_follow_what_was_typed(asked, office, session, world):
    office.post(f"{DESK}/canned", data={"title": "Visit", "body": "When may we come?"})
    key = session.scalars(select(CannedReply.id)).one()
    data = {"kind": "reply", "body": "Hello Clara", "canned": str(key)}
    page = office.post(f"{DESK}/{asked.number}/replies", data=data).text
    assert "Hello Clara\n\nWhen may we come?" in page
    assert session.scalars(select(Message)).all() == []


def test_a_canned_reply_of_another_builder_is_not_there(asked, office, sign_in, world, session):
    sign_in(world.stranger).post(f"{DESK}/canned", data={"title": "Birch", "body": "Ours"})
    key = session.scalars(select(CannedReply.id)).one()
    assert office.get(f"{DESK}/canned/{key}").status_code == 404
    assert office.post(f"{DESK}/canned/{key}/removal").status_code == 404
    data = {"kind": "reply", "body": "", "canned": str(key)}
    assert office.post(f"{DESK}/{asked.number}/replies", data=data).status_code == 404


def test_a_title_is_given_once(office):
    first = {"title": "Visit", "body": "When may we come?"}
    assert office.post(f"{DESK}/canned", data=first).status_code == 303
    again = office.post(f"{DESK}/canned", data={"title": "VISIT", "body": "Another"})
    assert again.status_code == 422
    assert "Another" in again.text


def test_only_the_team_can_be_given_a_ticket(world, asked, office):
    for person in (world.client, world.agent, world.stranger):
        to = {"to": str(person.user_id)}
        assert office.post(f"{DESK}/{asked.number}/handler", data=to).status_code == 422
    to = {"to": str(world.pm.user_id)}
    assert office.post(f"{DESK}/{asked.number}/handler", data=to).status_code == 303


def test_settling_tells_the_client_what_came_of_it(world, asked, office, sign_in):
    bare = office.post(f"{DESK}/{asked.number}/resolution", data={"outcome": ""})
    assert bare.status_code == 422
    office.post(f"{DESK}/{asked.number}/resolution", data={"outcome": "The clock was wrong."})
    assert "The clock was wrong." in sign_in(world.client).get(f"/tickets/{asked.number}").text


def test_hours_and_targets_change_what_clients_are_promised(world, office, sign_in):
    rules = {"version": "0", "hours-tue": "08:00-12:00", "respond-urgent": "1h"}
    rules |= {"respond-normal": "2h", "holidays": "US"}
    assert office.post(f"{DESK}/rules", data=rules).status_code == 303
    page = sign_in(world.client).get("/tickets/new").text
    assert "We&#39;ll answer by Tue 24 Nov, 12:00." in page


@pytest.mark.parametrize(
    "hours", ["8 to 5", "17:00-08:00", "08:00-25:00", "08:00-12:00, 11:00-13:00"]
)
def test_hours_that_are_none_are_named_and_kept(office, hours):
    answer = office.post(f"{DESK}/rules", data={"version": "0", "hours-mon": hours})
    assert answer.status_code == 422
    assert f'value="{hours}"' in answer.text
    assert "08:00-12:00, 13:00-17:00" in answer.text


def test_the_second_of_two_is_told_and_loses_nothing(office):
    first = {"version": "0", "hours-mon": "08:00-12:00", "respond-normal": "4h"}
    second = {"version": "0", "hours-mon": "09:00-15:00", "respond-normal": "8h"}
    assert office.post(f"{DESK}/rules", data=first).status_code == 303
    answer = office.post(f"{DESK}/rules", data=second)
    assert answer.status_code == 409
    assert 'value="09:00-15:00"' in answer.text
    assert "08:00-12:00" in answer.text
    assert 'name="version" value="1"' in answer.text


def test_who_may_not_run_the_desk_may_still_work_there(world, asked, sign_in):
    pm = sign_in(world.pm)
    assert pm.get(f"{DESK}/{asked.number}").status_code == 200
    assert pm.get(f"{DESK}/rules").status_code == 403
    assert pm.get(f"{DESK}/{asked.number}/escalation").status_code == 403
