"""Nothing that a page of ideas asks grows with the ideas there are."""

import pytest

from portal.ideas.service import commenting, voting
from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.ideas.making import crowd, idea
from tests.support.plans import planned

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans"),
]
TABLES = (
    "feature_requests",
    "feature_request_votes",
    "idea_comments",
    "idea_status_changes",
    "support_tickets",
)
SORTED = ("ORDER BY feature_requests.", "ORDER BY idea_comments.", "ORDER BY idea_status")


@pytest.fixture
def busy(session, world):
    found = idea(session, world.owner)
    for who in crowd(session, 5):
        voting.vote(session, found, by=who, at=NOW)
        commenting.comment(session, found, "Yes", by=who, at=NOW)
        idea(session, who, f"Of {who.name}")
    session.commit()
    return found


@pytest.mark.parametrize("who", ["owner", "manager"])
@pytest.mark.parametrize(
    "query", ["", "?tab=trending", "?tab=new", "?tab=mine", "?status=all", "?category=scheduling"]
)
def test_lists_are_read_along_their_indexes(runtime, world, busy, sign_in, who, query):
    assert_read_by_keys(runtime, sign_in(getattr(world, who)), f"/ideas{query}")


def test_what_a_company_wants_is_read_along_its_votes(runtime, world, busy, sign_in):
    client = sign_in(world.owner)
    with planned(runtime.engine) as plans:
        client.get("/ideas?tab=mine")
    (plan,) = [one for one in plans if "ORDER BY feature_request_votes." in one]
    assert "USING INDEX ix_feature_request_votes_of_builder" in plan, plan
    assert "USE TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_an_idea_is_read_by_its_keys(runtime, world, busy, sign_in, who):
    assert_read_by_keys(runtime, sign_in(getattr(world, who)), f"/ideas/{busy.number}")


def assert_read_by_keys(runtime, client, path):
    client.get(path)
    with planned(runtime.engine) as plans:
        assert client.get(path).status_code == 200
    for plan in plans:
        lines = plan.splitlines()
        assert not any(line == f"SCAN {table}" for table in TABLES for line in lines), plan
        if any(order in plan for order in SORTED):
            assert "USE TEMP B-TREE" not in plan, plan
