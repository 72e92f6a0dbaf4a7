"""The tracker's pages, and what the page of an idea shows of it: to staff alone."""

from html import unescape

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.backlog.models import BacklogConnection, State
from portal.backlog.service import bringing
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.support.http_receiver import Answer
from tests.support.trackers import ACCOUNT, API_KEY, TOKEN

SETTINGS = "/staff/backlog"


@pytest.fixture
def admin(sign_in, world):
    return sign_in(world.admin)


@pytest.fixture
def wish(session, world):
    found = idea(session, world.owner)
    session.commit()
    return found


def typed(jira, **fields):
    usual = {
        "kind": "jira",
        "site": jira.url,
        "account": ACCOUNT,
        "token": TOKEN,
        "project": "eng",
        "issue_type": "Task",
        "seen": "0",
    }
    return usual | fields


def words(answer):
    return unescape(answer.text)


def kept(session):
    session.rollback()
    return session.scalars(select(BacklogConnection)).one_or_none()


def test_without_a_tracker_both_are_offered(admin):
    shown = words(admin.get(SETTINGS))
    assert "No tracker is connected" in shown
    assert "Connect Jira" in shown
    assert "Connect Linear" in shown


def test_jira_is_connected_tried_and_shows_no_token_again(admin, jira, session):
    answer = admin.post(SETTINGS, data=typed(jira))
    assert answer.status_code == 303
    assert (kept(session).project, kept(session).version) == ("ENG", 1)
    assert TOKEN not in words(admin.get(SETTINGS))
    tried = words(admin.post(f"{SETTINGS}/trial"))
    assert "We are Corbel Bot there, and the project is Engineering." in tried


def test_linear_is_connected_and_tried(admin, linear, session, runtime, point_at):
    point_at(linear)
    answer = admin.post(
        SETTINGS, data={"kind": "linear", "token": API_KEY, "project": "ENG", "seen": "0"}
    )
    assert answer.status_code == 303
    tried = words(admin.post(f"{SETTINGS}/trial"))
    assert "We are Corbel Bot there, and the project is Engineering." in tried


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("site", "http://10.0.0.1", "such as https://your-company.atlassian.net"),
        ("site", "not an address", "such as https://your-company.atlassian.net"),
        ("account", "", "Enter the e-mail address whose token it is."),
        ("project", 'ENG" OR 1=1', "capitals, digits and underscores"),
        ("issue_type", "", "Enter a type of issue"),
        ("token", "", "Enter the token."),
        ("begins_at", "shipped", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_still_there(
    admin, jira, session, field, value, said
):
    answer = admin.post(SETTINGS, data=typed(jira, **{field: value}))
    assert answer.status_code == 422
    assert said in words(answer)
    assert jira.url in answer.text or field == "site"
    assert kept(session) is None


def test_the_kept_token_goes_nowhere_else(admin, jira, linear, session):
    admin.post(SETTINGS, data=typed(jira))
    moved = admin.post(SETTINGS, data=typed(jira, site=linear.url, token="", seen="1"))
    assert moved.status_code == 422
    assert "the kept one only goes where it went before" in words(moved)
    again = admin.post(SETTINGS, data=typed(jira, issue_type="Bug", token="", seen="1"))
    assert again.status_code == 303
    assert kept(session).issue_type == "Bug"


def test_over_a_newer_change_nothing_is_saved_and_nothing_lost(admin, jira, session):
    admin.post(SETTINGS, data=typed(jira))
    stale = admin.post(SETTINGS, data=typed(jira, issue_type="Bug"))
    assert stale.status_code == 409
    assert "Somebody else has saved this connection meanwhile" in words(stale)
    assert 'value="Bug"' in stale.text
    assert kept(session).issue_type == "Task"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401, "who?"), "It does not take our token."),
        (Answer(500, "oh"), "It is out of order."),
        (Answer(429), "It asked us to wait."),
        (Answer(200, "hello"), "It answered something that we do not understand."),
        (Answer(302, "", {"Location": "/"}), "There is nothing at its address that may be asked."),
    ],
)
def test_a_trial_says_why_it_would_not_work(admin, jira, answer, said):
    admin.post(SETTINGS, data=typed(jira))
    jira.fail("GET /rest/api/3/myself", answer)
    assert said in words(admin.post(f"{SETTINGS}/trial"))


def test_a_trial_names_the_types_of_issue_that_there_are(admin, jira):
    admin.post(SETTINGS, data=typed(jira, issue_type="Story"))
    assert "Task, Bug" in words(admin.post(f"{SETTINGS}/trial"))


def test_a_project_that_is_not_there_is_said(admin, jira):
    admin.post(SETTINGS, data=typed(jira, project="OPS"))
    assert "It has no such project or team" in words(admin.post(f"{SETTINGS}/trial"))


def test_it_is_disconnected_after_a_question(admin, jira, session):
    admin.post(SETTINGS, data=typed(jira))
    assert "Disconnect Jira?" in words(admin.get(f"{SETTINGS}/removal"))
    assert admin.post(f"{SETTINGS}/removal").status_code == 303
    assert kept(session) is None
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.at)).all()
    assert {"backlog.saved", "backlog.removed"} <= set(acts)


def test_an_idea_is_sent_from_its_page_and_shows_where_it_is(
    sign_in, world, connect, jira, wish, happen
):
    connect(jira)
    lead = sign_in(world.manager)
    assert "Send it to Jira" in words(lead.get(f"{SETTINGS}/ideas/{wish.number}"))
    sent = lead.post(f"{SETTINGS}/ideas/{wish.number}")
    assert sent.headers["Location"].endswith(f"/ideas/{wish.number}")
    assert "On its way" in words(lead.get(f"{SETTINGS}/ideas/{wish.number}"))
    happen(NOW.replace(year=2027))
    shown = words(lead.get(f"{SETTINGS}/ideas/{wish.number}"))
    assert "In step" in shown
    assert f'href="{jira.url}/browse/ENG-1"' in shown
    assert "To Do" in shown


def test_what_it_said_when_it_refused_is_there_with_what_to_do(
    sign_in, world, connect, jira, wish, happen, session
):
    connect(jira, issue_type="Story")
    bringing.bring(session, wish, by=world.manager, at=NOW)
    happen(NOW)
    shown = words(sign_in(world.manager).get(f"{SETTINGS}/ideas/{wish.number}"))
    assert "Failed" in shown
    assert "It does not take this as it is." in shown
    assert "Specify a valid issue type" in shown
    assert "Send it anew" in shown


def test_agents_see_where_it_is_and_press_nothing(
    sign_in, world, connect, jira, wish, happen, session
):
    connect(jira)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    happen(NOW)
    shown = words(sign_in(world.agent).get(f"{SETTINGS}/ideas/{wish.number}"))
    assert "ENG-1" in shown
    assert "Bring it up to date" not in shown


def test_nobody_else_hears_of_it(app, sign_in, world, connect, jira, wish, happen, session):
    connect(jira)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    happen(NOW)
    for reader in (app.test_client(), sign_in(world.owner), sign_in(world.stranger)):
        shown = words(reader.get(f"/ideas/{wish.number}"))
        assert SETTINGS not in shown
        assert "tracker" not in shown
        assert reader.get(f"{SETTINGS}/ideas/{wish.number}").status_code in {302, 403}


def test_the_page_of_an_idea_asks_for_it_in_part(sign_in, world, connect, jira, wish):
    lead = sign_in(world.manager)
    assert f'hx-get="{SETTINGS}/ideas/{wish.number}"' in lead.get(f"/ideas/{wish.number}").text
    part = {"HX-Request": "true"}
    path = f"{SETTINGS}/ideas/{wish.number}"
    assert lead.get(path, headers=part).text.strip() == ""
    connect(jira)
    assert lead.get(path, headers=part).text.strip().startswith("<section")
    sent = lead.post(path, headers=part)
    assert 'hx-trigger="every 3s"' in sent.text
    assert "On its way" in sent.text


def test_what_did_not_get_there_is_listed_and_tried_again(
    admin, world, connect, jira, wish, happen, session, item
):
    connect(jira)
    jira.fail("POST /rest/api/3/search", Answer(403, "not you"))
    bringing.bring(session, wish, by=world.manager, at=NOW)
    happen(NOW)
    shown = words(admin.get(SETTINGS))
    assert "Our token may not do this there." in shown
    assert "Try all of them again" in shown
    assert admin.post(f"{SETTINGS}/resumption").status_code == 303
    happen(NOW.replace(year=2027))
    assert item().state == State.SENT


def test_sending_without_a_tracker_is_told(sign_in, world, wish):
    answer = sign_in(world.manager).post(f"{SETTINGS}/ideas/{wish.number}")
    assert answer.status_code == 409
    assert "No tracker is connected any more." in answer.text
