"""Films: who may watch them, with what, and how editors put them there."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.core.audience import Audience
from portal.kb.models import KbFile, Video, VideoText
from portal.ops.demo.guidance import HELP
from portal.search.models import DocumentRow
from tests.fixtures.world import SignIn, World, closed_to
from tests.guidance.making import article, video

SRT = "1\n00:00:03,000 --> 00:00:05,000\nAbre el cronograma.\n"
TYPED = {
    "provider": "youtube",
    "external": "https://www.youtube.com/watch?v=abcdefghij0&t=3",
    "length": "1:20",
    "position": "0",
    "title-en": "Your schedule",
    "description-en": "How it begins",
    "chapters-en": "0:03 Add a task\n0:08 Link it",
    "module": "scheduling",
    "audience": "public",
    "published": "1",
    "seen": "0",
}


def film() -> tuple[io.BytesIO, str]:
    return io.BytesIO((HELP / "videos" / "first-schedule.webm").read_bytes()), "first.webm"


@pytest.fixture
def editor(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.manager)


@pytest.fixture
def own(session: Session, editor: FlaskClient) -> Video:
    """Published, with a film in English and captions in both languages."""
    files: dict[str, Any] = {
        "film-en": film(),
        "captions-en": (
            io.BytesIO(b"WEBVTT\n\n00:03.000 --> 00:05.000\n<b>Open</b> it.\n"),
            "a.vtt",
        ),
        "captions-es": (io.BytesIO(SRT.encode()), "a.srt"),
        "title-es": "Tu cronograma",
    }
    answer = editor.post("/videos", data=TYPED | {"provider": "file"} | files)
    assert answer.status_code == 303, answer.text
    return only(session)


def only(session: Session) -> Video:
    session.rollback()
    session.expire_all()
    return session.query(Video).one()


def test_only_those_who_publish_come_in(world: World, sign_in: SignIn) -> None:
    for actor in (world.agent, world.owner, world.client):
        for path in ("/videos", "/videos/new"):
            assert sign_in(actor).get(path).status_code == closed_to(actor)
        assert sign_in(actor).post("/videos", data=TYPED).status_code == closed_to(actor)


def test_our_own_film_plays_with_captions_chapters_and_what_is_said(
    session: Session, own: Video, app: Any
) -> None:
    page = app.test_client().get("/kb/es/videos/your-schedule")
    assert page.status_code == 200
    for said in ("Tu cronograma", "Abre el cronograma.", 'srclang="es"', 'srclang="en"'):
        assert said in page.text
    spanish = next(line for line in page.text.splitlines() if 'srclang="es"' in line)
    assert spanish.rstrip().endswith("default>")
    assert "frame-src" not in page.headers["Content-Security-Policy"]
    english = app.test_client().get("/kb/en/videos/your-schedule").text
    assert "Add a task" in english
    assert "#t=3" in english
    text = session.query(VideoText).filter_by(language="es").one()
    captions = session.get_one(KbFile, text.captions_id)
    got = app.test_client().get(f"/kb/files/{captions.id}/x.vtt", buffered=True)
    assert (got.mimetype, got.text) == (
        "text/vtt",
        "WEBVTT\n\n00:00:03.000 --> 00:00:05.000\nAbre el cronograma.\n",
    )
    spoken = session.query(VideoText).filter_by(language="en").one()
    part = app.test_client().get(
        f"/kb/files/{spoken.file_id}/first.webm", headers={"Range": "bytes=0-99"}, buffered=True
    )
    assert (part.status_code, len(part.data)) == (206, 100)
    assert part.content_type == "video/webm"


def test_a_film_elsewhere_is_asked_for_on_its_own_page_alone(editor: FlaskClient, app: Any) -> None:
    assert editor.post("/videos", data=TYPED).status_code == 303
    page = app.test_client().get("/kb/en/videos/your-schedule")
    assert "frame-src https://www.youtube-nocookie.com" in page.headers["Content-Security-Policy"]
    assert "<iframe" not in page.text
    assert "youtube-nocookie.com/embed/abcdefghij0" in page.text
    library = app.test_client().get("/kb/en/videos")
    assert "youtube" not in library.text + library.headers["Content-Security-Policy"]
    assert "1:20" in library.text


@pytest.mark.parametrize(
    ("slug", "who", "status"),
    [
        ("all", None, 200),
        ("all", "client", 404),
        ("customers", None, 404),
        ("customers", "owner", 200),
        ("for-clients", "client", 200),
        ("for-clients", "owner", 200),
        ("inside", "owner", 404),
        ("inside", "agent", 200),
        ("unpublished", "agent", 404),
        ("nowhere", None, 404),
    ],
)
def test_who_may_watch(
    session: Session, world: World, sign_in: SignIn, app: Any, slug: str, who: str, status: int
) -> None:
    video(session, "all")
    video(session, "customers", audience=Audience.CUSTOMERS)
    video(session, "for-clients", audience=Audience.CUSTOMERS, role_tags=["client"])
    video(session, "inside", audience=Audience.STAFF)
    video(session, "unpublished", is_published=False)
    session.commit()
    client = sign_in(getattr(world, who)) if who else app.test_client()
    answer = client.get(f"/kb/en/videos/{slug}")
    assert answer.status_code == status
    library = client.get("/kb/en/videos")
    assert (f"/kb/en/videos/{slug}" in library.text) == (status == 200)


def test_what_is_not_in_the_language_says_so(session: Session, app: Any) -> None:
    video(session, "first")
    session.commit()
    assert "todavía no está en este idioma" in app.test_client().get("/kb/es/videos/first").text
    assert "Todavía no en este idioma" in app.test_client().get("/kb/es/videos").text


def test_the_search_is_told(session: Session, own: Video, editor: FlaskClient) -> None:
    rows = {row.language: row for row in session.query(DocumentRow).filter_by(kind="video")}
    assert set(rows) == {"en", "es"}
    assert rows["en"].body == "Open it."
    assert rows["en"].path == "/kb/en/videos/your-schedule"
    hidden = TYPED | {"provider": "file", "published": "", "seen": str(own.version)}
    assert editor.post(f"/videos/{own.id}", data=hidden).status_code == 303
    session.rollback()
    session.expire_all()
    assert {row.is_gone for row in session.query(DocumentRow).filter_by(kind="video")} <= {True}


def test_a_film_is_changed_and_removed(session: Session, own: Video, editor: FlaskClient) -> None:
    topic = article(session, "shows-it", video_id=own.id)
    session.commit()
    path, seen = f"/videos/{own.id}", str(own.version)
    page = editor.get(path).text
    assert "There is one. Choose another to replace it." in page
    kept = TYPED | {"provider": "file", "seen": seen, "title-es": "Otro", "slug": "another"}
    assert editor.post(path, data=kept).status_code == 303
    changed = only(session)
    assert changed.slug == "another"
    texts = {text.language: text for text in session.query(VideoText)}
    assert (texts["es"].title, texts["es"].transcript) == ("Otro", "Abre el cronograma.")
    late = editor.post(path, data=kept)
    assert late.status_code == 409
    assert f'name="seen" value="{changed.version}"' in late.text
    assert editor.get(f"{path}/removal").status_code == 200
    assert editor.post(f"{path}/removal").status_code == 303
    assert editor.get(path).status_code == 404
    session.rollback()
    assert topic is not None
    acts = [one.act for one in session.query(AuditEntry).filter(AuditEntry.act.like("video.%"))]
    assert acts == ["video.added", "video.saved", "video.removed"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title-en": ""}, "Give it a title"),
        ({"external": "https://evil.example/watch?v=abcdefghij0"}, "Paste the address"),
        ({"external": "javascript:alert(1)"}, "Paste the address"),
        ({"provider": "vimeo"}, "Paste the address"),
        ({"provider": "file"}, "there is nothing to watch yet"),
        ({"length": "long"}, "Write how long it is"),
        ({"length": "9:00:00"}, "Write how long it is"),
        ({"position": "-1"}, "Enter a whole number"),
        ({"slug": "../x"}, "Use small letters"),
        ({"slug": "taken"}, "Another video has this address"),
        ({"chapters-en": "0:00 Start\nnonsense"}, "Line 2 is no chapter"),
        ({"title-en": "x" * 400}, "300 characters at most"),
    ],
)
def test_what_can_not_be_watched_is_refused(
    session: Session, editor: FlaskClient, typed: dict[str, str], said: str
) -> None:
    video(session, "taken")
    session.commit()
    answer = editor.post("/videos", data=TYPED | typed)
    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "filename", "said"),
    [
        ("film-en", b"no film", "a.mp4", "Choose an MP4 or WebM video."),
        ("film-en", b"", "a.mp4", "This file is empty."),
        ("captions-en", b"WEBVTT\n\n00:05.000 --> 00:01.000\nx", "a.vtt", "line 3 make no sense"),
        ("captions-en", b"\xff\xff", "a.srt", "There is nothing said"),
        ("poster", b"<svg/>", "a.svg", "Choose a picture."),
    ],
)
def test_a_file_that_is_none_is_refused(
    editor: FlaskClient, name: str, content: bytes, filename: str, said: str
) -> None:
    answer = editor.post("/videos", data=TYPED | {name: (io.BytesIO(content), filename)})
    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("provider", "typed", "key"),
    [
        ("youtube", "https://youtu.be/abcdefghij0?si=x", "abcdefghij0"),
        ("youtube", "https://www.youtube-nocookie.com/embed/abcdefghij0", "abcdefghij0"),
        ("youtube", "abcdefghij0", "abcdefghij0"),
        ("vimeo", "https://vimeo.com/123456789", "123456789"),
        ("vimeo", "https://player.vimeo.com/video/123456789?h=1", "123456789"),
    ],
)
def test_addresses_elsewhere_are_understood(
    session: Session, editor: FlaskClient, provider: str, typed: str, key: str
) -> None:
    data = TYPED | {"provider": provider, "external": typed}
    assert editor.post("/videos", data=data).status_code == 303
    assert only(session).external_id == key
