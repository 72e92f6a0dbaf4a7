"""Nothing that outsiders get shows that something is internal: each public address, to the byte."""

import re
from datetime import timedelta

import pytest

from portal.foundation import outbox
from portal.ideas.service import statuses, voting
from portal.ideas.service.statuses import Decision
from portal.roadmap.models import Stage
from portal.roadmap.service import placing, writing
from portal.roadmap.service.placing import Place, Where
from portal.roadmap.service.writing import Plan, Words
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.roadmap.making import public, release, shipped

pytestmark = pytest.mark.usefixtures("noon")
CANARY = "Zanzibar"
LATER = NOW + timedelta(hours=3)
BY_CHANCE = re.compile(
    rb'nonce="[^"]*"|nonce-[\w-]+|name="(?:csrf_token|press)" value="[^"]*"|X-CSRFToken": "[^"]*"'
    rb'|X-CSRFToken&#34;: &#34;[^&]*&#34;|data-now="[^"]*"'
)
OF_CHANCE = {"Content-Security-Policy", "X-Request-Id", "Set-Cookie", "Date"}
LIMITS = "X-RateLimit"
QUERY = f"q={CANARY}"


@pytest.fixture
def wish(session, world):
    return idea(session, world.owner, "Photos from the phone")


@pytest.fixture
def item(session, world, wish):
    note = release(session)
    made = public(session, world.admin, "Photos", es="Fotos", ideas=[wish], release_id=note.id)
    public(session, world.admin, "Weather", quarter="")
    shipped(session, world.admin, "Budgets")
    session.commit()
    return made


def paths(item, wish):
    return [
        "/roadmap",
        "/roadmap?module=scheduling",
        "/roadmap?module=billing",
        f"/roadmap/{item.number}/photos",
        "/roadmap/1004/zanzibar",
        "/roadmap/1004",
        "/roadmap.json",
        "/roadmap.json?lang=es",
        "/roadmap.rss",
        "/roadmap.rss?lang=es&module=scheduling",
        "/roadmap/embed",
        "/roadmap/embed?module=billing&theme=dark",
        "/roadmap/embedding",
        "/roadmap/share.png",
        f"/roadmap/{item.number}/share.png",
        "/roadmap/1004/share.png",
        "/ideas",
        "/ideas?status=all",
        "/ideas?tab=new&status=all",
        f"/ideas/{wish.number}",
        f"/search?{QUERY}",
        "/search?q=photos",
        f"/search/suggestions?{QUERY}",
        "/sitemap.xml",
        "/robots.txt",
        "/",
        "/kb/en",
        "/forum",
    ]


PROGRAMS = (
    "/api/v1/support/roadmap",
    "/api/v1/support/roadmap?module=billing",
    "/api/v1/support/roadmap?stage=shipped",
    "/api/v1/support/feature-requests?sort=new",
    f"/api/v1/support/search?{QUERY}",
    "/api/v1/support/search?q=photos",
)


def seen(client, path, **asked):
    answer = client.get(path, **asked)
    headers = {
        name: value
        for name, value in answer.headers
        if name not in OF_CHANCE and not name.startswith(LIMITS)
    }
    body = answer.data.replace(answer.headers["X-Request-Id"].encode(), b"")
    return answer.status_code, headers, BY_CHANCE.sub(b"", body)


def walk(app, sign_in, speak, world, item, wish):
    found = {}
    doors = {"visitor": app.test_client(), "owner": sign_in(world.owner)}
    for who, client in doors.items():
        for path in paths(item, wish):
            found[who, path] = seen(client, path)
    client = sign_in(world.client)
    for path in ("/", f"/search?{QUERY}", "/notifications"):
        found["client", path] = seen(client, path)
    found["owner", "/notifications"] = seen(doors["owner"], "/notifications")
    for who in ("owner", "client"):
        program = speak(getattr(world, who))
        for path in PROGRAMS:
            found[f"{who}'s program", path] = seen(program.client, path, headers=program.headers)
    for path in (f"/widget/search?{QUERY}", "/widget/search?q=photos"):
        found["widget", path] = seen(app.test_client(use_cookies=False), path)
    return found


def conspire(session, world, wish, public_item):
    """Internal items and ideas with the word in all of their fields, in every place and state."""
    by, said = world.admin, Words(f"{CANARY} title", f"All of **{CANARY}**")
    hidden = idea(session, world.manager, f"{CANARY} idea", is_internal=True, use_case=CANARY)
    voting.vote_for(session, hidden, world.acme, CANARY, by=world.agent, at=LATER)
    statuses.decide(session, hidden, Decision("planned", CANARY), by=world.manager, at=LATER)
    note = release(session, number=None, version=CANARY, state="draft")
    made = []
    for stage, quarter in ((stage, q) for stage in Stage for q in ("2026-Q4", "2026-Q1", "")):
        plan = Plan({"en": said, "es": said}, stage, quarter, "billing", [wish, hidden], note.id)
        item = writing.add(session, plan, by=by, at=LATER)
        placing.move(
            session, item, Place(stage, quarter, Where.FIRST), item.edition, by=by, at=LATER
        )
        made.append(item)
    moved, edited, gone = made[:3]
    placing.move(session, moved, Place(Stage.SHIPPED, ""), moved.edition, by=by, at=LATER)
    writing.edit(session, edited, Plan({"en": said}), edited.edition, by=by, at=LATER)
    writing.remove(session, gone, by=by, at=LATER)
    _link_inside(session, public_item, wish, hidden, by)
    writing.confirm(session, public_item, by=by, at=LATER)
    session.commit()


def _link_inside(session, item, wish, hidden, by):
    """A public item answers an internal idea as well."""
    texts = {"en": Words("Photos", "From the **phone**"), "es": Words("Fotos", "En español")}
    plan = Plan(texts, Stage.PLANNED, "2026-Q4", "scheduling", [wish, hidden], item.release_id)
    writing.edit(session, item, plan, item.edition, by=by, at=LATER)


def settle(runtime):
    while outbox.drain(runtime.writers, runtime.subscribers, at=LATER):
        pass
    for tick in runtime.tickers[:1]:
        tick(runtime.writers, LATER)


def test_outsiders_see_no_difference(app, session, runtime, world, sign_in, speak, item, wish):
    settle(runtime)
    before = walk(app, sign_in, speak, world, item, wish)
    conspire(session, world, wish, item)
    settle(runtime)
    after = walk(app, sign_in, speak, world, item, wish)
    asked = QUERY.encode()
    assert len(before) > 60
    for door, (status, headers, body) in after.items():
        assert (status, headers) == before[door][:2], door
        assert body == before[door][2], door
        assert CANARY.encode() not in body or asked in door[1].encode(), door
        assert CANARY not in str(headers) or QUERY in door[1], door
    answered = {path: body[0] for (_who, path), body in after.items()}
    assert answered["/roadmap"] == answered["/roadmap.rss"] == 200
    assert answered["/roadmap/1004"] == 404


def test_a_public_item_that_becomes_internal_is_gone_everywhere(
    app, session, runtime, world, sign_in, speak, item, wish
):
    settle(runtime)
    secret = public(session, world.admin, CANARY, ideas=[wish], at=NOW)
    session.commit()
    settle(runtime)
    shown = walk(app, sign_in, speak, world, item, wish)
    assert CANARY.encode() in shown["visitor", "/roadmap"][2]
    assert CANARY.encode() in shown["visitor", "/roadmap.rss"][2]
    assert CANARY.encode() in shown["visitor", f"/ideas/{wish.number}"][2]
    assert b"/roadmap/1004/zanzibar" in shown["visitor", f"/search?{QUERY}"][2]
    assert shown["visitor", "/roadmap/1004"][0] == 303
    writing.withdraw(session, secret, by=world.admin, at=LATER)
    session.commit()
    settle(runtime)
    for door, (_status, _headers, body) in walk(app, sign_in, speak, world, item, wish).items():
        if door[1] != "/notifications" and QUERY not in door[1]:
            assert CANARY.encode() not in body, door


def test_staff_find_no_internal_item_in_the_search_either(app, session, runtime, world, sign_in):
    writing.add(session, Plan({"en": Words(CANARY)}), by=world.admin, at=NOW)
    session.commit()
    settle(runtime)
    assert "/roadmap/" not in sign_in(world.admin).get(f"/search?{QUERY}").text
