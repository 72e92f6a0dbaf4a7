"""Pictures in ideas: seen by whoever may read what they stand in."""

from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from portal.core.permissions import Forbidden
from portal.ideas.service import commenting, submitting
from portal.ideas.service.submitting import Words
from portal.writing.service import pictures
from tests.fixtures.world import NOW
from tests.ideas.making import idea

pytestmark = pytest.mark.database


@pytest.fixture
def pasted(runtime, session):
    """Markdown of a picture that somebody has pasted."""

    def paste(by):
        drawn = BytesIO()
        Image.new("RGB", (4, 4), "navy").save(drawn, "PNG")
        drawn.seek(0)
        upload = FileStorage(drawn, "plan.png")
        kept = pictures.keep(session, runtime.store, upload, by=by, at=NOW, limit=10_000)
        return f"![plan](/attachments/{kept.id})"

    return paste


def seen(session, markdown, by=None):
    (key,) = pictures.keys_in(markdown)
    session.expire_all()
    return pictures.readable(session, key, by) is not None


def words(made, **fields):
    said = {
        "title": made.title,
        "description": made.description,
        "use_case": made.use_case,
        "category": made.category,
        "is_internal": made.is_internal,
    }
    return Words(**said | fields)


def test_what_is_pasted_into_an_idea_is_seen_by_everybody_once_it_is_sent(session, world, pasted):
    first, second = pasted(world.owner), pasted(world.owner)
    assert not seen(session, first)
    idea(session, world.owner, description=f"So: {first}", use_case=f"Or so: {second}")
    assert seen(session, first)
    assert seen(session, second)


def test_nobody_shows_what_somebody_else_has_only_pasted(session, world, pasted):
    theirs = pasted(world.stranger)
    idea(session, world.owner, description=f"Look: {theirs}")
    assert not seen(session, theirs)


def test_what_an_editor_brings_is_seen_too(session, world, pasted):
    made = idea(session, world.owner)
    drawn = pasted(world.manager)
    changed = words(made, description=drawn)
    submitting.edit(session, made, changed, made.version, by=world.manager, at=NOW)
    assert seen(session, drawn)


def test_those_of_an_internal_idea_are_for_staff_alone(session, world, pasted):
    drawn = pasted(world.manager)
    made = idea(session, world.manager, description=drawn, is_internal=True)
    said = pasted(world.agent)
    commenting.comment(session, made, said, by=world.agent, at=NOW)
    for one in (drawn, said):
        assert not seen(session, one)
        assert not seen(session, one, world.owner)
        assert seen(session, one, world.agent)
    opened = words(made, is_internal=False)
    submitting.edit(session, made, opened, made.version, by=world.manager, at=NOW)
    assert seen(session, drawn)
    assert seen(session, said)
    closed = words(made, is_internal=True)
    submitting.edit(session, made, closed, made.version, by=world.manager, at=NOW)
    assert not seen(session, drawn, world.owner)
    assert not seen(session, said, world.owner)


def test_those_of_a_comment_go_with_it(session, world, pasted):
    made = idea(session, world.owner)
    drawn = pasted(world.stranger)
    said = commenting.comment(session, made, drawn, by=world.stranger, at=NOW)
    assert seen(session, drawn)
    commenting.remove(session, made, said, by=world.stranger, at=NOW)
    assert not seen(session, drawn, world.owner)


def test_portals_people_bring_none(session, world, pasted):
    with pytest.raises(Forbidden):
        pasted(world.client)
