"""Nothing that a page of what is new asks grows with the notes there are."""

from datetime import timedelta

import pytest

from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.releases.making import note, published
from tests.support.plans import planned
from tests.support.statements import counted

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans"),
]
TABLES = ("releases", "release_texts", "release_ideas", "news_seen", "feature_requests")
MOST = 10


@pytest.fixture
def busy(session, world):
    for place in range(15):
        note(session, world.manager, f"Draft {place}")
        at = NOW - timedelta(hours=place)
        wished = idea(session, world.owner, f"Wish {place}")
        last = published(session, world.manager, f"Note {place}", at=at, ideas=[wished.id])
    session.commit()
    return last


@pytest.mark.parametrize("who", [None, "owner", "manager"])
@pytest.mark.parametrize("query", ["", "?module=scheduling"])
def test_the_list_is_read_along_its_index(app, runtime, world, busy, sign_in, who, query):
    client = sign_in(getattr(world, who)) if who else app.test_client()
    assert_read_by_keys(runtime, client, f"/whats-new{query}")


@pytest.mark.parametrize("who", [None, "owner", "manager"])
def test_a_note_is_read_by_its_keys(app, runtime, world, busy, sign_in, who):
    client = sign_in(getattr(world, who)) if who else app.test_client()
    assert_read_by_keys(runtime, client, f"/whats-new/{busy.number}")


@pytest.mark.parametrize("path", ["/whats-new.rss", "/whats-new.json"])
def test_feeds_are_read_along_the_index(app, runtime, busy, path):
    assert_read_by_keys(runtime, app.test_client(), path)


@pytest.mark.parametrize("path", ["notes", "notes?state=draft", "notes/{id}", "notes/{id}/preview"])
def test_writing_asks_little(runtime, world, busy, sign_in, path):
    address = f"/whats-new/{path.format(id=busy.id)}"
    assert_read_by_keys(runtime, sign_in(world.manager), address)


def assert_read_by_keys(runtime, client, path):
    client.get(path)
    with planned(runtime.engine) as plans:
        assert client.get(path).status_code == 200
    for plan in plans:
        lines = plan.splitlines()
        assert not any(line == f"SCAN {table}" for table in TABLES for line in lines), plan
        if "ORDER BY releases." in plan:
            assert "USE TEMP B-TREE" not in plan, plan
    with counted(runtime.engine) as statements:
        client.get(path)
    assert len(statements) <= MOST, statements
