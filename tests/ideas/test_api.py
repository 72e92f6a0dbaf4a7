"""Ideas for programs: the same doors as the pages'."""

import pytest

from portal.ideas.service import merging
from tests.fixtures.world import NOW
from tests.ideas.making import idea

pytestmark = pytest.mark.usefixtures("noon")
IDEAS = "/api/v1/support/feature-requests"


@pytest.fixture
def some(session, world):
    made = [
        idea(session, world.stranger, "Photos on daily logs"),
        idea(session, world.owner, "Weather in the schedule", category="billing"),
        idea(session, world.manager, "Hidden plan", is_internal=True),
    ]
    session.commit()
    return made


def titles(answer):
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json["items"]]


def test_each_reads_what_is_public_and_staff_the_rest(some, world, speak):
    for who in (world.owner, world.client):
        assert set(titles(speak(who).get(IDEAS))) == {
            "Photos on daily logs",
            "Weather in the schedule",
        }
    assert "Hidden plan" in titles(speak(world.agent).get(IDEAS))
    assert speak(None).get(IDEAS).status_code == 401


def test_lists_are_narrowed_and_come_page_by_page(some, world, speak):
    program = speak(world.owner)
    assert titles(program.get(IDEAS, voted="true")) == ["Weather in the schedule"]
    assert titles(program.get(IDEAS, category="billing")) == ["Weather in the schedule"]
    assert titles(program.get(IDEAS, status="shipped")) == []
    assert program.get(IDEAS, status="gone").status_code == 422
    assert program.get(IDEAS, misspelt="1").status_code == 422
    for sort in ("wanted", "trending", "new"):
        first = program.get(IDEAS, limit=1, sort=sort).json
        cursor = first["next_cursor"]
        second = program.get(IDEAS, limit=1, sort=sort, cursor=cursor).json
        assert second["next_cursor"] is None
        assert len({first["items"][0]["id"], second["items"][0]["id"]}) == 2
    assert titles(speak(world.agent).get(IDEAS, voted="true")) == []


def test_a_new_one_brings_the_companys_vote(world, speak):
    new = {"title": "Photos", "description": "On *logs*", "category": "scheduling"}
    answer = speak(world.owner).post(IDEAS, new, Idempotency_Key="once")
    assert answer.status_code == 201
    made = answer.json
    assert (made["vote_count"], made["voted"], made["status"]) == (1, True, "submitted")
    assert "<em>logs</em>" in made["description_html"]
    assert made["url"].endswith(f"/ideas/{made['number']}") == answer.headers["Location"].endswith(
        f"/ideas/{made['number']}"
    )
    again = speak(world.owner).post(IDEAS, new, Idempotency_Key="once")
    assert again.json["id"] == made["id"]


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"description": ""}, {"category": "none"}, {"title": "x" * 301}]
)
def test_what_is_wrong_is_named(world, speak, wrong):
    new = {"title": "Photos", "description": "On logs", **wrong}
    answer = speak(world.owner).post(IDEAS, new)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == list(wrong)


def test_a_vote_is_cast_once_and_taken_back(some, world, speak):
    vote = f"{IDEAS}/{some[0].id}/vote"
    first = speak(world.owner).post(vote, {"reason": "For crews"}).json
    assert (first["vote_count"], first["voted"], first["reason"]) == (2, True, "For crews")
    second = speak(world.pm).post(vote, {}).json
    assert (second["vote_count"], second["voted_by"]) == (2, world.owner.name)
    for _time in range(2):
        gone = speak(world.pm).delete(vote)
        assert gone.status_code == 200
        assert (gone.json["vote_count"], gone.json["voted"]) == (1, False)


def test_who_may_not_write_does_not(some, world, speak):
    vote = f"{IDEAS}/{some[0].id}/vote"
    assert speak(world.client).post(vote, {}).status_code == 403
    assert speak(world.client).delete(vote).status_code == 403
    assert speak(world.client).post(IDEAS, {"title": "a", "description": "b"}).status_code == 403
    assert speak(world.agent).post(vote, {}).status_code == 409


def test_what_is_internal_is_not_there(some, world, speak):
    vote = f"{IDEAS}/{some[2].id}/vote"
    assert speak(world.owner).post(vote, {}).status_code == 404
    assert speak(world.owner).delete(vote).status_code == 404


def test_a_vote_for_what_was_merged_counts_where_it_went(some, session, world, speak):
    merging.merge(session, some[0], some[1], by=world.manager, at=NOW)
    session.commit()
    answer = speak(world.owner).post(f"{IDEAS}/{some[0].id}/vote", {}).json
    assert answer["feature_request_id"] == str(some[1].id)
    assert answer["vote_count"] == 2


def test_a_token_needs_its_scope(some, app, runtime, world):
    from portal.accounts import service as accounts
    from portal.core.permissions import Scope
    from portal.foundation.tenancy import PLATFORM, see
    from tests.fixtures.programs import Program

    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        token = accounts.create_token(
            session, world.owner.email, "reads", at=NOW, scopes=[Scope.READ_COMMUNITY]
        )
    program = Program(app, token.plain)
    assert program.get(IDEAS).status_code == 200
    assert program.post(f"{IDEAS}/{some[0].id}/vote", {}).status_code == 403
