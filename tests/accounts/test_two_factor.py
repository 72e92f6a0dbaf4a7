"""The second factor: each code once, each recovery code once, and no way round it."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from portal.accounts.models import RecoveryCode, SecondFactor, User
from portal.accounts.service import hash_password, second_factor
from portal.accounts.service.second_factor import CODES, STEP
from portal.app import create_app
from portal.core.lockout import NARROW
from portal.foundation.runtime import runtime_of
from tests.accounts.reading import letters_to, path_in
from tests.fixtures.world import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("noon")
PLACE = "/account/two-factor"


@pytest.fixture
def agent(session, world):
    user = session.get(User, world.agent.user_id)
    user.password_hash = hash_password(PASSWORD)
    session.commit()
    return user


class Telephone:
    """An authenticator app that has read the page."""

    def __init__(self, client):
        client.post(PLACE)
        key = re.search(r'class="key-text">([^<]+)<', client.get(PLACE).text)
        self.totp = pyotp.TOTP(key[1].replace(" ", ""))

    def code(self, at=NOW):
        return self.totp.at(at)


@pytest.fixture
def enrolled(agent, world, sign_in, noon):
    """A telephone and the recovery codes, and some time later."""
    client = sign_in(world.agent)
    telephone = Telephone(client)
    answer = client.post(f"{PLACE}/confirmation", data={"code": telephone.code()})
    codes = re.findall(r"<code>([^<]+)</code>", answer.text)
    noon.shift(timedelta(minutes=2))
    return telephone, codes


def later():
    return NOW + timedelta(minutes=2)


def enter(client, **more):
    given = {"email": "agent1@corbel.test", "password": PASSWORD}
    return client.post("/sign-in", data=given | more)


def test_it_counts_once_a_code_was_given(agent, world, sign_in, session, app):
    client = sign_in(world.agent)
    telephone = Telephone(client)
    assert "otpauth" not in client.get(PLACE).text
    assert enter(app.test_client()).location == "/"
    wrong = client.post(f"{PLACE}/confirmation", data={"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is not right" in wrong.text
    answer = client.post(f"{PLACE}/confirmation", data={"code": telephone.code()})
    codes = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert len(set(codes)) == CODES
    assert enter(app.test_client()).location == "/sign-in/code"
    assert codes[0] not in client.get(PLACE).text


def test_neither_secret_nor_codes_can_be_read_in_the_database(enrolled, session):
    telephone, codes = enrolled
    session.rollback()
    kept = session.scalars(select(SecondFactor)).one().sealed
    kept += " ".join(session.scalars(select(RecoveryCode.digest)))
    assert telephone.totp.secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_nothing_opens_before_the_code(app, enrolled):
    telephone, _codes = enrolled
    client = app.test_client()
    assert enter(client).location == "/sign-in/code"
    assert client.get("/queue").status_code == 302
    assert client.get("/live").status_code == 302
    answer = client.post("/sign-in/code", data={"code": f" {telephone.code(later())} "})
    assert answer.location == "/"
    assert client.get("/queue").status_code == 200


def test_one_goes_on_to_where_one_wanted(app, enrolled):
    client = app.test_client()
    given = {"email": "agent1@corbel.test", "password": PASSWORD}
    client.post("/sign-in?next=/queue", data=given)
    answer = client.post("/sign-in/code", data={"code": enrolled[0].code(later())})
    assert answer.location == "/queue"


def test_a_code_works_once_and_none_from_before_it(app, enrolled):
    telephone, _codes = enrolled
    now = telephone.code(later())
    before = telephone.code(later() - timedelta(seconds=STEP))
    for code, status in ((now, 303), (now, 422), (before, 422)):
        client = app.test_client()
        enter(client)
        assert client.post("/sign-in/code", data={"code": code}).status_code == status


@pytest.mark.parametrize(
    ("seconds", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)]
)
def test_clocks_may_be_wrong_by_one_step(app, enrolled, seconds, status):
    client = app.test_client()
    enter(client)
    code = enrolled[0].code(later() + timedelta(seconds=seconds))
    assert client.post("/sign-in/code", data={"code": code}).status_code == status


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "abc", "0" * 500, "\x00", "é"])
def test_what_is_no_code_is_refused(app, enrolled, code):
    client = app.test_client()
    enter(client)
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_codes_can_not_be_guessed_through(app, enrolled, noon):
    client = app.test_client()
    enter(client)
    for _try in range(NARROW.free):
        assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    right = {"code": enrolled[0].code(later())}
    assert client.post("/sign-in/code", data=right).status_code == 429
    again = app.test_client()
    enter(again)
    assert again.post("/sign-in/code", data=right).status_code == 429


def test_the_first_step_is_good_for_some_minutes(app, enrolled, noon):
    client = app.test_client()
    enter(client)
    noon.shift(timedelta(minutes=5, seconds=1))
    code = enrolled[0].code(later() + timedelta(minutes=5))
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.location == "/sign-in"
    assert client.get("/sign-in/code").location == "/sign-in"


def test_without_a_first_step_there_is_no_second(app, enrolled):
    client = app.test_client()
    answer = client.post("/sign-in/code", data={"code": enrolled[0].code(later())})
    assert answer.location == "/sign-in"
    assert client.get("/queue").status_code == 302


def test_a_recovery_code_opens_once_and_its_owner_is_told(app, enrolled, runtime):
    _telephone, codes = enrolled
    for given, status in ((codes[3].upper(), 303), (codes[3], 422), (codes[4], 303)):
        client = app.test_client()
        enter(client)
        assert client.post("/sign-in/code", data={"code": given}).status_code == status
    assert f"{CODES - 2} recovery codes are left" in client.get(PLACE).text
    told = letters_to(runtime, "agent1@corbel.test", later())
    assert sum("a recovery code was used" in letter.text for letter in told) == 2


def test_a_link_by_letter_is_no_way_round(app, enrolled, runtime):
    client = app.test_client()
    client.post("/sign-in/link", data={"email": "agent1@corbel.test"})
    path = path_in(letters_to(runtime, "agent1@corbel.test", later())[-1])
    assert client.post(path).location == "/sign-in/code"
    client.post("/recovery", data={"email": "agent1@corbel.test"})
    path = path_in(letters_to(runtime, "agent1@corbel.test", later())[-1])
    answer = client.post(path, data={"password": "three grey herons wade"})
    assert answer.location == "/sign-in/code"
    assert client.get("/queue").status_code == 302


def test_turning_it_on_ends_the_other_browsers(agent, world, sign_in):
    there, here = sign_in(world.agent), sign_in(world.agent)
    telephone = Telephone(here)
    here.post(f"{PLACE}/confirmation", data={"code": telephone.code()})
    assert here.get("/queue").status_code == 200
    assert there.get("/queue").status_code == 302


def test_it_is_turned_off_by_a_code_alone(app, enrolled, world, sign_in, session):
    client = sign_in(world.agent)
    assert client.post(f"{PLACE}/removal", data={"code": "000000"}).status_code == 422
    gone = client.post(f"{PLACE}/removal", data={"code": enrolled[0].code(later())})
    assert gone.location == PLACE
    assert enter(app.test_client()).location == "/"
    session.rollback()
    assert session.scalars(select(RecoveryCode)).all() == []


def test_new_recovery_codes_take_the_place_of_the_old(app, enrolled, world, sign_in):
    telephone, old = enrolled
    client = app.test_client()
    enter(client)
    client.post("/sign-in/code", data={"code": old[0]})
    answer = client.post(f"{PLACE}/codes", data={"code": telephone.code(later())})
    new = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert len(new) == CODES
    client = app.test_client()
    enter(client)
    assert client.post("/sign-in/code", data={"code": old[1]}).status_code == 422
    assert client.post("/sign-in/code", data={"code": new[1]}).status_code == 303


def test_a_second_start_does_not_replace_what_counts(enrolled, world, sign_in, session):
    before = session.scalars(select(SecondFactor.sealed)).one()
    sign_in(world.agent).post(PLACE)
    session.rollback()
    assert session.scalars(select(SecondFactor.sealed)).one() == before


def test_it_is_reset_for_who_has_lost_everything(
    app, enrolled, session, agent, runtime, sign_in, world
):
    here = sign_in(world.agent)
    second_factor.reset(session, agent, at=later())
    session.commit()
    assert here.get("/queue").status_code == 302
    assert enter(app.test_client()).location == "/"
    assert "was reset by an administrator" in letters_to(runtime, agent.email, later())[-1].text


class TestRequired:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, staff_totp=True)

    def test_staff_set_it_up_before_anything_else(self, agent, world, sign_in):
        client = sign_in(world.agent)
        for path in ("/queue", "/account", "/notifications", "/mailbox"):
            assert client.get(path).location == PLACE
        assert "Everybody who works here needs it" in client.get(PLACE).text
        telephone = Telephone(client)
        client.post(f"{PLACE}/confirmation", data={"code": telephone.code()})
        assert client.get("/queue").status_code == 200
        off = client.post(f"{PLACE}/removal", data={"code": telephone.code()})
        assert off.status_code == 409

    def test_who_came_in_another_way_gives_a_code(self, enrolled, world, sign_in):
        client = sign_in(world.agent)
        assert client.get("/queue").location == PLACE
        assert client.post(f"{PLACE}/proof", data={"code": "000000"}).status_code == 422
        client.post(f"{PLACE}/proof", data={"code": enrolled[0].code(later())})
        assert client.get("/queue").status_code == 200

    def test_customers_are_not_asked(self, world, sign_in):
        assert sign_in(world.owner).get("/tickets").status_code == 200
        assert sign_in(world.client).get("/tickets").status_code == 200


def test_with_another_secret_key_no_code_is_taken(enrolled, settings, world, session, agent):
    other = create_app(replace(settings, secret_key="another one"))
    with other.app_context(), pytest.raises(second_factor.WrongCode):
        second_factor.check(session, agent, "123456", at=later(), portal=None)
    runtime_of(other).engine.dispose()
