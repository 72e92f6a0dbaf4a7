"""The pages, with and without a script."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.releases.models import Release
from portal.releases.queries.reading import texts
from portal.releases.service import publishing
from tests.fixtures.world import NOW
from tests.releases.making import note, published

pytestmark = pytest.mark.usefixtures("noon")
NEWS, NOTES = "/whats-new", "/whats-new/notes"
TYPED = {
    "version": "4.3",
    "modules": ["scheduling", "billing"],
    "title_en": "Weather days",
    "summary_en": "They move the schedule.",
    "body_en": "### How\n\nBy **one button**.",
    "title_es": "Días de lluvia",
}


def only(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(Release)).one()


def test_anybody_reads_what_is_published(app, session, world):
    first = published(session, world.manager, "First steps", at=NOW - timedelta(hours=1))
    published(session, world.manager, "Second steps", modules=("invoicing",))
    note(session, world.manager, "Not yet")
    session.commit()
    visitor = app.test_client()
    page = visitor.get(NEWS).text
    assert page.index("Second steps") < page.index("First steps")
    assert "Not yet" not in page
    assert "First steps" not in visitor.get(f"{NEWS}?module=invoicing").text
    one = visitor.get(f"{NEWS}/{first.number}/first-steps")
    assert one.status_code == 200
    assert 'property="og:title"' in one.text


def test_an_edit_and_a_read_in_each_language(app, session, sign_in, world):
    writer = sign_in(world.manager)
    made = writer.post(NOTES, data=TYPED)
    assert made.status_code == 303
    kept = only(session)
    assert (kept.version, kept.modules, kept.state) == ("4.3", ["scheduling", "billing"], "draft")
    assert {code: one.title for code, one in texts(session, kept.id).items()} == {
        "en": "Weather days",
        "es": "Días de lluvia",
    }
    for path in ("", "/preview", "/preview?lang=es", "/publication"):
        assert writer.get(f"{NOTES}/{kept.id}{path}").status_code == 200
    assert writer.post(f"{NOTES}/{kept.id}/publication").status_code == 303
    number = only(session).number
    spanish = app.test_client()
    page = spanish.get(f"{NEWS}/{number}", headers={"Accept-Language": "es"}).text
    assert "Días de lluvia" in page
    assert "one button" not in page


def test_what_has_no_translation_says_so_and_in_which_language_it_is(app, session, world):
    made = published(session, world.manager, "Only so")
    session.commit()
    page = app.test_client().get(f"{NEWS}/{made.number}", headers={"Accept-Language": "es"}).text
    assert '<h1 lang="en">Only so</h1>' in page
    assert "inglés" in page


@pytest.mark.parametrize(
    "wrong", [{"title_en": "", "title_es": ""}, {"title_en": ""}, {"version": "x" * 21}]
)
def test_what_is_wrong_keeps_all_that_was_typed(session, sign_in, world, wrong):
    answer = sign_in(world.manager).post(NOTES, data=TYPED | wrong)
    assert answer.status_code == 422
    assert "By **one button**." in answer.text
    assert session.scalars(select(Release)).all() == []


def test_only_those_write_who_may(sign_in, session, world):
    made = note(session, world.manager)
    session.commit()
    for who in (world.agent, world.owner):
        client = sign_in(who)
        assert client.get(NOTES).status_code == 403
        assert client.post(NOTES, data=TYPED).status_code == 403
        assert client.post(f"{NOTES}/{made.id}/publication").status_code == 403


def test_an_edit_over_a_newer_one_is_told_with_both_texts(session, sign_in, world):
    made = note(session, world.manager, "Mine")
    session.commit()
    writer, other = sign_in(world.manager), sign_in(world.admin)
    address, began = f"{NOTES}/{made.id}", {"edition": str(made.edition)}
    assert other.post(address, data=TYPED | began | {"title_en": "Theirs"}).status_code == 303
    told = writer.post(address, data=TYPED | began)
    assert told.status_code == 409
    assert "Theirs" in told.text
    assert "Weather days" in told.text
    now = only(session)
    again = writer.post(address, data=TYPED | {"edition": str(now.edition)})
    assert again.status_code == 303
    assert texts(session, only(session).id)["en"].title == "Weather days"


def test_what_was_typed_and_not_saved_is_there_again(session, sign_in, world):
    made = note(session, world.manager)
    session.commit()
    writer = sign_in(world.manager)
    for place in ("new", made.id):
        kept = writer.post(f"{NOTES}/{place}/draft", data=TYPED | {"edition": "1"})
        assert kept.status_code == 204
        page = writer.get(f"{NOTES}/{place}").text
        assert "By **one button**." in page
        assert 'value="billing" checked' in page
        assert writer.post(f"{NOTES}/{place}/draft/removal").status_code == 303
        assert "one button" not in writer.get(f"{NOTES}/{place}").text


def test_it_is_scheduled_in_the_writers_zone_and_put_off_and_cancelled(session, sign_in, world):
    made = note(session, world.manager)
    session.commit()
    writer, address = sign_in(world.manager), f"{NOTES}/{made.id}/schedule"
    for wrong in ("", "soon", "2020-01-01T10:00"):
        assert writer.post(address, data={"when": wrong}).status_code == 422
    assert writer.post(address, data={"when": "2026-12-24T18:00"}).status_code == 303
    assert only(session).state == "scheduled"
    page = writer.get(f"{NOTES}/{made.id}/publication").text
    assert "UTC" in page
    assert writer.post(f"{address}/removal").status_code == 303
    assert (only(session).state, only(session).publish_at) == ("draft", None)


def test_what_is_withdrawn_is_gone_for_readers_and_comes_back(app, session, sign_in, world):
    made = published(session, world.manager)
    session.commit()
    reader, writer = app.test_client(), sign_in(world.manager)
    path, address = f"{NEWS}/{made.number}", f"{NOTES}/{made.id}"
    assert writer.get(f"{address}/withdrawal").status_code == 200
    assert writer.post(f"{address}/withdrawal").status_code == 303
    assert reader.get(path).status_code == 404
    assert writer.get(path).status_code == 200
    assert made.number is not None
    for feed in (NEWS, f"{NEWS}.rss", f"{NEWS}.json"):
        assert "Photos in daily logs" not in reader.get(feed).text
    assert writer.post(f"{address}/publication").status_code == 409
    assert writer.post(f"{address}/restoration").status_code == 303
    assert reader.get(path).status_code == 200


def test_there_is_no_such_page_at_portals(sign_in, session, world):
    made = published(session, world.manager)
    session.commit()
    for path in (NEWS, f"{NEWS}/{made.number}", f"{NEWS}.rss", f"{NEWS}.json", NOTES):
        assert sign_in(world.client).get(path).status_code == 404


def test_ideas_are_found_by_number_and_by_words(session, sign_in, world):
    from tests.ideas.making import idea

    wished = idea(session, world.owner, "Photos on daily logs")
    session.commit()
    writer = sign_in(world.manager)
    for said in (wished.number, f"#{wished.number}", "photos on logs"):
        assert (
            "Photos on daily logs" in writer.get(f"{NOTES}/ideas", query_string={"more": said}).text
        )
    writer.post(NOTES, data=TYPED | {"more": str(wished.number)})
    kept = only(session)
    assert f'value="{wished.number}" checked' in writer.get(f"{NOTES}/{kept.id}").text


def test_a_note_names_the_ideas_that_shipped_with_it(app, session, world):
    from tests.ideas.making import idea

    public = idea(session, world.owner, "Wished for")
    inside = idea(session, world.manager, "Kept inside", is_internal=True)
    made = published(session, world.manager, ideas=[public.id, inside.id])
    session.commit()
    page = app.test_client().get(f"{NEWS}/{made.number}").text
    assert f"/ideas/{public.number}" in page
    assert "Kept inside" not in page


def test_other_rooms_say_what_shipped(app, session, world):
    from portal.releases import shipped

    made = published(session, world.manager)
    session.commit()
    shipped.register("test", lambda _session, _who, key, _code: [(f"Item of {key}", "/roadmap/1")])
    try:
        page = app.test_client().get(f"{NEWS}/{made.number}").text
    finally:
        shipped.withdraw("test")
    assert f"Item of {made.id}" in page


def test_a_second_press_publishes_nothing_anew(session, sign_in, world):
    made = note(session, world.manager)
    session.commit()
    writer = sign_in(world.manager)
    for _press in range(2):
        assert writer.post(f"{NOTES}/{made.id}/publication").status_code == 303
    assert only(session).edition == 2
    assert publishing.publish(session, only(session), by=world.manager, at=NOW) is False


@pytest.mark.parametrize("number", ["0", "999999999", "99999999999999999999999"])
def test_a_number_that_nothing_has_is_a_404(app, number):
    assert app.test_client().get(f"{NEWS}/{number}").status_code == 404
