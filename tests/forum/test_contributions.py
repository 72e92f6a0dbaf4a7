"""What somebody wrote, as their profile shows it."""

import pytest

from portal.community.service import points
from portal.forum.service import removing, voting
from portal.foundation import outbox
from tests.forum.making import reply, thread

pytestmark = pytest.mark.usefixtures("noon")


def test_what_they_wrote_and_what_points_were_for(app, runtime, session, world, now, sign_in):
    post = thread(session, world.pm, now, "About cranes")
    other = thread(session, world.stranger, now, "About rain")
    answer = reply(session, other, world.pm, now)
    gone = thread(session, world.pm, now, "About nothing")
    removing.remove_post(session, gone, "Empty", by=world.pm, at=now)
    voting.upvote(session, answer, by=world.stranger, at=now)
    session.commit()
    while outbox.drain(runtime.writers, runtime.subscribers, at=now):
        pass
    address = f"/community/members/{world.pm.user_id}"
    page = app.test_client().get(address).text
    assert f"/forum/{post.number}/about-cranes" in page
    assert f"/forum/replies/{answer.id}" in page
    assert "About nothing" not in page
    ledger = sign_in(world.pm).get(f"{address}/points").text
    assert f"/forum/replies/{answer.id}" in ledger
    assert points.rebuild(session) == 0
