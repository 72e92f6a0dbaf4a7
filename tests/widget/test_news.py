"""What is new, within a panel."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.releases.models import NewsSeen
from tests.fixtures.world import NOW
from tests.releases.making import note, published

HOME, READ = "/widget/home?key=schedule", "/widget/news/reading"
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def some(session, world):
    for place in range(6):
        published(session, world.manager, f"Note {place}", at=NOW - timedelta(hours=9 - place))
    note(session, world.manager, "Not yet")
    session.get_one(User, world.pm.user_id).created_at = NOW - timedelta(days=365)
    session.commit()


def test_the_latest_are_there_with_what_is_new_of_them(some, app, session, bearer, world):
    client, who = app.test_client(), bearer("pm@acme.test")
    page = client.get(HOME, headers=who).text
    assert "Note 5" in page
    assert "Note 2" in page
    assert "Note 1" not in page
    assert "Not yet" not in page
    assert 'target="_blank"' in page
    assert page.count('help__new"') == 4
    assert client.post(READ, headers=who).status_code == 204
    session.rollback()
    seen = session.scalars(select(NewsSeen.seen_at)).all()
    assert seen == [NOW - timedelta(hours=4)]
    assert 'help__new"' not in client.get(HOME, headers=who).text


def test_guests_and_clients_are_told_nothing_of_it(some, app, bearer, guest):
    for who in (guest(), bearer("client@acme.test")):
        page = app.test_client().get(HOME, headers=who).text
        assert "Note 5" not in page
        assert "help__news" not in page


def test_where_nothing_is_new_no_place_is_kept(app, bearer):
    assert "help__news" not in app.test_client().get(HOME, headers=bearer("pm@acme.test")).text
