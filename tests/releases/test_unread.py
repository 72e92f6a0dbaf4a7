"""How much is new to somebody: beside the navigation's entry, and in a panel."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.releases.models import NewsSeen
from portal.releases.queries import people
from portal.releases.service import publishing, seen
from tests.fixtures.world import NOW
from tests.releases.making import note, published
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
BADGE = re.compile(r'href="/whats-new"[^>]*>[^<]*<span class="count">(\d+)')


def badge(client, path="/forum"):
    found = BADGE.search(client.get(path).text)
    return int(found[1]) if found else 0


def look(client, path="/whats-new"):
    """To the last byte: what was seen is noted afterwards."""
    return client.get(path, buffered=True).text


@pytest.fixture
def longer_ago(session, world):
    """Everybody has been here for a year."""
    for who in session.scalars(select(User)):
        who.created_at = NOW - timedelta(days=365)
    session.commit()


@pytest.mark.database
def test_who_never_looked_has_a_month_of_news_or_what_came_since_they_did(session, world):
    for days in (40, 20, 10, 2):
        published(session, world.manager, f"Of {days}", at=NOW - timedelta(days=days))
    note(session, world.manager, "Not yet")
    new = session.get_one(User, world.owner.user_id)
    new.created_at = NOW - timedelta(days=5)
    session.get_one(User, world.pm.user_id).created_at = NOW - timedelta(days=365)
    session.flush()
    assert people.unread(session, world.owner.user_id, NOW) == 1
    assert people.unread(session, world.pm.user_id, NOW) == 3
    seen.see_to(session, world.pm.user_id, NOW - timedelta(days=10))
    assert people.unread(session, world.pm.user_id, NOW) == 1


@pytest.mark.database
def test_an_older_window_takes_nothing_back(session, world):
    key = world.pm.user_id
    for days in (1, 3, 1):
        seen.see_to(session, key, NOW - timedelta(days=days))
    [row] = session.scalars(select(NewsSeen)).all()
    assert row.seen_at == NOW - timedelta(days=1)


def test_the_badge_tells_until_the_page_is_opened(session, sign_in, world, longer_ago):
    published(session, world.manager, at=NOW - timedelta(hours=2))
    last = published(session, world.manager, "Second", at=NOW - timedelta(hours=1))
    session.commit()
    reader, other = sign_in(world.owner), sign_in(world.pm)
    assert badge(reader) == badge(other) == 2
    page = look(reader)
    assert page.count(">New<") == 2
    assert badge(reader) == 0
    assert badge(sign_in(world.owner)) == 0  # in another browser as well
    assert badge(other) == 2
    look(other, f"/whats-new/{last.number}")
    assert badge(other) == 0


def test_what_comes_afterwards_is_new_again(session, sign_in, world, longer_ago, noon):
    published(session, world.manager, at=NOW - timedelta(hours=2))
    session.commit()
    reader = sign_in(world.owner)
    look(reader)
    noon.shift(timedelta(minutes=5))
    newer = published(session, world.manager, "Second", at=NOW + timedelta(minutes=4))
    session.commit()
    assert badge(reader) == 1
    publishing.withdraw(session, newer, by=world.manager, at=NOW + timedelta(minutes=5))
    session.commit()
    noon.shift(timedelta(minutes=5))
    assert badge(reader) == 0


def test_strangers_and_clients_have_no_badge(app, session, sign_in, world, longer_ago):
    published(session, world.manager)
    session.commit()
    assert badge(app.test_client()) == 0
    assert "whats-new" not in sign_in(world.client).get("/").text


def test_pages_ask_once_in_a_while(runtime, session, sign_in, world, longer_ago, noon):
    published(session, world.manager, at=NOW - timedelta(hours=1))
    session.commit()
    reader = sign_in(world.owner)

    def asked():
        with counted(runtime.engine) as statements:
            reader.get("/forum")
        return len([one for one in statements if "news_seen" in one or "FROM releases" in one])

    assert [asked(), asked()] == [1, 0]
    noon.shift(timedelta(minutes=1))
    assert [asked(), asked()] == [1, 0]
    look(reader)
    assert [asked(), asked()] == [1, 0]
