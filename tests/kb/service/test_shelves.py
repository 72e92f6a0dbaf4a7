"""Shelves and files of the knowledge base."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.accounts.models import AuditEntry
from portal.core.permissions import Forbidden
from portal.foundation.storage import RefusedFile
from portal.kb.queries import editing as queries
from portal.kb.service import categories, files
from portal.kb.service.categories import BadShelf, KeyTaken, NotEmpty, Shelf
from tests.fixtures.world import NOW
from tests.kb.making import drafted

LIMIT = 1_000_000


def shelf(title: str = "Scheduling", **more) -> Shelf:
    return Shelf({"en": title, "es": ""}, {}, **more)


def given(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def picture(colour: str = "navy") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 20), colour).save(made, "PNG")
    return made.getvalue()


def test_shelves_stand_in_a_tree(session, world):
    top = categories.add(session, "Scheduling", None, shelf(), by=world.manager, at=NOW)
    below = categories.add(session, "The basics", top, shelf("Basics"), by=world.manager, at=NOW)
    assert (top.key, below.key) == ("scheduling", "scheduling/the-basics")
    assert top.titles == {"en": "Scheduling"}
    with pytest.raises(KeyTaken):
        categories.add(session, "scheduling", None, shelf(), by=world.manager, at=NOW)
    with pytest.raises(NotEmpty):
        categories.remove(session, top, by=world.manager, at=NOW)
    categories.remove(session, below, by=world.manager, at=NOW)
    categories.remove(session, top, by=world.manager, at=NOW)
    assert queries.categories(session) == []


def test_who_changed_a_shelf_is_in_the_log(session, world):
    top = categories.add(session, "Plans", None, shelf("Plans"), by=world.manager, at=NOW)
    categories.change(session, top, shelf("Plans"), by=world.manager, at=NOW)
    categories.change(session, top, shelf("Schedules"), by=world.manager, at=NOW)
    categories.remove(session, top, by=world.manager, at=NOW)
    rows = select(AuditEntry).where(AuditEntry.act.startswith("category."))
    entries = session.scalars(rows.order_by(AuditEntry.id)).all()
    assert [(one.act, one.about) for one in entries] == [
        ("category.added", "Plans"),
        ("category.saved", "Schedules"),
        ("category.removed", "Schedules"),
    ]
    assert entries[1].facts == {"address": "plans", "before": "Plans"}


def test_a_shelf_with_articles_stays(session, world):
    top = categories.add(session, "Plans", None, shelf(), by=world.manager, at=NOW)
    drafted(session, world.agent, category=top)
    with pytest.raises(NotEmpty):
        categories.remove(session, top, by=world.manager, at=NOW)


@pytest.mark.parametrize(
    ("name", "title", "reason"),
    [("x", " ", "no_title"), ("x", "t" * 121, "title_too_long"), ("¿?", "T", "no_key")],
)
def test_bad_shelves_are_refused(session, world, name, title, reason):
    with pytest.raises(BadShelf) as told:
        categories.add(session, name, None, shelf(title), by=world.manager, at=NOW)
    assert told.value.reason == reason


def test_agents_arrange_no_shelves(session, world):
    with pytest.raises(Forbidden):
        categories.add(session, "x", None, shelf(), by=world.agent, at=NOW)


def test_the_same_picture_is_kept_once(session, runtime, world):
    facts = {"by": world.agent, "at": NOW, "limit": LIMIT}
    one = files.keep_picture(session, runtime.store, given(picture(), "plan.png"), **facts)
    two = files.keep_picture(session, runtime.store, given(picture(), "plan.png"), **facts)
    assert one.id == two.id
    assert (one.width, one.height) == (60, 20)
    assert queries.kept_files(session, [one.storage_key, "0" * 32]) == {one.storage_key}


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<svg onload=alert(1)>", "a.svg"), (b"hello", "a.png"), (b"", "a.png"), (b"text", "a.txt")],
)
def test_what_is_no_picture_is_refused(session, runtime, world, content, name):
    with pytest.raises(RefusedFile):
        files.keep_picture(
            session, runtime.store, given(content, name), by=world.agent, at=NOW, limit=LIMIT
        )


def test_a_drawing_keeps_its_original(session, runtime, world):
    facts = {"by": world.agent, "at": NOW, "limit": LIMIT}
    one = files.keep_picture(session, runtime.store, given(picture(), "plan.png"), **facts)
    arrow = [{"kind": "arrow", "from": [1, 1], "to": [9, 9]}]
    drawn = files.annotate(
        session, runtime.store, one, given(picture("red"), "plan.png"), arrow, **facts
    )
    again = files.annotate(
        session, runtime.store, drawn, given(picture("green"), "plan.png"), [], **facts
    )
    assert drawn.original_id == again.original_id == one.id
    assert drawn.annotations == arrow
    with pytest.raises(files.BadShapes):
        files.annotate(session, runtime.store, one, given(picture(), "a.png"), ["x"], **facts)


def test_captions_and_videos_are_known_by_their_bytes(session, runtime, world):
    vtt = given(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "a.vtt")
    kept = files.keep_captions(session, runtime.store, vtt, by=world.agent, at=NOW)
    assert kept.content_type == "text/vtt"
    with pytest.raises(RefusedFile):
        files.keep_captions(session, runtime.store, given(b"1\n", "a.vtt"), by=world.agent, at=NOW)
    with pytest.raises(RefusedFile):
        files.keep_video(
            session, runtime.store, given(b"no", "a.mp4"), by=world.agent, at=NOW, limit=LIMIT
        )
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 64
    film = files.keep_video(
        session, runtime.store, given(head, "a.mp4"), by=world.agent, at=NOW, limit=LIMIT
    )
    assert film.content_type == "video/mp4"
