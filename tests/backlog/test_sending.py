"""Ideas on their way to a tracker that keeps them, and to one that is in trouble: one issue each,
whatever happens on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.backlog.models import BacklogConnection, BacklogItem, State
from portal.backlog.queries import items
from portal.backlog.service import bringing, connecting
from portal.backlog.service.bringing import NotConnected
from portal.backlog.trackers import exchange
from portal.core.permissions import Forbidden
from portal.foundation.deliveries import Delivery, Status
from portal.ideas.models import Status as Stands
from portal.ideas.service import merging, statuses, submitting, voting
from portal.ideas.service.statuses import Decision
from portal.ideas.service.submitting import Words
from portal.ops import dead_letters
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.support.http_receiver import Answer, HangUp, Silence
from tests.support.trackers import StandInLinear, refusal, text_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("noon")]


@pytest.fixture
def wish(session, world):
    found = idea(session, world.owner, "Photos on daily logs", use_case="Prove *what* was built.")
    session.commit()
    return found


@pytest.fixture
def bring(session, world, wish, happen):
    """By hand, at a time."""

    def sent(at=NOW):
        bringing.bring(session, wish, by=world.manager, at=at)
        happen(at)

    return sent


def the_issue(tracker):
    assert len(tracker.issues) == 1
    return next(iter(tracker.issues.values()))


def said(tracker):
    """Title and text of the only issue."""
    issue = the_issue(tracker)
    if isinstance(tracker, StandInLinear):
        return issue["title"], issue["description"]
    return issue["summary"], text_of(issue["description"])


def creations(tracker):
    at_linear = isinstance(tracker, StandInLinear)
    return tracker.asked("Create") if at_linear else tracker.asked("POST /rest/api/3/issue")


def creating(tracker):
    return "Create" if isinstance(tracker, StandInLinear) else "POST /rest/api/3/issue"


def first(tracker):
    """What is asked for first of all."""
    return "Look" if isinstance(tracker, StandInLinear) else "POST /rest/api/3/search"


def test_an_idea_becomes_an_issue_and_its_link_comes_back(tracker, connect, bring, item):
    connect(tracker)
    bring()
    title, text = said(tracker)
    assert title == "Photos on daily logs"
    assert "wanted by 1 builder. Submitted." in text
    assert "what" in text
    assert "/ideas/1" in text
    found = item()
    assert (found.state, found.key) == (State.SENT, "ENG-1")
    assert found.url.endswith("/ENG-1")
    assert found.stage in {"To Do", "Backlog"}
    assert found.sent_at == NOW


def test_what_becomes_of_it_follows(tracker, connect, bring, happen, item, session, world, wish):
    connect(tracker)
    bring()
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW + MINUTE)
    assert "Planned." in said(tracker)[1]
    words = Words("Pictures on daily logs", "With a date.", category="scheduling")
    submitting.edit(session, wish, words, wish.version, by=world.manager, at=NOW + HOUR)
    happen(NOW + HOUR)
    title, text = said(tracker)
    assert title == "Pictures on daily logs"
    assert "With a date." in text
    assert item().state == State.SENT
    assert len(creations(tracker)) == 1


def test_one_that_is_merged_says_where_and_the_other_says_how_many(
    tracker, connect, bring, happen, session, world, wish
):
    connect(tracker)
    bring()
    other = idea(session, world.stranger, "Pictures in the diary")
    merging.merge(session, other, wish, by=world.manager, at=NOW)
    happen(NOW + MINUTE)
    assert "wanted by 2 builders" in said(tracker)[1]
    third = idea(session, world.stranger, "A camera button")
    merging.merge(session, wish, third, by=world.manager, at=NOW)
    happen(NOW + HOUR)
    assert f"Merged into idea #{third.number}." in said(tracker)[1]


def test_ideas_go_by_themselves_from_the_status_that_was_chosen(
    tracker, connect, happen, session, world, wish
):
    connect(tracker, begins_at="planned")
    statuses.decide(session, wish, Decision(Stands.UNDER_REVIEW), by=world.manager, at=NOW)
    happen(NOW)
    assert not tracker.issues
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW)
    assert "Planned." in said(tracker)[1]


def test_without_a_word_nothing_goes(tracker, connect, happen, session, world, wish):
    connect(tracker)
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW)
    assert not tracker.requests


def test_changes_that_have_not_left_leave_as_one(tracker, connect, happen, session, world, wish):
    connect(tracker)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW)
    assert len(creations(tracker)) == 1
    left = session.scalars(select(Delivery.status).where(Delivery.kind == "backlog"))
    assert sorted(left) == [Status.CANCELLED, Status.CANCELLED, Status.SENT]


@pytest.mark.parametrize("code", [500, 503])
def test_a_tracker_out_of_order_is_asked_again(tracker, connect, bring, happen, item, code):
    connect(tracker)
    tracker.fail(first(tracker), Answer(code, "out of order"))
    bring()
    found = item()
    assert (found.state, found.trouble) == (State.WAITING, "server_error")
    assert str(code) in found.said
    happen(NOW + HOUR)
    assert item().state == State.SENT
    assert the_issue(tracker)


def test_jira_is_given_the_pause_that_it_asks_for(jira, connect, bring, happen, item):
    connect(jira)
    jira.fail("POST /rest/api/3/search", Answer(429, "slow down", {"Retry-After": "600"}))
    bring()
    assert item().trouble == "too_many"
    happen(NOW + timedelta(seconds=590))
    assert not jira.issues
    happen(NOW + timedelta(seconds=610))
    assert the_issue(jira)


def test_linear_is_given_the_pause_that_it_asks_for(linear, connect, bring, happen, item):
    reset = int((NOW + timedelta(seconds=600)).timestamp() * 1000)
    connect(linear)
    headers = {"X_RateLimit_Requests_Reset": str(reset)}
    linear.fail("Look", refusal("RATELIMITED", "Rate limit exceeded", **headers))
    bring()
    assert item().trouble == "too_many"
    happen(NOW + timedelta(seconds=590))
    assert not linear.issues
    happen(NOW + timedelta(seconds=610))
    assert the_issue(linear)


def test_linear_may_say_it_with_429_as_well(linear, connect, bring, item):
    connect(linear)
    linear.fail("Look", Answer(429, "slow down", {"Retry-After": "60"}))
    bring()
    assert (item().state, item().trouble) == (State.WAITING, "too_many")


def test_one_that_never_answers_is_waited_for_no_longer_than_is_due(
    tracker, connect, bring, happen, item, monkeypatch
):
    monkeypatch.setattr(exchange, "SECONDS", 0.3)
    connect(tracker)
    tracker.fail(first(tracker), Silence())
    bring()
    assert (item().state, item().trouble) == (State.WAITING, "timeout")
    happen(NOW + HOUR)
    assert item().state == State.SENT


@pytest.mark.parametrize("script", [HangUp(), Answer(502, "bad gateway")])
def test_an_issue_whose_making_nobody_heard_of_is_not_made_twice(
    tracker, connect, bring, happen, item, script
):
    connect(tracker)
    tracker.fail(creating(tracker), script, lost=True)
    bring()
    assert item().state == State.WAITING
    assert the_issue(tracker)
    happen(NOW + HOUR)
    assert item().state == State.SENT
    assert item().key == "ENG-1"
    assert the_issue(tracker)


def test_jira_is_asked_again_only_when_its_search_knows_what_was_made(
    jira, connect, bring, happen, item
):
    connect(jira)
    jira.indexed = False
    jira.fail("POST /rest/api/3/issue", HangUp(), lost=True)
    bring()
    happen(NOW + timedelta(seconds=50))
    assert len(creations(jira)) == 1
    jira.indexed = True
    happen(NOW + timedelta(seconds=70))
    assert item().state == State.SENT
    assert the_issue(jira)


def test_an_issue_that_was_made_is_known_even_if_its_status_can_not_be_read(
    jira, connect, bring, item
):
    connect(jira)
    jira.fail("GET /rest/api/3/issue", Answer(500))
    bring()
    assert (item().state, item().key, item().stage) == (State.SENT, "ENG-1", "")


def test_a_process_that_dies_before_it_wrote_down_what_it_did_makes_no_second_issue(
    tracker, connect, happen, item, session, world, wish, monkeypatch
):
    from portal.backlog import courier

    connect(tracker)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    written = courier._write_down

    def killed(*_args):
        raise SystemExit

    monkeypatch.setattr(courier, "_write_down", killed)
    with pytest.raises(SystemExit):
        happen(NOW)
    monkeypatch.setattr(courier, "_write_down", written)
    session.rollback()
    item().held_until = None  # 40 seconds on
    happen(NOW + MINUTE)
    assert item().state == State.SENT
    assert the_issue(tracker)


def test_while_one_process_talks_of_it_another_waits(
    tracker, connect, happen, item, session, world, wish
):
    connect(tracker)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    item().held_until = NOW + timedelta(seconds=30)
    happen(NOW)
    assert not tracker.requests
    assert item().state == State.WAITING


def test_what_is_tried_for_a_day_is_given_up_and_said(tracker, connect, bring, happen, item):
    connect(tracker)
    tracker.fail(first(tracker), Answer(500), times=1000)
    bring()
    for hours in range(1, 27):
        happen(NOW + timedelta(hours=hours))
    assert (item().state, item().trouble) == (State.FAILED, "server_error")
    tracker.mend()
    happen(NOW + timedelta(days=3))
    assert not tracker.issues


def test_what_was_given_up_is_replayed_by_an_operator(
    tracker, connect, bring, happen, item, runtime
):
    connect(tracker)
    tracker.fail(first(tracker), Answer(403, "no"))
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "forbidden")
    assert dead_letters.replay_all(runtime.writers, at=NOW + HOUR) == 1
    happen(NOW + HOUR)
    assert item().state == State.SENT
    assert the_issue(tracker)


def test_a_token_that_is_not_taken_stops_it_until_there_is_another(
    jira, connect, bring, happen, item, session
):
    connect(jira)
    jira.token = "another one"
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "token")
    happen(NOW + HOUR)
    assert len(jira.requests) == 1
    connect(jira, seen=1, token="another one", at=NOW + HOUR)
    happen(NOW + HOUR)
    assert item().state == State.SENT
    assert the_issue(jira)


def test_an_api_key_that_is_not_taken_stops_it_until_there_is_another(
    linear, connect, bring, happen, item
):
    connect(linear)
    linear.key = "lin_api_another"
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "token")
    connect(linear, seen=1, token="lin_api_another", at=NOW + HOUR)
    happen(NOW + HOUR)
    assert item().state == State.SENT
    assert the_issue(linear)


def test_what_the_tracker_does_not_take_is_said_in_its_words(jira, connect, bring, item):
    connect(jira, issue_type="Story")
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "input")
    assert "Specify a valid issue type" in item().said


def test_an_issue_that_was_deleted_there_is_made_anew_only_where_somebody_says_so(
    tracker, connect, bring, happen, item, session, world, wish
):
    connect(tracker)
    bring()
    tracker.issues.clear()
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW + MINUTE)
    assert (item().state, item().trouble) == (State.FAILED, "gone")
    assert not tracker.issues
    former = item().marker
    bring(NOW + HOUR)
    assert item().state == State.SENT
    assert item().marker != former
    assert the_issue(tracker)


@pytest.mark.parametrize("answer", [Answer(200, "<html>"), Answer(200, []), Answer(200, {})])
def test_an_answer_that_is_none_is_not_believed(tracker, connect, bring, item, answer):
    connect(tracker)
    tracker.fail(creating(tracker), answer)
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "answer")


def test_no_redirect_takes_the_token_elsewhere(tracker, connect, bring, item):
    connect(tracker)
    away = {"Location": "http://127.0.0.1:9/"}
    tracker.fail(first(tracker), Answer(307, "", away))
    bring()
    assert (item().state, item().trouble) == (State.FAILED, "address")


def test_another_tracker_takes_over_and_what_was_sent_stays_where_it_is(
    jira, linear, connect, bring, happen, item, session, world, wish
):
    connect(jira)
    bring()
    connect(linear, seen=1)
    statuses.decide(session, wish, Decision(Stands.PLANNED), by=world.manager, at=NOW)
    happen(NOW + MINUTE)
    assert not linear.issues
    assert item().url.startswith(jira.url)
    bring(NOW + HOUR)
    assert the_issue(linear)
    assert item().url.startswith("https://linear.app/")


def test_what_another_tracker_has_does_not_move_by_itself(
    jira, linear, connect, bring, happen, item
):
    connect(jira)
    bring()
    jira.fail("PUT /rest/api/3/issue", Answer(403, "not any more"))
    bring(NOW + MINUTE)
    assert item().state == State.FAILED
    connect(linear, seen=1)
    happen(NOW + HOUR)
    assert not linear.issues
    assert item().url.startswith(jira.url)


def test_what_never_got_there_goes_to_the_new_one(jira, linear, connect, bring, happen, item):
    connect(jira)
    jira.token = "another one"
    bring()
    connect(linear, seen=1)
    happen(NOW + HOUR)
    assert the_issue(linear)
    assert item().state == State.SENT


def test_once_disconnected_nothing_leaves(tracker, connect, happen, item, session, world, wish):
    connect(tracker)
    bringing.bring(session, wish, by=world.manager, at=NOW)
    connection = session.scalars(select(BacklogConnection)).one()
    connecting.disconnect(session, connection, by=world.admin, at=NOW)
    happen(NOW)
    assert not tracker.requests
    assert (item().state, item().trouble) == (State.FAILED, "not_connected")
    with pytest.raises(NotConnected):
        bringing.bring(session, wish, by=world.manager, at=NOW)


def test_a_changed_secret_key_is_said_and_nothing_is_sent(
    tracker, connect, bring, item, runtime, session
):
    connect(tracker)
    items.connection(session).sealed_token = "sealed elsewhere"
    bring()
    assert not tracker.requests
    assert (item().state, item().trouble) == (State.FAILED, "sealed")


@pytest.mark.parametrize(
    "title", ["🏗️ " * 120, "צילומים ביומן", "a\tb" + "c" * 290, "<b>&</b> \"quoted\" 'so'"]
)
def test_titles_of_all_kinds_arrive(tracker, connect, happen, session, world, title, item):
    connect(tracker)
    found = idea(session, world.owner, title, description="x" * 20_000, use_case="y" * 20_000)
    bringing.bring(session, found, by=world.manager, at=NOW)
    happen(NOW)
    assert item().state == State.SENT
    assert said(tracker)[0][:100] == found.title[:100]


def test_votes_that_come_later_are_told_with_the_next_change(
    tracker, connect, bring, session, world, wish
):
    connect(tracker)
    bring()
    voting.vote(session, wish, by=world.stranger, at=NOW)
    bring(NOW + HOUR)
    assert "wanted by 2 builders" in said(tracker)[1]


def test_only_those_who_run_ideas_send_them(jira, connect, session, world, wish):
    connect(jira)
    for actor in (world.owner, world.agent, world.client):
        with pytest.raises(Forbidden):
            bringing.bring(session, wish, by=actor, at=NOW)
    assert session.scalars(select(BacklogItem)).all() == []


def test_the_token_lies_encrypted(tracker, connect, session):
    connect(tracker)
    row = session.scalars(select(BacklogConnection)).one()
    secrets = {"a token of theirs", "lin_api_of_a_test"}
    assert not any(secret in str(vars(row)) for secret in secrets)


def test_a_dead_tracker_costs_a_batch_one_time_limit(jira, connect, happen, session, world):
    connect(jira)
    for number in range(3):
        found = idea(session, world.owner, f"Idea {number}")
        bringing.bring(session, found, by=world.manager, at=NOW)
    jira.fail("POST /rest/api/3/search", Answer(503), times=1000)
    happen(NOW)
    assert len(jira.requests) == 1
    jira.mend()
    happen(NOW + HOUR)
    assert len(jira.issues) == 3
