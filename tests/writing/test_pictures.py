"""Pictures in what everybody reads: their bringer's until they are shown, gone with the text."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.forum.service import removing
from portal.foundation.runtime import runtime_of
from portal.writing.models import Picture
from portal.writing.service import pictures
from tests.fixtures.premises import picture
from tests.forum.making import known, reply, thread

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def pm(session, world, sign_in):
    session.commit()
    return sign_in(world.pm)


@pytest.fixture
def path(pm):
    answer = pm.post("/attachments", data={"picture": picture("site.png")})
    assert answer.status_code == 200, answer.text
    return answer.json["path"]


def status(client, path):
    return client.get(path, buffered=True).status_code


def test_only_its_bringer_sees_what_is_not_shown_yet(app, pm, path, world, sign_in):
    assert status(pm, path) == status(pm, f"{path}/preview") == 200
    assert status(app.test_client(), path) == 404
    assert status(sign_in(world.stranger), path) == 404


def test_everybody_sees_what_is_shown_until_the_text_is_gone(app, session, world, now, path):
    visitor, agent = app.test_client(), world.agent
    known(session, world.pm, now)
    post = thread(session, world.pm, now, body=f"Look: ![site]({path})")
    assert "<img" in post.body_html
    session.commit()
    assert status(visitor, path) == 200
    removing.remove_post(session, post, "A face in it", by=agent, at=now)
    session.commit()
    assert status(visitor, path) == 404
    removing.restore_post(session, post, by=agent, at=now)
    session.commit()
    assert status(visitor, path) == 200


def test_nobody_publishes_what_somebody_else_only_pasted(app, session, world, now, path):
    post = thread(session, world.pm, now)
    known(session, world.stranger, now)
    reply(session, post, world.stranger, now, f"![stolen]({path})")
    session.commit()
    assert status(app.test_client(), path) == 404


def test_only_pictures_and_only_of_members(pm, session, world, sign_in):
    text = (io.BytesIO(b"<script>alert(1)</script>"), "x.png")
    answer = pm.post("/attachments", data={"picture": text})
    assert answer.status_code == 422
    assert "x.png" in answer.json["words"]
    assert pm.post("/attachments").status_code == 422
    session.commit()
    asked = sign_in(world.client).post("/attachments", data={"picture": picture()})
    assert asked.status_code in {302, 403, 404}


def test_what_was_never_shown_is_forgotten(app, session, now, path, pm):
    runtime = runtime_of(app)
    clear = pictures.clearing(runtime.store)
    assert clear(runtime.writers, now + timedelta(days=29)) == 0
    assert clear(runtime.writers, now + timedelta(days=31)) == 1
    assert session.scalars(select(Picture)).all() == []
    assert status(pm, path) == 404


def test_what_was_shown_once_is_kept(app, session, world, now, path):
    runtime = runtime_of(app)
    known(session, world.pm, now)
    post = thread(session, world.pm, now, body=f"![site]({path})")
    removing.remove_post(session, post, "A face in it", by=world.agent, at=now)
    session.commit()
    assert pictures.clearing(runtime.store)(runtime.writers, now + timedelta(days=400)) == 0
