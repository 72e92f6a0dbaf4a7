"""A note of what is new ships what the roadmap said would come with it."""

import pytest
from sqlalchemy import select

from portal.foundation import outbox
from portal.ideas.models import FeatureRequest, Status
from portal.notifications.models import Notification
from portal.releases.service import publishing
from portal.roadmap.models import RoadmapItem, Stage
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.releases.making import note
from tests.roadmap.making import internal, public

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def happen(runtime, session):
    def listen():
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=NOW):
            pass
        session.expire_all()

    return listen


def test_publishing_ships_items_and_ideas_and_each_hears_once(session, world, happen, app):
    asked_in_both = idea(session, world.owner, "Photos in daily logs")
    by_the_item = idea(session, world.stranger, "Weekly lookahead")
    made = note(session, world.manager, "Autumn", ideas=(asked_in_both.id,))
    item = public(
        session,
        world.admin,
        "Lookahead",
        stage=Stage.IN_PROGRESS,
        release_id=made.id,
        ideas=(by_the_item, asked_in_both),
    )
    hidden = internal(session, world.admin, "Larkspur", release_id=made.id)
    happen()
    before = set(session.scalars(select(Notification.id)))
    publishing.publish(session, made, by=world.manager, at=NOW)
    happen()
    assert session.get_one(RoadmapItem, item.id).stage == Stage.SHIPPED
    assert session.get_one(RoadmapItem, hidden.id).stage == Stage.SHIPPED
    for one in (asked_in_both, by_the_item):
        assert session.get_one(FeatureRequest, one.id).status == Status.SHIPPED
    told = session.scalars(select(Notification).where(Notification.id.not_in(before))).all()
    assert sorted(line.user_id for line in told) == sorted(
        [world.owner.user_id, world.stranger.user_id]
    )
    assert {line.url.rsplit("/", 1)[0] for line in told} <= {
        "/whats-new",
        f"/whats-new/{made.number}",
    }
    page = app.test_client().get(f"/whats-new/{made.number}").text
    assert "Lookahead" in page
    assert f"/roadmap/{item.number}/" in page
    assert "Larkspur" not in page
    of_item = app.test_client().get(f"/roadmap/{item.number}", follow_redirects=True).text
    assert f"/whats-new/{made.number}" in of_item
