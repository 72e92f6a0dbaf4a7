"""What was written may change; what stood there stays known."""

from datetime import timedelta

import pytest

from portal.core.forum import QUIETLY
from portal.core.permissions import Forbidden
from portal.forum.queries import thread as queries
from portal.forum.service import editing, moderating
from portal.forum.service.editing import ChangedMeanwhile
from tests.forum.making import reply, thread


def test_a_slip_leaves_no_trace(session, world, now):
    post = thread(session, world.pm, now)
    editing.edit_post(session, post, "New", "New words", 1, by=world.pm, at=now + QUIETLY)
    assert (post.title, post.edition, post.edited_at) == ("New", 2, None)
    assert not queries.versions(session, post)


def test_what_changes_later_is_kept(session, world, now):
    post, later = thread(session, world.pm, now), now + QUIETLY + timedelta(seconds=1)
    former = post.title, post.body
    editing.edit_post(session, post, "New", "New words", 1, by=world.pm, at=later)
    (version,) = queries.versions(session, post)
    assert (version.title, version.body) == former
    assert (version.by_name, post.edited_at) == (world.pm.name, later)


def test_what_staff_change_of_others_is_kept_at_once(session, world, now):
    post = thread(session, world.pm, now)
    answer = reply(session, post, world.stranger, now)
    editing.edit_reply(session, post, answer, "Without a name", 1, by=world.agent, at=now)
    assert len(queries.versions(session, answer)) == 1


def test_the_second_of_two_is_told(session, world, now):
    post = thread(session, world.pm, now)
    editing.edit_post(session, post, "First", "One", 1, by=world.pm, at=now)
    with pytest.raises(ChangedMeanwhile):
        editing.edit_post(session, post, "Second", "Two", 1, by=world.agent, at=now)
    session.refresh(post)
    assert post.title == "First"


def test_the_same_words_are_no_edit(session, world, now):
    post = thread(session, world.pm, now)
    editing.edit_post(session, post, post.title, post.body, 7, by=world.pm, at=now)
    assert post.edition == 1


def test_others_and_locked_threads(session, world, now):
    post = thread(session, world.pm, now)
    with pytest.raises(Forbidden):
        editing.edit_post(session, post, "Mine", "Words", 1, by=world.stranger, at=now)
    moderating.lock(session, post, by=world.agent, at=now)
    with pytest.raises(Forbidden):
        editing.edit_post(session, post, "Mine", "Words", 1, by=world.pm, at=now)
