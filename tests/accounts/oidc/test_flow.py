"""There and back again, with a provider that tells the truth."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from sqlalchemy import func, select

from portal.accounts import service as accounts
from portal.accounts.models import AuditEntry, Login, Membership, SupportAgent, User
from portal.accounts.oidc import attempts, queries
from portal.accounts.oidc.models import Connection, Identity, ProvidedLogin, Spent
from portal.accounts.oidc.service import connections
from portal.core.permissions import Role
from portal.foundation.clock import utcnow
from tests.accounts.oidc.conftest import query_of
from tests.support.oidc_provider import EC, Person, broken

HOME = "How can we help"


def fresh(session):
    session.rollback()
    session.expire_all()
    return session


def test_a_member_of_the_company_signs_in_at_the_platform(
    connect, visit_from, known, world, session
):
    connection = connect(world.owner)
    visitor = visit_from()
    answer = visitor.sign_in(connection, "pm", target="/tickets")
    assert (answer.status_code, answer.location) == (303, "/tickets")
    assert f"{HOME}, Pm?" in visitor.client.get("/").text
    identity = fresh(session).scalars(select(Identity)).one()
    assert (identity.subject, identity.user_id) == ("sub-pm", world.pm.user_id)
    assert session.scalars(select(ProvidedLogin)).one().login.user_id == world.pm.user_id
    assert session.scalar(select(func.count(User.id))) == 8


def test_on_a_providers_word_nobody_switches_elsewhere(connect, visit_from, known, world, session):
    other = accounts.add_member(
        session,
        email=world.pm.email,
        name="",
        role=Role.OWNER,
        builder=world.birch,
        password="",
        at=utcnow(),
    ).id
    visitor = visit_from()
    assert visitor.sign_in(connect(world.owner), "pm").location == "/", "and is asked nothing"
    assert "There is nowhere to switch to" in visitor.client.get("/account/places").text
    answer = visitor.client.post("/account/places", data={"membership": str(other)})
    assert answer.status_code == 404
    assert "Acme Homes" in visitor.client.get("/account").text


def test_a_client_signs_in_at_the_portal_and_nowhere_else(connect, visit_from, known, world):
    connection = connect(world.owner, audiences=("client",))
    visitor = visit_from("acme")
    assert "Continue with Acme Login" in visitor.client.get("/sign-in").text
    answer = visitor.sign_in(connection, "client")
    assert (answer.status_code, answer.location) == (303, "/b/acme/")
    assert HOME in visitor.client.get("/").text
    for elsewhere in (visit_from(), visit_from("birch")):
        assert elsewhere.client.get(f"/sign-in/sso/{connection.id}").status_code == 404
        assert "Acme Login" not in elsewhere.client.get("/sign-in").text


def test_staff_sign_in_with_the_connection_of_the_platform(connect, visit_from, known, world):
    connection = connect(world.admin, name="Corbel Staff", domains=("corbel.test",))
    visitor = visit_from()
    assert visitor.sign_in(connection, "agent").status_code == 303
    assert visitor.client.get("/queue").status_code == 200


def test_what_is_asked_of_the_provider(connect, visit_from, known, world, provider):
    connection = connect(world.owner, scopes="email profile groups")
    visitor = visit_from()
    where = visitor.set_out(connection)
    asked = query_of(where)
    assert where.startswith(f"{provider.issuer}/authorize?")
    assert asked["scope"] == "openid email profile groups"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["state"] != asked["nonce"]
    assert asked["redirect_uri"].endswith(f"/sign-in/sso/{connection.id}/callback")
    visitor.come_back(visitor.choose(where, "pm"))
    (_method, _path, form) = next(one for one in provider.seen if one[1] == "/token")
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert "client_secret" not in form  # in the header, as HTTP Basic


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    connect, visit_from, known, world, provider
):
    provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    connection = connect(world.owner)
    provider.clients[connection.client_id].methods = ("client_secret_post",)
    assert visit_from().sign_in(connection, "pm").location == "/"


def test_elliptic_curves_are_as_good(connect, visit_from, known, world, provider):
    provider.key, provider.alg = EC, "ES256"
    assert visit_from().sign_in(connect(world.owner), "pm").location == "/"


def test_keys_that_changed_are_fetched_once_more(connect, visit_from, known, world, provider):
    connection = connect(world.owner)
    visit_from().sign_in(connection, "pm")
    visit_from().sign_in(connection, "pm")
    assert provider.asked("/keys") == 1
    provider.rotate()
    assert visit_from().sign_in(connection, "pm").location == "/"
    assert provider.asked("/keys") == 2
    assert provider.asked("/.well-known/openid-configuration") == 1


def test_an_address_that_only_the_userinfo_endpoint_tells(
    connect, visit_from, known, world, provider
):
    provider.email_in_token = False
    assert visit_from().sign_in(connect(world.owner), "pm").location == "/"
    assert provider.asked("/userinfo") == 1


def test_userinfo_about_somebody_else_is_not_believed(
    connect, visit_from, known, world, provider, session
):
    provider.email_in_token = False
    provider.twist(sub="sub-somebody")
    visitor = visit_from()
    answer = visitor.sign_in(connect(world.owner), "pm")
    assert "could not be trusted" in visitor.told(answer)
    assert fresh(session).scalars(select(Login)).all() == []


def test_whoever_comes_back_with_another_address_is_the_same_person(
    connect, visit_from, known, world, session
):
    connection = connect(world.owner)
    visit_from().sign_in(connection, "pm")
    known["pm"].email = "married@elsewhere.test"
    known["pm"].email_verified = False
    visitor = visit_from()
    assert visitor.sign_in(connection, "pm").location == "/"
    assert world.pm.email in visitor.client.get("/account").text
    assert fresh(session).scalars(select(Identity)).one().email == "married@elsewhere.test"


def test_the_session_from_before_is_worth_nothing_after(connect, visit_from, known, world):
    visitor = visit_from()
    visitor.client.post("/locale", data={"locale": "es"})
    connection = connect(world.owner)
    before = visitor.client.get_cookie("corbel").value
    visitor.sign_in(connection, "pm")
    assert visitor.client.get_cookie("corbel").value != before
    with visitor.client.session_transaction() as kept:
        assert attempts.KEY not in kept
        assert "locale" not in kept


@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_nobody_is_led_elsewhere_afterwards(connect, visit_from, known, world, target):
    assert visit_from().sign_in(connect(world.owner), "pm", target=target).location == "/"


def test_somebody_new_of_a_proven_domain_becomes_a_member(
    connect, visit_from, provider, world, session
):
    connection = connect(world.owner, role="field")
    claims = {"name": "Ana  María\x00 Ruiz", "locale": "es-MX"}
    provider.people["ana"] = Person("sub-ana", "Ana@Acme.test", True, claims)
    visitor = visit_from()
    assert visitor.sign_in(connection, "ana").location == "/"
    user = fresh(session).scalars(select(User).where(User.email == "ana@acme.test")).one()
    assert (user.name, user.locale, user.password_hash) == ("Ana María Ruiz", "es", "")
    assert user.zone == "America/New_York"
    membership = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    assert (membership.role, membership.builder_id) == ("field", world.acme.id)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.by_id == user.id)).all()
    assert sorted(acts) == ["sso.joined", "sso.linked"]


def test_groups_name_the_role_of_somebody_new(connect, visit_from, provider, world, session):
    connection = connect(
        world.owner, role="field", claim="groups", roles={"Site managers": "pm", "Office": "field"}
    )
    groups = {"groups": ["Everybody", "Site managers"]}
    provider.people["ana"] = Person("sub-ana", "ana@acme.test", True, groups)
    provider.people["ben"] = Person("sub-ben", "ben@acme.test", True, {"groups": "unheard of"})
    for name in ("ana", "ben"):
        visit_from().sign_in(connection, name)
    roles = {
        one.user.email: one.role
        for one in fresh(session).scalars(select(Membership))
        if one.user.email in {"ana@acme.test", "ben@acme.test"}
    }
    assert roles == {"ana@acme.test": "pm", "ben@acme.test": "field"}


def test_a_new_agent_can_be_given_tickets(connect, visit_from, provider, world, session):
    connection = connect(world.admin, domains=("corbel.test",), role="agent")
    provider.people["ana"] = Person("sub-ana", "ana@corbel.test")
    visitor = visit_from()
    visitor.sign_in(connection, "ana")
    assert visitor.client.get("/queue").status_code == 200
    agent = fresh(session).scalars(select(SupportAgent).join(User).where(User.name == "ana")).one()
    assert agent.tier == 1


def test_a_vendor_and_a_client_are_made_at_the_portal_only(
    connect, visit_from, provider, world, session
):
    connection = connect(
        world.owner, audiences=("company", "vendor"), role="", portal_role="vendor"
    )
    provider.people["ana"] = Person("sub-ana", "ana@acme.test")
    visitor = visit_from()
    assert "Ask for an invitation" in visitor.told(visitor.sign_in(connection, "ana"))
    assert visit_from("acme").sign_in(connection, "ana").location == "/b/acme/"
    user = fresh(session).scalars(select(User).where(User.email == "ana@acme.test")).one()
    assert session.scalars(select(Membership).where(Membership.user_id == user.id)).one().role == (
        Role.VENDOR
    )


REFUSED = {
    "an address that nobody verified": (Person("s", "pm@acme.test", False), "has not made sure"),
    "and one that does not say": (Person("s", "pm@acme.test", None), "has not made sure"),
    "one of another domain": (Person("s", "owner@birch.test"), "is not one of those"),
    "one that only ends alike": (Person("s", "pm@evilacme.test"), "is not one of those"),
    "one below": (Person("s", "pm@sub.acme.test"), "is not one of those"),
    "none at all": (Person("s", ""), "did not tell us your e-mail"),
    "no address": (Person("s", "pm@acme.test@evil.test"), "did not tell us your e-mail"),
    "somebody unknown": (Person("s", "new@acme.test"), "Ask for an invitation"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_whom_the_word_of_the_provider_does_not_let_in(
    case, connect, visit_from, provider, world, session
):
    provider.people["them"], words = REFUSED[case]
    visitor = visit_from()
    assert words in visitor.told(visitor.sign_in(connect(world.owner), "them"))
    fresh(session)
    for kind in (Login, Identity, ProvidedLogin):
        assert session.scalars(select(kind)).all() == []
    assert session.scalar(select(func.count(User.id))) == 8


def test_nobody_new_comes_from_a_domain_that_is_not_proven(
    connect, visit_from, provider, world, session
):
    connection = connect(world.owner, role="pm", proven=False)
    provider.people["ana"] = Person("sub-ana", "ana@acme.test")
    visitor = visit_from()
    assert "Ask for an invitation" in visitor.told(visitor.sign_in(connection, "ana"))
    assert fresh(session).scalar(select(func.count(User.id))) == 8


def test_a_member_needs_no_proven_domain(connect, visit_from, known, world):
    connection = connect(world.owner, proven=False)
    assert visit_from().sign_in(connection, "pm").location == "/"


def test_a_builders_provider_opens_nothing_of_another_builder(
    connect, visit_from, known, world, session
):
    """Birch sets up a provider that says it is Acme's owner, who is a member of Birch, too."""
    session.add(
        Membership(
            user_id=world.owner.user_id,
            builder_id=world.birch.id,
            role="field",
            created_at=utcnow(),
        )
    )
    session.commit()
    evil = connect(world.stranger, name="Birch", domains=("acme.test",), proven=False)
    visitor = visit_from()
    assert "has not yet proven" in visitor.told(visitor.sign_in(evil, "owner"))
    # and with a domain that is proven the owner is what Birch made of them
    for domain in connections.domains.queries.domains(session, world.birch.id):
        domain.proven_at = utcnow()
    session.commit()
    visitor = visit_from()
    assert visitor.sign_in(evil, "owner").location == "/"
    assert "Field crew" in visitor.client.get("/account").text
    assert visitor.client.get("/company/sign-on").status_code == 403


def test_a_stranger_is_not_made_a_member_by_address_alone(
    connect, visit_from, known, world, session
):
    evil = connect(world.stranger, domains=("acme.test",), role="pm", proven=False)
    visitor = visit_from()
    assert "Ask for an invitation" in visitor.told(visitor.sign_in(evil, "owner"))
    assert fresh(session).scalars(select(Identity)).all() == []


def test_two_builders_with_one_provider_do_not_mix(
    connect, visit_from, known, world, provider, session
):
    acme = connect(world.owner)
    birch = connect(world.stranger, name="Birch Login", domains=("birch.test",))
    assert visit_from().sign_in(acme, "pm").location == "/"
    visitor = visit_from()
    assert "is not one of those" in visitor.told(visitor.sign_in(birch, "pm"))
    assert visit_from().sign_in(birch, "stranger").location == "/"
    owners = {one.connection_id: one.builder_id for one in fresh(session).scalars(select(Identity))}
    assert owners == {acme.id: world.acme.id, birch.id: world.birch.id}


def test_an_answer_for_one_connection_is_none_for_another(
    connect, visit_from, known, world, provider
):
    acme, birch = connect(world.owner), connect(world.stranger, domains=("birch.test",))
    visitor = visit_from()
    back = visitor.choose(visitor.set_out(acme), "pm")
    answer = visitor.come_back(back.replace(str(acme.id), str(birch.id)))
    assert "begun in another browser" in visitor.told(answer)


def test_of_two_who_come_at_once_one_comes_again(
    connect, visit_from, known, world, monkeypatch, session
):
    """The second looked before the first was written down."""
    connection = connect(world.owner)
    visit_from().sign_in(connection, "pm")
    with monkeypatch.context() as patch:
        patch.setattr(queries, "identity", lambda *_args: None)
        visitor = visit_from()
        assert "Start again" in visitor.told(visitor.sign_in(connection, "pm"))
    assert visitor.sign_in(connection, "pm").location == "/"
    assert len(fresh(session).scalars(select(Identity)).all()) == 1


def test_the_disabled_stay_out(connect, visit_from, known, world, session):
    connection = connect(world.owner)
    visit_from().sign_in(connection, "pm")
    session.get(User, world.pm.user_id).disabled_at = utcnow()
    session.commit()
    visitor = visit_from()
    assert "Your account is closed" in visitor.told(visitor.sign_in(connection, "pm"))


def test_who_was_removed_is_not_brought_back(connect, visit_from, known, world, session):
    connection = connect(world.owner, role="pm")
    visit_from().sign_in(connection, "pm")
    fresh(session)
    for login in session.scalars(select(Login)):
        session.delete(login)
    session.flush()
    session.delete(session.scalars(select(Membership).filter_by(user_id=world.pm.user_id)).one())
    session.commit()
    visitor = visit_from()
    assert "Ask for an invitation" in visitor.told(visitor.sign_in(connection, "pm"))


def test_each_role_has_its_door(connect, visit_from, known, world):
    connection = connect(world.owner, audiences=("company", "client"))
    visitor = visit_from()
    assert "not for people of your role" in visitor.told(visitor.sign_in(connection, "client"))
    visitor = visit_from("acme")
    assert "not for people of your role" in visitor.told(visitor.sign_in(connection, "pm"))


def test_a_connection_for_clients_lets_no_staff_in(connect, visit_from, known, world, session):
    connection = connect(world.owner, audiences=("vendor",))
    visitor = visit_from("acme")
    assert "not for people of your role" in visitor.told(visitor.sign_in(connection, "client"))
    assert fresh(session).scalars(select(Identity)).all() == []


def test_a_state_is_good_once(connect, visit_from, known, world, provider, session):
    connection = connect(world.owner)
    visitor = visit_from()
    where = visitor.set_out(connection)
    cookie = visitor.client.get_cookie("corbel").value
    back = visitor.choose(where, "pm")
    assert visitor.come_back(back).location == "/"
    elsewhere = visit_from()
    assert "begun in another browser" in elsewhere.told(elsewhere.come_back(back))
    # not even with the cookie from before, and a new code for the same state
    replay = visit_from()
    replay.client.set_cookie("corbel", cookie)
    again = replay.choose(where, "pm")
    assert "used already" in replay.told(replay.come_back(again))
    assert len(fresh(session).scalars(select(Login)).all()) == 1
    assert len(session.scalars(select(Spent)).all()) == 1


def test_a_state_is_this_browsers(connect, visit_from, known, world):
    connection = connect(world.owner)
    back = visit_from().choose(visit_from().set_out(connection), "pm")
    victim = visit_from()
    assert "begun in another browser" in victim.told(victim.come_back(back))


def test_a_state_is_this_sites(connect, visit_from, known, world, provider):
    connection = connect(world.owner, audiences=("company", "client"))
    visitor = visit_from("acme")
    back = visitor.choose(visitor.set_out(connection), "client")
    visitor.client.portal = ""
    answer = visitor.come_back(back.replace("/b/acme", ""))
    assert "begun in another browser" in visitor.told(answer)


def test_a_state_lasts_ten_minutes(connect, visit_from, known, world, noon):
    connection = connect(world.owner)
    visitor = visit_from()
    back = visitor.choose(visitor.set_out(connection), "pm")
    noon.shift(timedelta(minutes=10, seconds=1))
    assert "more than 10 minutes ago" in visitor.told(visitor.come_back(back))


def test_three_windows_at_once(connect, visit_from, known, world, noon):
    connection = connect(world.owner)
    visitor = visit_from()
    where = []
    for _window in range(4):
        noon.shift(timedelta(seconds=1))
        where.append(visitor.set_out(connection, target="/" + "x" * 600))
    assert len(visitor.client.get_cookie("corbel").value) < 3000
    first, second = (visitor.choose(address, "pm") for address in where[:2])
    assert "begun in another browser" in visitor.told(visitor.come_back(first))
    assert visitor.come_back(second).location == "/"


def test_who_refuses_at_the_provider_is_told_what_to_do(connect, visit_from, known, world):
    visitor = visit_from()
    where = visitor.set_out(connect(world.owner), target="/tickets")
    answer = visitor.come_back(visitor.choose(where, "pm", consent="no"))
    assert "next=%2Ftickets" in answer.location or "next=/tickets" in answer.location
    assert "You did not allow the sign-in at Acme Login" in visitor.told(answer)


def test_an_answer_that_names_another_issuer_is_not_believed(
    connect, visit_from, known, world, provider
):
    """RFC 9207, against providers that are mixed up."""
    connection = connect(world.owner)
    visitor = visit_from()
    back = visitor.choose(visitor.set_out(connection), "pm")
    answer = visitor.come_back(f"{back}&{urlencode({'iss': 'https://evil.test'})}")
    assert "could not be trusted" in visitor.told(answer)
    assert provider.asked("/token") == 0


def test_a_connection_that_is_off_lets_nobody_in(connect, visit_from, known, world, session):
    connection = connect(world.owner)
    visitor = visit_from()
    back = visitor.choose(visitor.set_out(connection), "pm")
    connections.disable(
        session, session.get(Connection, connection.id), by=world.owner, at=utcnow()
    )
    session.commit()
    assert visitor.come_back(back).status_code == 404
    assert visitor.client.get(f"/sign-in/sso/{connection.id}").status_code == 404


def test_who_is_signed_in_already_goes_home(connect, known, world, sign_in, provider):
    connection = connect(world.owner)
    answer = sign_in(world.pm).get(f"/sign-in/sso/{connection.id}")
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_database_is_not_held_while_the_provider_thinks(
    connect, visit_from, known, world, provider, runtime
):
    """A change of somebody else goes through meanwhile: on SQLite there is one pen."""
    connection = connect(world.owner)
    visitor = visit_from()
    back = visitor.choose(visitor.set_out(connection), "pm")
    written = []

    def write() -> None:
        with runtime.writers.begin() as other:
            other.get_one(User, world.client.user_id).name = "Written meanwhile"
            written.append(runtime.engine.pool.checkedout())

    provider.answers["/token"] = write
    assert visitor.come_back(back).location == "/"
    assert written == [1]


def test_without_the_sealing_key_nothing_breaks(connect, visit_from, known, world, session):
    connection = connect(world.owner)
    session.get(Connection, connection.id).sealed_secret = "gAAAA-nonsense"
    session.commit()
    visitor = visit_from()
    answer = visitor.client.get(f"/sign-in/sso/{connection.id}")
    assert "is not set up rightly" in visitor.told(answer)


def test_a_provider_that_is_away_is_said_to_be(connect, visit_from, known, world, provider):
    connection = connect(world.owner)
    provider.answers["/.well-known/openid-configuration"] = broken
    visitor = visit_from()
    answer = visitor.client.get(f"/sign-in/sso/{connection.id}?next=/tickets")
    assert parse_qs(urlsplit(answer.location).query)["next"] == ["/tickets"]
    assert "is not set up rightly" in visitor.told(answer)


def test_the_provider_shows_its_page(connect, visit_from, known, world):
    """What a person sees there, and not only what we send."""
    page = requests.get(visit_from().set_out(connect(world.owner)), timeout=10)
    assert "pm@acme.test" in page.text
