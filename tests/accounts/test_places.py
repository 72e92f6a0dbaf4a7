"""Several places to go to: asked at the platform's door, changed later, and nobody else's."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts import service as accounts
from portal.accounts.models import Login, Membership, User
from portal.accounts.oidc.models import Connection
from portal.accounts.service import hash_password, places
from portal.accounts.service.sessions import ENDED
from portal.core.permissions import Role
from portal.foundation.outbox import OutboxEvent
from tests.accounts.reading import letters_to, path_in
from tests.accounts.test_two_factor import Telephone
from tests.fixtures.world import NOW, PASSWORD
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
DOOR, INSIDE = "/sign-in/places", "/account/places"
EMAIL = "owner@acme.test"


@pytest.fixture
def belong(session, world):
    """belong(world.birch, Role.OWNER): what Acme's owner is, too; None is the platform's staff."""

    def add(builder, role=Role.OWNER, email=EMAIL):
        made = accounts.add_member(
            session, email=email, name="", role=role, builder=builder, password="", at=NOW
        )
        session.commit()
        return made.id

    return add


@pytest.fixture
def enter(app, session, world):
    """By the password, in a new browser."""
    user = session.get(User, world.owner.user_id)
    user.password_hash = hash_password(PASSWORD)
    session.commit()

    def come(target=""):
        client = app.test_client()
        after = f"?next={target}" if target else ""
        given = {"email": EMAIL, "password": PASSWORD}
        return client, client.post(f"/sign-in{after}", data=given)

    return come


def own(session, world):
    rows = select(Membership.id).where(
        Membership.user_id == world.owner.user_id, Membership.builder_id == world.acme.id
    )
    return session.scalars(rows).one()


def logins(session, world):
    session.rollback()
    rows = select(Login).where(Login.user_id == world.owner.user_id).order_by(Login.id)
    return session.scalars(rows).all()


def choose(client, key, place=DOOR):
    return client.post(place, data={"membership": str(key)})


def whereabouts(client):
    """The role and company of the menu."""
    head = re.search(r'menu__head">.*?<span class="soft">([^<]+)<', client.get("/account").text)
    return head[1] if head else None


def test_who_is_one_thing_is_asked_nothing(enter, world, session):
    client, answer = enter("/tickets")
    assert answer.location == "/tickets"
    assert "Switch company" not in client.get("/account").text
    assert session.get(Membership, own(session, world)).entered_at == NOW


def test_who_is_several_says_where_to(enter, belong, world, session):
    other = belong(world.birch, Role.ADMIN)
    client, answer = enter("/tickets")
    assert answer.location == DOOR
    assert logins(session, world) == [], "nobody is in yet"
    assert client.get("/tickets").status_code == 302
    page = client.get(DOOR).text
    for words in ("Where do you want to go?", "Acme Homes", "Owner", "Birch Build"):
        assert words in page
    assert choose(client, other).location == "/tickets"
    assert [one.membership_id for one in logins(session, world)] == [other]
    assert whereabouts(client) == "Administrator, Birch Build"
    assert client.get(DOOR).location == "/sign-in", "it was good for once in this browser"


def test_a_letter_asks_as_well(app, belong, world, runtime, session):
    other = belong(None, Role.AGENT)
    client = app.test_client()
    client.post("/sign-in/link", data={"email": EMAIL})
    assert client.post(path_in(letters_to(runtime, EMAIL, NOW)[-1])).location == DOOR
    assert "Support agent" in client.get(DOOR).text
    assert choose(client, other).location == "/"
    assert client.get("/queue").status_code == 200


def test_a_recovery_asks_as_well(app, belong, world, runtime):
    belong(world.birch)
    client = app.test_client()
    client.post("/recovery", data={"email": EMAIL})
    path = path_in(letters_to(runtime, EMAIL, NOW)[-1])
    assert client.post(path, data={"password": "three grey herons wade"}).location == DOOR


def test_where_one_went_last_stands_first(enter, belong, world, session, noon):
    other = belong(world.birch)
    for key, first in ((other, "Birch Build"), (own(session, world), "Acme Homes")):
        noon.shift(timedelta(minutes=1))
        choose(enter()[0], key)
        titles = re.findall(r'rows__title">([^<]+)<', enter()[0].get(DOOR).text)
        assert titles[0] == first
        assert len(titles) == 2


def test_what_somebody_is_at_a_portal_is_no_place(enter, belong, world):
    belong(world.birch, Role.CLIENT)
    client, answer = enter()
    assert answer.location == "/"
    assert "Switch company" not in client.get("/account").text
    assert client.post(INSIDE, data={}).status_code == 404


def test_clients_of_two_are_shown_to_a_portal_as_before(session, belong, world, app):
    belong(world.birch, Role.CLIENT, world.client.email)
    user = session.get(User, world.client.user_id)
    user.password_hash = hash_password(PASSWORD)
    session.commit()
    given = {"email": world.client.email, "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=given).location == "/b/acme/"
    portal = app.test_client()
    portal.portal = "birch"
    assert portal.post("/sign-in", data=given).location == "/b/birch/"
    assert portal.get(INSIDE).status_code == 404
    assert portal.post(INSIDE).status_code == 404


@pytest.mark.parametrize("what", ["stranger", "client", "nobody", "", "x", "\x00", "x" * 5000])
def test_what_is_not_theirs_is_not_there(session, enter, belong, world, sign_in, what):
    belong(world.birch)
    rows = select(Membership.id).where(
        Membership.user_id == getattr(getattr(world, what, None), "user_id", None)
    )
    key = session.scalar(rows) or what
    client, _answer = enter()
    assert choose(client, key).status_code == 404
    assert logins(session, world) == []
    inside = sign_in(world.owner)
    assert choose(inside, key, INSIDE).status_code == 404
    assert inside.get("/account").status_code == 200, "and is still signed in"


def test_a_place_that_was_lost_meanwhile_is_not_there(session, enter, belong, world):
    other = belong(world.birch)
    client, _answer = enter()
    session.delete(session.get(Membership, other))
    session.commit()
    assert choose(client, other).status_code == 404
    assert choose(client, own(session, world)).location == "/"


def test_without_a_first_step_there_is_no_choice(app, belong, world, session):
    belong(world.birch)
    client = app.test_client()
    assert client.get(DOOR).location == "/sign-in"
    assert choose(client, own(session, world)).location == "/sign-in"
    assert logins(session, world) == []


def test_the_choice_is_open_for_some_minutes(enter, belong, world, session, noon):
    other = belong(world.birch)
    client, _answer = enter()
    noon.shift(timedelta(minutes=5, seconds=1))
    assert client.get(DOOR).location == "/sign-in"
    assert choose(client, other).location == "/sign-in"
    assert logins(session, world) == []


def test_another_password_ends_what_the_old_one_has_begun(enter, belong, world, session):
    other = belong(world.birch)
    client, _answer = enter()
    user = session.get(User, world.owner.user_id)
    user.password_hash = hash_password("three grey herons wade")
    session.commit()
    assert choose(client, other).location == "/sign-in"


def test_who_is_disabled_meanwhile_goes_nowhere(enter, belong, world, session):
    other = belong(world.birch)
    client, _answer = enter()
    session.execute(update(User).where(User.email == EMAIL).values(disabled_at=NOW))
    session.commit()
    assert choose(client, other).location == "/sign-in"


def test_a_second_press_signs_nobody_in_twice(enter, belong, world, session):
    other = belong(world.birch)
    client, _answer = enter()
    choose(client, other)
    assert choose(client, other).location == "/sign-in"
    assert len(logins(session, world)) == 1


def test_hostile_names_are_text(enter, belong, world, session):
    world.birch.name = '<script>alert("1")</script>'
    session.commit()
    belong(world.birch)
    page = enter()[0].get(DOOR).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


class TestSecondFactor:
    @pytest.fixture
    def telephone(self, belong, enter, world, sign_in, noon):
        self.staff = belong(None, Role.PLATFORM_ADMIN)
        client = sign_in(world.owner)
        telephone = Telephone(client)
        client.post("/account/two-factor/confirmation", data={"code": telephone.code()})
        noon.shift(timedelta(minutes=2))
        self.inside = client
        return telephone

    def code(self, telephone, minutes=2):
        return {"code": telephone.code(NOW + timedelta(minutes=minutes))}

    def test_the_code_comes_before_the_choice(self, telephone, enter, session, world):
        client, answer = enter()
        assert answer.location == "/sign-in/code"
        assert client.get(DOOR).location == "/sign-in"
        assert choose(client, self.staff).location == "/sign-in"
        client, _answer = enter()
        assert client.post("/sign-in/code", data=self.code(telephone)).location == DOOR
        assert client.get("/sign-in/code").location == "/sign-in"
        assert choose(client, self.staff).location == "/"
        assert client.get("/staff/people").status_code == 200
        assert logins(session, world)[-1].second_factor_at == NOW + timedelta(minutes=2)

    def test_switching_asks_for_it(self, telephone, session, world):
        assert choose(self.inside, self.staff, INSIDE).location == "/sign-in/code"
        assert self.inside.get("/account").status_code == 302, "and it has ended here"
        assert logins(session, world) == []
        wrong = self.inside.post("/sign-in/code", data={"code": "000000"})
        assert wrong.status_code == 422
        assert self.inside.post("/sign-in/code", data=self.code(telephone)).location == "/"
        assert whereabouts(self.inside) == "Platform administrator"

    def test_one_that_is_set_up_meanwhile_is_asked_for(self, belong, enter, world, sign_in, noon):
        other = belong(None, Role.AGENT)
        client, _answer = enter()
        there = sign_in(world.owner)
        telephone = Telephone(there)
        there.post("/account/two-factor/confirmation", data={"code": telephone.code()})
        assert choose(client, other).location == "/sign-in/code"


def test_switching_ends_one_and_starts_one(belong, world, session, sign_in):
    other = belong(world.birch, Role.PM)
    client, elsewhere = sign_in(world.owner), sign_in(world.owner)
    former, there = (one.id for one in logins(session, world))
    assert "Switch company" in client.get("/account").text
    page = client.get(INSIDE).text
    assert "You are at Acme Homes now, as: Owner." in page
    assert re.findall(r'rows__title">([^<]+)<', page) == ["Birch Build"]
    assert choose(client, other, INSIDE).location == "/"
    new = logins(session, world)[-1]
    assert (new.membership_id, new.user_agent[:8]) == (other, "Werkzeug")
    assert elsewhere.get("/account").status_code == 200
    assert [one.id for one in logins(session, world)] == [there, new.id]
    assert former != new.id
    assert whereabouts(client) == "Project manager, Birch Build"
    assert client.get("/company/people").status_code == 403


def test_what_was_open_before_the_switch_hangs_up(belong, world, session, sign_in):
    other = belong(world.birch)
    client = sign_in(world.owner)
    (former,) = (str(one.id) for one in logins(session, world))
    choose(client, other, INSIDE)
    session.rollback()
    (ended,) = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == ENDED))
    assert ended.payload["login_ids"] == [former]


def test_where_one_is_is_no_place_to_switch_to(belong, world, session, sign_in):
    belong(world.birch)
    client = sign_in(world.owner)
    assert choose(client, own(session, world), INSIDE).status_code == 404
    assert len(logins(session, world)) == 1


def test_a_forged_press_does_nothing(app, belong, world, session, sign_in):
    other = belong(world.birch)
    client = sign_in(world.owner)
    app.config["WTF_CSRF_ENABLED"] = True
    assert choose(client, other, INSIDE).status_code == 400
    assert len(logins(session, world)) == 1


def test_the_menu_asks_nothing_more(belong, world, sign_in, runtime):
    client = sign_in(world.owner)
    client.get("/account")
    with counted(runtime.engine) as before:
        client.get("/account")
    belong(world.birch)
    with counted(runtime.engine) as after:
        client.get("/account")
    assert len(after) == len(before)


class TestInsisting:
    """A company that lets its people in through its own provider only."""

    @pytest.fixture
    def connection(self, session, world, belong):
        self.other = belong(world.birch, Role.PM)
        made = Connection(
            builder_id=world.birch.id,
            name="Birch Login",
            issuer="https://login.birch.test",
            client_id="corbel",
            sealed_secret="sealed",
            domains=["acme.test"],
            audiences=["company"],
            enforced=True,
            enabled_at=NOW,
            created_at=NOW,
            changed_at=NOW,
        )
        session.add(made)
        session.commit()
        return made.id

    def test_its_provider_is_the_only_way_in(self, connection, enter, session, world):
        client, answer = enter("/tickets")
        assert answer.location == DOOR
        assert "Only with Birch Login" in client.get(DOOR).text
        sent = choose(client, self.other)
        assert sent.location == f"/sign-in/sso/{connection}?next=/tickets"
        assert logins(session, world) == []
        assert client.get(DOOR).location == "/sign-in"

    def test_the_other_company_opens_as_ever(self, connection, enter, session, world):
        client, _answer = enter()
        assert choose(client, own(session, world)).location == "/"

    def test_switching_leads_to_it(self, connection, session, world, sign_in):
        client = sign_in(world.owner)
        assert choose(client, self.other, INSIDE).location == f"/sign-in/sso/{connection}"
        assert logins(session, world) == []
        assert client.get("/account").status_code == 302


def test_places_of_a_stranger_are_none(session, world, belong):
    belong(world.birch)
    found = places.places_of(session, world.stranger.user_id)
    assert [place.membership.builder_id for place in found] == [world.birch.id]
