"""Pictures that nobody needs are found and removed; whatever may come back keeps its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.core.permissions import Forbidden
from portal.kb.addresses import file_path
from portal.kb.models import KbFile, Video
from portal.kb.service import removing, tidying
from tests.fixtures.world import NOW
from tests.kb.making import changed, drafted, published
from tests.kb.shelving import picture

LATER = NOW + timedelta(days=2)


def words(file: KbFile) -> str:
    return f"![A plan]({file_path(file.id, file.filename)})"


@pytest.fixture
def pictures(session, runtime):
    names = ("idle", "shown", "drafted", "thrown", "former", "poster", "drawn-over")
    return {name: picture(session, runtime.store, f"{name}.png") for name in names}


@pytest.fixture
def texts(session, world, pictures):
    by = world.manager
    published(session, by, "Shows", words(pictures["shown"]))
    drafted(session, by, "Drafts", words(pictures["drafted"]))
    thrown = drafted(session, by, "Thrown away", words(pictures["thrown"]))
    removing.remove(session, thrown, thrown.lock, by=by, at=NOW)
    former = published(session, by, "Showed", words(pictures["former"]))
    changed(session, by, former, body="No picture any more.")
    session.add(
        Video(
            slug="film",
            provider="file",
            poster_id=pictures["poster"].id,
            created_at=NOW,
            updated_at=NOW,
        )
    )
    session.flush()


@pytest.mark.usefixtures("texts")
def test_only_what_nothing_shows_or_could_show_again_is_unused(session, runtime, pictures):
    copy = picture(session, runtime.store, "copy.png")
    copy.original_id = pictures["drawn-over"].id
    session.flush()
    assert set(tidying.unused(session, LATER)) == {pictures["idle"].id, copy.id}
    assert tidying.unused(session, NOW + timedelta(hours=1)) == []


@pytest.mark.usefixtures("texts")
def test_what_is_shown_by_now_stays(session, world, pictures):
    keys = [pictures[name].id for name in ("idle", "shown")]
    with pytest.raises(Forbidden):
        tidying.remove(session, keys, by=world.agent, at=LATER)
    assert tidying.remove(session, keys, by=world.manager, at=LATER) == 1
    assert session.get(KbFile, pictures["idle"].id) is None
    assert session.get(KbFile, pictures["shown"].id) is not None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "pictures.removed")).one()
    assert (entry.by_id, entry.facts) == (world.manager.user_id, {"count": 1})
