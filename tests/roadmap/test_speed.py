"""Nothing that a page of the roadmap asks reads a whole table, and telling many holds nobody up."""

import time

import pytest
from sqlalchemy import func, insert, select

from portal.accounts.models import Builder
from portal.foundation.outbox import OutboxEvent
from portal.ideas.models import FeatureRequestVote
from portal.roadmap.happenings import MOVED
from portal.roadmap.models import RoadmapItem
from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.roadmap.making import internal, public, release, shipped
from tests.support.plans import planned

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans"),
]
TABLES = (
    "feature_requests",
    "releases",
    "release_texts",
    "roadmap_changes",
    "roadmap_ideas",
    "roadmap_items",
    "roadmap_texts",
)
PATHS = ("", "?module=scheduling", "/1001/item-0", ".json", ".rss", "/embed", "/share.png")
SOON = 2.0  # seconds


@pytest.fixture
def busy(session, world):
    note = release(session)
    for number in range(6):
        wish = idea(session, world.owner, f"Wish {number}")
        public(session, world.admin, f"Item {number}", ideas=[wish], release_id=note.id)
        shipped(session, world.admin, f"Done {number}")
    internal(session, world.admin)
    session.commit()


@pytest.mark.parametrize("path", PATHS)
def test_public_pages_are_read_along_their_indexes(app, runtime, busy, path):
    assert_read_by_keys(runtime, app.test_client(), f"/roadmap{path}")


def test_the_board_is_read_along_its_indexes(runtime, world, busy, sign_in):
    assert_read_by_keys(runtime, sign_in(world.admin), "/roadmap/board")


def assert_read_by_keys(runtime, client, path):
    client.get(path)
    with planned(runtime.engine) as plans:
        assert client.get(path).status_code == 200
    for plan in plans:
        lines = plan.splitlines()
        assert not any(line == f"SCAN {table}" for table in TABLES for line in lines), plan


def test_five_thousand_who_want_it_hold_up_nobody(session, world, sign_in):
    wish = idea(session, world.owner)
    companies = [
        {"slug": f"c{n}", "name": f"C {n}", "plan": "starter", "created_at": NOW}
        for n in range(5_000)
    ]
    session.execute(insert(Builder), companies)
    keys = session.scalars(select(Builder.id).where(Builder.slug.startswith("c"))).all()
    votes = [{"request_id": wish.id, "builder_id": key, "created_at": NOW} for key in keys]
    session.execute(insert(FeatureRequestVote), votes)
    item = internal(session, world.admin, ideas=[wish])
    session.commit()
    client = sign_in(world.admin)
    begun = time.perf_counter()
    answer = client.post(f"/roadmap/board/{item.id}/publication", data={"lock": item.edition})
    assert time.perf_counter() - begun < SOON
    assert answer.status_code == 303
    assert session.scalar(select(func.count()).where(OutboxEvent.kind == MOVED)) == 1
    session.expire_all()
    assert not session.get_one(RoadmapItem, item.id).is_internal
