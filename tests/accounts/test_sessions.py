"""Where one is signed in: shown in plain words, ended at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Login
from portal.accounts.service import sessions
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


def only_login(session, world):
    session.rollback()
    return session.scalars(select(Login).where(Login.user_id == world.owner.user_id)).one()


def test_each_browser_is_named_in_plain_words_this_one_first(session, world, sign_in):
    other = sign_in(world.owner)
    login = only_login(session, world)
    login.user_agent, login.network = FIREFOX, "203.0.113.0/24"
    session.commit()
    page = sign_in(world.owner).get("/account/sessions").text
    assert page.index("This browser") < page.index("Firefox on Windows")
    assert "From 203.0.113.0/24" in page
    assert "Unknown browser" in page
    assert other.get("/account").status_code == 200


def test_one_is_ended_at_once_and_the_others_stay(session, world, sign_in):
    other = sign_in(world.owner)
    login = only_login(session, world)
    here = sign_in(world.owner)
    answer = here.post(f"/account/sessions/{login.id}/revocation")
    assert answer.location == "/account/sessions"
    assert other.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_all_others_are_ended_but_nobody_elses(world, sign_in):
    others = [sign_in(world.owner) for _browser in range(3)]
    colleague = sign_in(world.pm)
    here = sign_in(world.owner)
    here.post("/account/sessions/revocation")
    page = here.get("/account/sessions").text
    assert [other.get("/account").status_code for other in others] == [302] * 3
    assert here.get("/account").status_code == 200
    assert colleague.get("/account").status_code == 200
    assert "3 browsers are signed out." in page
    assert "Sign out everywhere else" not in page


def test_somebody_elses_browser_is_not_there(session, world, sign_in):
    sign_in(world.owner)
    login = only_login(session, world)
    answer = sign_in(world.pm).post(f"/account/sessions/{login.id}/revocation")
    assert answer.status_code == 404
    assert only_login(session, world).id == login.id


def test_the_list_is_at_a_portal_too(world, sign_in):
    page = sign_in(world.client).get("/account/sessions").text
    assert "This browser" in page
    assert "Corbel" not in page


def test_that_somebody_was_here_is_noted_once_in_a_while(session, world, sign_in, noon):
    here = sign_in(world.owner)
    for minutes, noted in ((4, None), (1, 5), (4, 5), (1, 10)):
        noon.shift(timedelta(minutes=minutes))
        assert here.get("/account", buffered=True).status_code == 200
        expected = None if noted is None else NOW + timedelta(minutes=noted)
        assert only_login(session, world).last_seen_at == expected


def test_a_page_is_shown_though_it_can_not_be_noted(world, sign_in, noon, monkeypatch):
    def full(*_args, **_more):
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    here = sign_in(world.owner)
    noon.shift(timedelta(minutes=6))
    monkeypatch.setattr(sessions, "note", full)
    assert here.get("/account", buffered=True).status_code == 200


def test_signing_out_forgets_the_browser(session, world, sign_in):
    sign_in(world.owner).post("/sign-out")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Login)) == 0
