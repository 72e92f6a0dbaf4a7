"""What a level lets members do in the forum beyond their role."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.community.models import PointEntry
from portal.community.service import points
from portal.community.service.restrictions import Wish, restrict
from portal.community.service.standing import with_earned
from portal.core.permissions import Forbidden, Permission
from portal.core.reputation import LEVELS, Cause
from portal.forum.models import State, Version
from portal.forum.service import answers, editing, flagging, moderating, publishing, removing
from portal.foundation.ids import uuid7
from tests.forum.making import reply, thread
from tests.ideas.making import crowd

pytestmark = pytest.mark.usefixtures("noon")
GUIDE, MODERATOR = LEVELS[3], LEVELS[4]


@pytest.fixture
def reach(session, now):
    """Make somebody reach a level."""

    def climb(who, level):
        began = now - timedelta(days=level.days)
        member = points.taking_part(session, who.user_id, at=began)
        for giver in crowd(session, level.people):
            session.add(
                PointEntry(
                    user_id=who.user_id,
                    cause=Cause.REPLY_UPVOTED,
                    points=10,
                    at=began,
                    source_kind="forum_reply",
                    source_id=uuid7(),
                    given_by=giver.user_id,
                    by_peer=True,
                )
            )
        member.points, member.created_at = level.points, began
        session.commit()

    return climb


def test_a_guide_improves_titles_and_the_former_stays(session, world, now, reach, sign_in):
    post = thread(session, world.agent, now, "help!!!")
    reach(world.pm, GUIDE)
    client = sign_in(world.pm)
    at = f"/forum/{post.number}"
    assert f"{at}/title" in client.get(at).text
    assert "help!!!" in client.get(f"{at}/title").text
    sent = {"title": "How do weather days count?", "edition": "1"}
    assert client.post(f"{at}/title", data=sent).status_code == 303
    stale = client.post(f"{at}/title", data={**sent, "title": "Mine"})
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert client.post(f"{at}/title", data={**sent, "title": " "}).status_code == 422
    session.commit()
    session.refresh(post)
    assert post.title == "How do weather days count?"
    version = session.scalars(select(Version)).one()
    assert (version.title, version.by_name) == ("help!!!", world.pm.name)
    assert client.get(f"{at}/text").status_code == 403
    assert client.post(f"{at}/lock").status_code == 403


def test_nobody_else_does(session, world, now, sign_in):
    post = thread(session, world.agent, now)
    session.commit()
    client, at = sign_in(world.pm), f"/forum/{post.number}"
    assert f"{at}/title" not in client.get(at).text
    assert client.get(f"{at}/title").status_code == 403
    assert client.post(f"{at}/title", data={"title": "X", "edition": "1"}).status_code == 403
    with pytest.raises(Forbidden):
        editing.retitle(session, post, "X", 1, by=world.pm, at=now)


def test_a_moderator_by_standing_moderates_by_the_pages(session, world, now, reach, sign_in):
    post = thread(session, world.stranger, now)
    rude = reply(session, post, world.owner, now, "Something rude")
    reach(world.pm, MODERATOR)
    client, at = sign_in(world.pm), f"/forum/{post.number}"
    assert client.get("/forum/moderation").status_code == 200
    assert client.post(f"{at}/lock").status_code == 303
    answer = client.post(f"/forum/replies/{rude.id}/removal", data={"reason": "Rude"})
    assert answer.status_code == 303
    session.commit()
    session.refresh(rude)
    assert rude.state == State.REMOVED
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "thread.removed")).one()
    assert entry.by_name == world.pm.name


def test_it_reaches_no_further_than_the_forum(session, world, reach, sign_in):
    reach(world.pm, MODERATOR)
    client = sign_in(world.pm)
    assert client.get("/desk/1/thread").status_code == 403
    assert client.get("/community/restrictions").status_code == 403


def test_nobody_judges_their_own(session, world, now, reach):
    reach(world.pm, MODERATOR)
    by = with_earned(session, world.pm, at=now)
    assert by.may(Permission.MODERATE)
    post = thread(session, world.stranger, now)
    own = reply(session, post, by, now)
    mine = thread(session, by, now, "Mine")
    for judge in (
        lambda: answers.verify(session, post, own, by=by, at=now),
        lambda: flagging.dismiss(session, post, own, by=by, at=now),
        lambda: publishing.release(session, post, own, by=by, at=now),
        lambda: removing.restore_reply(session, post, own, by=by, at=now),
        lambda: removing.restore_post(session, mine, by=by, at=now),
        lambda: moderating.pin(session, mine, by=by, at=now),
        lambda: moderating.unlock(session, mine, by=by, at=now),
    ):
        with pytest.raises(Forbidden):
            judge()


def test_whoever_is_restricted_has_earned_nothing(session, world, now, reach):
    reach(world.pm, MODERATOR)
    until = now + timedelta(days=1)
    restrict(session, Wish("Quarrel", until, user_id=world.pm.user_id), by=world.manager, at=now)
    assert not with_earned(session, world.pm, at=now).may(Permission.MODERATE)
