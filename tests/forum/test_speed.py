"""Nothing that a page of the forum asks grows with the threads and replies there are."""

import pytest

from portal.forum.service import answers, moderating
from tests.fixtures.database import KIND
from tests.forum.making import reply, thread
from tests.support.plans import planned

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans"),
]
LISTS = [
    *(f"/forum?sort={sort}" for sort in ("active", "new", "unanswered", "top")),
    *(f"/forum/in/scheduling?sort={sort}" for sort in ("active", "new", "unanswered", "top")),
]
BIG = ("forum_posts", "forum_replies", "forum_votes", "forum_follows", "forum_positions")


@pytest.fixture
def busy(session, world, now):
    for number in range(40):
        post = thread(session, world.agent, now, f"Thread {number}")
    answer = reply(session, post, world.stranger, now)
    answers.verify(session, post, answer, by=world.agent, at=now)
    moderating.pin(session, post, by=world.agent, at=now)
    session.commit()
    return post


def next_page(text):
    return text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("who", [None, "pm"])
@pytest.mark.parametrize("path", LISTS)
def test_lists_are_read_in_the_order_of_an_index(runtime, app, world, busy, sign_in, who, path):
    client = sign_in(getattr(world, who)) if who else app.test_client()
    following = next_page(client.get(path).text)
    for address in (path, following):
        with planned(runtime.engine) as plans:
            client.get(address)
        for plan in plans:
            assert not any(f"SCAN {table}" == line for table in BIG for line in plan.splitlines())
            if "forum_posts" in plan:
                assert "USE TEMP B-TREE" not in plan, plan


def test_a_thread_is_read_by_its_keys(runtime, app, world, busy, sign_in):
    client, path = sign_in(world.pm), f"/forum/{busy.number}"
    client.get(path)
    with planned(runtime.engine) as plans:
        client.get(path)
    for plan in plans:
        assert not any(f"SCAN {table}" == line for table in BIG for line in plan.splitlines()), plan
