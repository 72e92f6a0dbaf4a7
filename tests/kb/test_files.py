"""A file is for whoever may read something that shows it."""

import pytest

from portal.core.audience import Audience
from portal.core.permissions import Role
from portal.kb.models import FileUse, Video, VideoText
from tests.fixtures.world import NOW
from tests.kb import shelving

pytestmark = pytest.mark.usefixtures("noon")
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 8


def place(file) -> str:
    return f"/kb/files/{file.id}/{file.filename}"


@pytest.fixture
def clients(app, world, sign_in, person):
    at_portal = app.test_client()
    at_portal.portal = "acme"
    return {
        "visitor": app.test_client(),
        "owner": sign_in(world.owner),
        "agent": sign_in(world.agent),
        "portal visitor": at_portal,
        "client": sign_in(world.client),
        "vendor": sign_in(person(Role.VENDOR, world.acme)),
    }


KINDS = {
    "public": ({}, {"visitor", "owner", "agent"}),
    "for clients": (
        {"role_tags": ["client"]},
        {"visitor", "owner", "agent", "portal visitor", "client", "vendor"},
    ),
    "customers": ({"audience": Audience.CUSTOMERS}, {"owner", "agent"}),
    "staff": ({"audience": Audience.STAFF}, {"agent"}),
    "not published": ({"is_published": False}, {"agent"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_with_its_article(session, runtime, clients, kind):
    values, readers = KINDS[kind]
    shown_by = shelving.article(session, "plan", **values)
    file = shelving.picture(session, runtime.store, "plan.png", shown_by)
    session.commit()
    answers = {
        name: client.get(place(file), buffered=True).status_code for name, client in clients.items()
    }
    assert answers == {name: 200 if name in readers else 404 for name in clients}


def test_one_article_that_may_be_read_is_enough(session, runtime, clients):
    hidden = shelving.article(session, "hidden", audience=Audience.STAFF)
    file = shelving.picture(session, runtime.store, "plan.png", hidden)
    session.commit()
    assert clients["visitor"].get(place(file)).status_code == 404
    session.add(FileUse(file_id=file.id, article_id=shelving.article(session, "plain").id))
    session.commit()
    assert clients["visitor"].get(place(file), buffered=True).status_code == 200


def test_what_is_for_some_is_kept_by_no_one_in_between(session, runtime, clients):
    gated = shelving.article(session, "gated", audience=Audience.CUSTOMERS)
    for_some = shelving.picture(session, runtime.store, "some.png", gated)
    for_all = shelving.picture(session, runtime.store, "all.png", shelving.article(session, "all"))
    session.commit()
    kept = {
        name: clients["owner"].get(place(file), buffered=True).headers["Cache-Control"]
        for name, file in (("some", for_some), ("all", for_all))
    }
    assert kept["some"].startswith("private")
    assert kept["all"].startswith("public")
    assert all("immutable" in said for said in kept.values())


def test_nothing_in_it_runs_on_our_pages(session, runtime, clients):
    article = shelving.article(session, "plain")
    for name, content in (
        ("evil.html", b"<!doctype html><script>alert(1)</script>"),
        ("evil.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ):
        file = shelving.file(session, runtime.store, name, content, article)
        file.content_type = {"evil.html": "text/html", "evil.svg": "image/svg+xml"}[name]
        session.commit()
        answer = clients["visitor"].get(place(file), buffered=True)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.mimetype in {"text/plain", "application/octet-stream"}
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


class TestFilms:
    @pytest.fixture
    def film(self, session, runtime):
        file = shelving.file(session, runtime.store, "film.mp4", FILM)
        video = Video(slug="film", is_published=True, created_at=NOW, updated_at=NOW)
        session.add(video)
        session.flush()
        session.add(VideoText(video_id=video.id, language="en", title="A film", file_id=file.id))
        session.commit()
        return file

    def test_it_is_played_from_the_middle(self, clients, film):
        part = clients["visitor"].get(
            place(film), headers={"Range": "bytes=100-199"}, buffered=True
        )
        assert part.status_code == 206
        assert part.data == FILM[100:200]
        assert part.headers["Content-Range"] == f"bytes 100-199/{len(FILM)}"
        assert part.mimetype == "video/mp4"
        assert part.headers["Content-Disposition"].startswith("inline")

    def test_the_whole_says_that_parts_can_be_had(self, clients, film):
        whole = clients["visitor"].get(place(film), buffered=True)
        assert whole.data == FILM
        assert whole.headers["Accept-Ranges"] == "bytes"

    def test_beyond_its_end_there_is_nothing(self, clients, film):
        past = clients["visitor"].get(place(film), headers={"Range": "bytes=999999-"})
        assert past.status_code == 416

    def test_it_is_not_sent_twice(self, clients, film):
        tag = clients["visitor"].get(place(film), buffered=True).headers["ETag"]
        again = clients["visitor"].get(place(film), headers={"If-None-Match": tag}, buffered=True)
        assert again.status_code == 304
        assert again.data == b""

    def test_it_is_gone_with_the_video(self, session, clients, film):
        session.query(Video).one().is_published = False
        session.commit()
        assert clients["visitor"].get(place(film)).status_code == 404
