import io
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from portal.tickets.service import attachments, conversation
from portal.tickets.service.conversation import Writing
from tests.fixtures.world import NOW
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
EARLIER = NOW - timedelta(hours=1)


def fetch(client, place):
    """To its end, as a browser does."""
    return client.get(place, buffered=True)


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (900, 30), "navy").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def keep(session, runtime, world):
    def put(content: bytes, name: str, by=None):
        upload = FileStorage(io.BytesIO(content), filename=name)
        return attachments.keep(
            session, runtime.store, [upload], by=by or world.pm, at=EARLIER, limit=10**7
        )[0]

    return put


@pytest.fixture
def ticket_with(session, pack, world):
    def make(*files):
        ticket = filed(session, pack, world.pm, EARLIER, files=files)
        session.commit()
        return ticket

    return make


def test_a_picture_is_shown_and_its_preview_is_small(world, keep, ticket_with, sign_in):
    file = keep(picture(), "plan.png")
    place = f"/tickets/{ticket_with(file).number}/attachments/{file.id}"
    client = sign_in(world.pm)
    whole = fetch(client, place)
    assert whole.data == picture()
    assert whole.mimetype == "image/png"
    assert whole.content_length == len(picture())
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    preview = fetch(client, f"{place}/preview")
    assert preview.mimetype == "image/webp"
    assert Image.open(io.BytesIO(preview.data)).width <= 640


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg"),
        (b"<html><script>alert(1)</script></html>", "page.html"),
        (b"PK\x03\x04rest", "data.zip"),
        (b"alert(1)", "code.js"),
    ],
)
def test_what_could_run_is_only_handed_down(world, keep, ticket_with, sign_in, content, name):
    file = keep(content, name)
    place = f"/tickets/{ticket_with(file).number}/attachments/{file.id}"
    answer = fetch(sign_in(world.pm), place)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype not in {"text/html", "image/svg+xml", "text/javascript"}
    assert fetch(sign_in(world.pm), f"{place}/preview").status_code == 404


def test_a_name_with_a_path_and_a_line_break_can_do_no_harm(world, keep, ticket_with, sign_in):
    file = keep(b"words", "../../etc/pass\r\nX-Evil: 1\twd‮gnp.txt")
    place = f"/tickets/{ticket_with(file).number}/attachments/{file.id}"
    answer = fetch(sign_in(world.pm), place)
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert ".." not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("agent", 200), ("client", 404), ("stranger", 404)]
)
def test_who_may_have_it(world, keep, ticket_with, sign_in, who, status):
    file = keep(b"words", "log.txt")
    place = f"/tickets/{ticket_with(file).number}/attachments/{file.id}"
    assert fetch(sign_in(getattr(world, who)), place).status_code == status


def test_a_file_is_not_found_under_another_ticket(world, keep, ticket_with, sign_in):
    file = keep(b"words", "log.txt")
    ticket_with(file)
    other = ticket_with()
    client = sign_in(world.pm)
    assert fetch(client, f"/tickets/{other.number}/attachments/{file.id}").status_code == 404
    assert fetch(client, f"/tickets/{other.number}/attachments/{uuid4()}").status_code == 404


def test_files_of_notes_and_of_replies_still_here_are_for_staff(
    session, world, keep, ticket_with, sign_in
):
    ticket = ticket_with()
    noted, waiting = keep(b"note", "note.txt", world.agent), keep(b"wait", "w.txt", world.agent)
    conversation.note(session, ticket, Writing("x", files=[noted]), by=world.agent, at=EARLIER)
    conversation.reply_as_agent(
        session, ticket, Writing("y", files=[waiting]), by=world.agent, at=NOW, undo_seconds=15
    )
    session.commit()
    for file in (noted, waiting):
        place = f"/tickets/{ticket.number}/attachments/{file.id}"
        assert fetch(sign_in(world.pm), place).status_code == 404
        assert fetch(sign_in(world.agent), place).status_code == 200


def test_a_file_that_the_disk_lost_is_not_found(runtime, world, keep, ticket_with, sign_in):
    file = keep(b"words", "log.txt")
    ticket = ticket_with(file)
    runtime.store.delete(file.storage_key)
    place = f"/tickets/{ticket.number}/attachments/{file.id}"
    assert fetch(sign_in(world.pm), place).status_code == 404
