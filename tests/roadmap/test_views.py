"""The public pages, and the board with and without a script."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.ideas.models import FeatureRequest
from portal.ideas.service import merging
from portal.roadmap.models import RoadmapItem, Stage
from portal.roadmap.service import writing
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.roadmap.making import internal, plan, public, release, shipped
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
NEW = {
    "title_en": "Weather days",
    "description_en": "They *move* the schedule",
    "title_es": "Días de lluvia",
    "description_es": "",
    "stage": "planned",
    "quarter": "2027-Q1",
    "module": "scheduling",
    "release": "",
    "visibility": "internal",
}


@pytest.fixture
def admin(sign_in, world):
    return sign_in(world.admin)


@pytest.fixture
def item(session, world):
    made = public(session, world.admin)
    session.commit()
    return made


def rows(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(RoadmapItem).order_by(RoadmapItem.created_at)).all()


def order(session, stage=Stage.PLANNED, quarter="2026-Q4"):
    there = [one for one in rows(session) if (one.stage, one.quarter) == (stage, quarter)]
    return [one.id for one in sorted(there, key=lambda one: one.position)]


def test_visitors_read_three_columns_by_quarter(app, session, world):
    for title, facts in (
        ("Later on", {"quarter": ""}),
        ("Spring", {"quarter": "2027-Q2"}),
        ("Winter", {"quarter": "2026-Q4"}),
    ):
        public(session, world.admin, title, **facts)
    shipped(session, world.admin, "Older", quarter="2026-Q1")
    shipped(session, world.admin, "Newer", quarter="2026-Q3")
    session.commit()
    text = app.test_client().get("/roadmap").text
    places = [text.index(f">{title}<") for title in ("Winter", "Spring", "Later on")]
    assert places == sorted(places)
    assert text.index(">Newer<") < text.index(">Older<")
    for words in ("Planned", "In progress", "Shipped", "Q4 2026", "Later"):
        assert words in text


def test_a_module_narrows_it(app, session, world):
    public(session, world.admin, "Dates")
    public(session, world.admin, "Invoices", module="invoicing")
    session.commit()
    visitor = app.test_client()
    text = visitor.get("/roadmap?module=invoicing", headers=HTMX).text
    assert "Invoices" in text
    assert "Dates" not in text
    assert "<html" not in text
    assert "Nothing is planned here" in visitor.get("/roadmap?module=billing").text
    assert "Dates" in visitor.get("/roadmap?module=nonsense").text


def test_an_item_has_its_ideas_history_and_note(app, session, world):
    wish = idea(session, world.owner, "Photos from the phone")
    note = release(session)
    made = public(session, world.admin, ideas=[wish], release_id=note.id)
    session.commit()
    answer = app.test_client().get(f"/roadmap/{made.number}", follow_redirects=True)
    assert answer.request.path == f"/roadmap/{made.number}/photos-on-daily-logs"
    for words in ("<strong>phone</strong>", "Photos from the phone", "1 vote", "History"):
        assert words in answer.text
    assert f"/ideas/{wish.number}#votes" in answer.text
    assert 'href="/whats-new/1001/autumn">Released in 2.4: Autumn' in answer.text
    assert world.admin.name not in answer.text


def test_a_note_that_is_not_published_is_no_link(app, session, world):
    note = release(session, number=None, state="draft")
    made = public(session, world.admin, release_id=note.id)
    session.commit()
    text = app.test_client().get(f"/roadmap/{made.number}/x").text
    assert "/whats-new/" not in text
    assert "Autumn" not in text


def test_readers_have_their_language_or_the_other(app, session, world):
    public(session, world.admin, "Photos", es="Fotos")
    public(session, world.admin, "Only English")
    session.commit()
    text = app.test_client().get("/roadmap", headers={"Accept-Language": "es"}).text
    assert "Fotos" in text
    assert 'lang="en"' in text
    assert "Only English" in text


def test_an_ideas_page_says_where_it_is_planned(app, sign_in, session, world):
    wish, same = idea(session, world.owner), idea(session, world.stranger)
    public(session, world.admin, "Public plan", ideas=[same])
    internal(session, world.admin, "Secret plan", ideas=[wish])
    merging.merge(session, same, wish, by=world.manager, at=NOW)
    session.commit()
    path = f"/ideas/{wish.number}"
    assert "Public plan" in app.test_client().get(path).text
    assert "Secret plan" not in sign_in(world.owner).get(path).text
    assert "Secret plan" in sign_in(world.agent).get(path).text


def test_the_board_is_for_staff_and_changed_by_administrators(app, sign_in, session, world, item):
    internal(session, world.admin, "Secret plan")
    session.commit()
    assert sign_in(world.owner).get("/roadmap/board").status_code == 403
    agents = sign_in(world.agent).get("/roadmap/board").text
    assert "Secret plan" in agents
    assert "Move it" not in agents
    assert sign_in(world.agent).post(f"/roadmap/board/{item.id}/place").status_code == 403
    assert "Move it" in sign_in(world.admin).get("/roadmap/board").text


def test_an_item_is_written_kept_and_looked_at_before_it_is_public(app, session, world, admin):
    wish = idea(session, world.owner)
    session.commit()
    page = admin.get("/roadmap/board/new").text
    assert 'value="internal" checked' in page or 'checked id="visibility-0"' in page
    sent = {**NEW, "visibility": "public", "idea": str(wish.number)}
    answer = admin.post("/roadmap/board/items", data=sent)
    assert answer.location.endswith("/publication")
    (item,) = rows(session)
    assert item.is_internal
    look = admin.get(answer.location).text
    for words in ("Weather days", "Días de lluvia", "1 idea moves along", "Everybody will read it"):
        assert words in look
    place = answer.location
    assert admin.post(place, data={"lock": item.edition}).status_code == 303
    (item,) = rows(session)
    assert (item.is_internal, item.number) == (False, 1001)
    assert (
        "Días de lluvia"
        in app.test_client().get("/roadmap?", headers={"Accept-Language": "es"}).text
    )


def test_what_was_typed_is_still_there(session, world, admin):
    wrong = {**NEW, "title_en": "", "title_es": "", "description_en": "All of it"}
    answer = admin.post("/roadmap/board/items", data=wrong)
    assert answer.status_code == 422
    assert "Give it a title" in answer.text
    assert "All of it" in answer.text
    long = admin.post("/roadmap/board/items", data={**NEW, "description_en": "a" * 2001})
    assert long.status_code == 422
    assert rows(session) == []


def test_ideas_are_found_by_number_and_title_without_a_script(session, world, admin):
    wish, other = idea(session, world.owner), idea(session, world.owner, "Cranes")
    session.commit()
    sent = {**NEW, "search": "1", "q": "crane", "idea": str(wish.number)}
    text = admin.post("/roadmap/board/items", data=sent).text
    assert f'value="{wish.number}" checked' in text
    assert "Cranes" in text
    assert "Weather days" in text
    assert "Cranes" in admin.get(f"/roadmap/board/ideas?q=%23{other.number}").text
    assert "No idea is called like this" in admin.get("/roadmap/board/ideas?q=zebra").text
    assert rows(session) == []


def test_drafts_are_kept_until_they_are_sent(session, world, admin):
    admin.post("/roadmap/board/new/draft", data={"title_en": "Half", "stage": "planned"})
    assert "Half" in admin.get("/roadmap/board/new").text
    admin.post("/roadmap/board/items", data=NEW)
    assert "Half" not in admin.get("/roadmap/board/new").text
    admin.post("/roadmap/board/new/draft", data={"title_en": "Half"})
    admin.post("/roadmap/board/new/draft/removal")
    assert "Half" not in admin.get("/roadmap/board/new").text


def test_two_who_edit(session, world, admin, item):
    place = f"/roadmap/board/{item.id}/edition"
    seen = item.edition
    assert f'name="lock" value="{seen}"' in admin.get(place).text
    writing.edit(session, item, plan("Theirs"), seen, by=world.admin, at=NOW)
    session.commit()
    sent = {**NEW, "visibility": "public", "lock": seen, "title_en": "Mine"}
    answer = admin.post(place, data=sent)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text
    again = admin.post(place, data={**sent, "lock": seen + 1})
    assert again.status_code == 303
    assert "Mine" in admin.get(f"/roadmap/board/{item.id}").text


def test_a_public_one_becomes_internal_and_public_again(app, session, world, admin, item):
    visitor, path = app.test_client(), f"/roadmap/{item.number}/x"
    assert visitor.get(path).status_code == 200
    sent = {**NEW, "visibility": "internal", "lock": item.edition, "title_en": "Now a secret"}
    assert admin.post(f"/roadmap/board/{item.id}/edition", data=sent).status_code == 303
    assert visitor.get(path).status_code == 404
    (row,) = rows(session)
    number = row.number
    admin.post(f"/roadmap/board/{item.id}/publication", data={"lock": row.edition})
    assert visitor.get(path).status_code == 200
    admin.post(f"/roadmap/board/{item.id}/withdrawal")
    assert visitor.get(path).status_code == 404
    assert rows(session)[0].number == number


def test_publishing_what_has_changed_since_is_looked_at_again(session, world, admin):
    made = internal(session, world.admin)
    writing.edit(session, made, plan("Changed"), made.edition, by=world.admin, at=NOW)
    session.commit()
    answer = admin.post(f"/roadmap/board/{made.id}/publication", data={"lock": 1})
    assert answer.status_code == 409
    assert "Nothing was published" in answer.text
    assert rows(session)[0].is_internal


def move(client, item, lock=None, **place):
    sent = {"stage": item.stage, "quarter": item.quarter, "where": "last", **place}
    return client.post(
        f"/roadmap/board/{item.id}/place",
        data={**sent, "lock": item.edition if lock is None else lock},
        headers=HTMX if place.pop("htmx", True) else {},
    )


def test_cards_are_moved_within_and_between_groups(session, world, admin):
    one, two, three = (internal(session, world.admin, title) for title in ("A", "B", "C"))
    session.commit()
    answer = move(admin, three, where="up")
    assert order(session) == [one.id, three.id, two.id]
    assert "Moved: C is number 2 of 3 in Planned, Q4 2026." in answer.text
    assert f'data-focus="move-{three.id}"' in answer.text
    move(admin, two, where="before", before=str(one.id))
    assert order(session) == [two.id, one.id, three.id]
    move(admin, two, where="down")
    move(admin, one, where="first")
    move(admin, three, stage="in_progress", quarter="2027-Q1")
    assert order(session, "in_progress", "2027-Q1") == [three.id]
    assert order(session) == [one.id, two.id]


def test_moves_work_without_a_script(session, world, admin, item):
    sent = {"stage": "shipped", "quarter": "2026-Q4", "where": "last", "lock": item.edition}
    answer = admin.post(f"/roadmap/board/{item.id}/place", data=sent)
    assert answer.status_code == 303
    assert "Moved: Photos on daily logs" in admin.get("/roadmap/board").text
    assert admin.post(f"/roadmap/board/{item.id}/place", data={"stage": "x"}).status_code == 422


def test_a_stale_board_moves_nothing(session, world, admin, item):
    answer = move(admin, item, lock=item.edition - 1, stage="shipped")
    assert answer.status_code == 409
    assert "Somebody else has changed this item meanwhile" in answer.text
    assert rows(session)[0].stage == "planned"


def test_removal_is_confirmed_and_undone(app, session, world, admin, item):
    path, place = f"/roadmap/{item.number}/x", f"/roadmap/board/{item.id}"
    assert "It can be brought back" in admin.get(f"{place}/removal").text
    admin.post(f"{place}/removal")
    assert app.test_client().get(path).status_code == 404
    assert admin.get(place).status_code == 404
    assert "Bring it back" in admin.get("/roadmap/board").text
    admin.post(f"{place}/restoration")
    assert app.test_client().get(path).status_code == 200
    assert admin.post(f"{place}/restoration").status_code == 303


def test_what_nobody_touched_is_shown_and_confirmed(session, world, admin, item):
    item.touched_at = NOW - timedelta(days=40)
    session.commit()
    assert "Not updated for 40 days" in admin.get("/roadmap/board").text
    admin.post(f"/roadmap/board/{item.id}/confirmation")
    assert "Not updated" not in admin.get("/roadmap/board").text


def test_the_preview_shows_markdown_of_either_language(admin):
    for name in ("description_en", "description_es"):
        answer = admin.post("/roadmap/board/preview", data={name: "**now**"})
        assert "<strong>now</strong>" in answer.text


def test_empty_roadmaps_say_so(app, admin):
    assert "The roadmap is empty" in app.test_client().get("/roadmap").text
    assert "Nothing here" in admin.get("/roadmap/board").text


def test_there_is_no_roadmap_at_portals(sign_in, world, item):
    for path in ("/roadmap", f"/roadmap/{item.number}/x", "/roadmap.json", "/roadmap/embed"):
        assert sign_in(world.client).get(path).status_code == 404


@pytest.mark.parametrize("who", [None, "owner", "admin"])
def test_pages_ask_little(app, runtime, session, world, sign_in, who):
    note = release(session)
    for number in range(6):
        wish = idea(session, world.owner, f"Wish {number}")
        public(session, world.admin, f"Item {number}", ideas=[wish], release_id=note.id)
    session.commit()
    client = sign_in(getattr(world, who)) if who else app.test_client()
    paths = ["/roadmap", "/roadmap/1001/item-0", "/roadmap.json", "/roadmap.rss", "/roadmap/embed"]
    key = rows(session)[0].id
    inside = ["/roadmap/board", f"/roadmap/board/{key}", f"/roadmap/board/{key}/edition"]
    for path in paths + (inside if who == "admin" else []):
        client.get(path)
        with counted(runtime.engine) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= 10, (path, len(asked), asked)
    assert session.scalar(select(FeatureRequest.number).limit(1))
