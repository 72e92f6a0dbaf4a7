"""Guessing is slow, and no stranger keeps anybody out for long."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import func, select

from portal.accounts.models import Tries, User
from portal.accounts.service import hash_password, lockout, passwords
from portal.accounts.service.lockout import Attempt, Locked
from portal.core.lockout import FORGOTTEN, LONGEST, NARROW, WIDE, WORTH_A_LETTER
from portal.foundation.outbox import OutboxEvent
from tests.fixtures.world import NOW, PASSWORD

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def owner(session, world, noon):
    user = session.get(User, world.owner.user_id)
    user.password_hash = hash_password(PASSWORD)
    session.commit()
    return user


def enter(client, password=PASSWORD, email="owner@acme.test", **environ):
    given = {"email": email, "password": password}
    return client.post("/sign-in", data=given, environ_overrides=environ)


def wrong(app, times, **environ):
    client = app.test_client()
    return [enter(client, "wrong", **environ).status_code for _try in range(times)]


def fill(session, attempt, times):
    for _try in range(times):
        lockout.count(session, attempt, at=NOW)


def test_wrong_tries_wait_and_the_page_says_until_when(app, owner):
    assert set(wrong(app, NARROW.free)) == {422}
    answer = enter(app.test_client())
    assert answer.status_code == 429
    assert "Try again in 1 minute, at 15:00 (UTC), or use an e-mail link." in answer.text
    assert answer.headers["Retry-After"] == "30"
    assert 'value="owner@acme.test"' in answer.text


def test_an_address_that_nobody_has_is_answered_the_same(app, owner):
    told = {}
    for email in ("owner@acme.test", "nobody@acme.test"):
        client = app.test_client()
        answers = [enter(client, "wrong", email) for _try in range(NARROW.free + 1)]
        told[email] = [(one.status_code, one.text.replace(email, "")) for one in answers]
    assert strip(told["owner@acme.test"]) == strip(told["nobody@acme.test"])


def strip(answers):
    """What is said, without the nonces and tokens that differ on every page."""
    return [(code, re.sub(r"<[^>]+>", "", text.partition("<main")[2])) for code, text in answers]


def test_after_the_wait_the_right_password_opens_and_all_is_forgiven(app, owner, noon, session):
    wrong(app, NARROW.free)
    noon.shift(NARROW.first)
    assert enter(app.test_client()).status_code == 303
    assert session.scalar(select(func.count()).select_from(Tries)) == 0


def test_a_try_that_must_wait_does_not_make_the_wait_longer(app, owner, noon):
    wrong(app, NARROW.free + 5)
    noon.shift(NARROW.first)
    assert enter(app.test_client()).status_code == 303


def test_strangers_elsewhere_do_not_hinder_the_owner(app, owner):
    wrong(app, NARROW.free + 1, **STRANGER)
    assert enter(app.test_client()).status_code == 303


def test_strangers_everywhere_hinder_only_a_browser_that_is_new(app, owner, session, noon):
    known = app.test_client()
    enter(known)
    known.post("/sign-out")
    for network in range(WIDE.free):
        fill(session, Attempt("owner@acme.test", f"10.0.{network}.0/24"), 1)
    session.commit()
    assert enter(app.test_client()).status_code == 429
    assert enter(known).status_code == 303
    noon.shift(LONGEST)
    assert enter(app.test_client()).status_code == 303


def test_a_known_browser_must_guess_as_slowly(app, owner):
    known = app.test_client()
    enter(known)
    known.post("/sign-out")
    for _try in range(NARROW.free):
        assert enter(known, "wrong").status_code == 422
    assert enter(known).status_code == 429


def test_a_forged_or_foreign_cookie_makes_no_browser_known(app, owner, world):
    wrong(app, NARROW.free)
    forged = app.test_client()
    forged.set_cookie("corbel-known", '[["' + owner.id.hex + '","x"]]')
    assert enter(forged).status_code == 429


def test_many_tries_are_told_once_to_whom_they_hit(app, owner, session):
    for email in ("owner@acme.test", "nobody@acme.test"):
        for network in range(WORTH_A_LETTER - 1):
            fill(session, Attempt(email, f"10.0.{network}.0/24"), 1)
    session.commit()
    for email in ("owner@acme.test", "nobody@acme.test"):
        for _more in range(3):
            enter(app.test_client(), "wrong", email)
    session.rollback()
    told = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "account.tried")).all()
    assert [event.payload["user_id"] for event in told] == [str(owner.id)]


def test_many_at_once_are_as_many(session):
    attempt = Attempt("owner@acme.test", "10.0.0.0/24")
    fill(session, attempt, NARROW.free)
    with pytest.raises(Locked) as locked:
        lockout.count(session, attempt, at=NOW)
    assert locked.value.until == NOW + NARROW.first


def test_what_is_counted_names_nobody_and_is_forgotten(session, runtime):
    fill(session, Attempt("owner@acme.test", "10.0.0.0/24"), 1)
    session.commit()
    assert "owner" not in " ".join(session.scalars(select(Tries.lane)))
    assert lockout.forget_old(runtime.writers, NOW + FORGOTTEN - timedelta(seconds=1)) == 0
    assert lockout.forget_old(runtime.writers, NOW + FORGOTTEN) == 2


def test_how_letters_are_composed_makes_no_other_address(session):
    fill(session, Attempt(" Owner@ACME.test", "10.0.0.0/24"), NARROW.free)
    with pytest.raises(Locked):
        lockout.count(session, Attempt("owner@acme.test ", "10.0.0.0/24"), at=NOW)


def test_a_password_of_older_parameters_is_kept_anew(app, owner, session):
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    owner.password_hash = old
    session.commit()
    assert enter(app.test_client()).status_code == 303
    session.rollback()
    assert session.get(User, owner.id, populate_existing=True).password_hash != old
    assert enter(app.test_client()).status_code == 303


def test_nobodys_hash_costs_what_anybodys_does_and_fits_nothing(quick_passwords):
    nobodys = passwords.nobodys(quick_passwords)
    assert extract_parameters(nobodys) == extract_parameters(quick_passwords.hash(PASSWORD))
    with pytest.raises(VerifyMismatchError):  # computed and compared, not refused unread
        quick_passwords.verify(nobodys, PASSWORD)


def test_passwords_are_kept_with_what_the_library_recommends(quick_passwords):
    """Other tests hash quickly; this is what the product does."""

    kept = quick_passwords.hash(PASSWORD)
    assert not PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).check_needs_rehash(kept)
