"""The editors' pages: what is sent is kept or handed back, and said."""

import io
import json
import re
from datetime import timedelta

import pytest
from PIL import Image

from portal.core.merging import merge
from portal.foundation.clock import utcnow
from portal.kb.forms.editing import base_of, read_base
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import BODY_LONGEST, Text
from tests.kb.making import drafted, published
from tests.kb.shelving import picture


@pytest.fixture
def article(session, world):
    draft = drafted(session, world.agent, "Plan", "First\n\nMiddle\n\nLast")
    session.commit()
    return draft.article


def form(session, article, **changes):
    session.rollback()
    draft = queries.draft_of(session, article.id)
    if draft is not None:
        session.refresh(draft)
    row = draft or queries.article(session, article.id)
    session.refresh(row)
    text = Text(row.slug, row.title, row.summary, row.body, tuple(row.labels))
    return {
        "title": text.title,
        "slug": text.slug,
        "summary": text.summary,
        "body": text.body,
        "labels": ", ".join(text.labels),
        "base": base_of(text),
        "lock": draft.lock if draft else 0,
        "number": queries.article(session, article.id).number,
    } | changes


def place(article, *rest):
    return "/".join(("/articles", str(article.id), *rest))


def test_customers_find_no_editor(sign_in, world, article):
    assert sign_in(world.owner).get("/articles").status_code == 403
    assert sign_in(world.client).get("/articles").status_code == 404


def test_agents_save_and_do_not_publish(session, sign_in, world, article):
    browser = sign_in(world.agent)
    page = browser.get(place(article))
    assert page.status_code == 200
    assert 'value="publish"' not in page.text
    answer = browser.post(place(article), data=form(session, article, title="Plan B"))
    assert answer.status_code == 303
    assert form(session, article)["title"] == "Plan B"
    refused = browser.post(place(article), data=form(session, article, act="publish"))
    assert refused.status_code == 403
    assert not queries.article(session, article.id).is_published


def test_publishing_warns_once_and_then_does(session, sign_in, world, article):
    browser = sign_in(world.manager)
    data = form(session, article, body="[x](/kb/nowhere)", act="publish", note="Why")
    assert browser.post(place(article), data=data).location == place(article, "publication")
    page = browser.get(place(article, "publication")).text
    assert "A link leads nowhere" in page
    lock = form(session, article)["lock"]
    stale = browser.post(place(article, "publication"), data={"lock": lock - 1})
    assert stale.location == place(article, "publication")
    browser.post(place(article, "publication"), data={"lock": lock, "note": "Why"})
    session.rollback()
    found = queries.article(session, article.id)
    session.refresh(found)
    assert found.is_published
    assert queries.version(session, article.id, 1).note == "Why"
    again = browser.post(place(article, "publication"), data={"lock": lock})
    assert again.location == place(article)


def test_the_second_is_shown_both_and_loses_nothing(session, sign_in, world, article):
    before = form(session, article)
    first, second = sign_in(world.agent), sign_in(world.second)
    first.post(place(article), data=before | {"body": "First of one\n\nMiddle of one\n\nLast"})
    mine = before | {"title": "Mine", "body": "First\n\nMiddle of two\n\nLast of two"}
    shown = second.post(place(article), data=mine)
    assert shown.status_code == 409
    assert "Middle of two" in shown.text
    assert "Middle of one" in shown.text
    seen = form(session, article)
    answer = second.post(
        place(article, "merge"),
        data=mine
        | {"lock": seen["lock"], "number": seen["number"]}
        | {"clash_0": "theirs", "take_title": "mine"},
    )
    assert answer.status_code == 303
    merged = form(session, article)
    assert merged["body"] == "First of one\n\nMiddle of one\n\nLast of two"
    assert merged["title"] == "Mine"


def test_saving_by_itself_says_what_is_seen_from_now_on(session, sign_in, world, article):
    browser, data = sign_in(world.agent), form(session, article, body="Typed")
    kept = browser.post(place(article, "draft"), data=data).json
    assert kept["lock"] == data["lock"] + 1
    late = browser.post(place(article, "draft"), data=data | {"body": "Late"})
    assert late.status_code == 409
    assert "has saved in the meantime" in late.json["words"]
    long = form(session, article, body="x" * (BODY_LONGEST + 1))
    assert browser.post(place(article, "draft"), data=long).status_code == 422


def test_what_is_too_long_comes_back_as_it_was(session, sign_in, world, article):
    body = "word " * (BODY_LONGEST // 5 + 1)
    browser = sign_in(world.agent)
    answer = browser.post(place(article), data=form(session, article, body=body))
    assert answer.status_code == 422
    assert body in answer.text
    assert "The text is too long" in answer.text
    huge = form(session, article, body="x" * 10_000_000)
    assert browser.post(place(article), data=huge).status_code in {413, 422}


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "[x](javascript:alert(1)) ![x](data:text/html,x)",
        "[" * 50_000,
        "> " * 3_000 + "x",
        ":::note\n" * 500,
        "| a " * 5_000,
    ],
)
def test_hostile_text_does_no_harm(session, sign_in, world, article, body):
    browser = sign_in(world.agent)
    data = {"title": "<b>", "body": body}
    assert browser.post(place(article, "preview"), data=data).status_code == 200
    page = browser.post(place(article, "preview"), data=data, headers={"HX-Request": "true"})
    assert page.status_code == 200
    shown = page.text.partition("article-body")[2].partition("</article>")[0]
    assert "<script" not in shown
    assert "onerror" not in shown.replace("&lt;img src=x onerror", "")
    assert 'href="javascript' not in shown
    assert browser.post(place(article), data=form(session, article, body=body)).status_code == 303


def test_a_taken_address_is_said_and_a_free_one_named(session, sign_in, world, article):
    published(session, world.manager, "Taken")
    session.commit()
    browser = sign_in(world.manager)
    data = form(session, article, slug="taken", act="publish")
    assert browser.post(place(article), data=data).location == place(article, "publication")
    page = browser.get(place(article, "publication")).text
    assert "taken-2" in page
    assert "Publish all the same" not in page


def test_pictures_are_kept_or_refused_with_words(sign_in, world):
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(made, "PNG")
    browser = sign_in(world.agent)

    def send(content, name, to="/articles/files", **more):
        return browser.post(to, data={"picture": (io.BytesIO(content), name), **more})

    kept = send(made.getvalue(), "plan.png").json
    assert kept["path"] == f"/kb/files/{kept['id']}/plan.png"
    svg = send(b"<svg onload=alert(1)></svg>", "a.svg")
    assert (svg.status_code, "PNG" in svg.json["words"]) == (422, True)
    shape = {"kind": "arrow", "x1": 1, "y1": 1, "x2": 9, "y2": 9}
    drawn = send(made.getvalue(), "plan.png", kept["drawing"], shapes=json.dumps([shape])).json
    told = browser.get(drawn["drawing"]).json
    assert (told["shapes"], told["original"]) == ([shape], kept["url"])
    for broken in ("no", "{}", "[1]"):
        assert send(made.getvalue(), "p.png", kept["drawing"], shapes=broken).status_code == 422


def test_where_it_stands_is_for_publishers_once_readers_see_it(session, sign_in, world, article):
    fields = {"audience": "customers", "module": "", "seen": 1, "roles": ["client", "pm"]}
    assert sign_in(world.agent).post(place(article, "place"), data=fields).status_code == 303
    topic = queries.article(session, article.id).topic
    session.refresh(topic)
    assert (topic.audience, topic.role_tags) == ("customers", ["client", "pm"])
    stale = sign_in(world.agent).post(place(article, "place"), data=fields)
    assert stale.status_code == 409
    wrong = fields | {"audience": "nobody", "seen": 2}
    assert sign_in(world.agent).post(place(article, "place"), data=wrong).status_code == 422
    session.rollback()
    shown = published(session, world.manager, "Shown")
    session.commit()
    refused = sign_in(world.agent).post(place(shown, "place"), data=fields)
    assert refused.status_code == 403


def test_a_place_that_is_refused_is_still_filled(sign_in, world, article):
    browser = sign_in(world.agent)
    fields = {"audience": "staff", "module": "", "seen": 1, "roles": ["pm"], "version": "4.2+"}
    refused = browser.post(place(article, "place"), data=fields | {"version": "4" * 21})
    assert refused.status_code == 422
    assert "Keep it under 20 characters." in refused.text
    assert browser.post(place(article, "place"), data=fields).status_code == 303
    moved = browser.post(place(article, "place"), data=fields | {"version": "4.3+"})
    assert moved.status_code == 409
    for page in (refused, moved):
        assert re.search(r'value="staff"[^>]* checked', page.text)
        assert re.search(r'id="roles-pm"[^>]* checked', page.text)
    assert 'value="4.3+"' in moved.text
    assert 'name="seen" value="2"' in moved.text


def test_lists_take_any_address(sign_in, world, article):
    browser = sign_in(world.agent)
    for query in ("?state=x&category=x&owner=x&page=x&order=x", "?q=%25%00'", "?deed=publish"):
        assert browser.get(f"/articles{query}").status_code == 200


def test_a_base_that_is_broken_is_none():
    for broken in ("", "x", "[]", '["a", 1, "", "", []]', '{"a": 1}'):
        assert read_base(broken) is None
    text = Text("a", "b", "c", "d\ne", ("f",))
    assert read_base(base_of(text)) == text
    assert merge("", "", "")


def test_what_can_be_linked_to_is_a_page_of_its_own_too(session, sign_in, world, article):
    published(session, world.manager, "Linked")
    session.commit()
    browser = sign_in(world.agent)
    for query in ("", "?q=link", "?q=link&language=en", "?kind=video", "?q=nothing"):
        assert browser.get(f"/articles/choices{query}").status_code == 200


def test_unused_pictures_are_asked_about_and_removed(session, runtime, sign_in, world):
    idle = picture(session, runtime.store, "idle.png")
    idle.created_at = utcnow() - timedelta(days=2)
    session.commit()
    assert sign_in(world.agent).get("/articles/pictures").status_code == 403
    browser = sign_in(world.manager)
    assert "idle.png" in browser.get("/articles/pictures").text
    assert browser.get("/articles/pictures/removal").status_code == 422
    asked = browser.get(f"/articles/pictures/removal?chosen={idle.id}&chosen=x")
    assert f'value="{idle.id}"' in asked.text
    removed = browser.post("/articles/pictures/removal", data={"chosen": str(idle.id)})
    assert removed.status_code == 303
    assert "idle.png" not in browser.get("/articles/pictures").text
