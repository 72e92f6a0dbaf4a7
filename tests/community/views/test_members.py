"""Profiles tell what is to be told, to whom it may be told, and nobody's address."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.accounts.models import User
from portal.community import contributions
from portal.community.contributions import Contribution, Found
from portal.community.models import CommunitySettings, Member
from portal.community.queries.points import Source
from portal.community.service import points, settings
from portal.community.service.settings import Choice
from portal.community.wording import signed
from portal.core.reputation import CAPS, LEVELS, RULES, Cause
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def taken_part(session, world):
    see(session, PLATFORM)
    for one in (world.pm, world.stranger, world.agent):
        points.taking_part(session, one.user_id, at=NOW - timedelta(days=3))
    session.commit()


@pytest.fixture
def path(world, taken_part):
    return f"/community/members/{world.pm.user_id}"


@pytest.fixture
def voted(session, world, post, upvote, taken_part):
    upvote(post("reply"), world.stranger.user_id)
    upvote(post("reply"), world.owner.user_id)
    session.commit()


@pytest.fixture
def written(monkeypatch):
    """What a feature has registered, and whom it was asked for."""
    monkeypatch.setattr(contributions, "_WORK", {})
    monkeypatch.setattr(contributions, "_NAMES", {})
    asked = []
    line = Contribution("How do I move a task?", "/forum/1", NOW, "3 votes")

    def work(_session, whose, looks, limit):
        asked.append((whose, looks and looks.role, limit))
        return Found(7, [line])

    contributions.register("forum", "Questions", work)
    contributions.register("ideas", "Ideas", lambda *_asked: Found(0, []))
    contributions.register_names("reply", lambda _session, _looks, ids: dict.fromkeys(ids, line))
    return asked


def test_everybody_reads_who_somebody_is(app, world, path, voted, written):
    said = app.test_client().get(path).text
    assert "Acme Homes" in said
    assert "10 points" in said
    assert "How do I move a task?" in said
    assert ">7<" in said
    main = said.partition("<main")[2].partition("</main>")[0]
    assert "Ideas" not in main  # of which there are none
    assert "Every point" not in said
    assert "@" not in main
    assert written == [(world.pm.user_id, None, 5)]


def test_a_company_that_hides_its_name_is_not_on_it(app, session, world, path):
    see(session, world.acme.id)
    settings.save(session, Choice(shows_name=False), by=world.owner, at=NOW)
    session.commit()
    said = app.test_client().get(path).text
    assert "Acme" not in said
    assert world.pm.name in said


def test_nobody_is_there_who_never_took_part_or_is_gone(app, session, world, path):
    client = app.test_client()
    for one in (world.owner, world.client):
        assert client.get(f"/community/members/{one.user_id}").status_code == 404
    session.execute(update(User).where(User.id == world.pm.user_id).values(disabled_at=NOW))
    session.commit()
    assert client.get(path).status_code == 404


def test_portals_show_it_as_long_as_their_builder_lets_them(session, world, path, sign_in):
    browser = sign_in(world.client)
    assert "Acme Homes" in browser.get(path).text
    of_birch = browser.get(f"/community/members/{world.stranger.user_id}")
    assert world.stranger.name in of_birch.text
    assert "Birch" not in of_birch.text  # no other builder has a place at this one's portal
    assert browser.get("/community/rules").status_code == 200
    session.add(CommunitySettings(builder_id=world.acme.id, portal_reads=False, updated_at=NOW))
    session.commit()
    assert browser.get(path).status_code == 404
    assert browser.get("/community/rules").status_code == 404


def test_the_ledger_is_for_oneself_and_for_moderators(
    app, session, world, path, voted, written, sign_in
):
    place = f"{path}/points"
    own = sign_in(world.pm).get(place).text
    assert "Somebody found your reply useful" in own
    assert "People of one company give each other no points." in own
    assert "How do I move a task?" in own
    assert world.stranger.name not in own
    by_moderator = sign_in(world.agent).get(place).text
    assert world.stranger.name in by_moderator
    for other in (world.owner, world.stranger):
        assert sign_in(other).get(place).status_code == 404
    assert app.test_client().get(place).status_code == 302


def test_whoever_reached_the_level_sees_the_ledger_of_others(
    session, world, path, voter, voted, written, sign_in
):
    top = LEVELS[-1]
    for _time in range(top.people):
        giving = {"source": Source("reply", voter()), "given_by": voter(), "at": NOW}
        points.award(session, Cause.REPLY_UPVOTED, to=world.stranger.user_id, **giving)
    session.execute(
        update(Member)
        .where(Member.user_id == world.stranger.user_id)
        .values(points=top.points, created_at=NOW - timedelta(days=top.days))
    )
    session.commit()
    few = sign_in(world.stranger).get(f"{path}/points")
    assert few.status_code == 404  # the caps of a day: not enough people count yet


def test_staff_have_neither_points_nor_a_ledger(world, taken_part, sign_in):
    place = f"/community/members/{world.agent.user_id}"
    browser = sign_in(world.agent)
    said = browser.get(place).text
    assert "Our team" in said
    assert "points" not in said.partition("<main")[2]
    assert browser.get(f"{place}/points").status_code == 404


def test_the_rules_say_what_the_data_say(app, world, sign_in, path):
    said = app.test_client().get("/community/rules").text
    for rule in RULES.values():
        assert signed(rule.points) in said
    for level in LEVELS[1:]:
        assert f"{level.points} points" in said
    assert f"{CAPS.pair_share} %" in said
    assert "You are here" in sign_in(world.pm).get("/community/rules").text
    assert "You begin as a newcomer" in sign_in(world.owner).get("/community/rules").text
    assert "Who is restricted" in sign_in(world.manager).get("/community/rules").text


def test_owners_choose_what_is_shown(session, world, sign_in):
    browser = sign_in(world.owner)
    assert browser.get("/company/community").text.count(" checked") == 2
    saved = browser.post("/company/community", data={"version": "0", "portal_reads": "1"})
    assert saved.status_code == 303
    see(session, world.acme.id)
    assert settings.of(session, world.acme.id) == Choice(shows_name=False, version=1)
    late = browser.post("/company/community", data={"version": "0", "shows_name": "1"})
    assert late.status_code == 409
    assert "Somebody else has saved this meanwhile" in late.text
    assert 'value="1"' in late.text
    assert sign_in(world.pm).get("/company/community").status_code == 403
