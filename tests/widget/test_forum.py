"""Threads of the forum among what a panel finds, for a builder's own people and its clients."""

import pytest

from portal.community.service import settings
from portal.community.service.settings import Choice
from tests.forum.making import thread

pytestmark = pytest.mark.usefixtures("noon")
ROOT = "http://127.0.0.1:8000"


@pytest.fixture
def found(app, session, world, now, bearer):
    """What the panel of somebody shows for a word."""
    thread(session, world.stranger, now, "Which calendar has the crane?")
    session.commit()

    def shown(email):
        answer = app.test_client().get("/widget/search?q=crane", headers=bearer(email))
        assert answer.status_code == 200, answer.text
        return answer.text

    return shown


def test_clients_are_led_to_their_portal_as_long_as_their_builder_lets_them(
    found, session, world, now
):
    assert f'href="{ROOT}/b/acme/forum/1001/' in found(world.client.email)
    assert world.birch.name not in found(world.client.email)
    settings.save(session, Choice(portal_reads=False), by=world.owner, at=now)
    session.commit()
    assert "crane?" not in found(world.client.email)


def test_the_builders_own_people_to_the_platform(found, world):
    assert f'href="{ROOT}/forum/1001/' in found(world.pm.email)
