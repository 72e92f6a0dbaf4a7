"""The forum for programs."""

import pytest

from portal.community.service import settings
from portal.community.service.settings import Choice
from portal.core.permissions import Role
from portal.forum.service import moderating, removing
from tests.forum.making import reply, thread

pytestmark = pytest.mark.usefixtures("noon")
POSTS = "/api/v1/support/forum/posts"
NEW = {"category": "scheduling", "title": "How do weather days work?", "body": "It **rained**."}


@pytest.fixture
def pm(session, world, speak):
    session.commit()
    return speak(world.pm)


def test_begun_listed_and_read(pm):
    made = pm.post(POSTS, NEW, Idempotency_Key="one")
    assert made.status_code == 201, made.text
    assert pm.post(POSTS, NEW, Idempotency_Key="one").json["id"] == made.json["id"]
    (listed,) = pm.get(POSTS).json["items"]
    assert listed["title"] == NEW["title"]
    assert listed["url"].endswith(f"/forum/{listed['number']}/how-do-weather-days-work")
    whole = pm.get(f"{POSTS}/{listed['id']}").json
    assert "<strong>rained</strong>" in whole["body_html"]
    assert (whole["replies"], whole["pages"]) == ([], 1)


def test_replies(pm, session, world, now):
    post = thread(session, world.stranger, now)
    session.commit()
    made = pm.post(f"{POSTS}/{post.id}/replies", {"body": "Another calendar"})
    assert made.status_code == 201, made.text
    (read,) = pm.get(f"{POSTS}/{post.id}").json["replies"]
    assert (read["number"], read["author_name"]) == (1, world.pm.name)
    moderating.lock(session, post, by=world.agent, at=now)
    session.commit()
    assert pm.post(f"{POSTS}/{post.id}/replies", {"body": "Late"}).status_code == 409


def test_what_is_gone_is_not_there(pm, session, world, now):
    post = thread(session, world.stranger, now)
    rude = reply(session, post, world.stranger, now, "Rude words")
    removing.remove_reply(session, post, rude, "Rude", by=world.agent, at=now)
    session.commit()
    assert "Rude words" not in pm.get(f"{POSTS}/{post.id}").text
    removing.remove_post(session, post, "Advertising", by=world.agent, at=now)
    session.commit()
    assert pm.get(POSTS).json["items"] == []
    assert pm.get(f"{POSTS}/{post.id}").status_code == 404
    assert pm.post(f"{POSTS}/{post.id}/replies", {"body": "x"}).status_code == 404


def test_refusals_name_what_is_wrong(pm, world, speak):
    answer = pm.post(POSTS, NEW | {"category": "nothing"})
    assert answer.json["errors"][0]["field"] == "category"
    assert pm.post(POSTS, NEW | {"title": " "}).status_code == 422
    assert pm.get(POSTS, sort="best").status_code == 422
    assert speak(None).get(POSTS).status_code == 401


def test_page_after_page(pm, session, world, now):
    for number in range(5):
        thread(session, world.agent, now, f"Thread {number}")
    session.commit()
    seen, cursor = [], ""
    for _ in range(4):
        page = pm.get(POSTS, limit=2, sort="top", **({"cursor": cursor} if cursor else {})).json
        seen += [one["number"] for one in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("role", [Role.CLIENT, Role.VENDOR])
def test_clients_and_vendors_read_what_their_builder_allows(
    session, world, now, person, speak, role
):
    post = thread(session, world.stranger, now)
    session.commit()
    program = speak(person(role, world.acme))
    (listed,) = program.get(POSTS).json["items"]
    assert "/b/acme/forum/" in listed["url"]
    read = program.get(f"{POSTS}/{post.id}")
    assert read.status_code == 200
    assert world.birch.name not in read.text
    assert program.post(POSTS, NEW).status_code == 403
    assert program.post(f"{POSTS}/{post.id}/replies", {"body": "x"}).status_code == 403
    (hit,) = program.get("/api/v1/support/search", q="weather", kind="thread").json["items"]
    assert hit["url"] == listed["url"]
    settings.save(session, Choice(portal_reads=False), by=world.owner, at=now)
    session.commit()
    assert program.get(POSTS).status_code == 404
    assert program.get(f"{POSTS}/{post.id}").status_code == 404
    found = program.get("/api/v1/support/search", q="weather", kind="thread")
    assert found.json["items"] == []
