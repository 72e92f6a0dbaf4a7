"""Setting single sign-on up, for a company and for the platform; how the sign-in page offers it."""

import re

import pytest
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import AuditEntry, Login, User
from portal.accounts.oidc.models import Connection, EmailDomain, Identity
from portal.accounts.service import links
from portal.accounts.service.links import Purpose
from portal.foundation.clock import utcnow
from portal.foundation.sealing import unseal
from tests.accounts.oidc.conftest import SECRET
from tests.fixtures.world import PASSWORD
from tests.support.http_receiver import Answer, HttpReceiver
from tests.support.oidc_provider import broken

TYPED = {
    "name": "Acme Login",
    "issuer": "https://login.acme.test",
    "client_id": "corbel",
    "client_secret": SECRET,
    "domains": "acme.test, Acme-Homes.test\n@bücher.test",
    "audiences": ["company", "vendor"],
    "role": "field",
    "portal_role": "vendor",
    "claim": "groups",
    "roles": "Site = managers = pm\n\nTrades = vendor",
    "scopes": "email profile",
    "seen": "1",
}


def fresh(session):
    session.rollback()
    session.expire_all()
    return session


def only(session):
    return fresh(session).scalars(select(Connection)).one()


def test_an_owner_sets_one_up(world, session, sign_in, runtime):
    owner = sign_in(world.owner)
    assert "No connection yet" in owner.get("/company/sign-on").text
    assert "Add a connection" in owner.get("/company/sign-on/new").text
    saved = owner.post("/company/sign-on", data=TYPED | {"enforced": "y"})
    made = only(session)
    assert (saved.status_code, saved.location) == (303, f"/company/sign-on/{made.id}")
    assert made.builder_id == world.acme.id
    assert made.domains == ["acme.test", "acme-homes.test", "xn--bcher-kva.test"]
    assert made.audiences == ["company", "vendor"]
    assert (made.role, made.portal_role, made.claim) == ("field", "vendor", "groups")
    assert made.roles == {"Site = managers": "pm", "Trades": "vendor"}
    assert made.scopes == "openid email profile"
    assert made.enforced
    assert made.enabled_at is None
    assert SECRET not in made.sealed_secret
    assert unseal(runtime.sealing_key, made.sealed_secret) == SECRET
    page = owner.get(saved.location).text
    assert SECRET not in page
    root = "http://127.0.0.1:8000"
    assert f'value="{root}/sign-in/sso/{made.id}/callback"' in page
    assert f'value="{root}/b/acme/sign-in/sso/{made.id}/callback"' in page
    assert f'value="{root}/sign-in/sso/{made.id}/logout"' in page
    assert f'value="{root}/sign-in/sso/{made.id}"' in page
    assert "acme-homes.test" in owner.get("/company/sign-on").text


def test_the_log_has_every_step_and_no_secret(world, session, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    made = only(session)
    place = f"/company/sign-on/{made.id}"
    owner.post(place, data=TYPED | {"name": "Acme", "client_secret": "another secret"})
    for step in ("activation", "deactivation", "removal"):
        assert owner.post(f"{place}/{step}").status_code == 303
    entries = fresh(session).scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    acts = ["sso.created", "sso.saved", "sso.enabled", "sso.disabled", "sso.removed"]
    assert [entry.act for entry in entries] == acts
    assert {entry.builder_id for entry in entries} == {world.acme.id}
    assert entries[1].facts == {"changed": {"name": "Acme"}, "secret_replaced": True}
    assert "secret between" not in repr([entry.facts for entry in entries])
    assert session.scalars(select(Connection)).all() == []


WRONG = {
    "name": ("", "Enter the name that people know"),
    "issuer": ("http://login.acme.test", "Enter a whole address that begins with https://"),
    "client_id": ("", "Enter the client ID"),
    "client_secret": ("", "Enter the client secret"),
    "domains": ("acme", "is not a domain"),
    "audiences": (["staff"], "Choose at least one group"),
    "role": ("owner", "can have that role"),
    "portal_role": ("client", "can have that role"),
    "claim": ("", "Enter the claim"),
    "roles": ("Bosses = admin", "names no role that this connection may give"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_beside_it_and_the_rest_stays(world, session, sign_in, name):
    value, words = WRONG[name]
    answer = sign_in(world.owner).post("/company/sign-on", data=TYPED | {name: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{name}"' in answer.text
    assert SECRET not in answer.text
    if name != "client_id":
        assert 'value="corbel"' in answer.text
    assert fresh(session).scalars(select(Connection)).all() == []


@pytest.mark.parametrize(
    "issuer",
    [
        "https://",
        "ftp://login.acme.test",
        "https://user:pw@login.acme.test",
        "https://login.acme.test:99999",
        "javascript:alert(1)",
        "http://10.0.0.1",
        "//login.acme.test",
        "https://login.acme.test/#a",
    ],
)
def test_issuers_that_are_none(world, sign_in, issuer):
    answer = sign_in(world.owner).post("/company/sign-on", data=TYPED | {"issuer": issuer})
    assert "Enter a whole address" in answer.text


@pytest.mark.parametrize(
    "domains", ["-acme.test", "acme.test/x", "a..b", "*.acme.test", "10.0.0.1", "x" * 64 + ".test"]
)
def test_domains_that_are_none(world, sign_in, domains):
    answer = sign_in(world.owner).post("/company/sign-on", data=TYPED | {"domains": domains})
    assert answer.status_code == 422
    assert "is not a domain" in answer.text


def test_ten_connections_are_enough(world, session, sign_in):
    owner = sign_in(world.owner)
    for _one in range(10):
        assert owner.post("/company/sign-on", data=TYPED).status_code == 303
    assert "There are ten connections" in owner.post("/company/sign-on", data=TYPED).text


def test_a_kept_secret_goes_to_no_other_provider(world, session, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    sealed = only(session).sealed_secret
    without = TYPED | {"client_secret": ""}
    moved = owner.post(place, data=without | {"issuer": "https://evil.test"})
    assert "enter the secret that belongs to it" in moved.text
    assert owner.post(place, data=without | {"name": "Acme"}).status_code == 303
    assert (only(session).name, only(session).sealed_secret) == ("Acme", sealed)
    assert only(session).issuer == TYPED["issuer"]


def test_another_issuer_knows_nobody_yet(
    connect, visit_from, known, world, session, sign_in, provider
):
    connection = connect(world.owner)
    visit_from().sign_in(connection, "pm")
    moved = TYPED | {"issuer": "https://other.acme.test"}
    assert (
        sign_in(world.owner).post(f"/company/sign-on/{connection.id}", data=moved).status_code
        == 303
    )
    assert fresh(session).scalars(select(Identity)).all() == []
    assert [one.user_id for one in session.scalars(select(Login))] == [world.owner.user_id]


def test_of_two_who_save_the_second_is_told_what_differs(world, session, sign_in, runtime):
    first, second = sign_in(world.owner), sign_in(world.owner)
    first.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    assert 'name="seen" type="hidden" value="1"' in second.get(place).text
    theirs = {"name": "Acme Door", "role": "pm", "audiences": ["company"], "enforced": "y"}
    theirs |= {"portal_role": "", "claim": "", "roles": "", "client_secret": "theirs"}
    assert first.post(place, data=TYPED | theirs).status_code == 303
    told = second.post(place, data=TYPED | {"domains": "acme.test", "client_secret": "mine"})
    assert told.status_code == 409
    assert "Somebody else has saved this connection meanwhile" in told.text
    shown = dict(
        re.findall(r"<div><dt>([^<]+)</dt><dd[^>]*>([^<]*)</dd></div>", told.text.replace("\n", ""))
    )
    assert shown == {
        "Name on the button": "Acme Door",
        "E-mail domains": "acme.testacme-homes.testxn--bcher-kva.test",
        "Who signs in with it": "Our own people",
        "New people become": "Project manager",
        "New people at the portal become": "Nobody: people are invited first",
        "Insist on it": "Yes",
        "Claim that names groups": "empty",
        "Groups and their roles": "empty",
        "Scopes": "openid email profile",
    }
    assert "Enter the client secret once more" in told.text
    assert not re.search(r'value="(mine|theirs)"|>(mine|theirs)<', told.text)
    assert 'value="Acme Login"' in told.text, "what was typed is still there"
    assert (only(session).name, only(session).version) == ("Acme Door", 2)
    assert unseal(runtime.sealing_key, only(session).sealed_secret) == "theirs"
    assert 'name="seen" type="hidden" value="2"' in told.text
    again = TYPED | {"domains": "acme.test", "client_secret": "", "seen": "2"}
    assert second.post(place, data=again).status_code == 303
    assert (only(session).name, only(session).version) == ("Acme Login", 3)
    assert unseal(runtime.sealing_key, only(session).sealed_secret) == "theirs"


def test_what_both_typed_alike_is_said_to_be_the_same(world, session, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED | {"scopes": "openid email profile"})
    place = f"/company/sign-on/{only(session).id}"
    same = TYPED | {
        "scopes": "openid email profile",
        "domains": "acme.test acme-homes.test xn--bcher-kva.test",
        "client_secret": "",
    }
    assert owner.post(place, data=same).status_code == 303
    told = owner.post(place, data=same)
    assert told.status_code == 409
    assert "You both typed the same." in told.text
    assert "Enter the client secret once more" not in told.text


def test_switching_it_on_makes_no_open_page_old(world, session, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    for step in ("activation", "deactivation", "activation"):
        owner.post(f"{place}/{step}")
    assert owner.post(place, data=TYPED | {"client_secret": ""}).status_code == 303
    assert only(session).enabled_at is not None


@pytest.mark.parametrize("seen", ["", "0", "2", "-1", "x", "9" * 30])
def test_a_page_of_no_known_version_saves_nothing(world, session, sign_in, seen):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    answer = owner.post(place, data=TYPED | {"name": "Mine", "seen": seen})
    assert answer.status_code in {409, 422}
    assert only(session).name == "Acme Login"


def test_a_mistake_on_an_old_page_makes_it_no_newer(world, session, sign_in):
    """Or its second sending would win unasked."""
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    owner.post(place, data=TYPED | {"name": "Theirs"})
    wrong = owner.post(place, data=TYPED | {"name": ""})
    assert wrong.status_code == 422
    assert 'name="seen" type="hidden" value="1"' in wrong.text


def test_hostile_names_of_the_other_are_text(world, session, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/sign-on", data=TYPED)
    place = f"/company/sign-on/{only(session).id}"
    owner.post(place, data=TYPED | {"name": "<img src=x onerror=alert(1)>"})
    told = owner.post(place, data=TYPED)
    assert told.status_code == 409
    assert "<img src=x" not in told.text


def test_staff_are_told_the_same(world, session, sign_in):
    admin = sign_in(world.admin)
    staff = TYPED | {"role": "agent", "roles": "", "claim": "", "portal_role": ""}
    staff["audiences"] = ["staff"]
    admin.post("/staff/sign-on", data=staff)
    place = f"/staff/sign-on/{only(session).id}"
    assert admin.post(place, data=staff | {"role": "manager"}).status_code == 303
    told = admin.post(place, data=staff)
    assert told.status_code == 409
    assert "Support manager" in told.text


@pytest.mark.parametrize("who", ["pm", "client", "agent", "manager", "admin"])
def test_only_who_runs_the_company_gets_there(world, sign_in, who):
    actor = getattr(world, who)
    expected = 404 if actor.is_portal_user else 403
    assert sign_in(actor).get("/company/sign-on").status_code == expected


@pytest.mark.parametrize("who", ["owner", "client", "agent", "manager"])
def test_only_who_runs_the_platform_sets_up_its_staff(world, sign_in, who):
    actor = getattr(world, who)
    expected = 404 if actor.is_portal_user else 403
    assert sign_in(actor).get("/staff/sign-on").status_code == expected


def test_staff_have_connections_of_their_own(world, session, sign_in, connect):
    other = connect(world.owner)
    admin = sign_in(world.admin)
    staff = TYPED | {"role": "agent", "roles": "Leads = manager", "audiences": ["staff"]}
    staff["portal_role"] = ""
    saved = admin.post("/staff/sign-on", data=staff)
    assert saved.status_code == 303
    page = admin.get("/staff/sign-on").text
    assert page.count("rows__title") == 1
    assert admin.get(f"/staff/sign-on/{other.id}").status_code == 404
    assert sign_in(world.owner).get(f"/company{saved.location[6:]}").status_code == 404
    refused = admin.post("/staff/sign-on", data=staff | {"role": "platform_admin"})
    assert "can have that role" in refused.text


def test_the_platform_confirms_domains(world, session, sign_in, connect):
    connect(world.owner, domains=("acme.test", "gmail.com"), proven=False)
    connect(world.stranger, domains=("acme.test",), proven=False)
    admin = sign_in(world.admin)
    rows = {
        (one.domain, one.builder_id): one.id for one in fresh(session).scalars(select(EmailDomain))
    }
    acme = rows["acme.test", world.acme.id]
    place = "/staff/sign-on/domains"
    assert admin.post(f"{place}/{acme}/confirmation").status_code == 303
    taken = admin.post(f"{place}/{rows['acme.test', world.birch.id]}/confirmation")
    assert taken.status_code == 422
    assert "is confirmed for another customer" in taken.text
    anybodys = admin.post(f"{place}/{rows['gmail.com', world.acme.id]}/confirmation")
    assert "Anybody can have an address at gmail.com" in anybodys.text
    assert [one.domain for one in fresh(session).scalars(select(EmailDomain)) if one.proven_at] == [
        "acme.test"
    ]
    assert "Confirmed" in sign_in(world.owner).get("/company/sign-on").text
    assert admin.post(f"{place}/{acme}/withdrawal").status_code == 303
    assert not [one for one in fresh(session).scalars(select(EmailDomain)) if one.proven_at]
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.about == "acme.test")).all()
    assert sorted(acts) == ["email_domain.confirmed", "email_domain.withdrawn"]


def test_a_connection_that_works_says_so(connect, world, sign_in, provider):
    connection = connect(world.owner, on=False)
    page = sign_in(world.owner).post(f"/company/sign-on/{connection.id}/trial").text
    assert "The provider answers as it should" in page
    assert f"It calls itself {provider.issuer}" in page
    assert "RS256, ES256" in page
    assert re.search(r'value="company" checked', page)
    assert 'value="corbel-acme"' in page


def test_a_test_never_rests_on_what_is_remembered(connect, world, sign_in, provider):
    connection = connect(world.owner)
    owner = sign_in(world.owner)
    owner.post(f"/company/sign-on/{connection.id}/trial")
    provider.discovery = {"issuer": "https://other.test"}
    page = owner.post(f"/company/sign-on/{connection.id}/trial").text
    assert "The provider calls itself otherwise" in page
    assert "https://other.test" in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (broken, "There is no description of an OpenID provider"),
        (lambda: ("{}", 302, {"Location": "http://127.0.0.1:1/"}), "sends us on to another"),
        (lambda: ("x" * 500_000, 200), "far too large"),
        (lambda: ("not json", 200), "There is no description"),
    ],
)
def test_a_test_says_what_is_wrong(connect, world, sign_in, provider, answer, words):
    connection = connect(world.owner, on=False)
    provider.answers["/.well-known/openid-configuration"] = answer
    page = sign_in(world.owner).post(f"/company/sign-on/{connection.id}/trial").text
    assert "This would not work yet" in page
    assert words in page


def test_private_addresses_are_not_asked_for_a_customer(
    connect, world, sign_in, session, runtime, monkeypatch
):
    """As on the internet: a name that leads inside is found out when it is dialled."""
    monkeypatch.setattr(type(runtime.settings), "on_loopback", False)
    with HttpReceiver(Answer(200, "{}")) as receiver:
        port = receiver.url.rpartition(":")[2]
        connection = connect(world.owner, issuer=f"https://localhost:{port}", on=False)
        page = sign_in(world.owner).post(f"/company/sign-on/{connection.id}/trial").text
        assert "leads to a private address" in page
        assert receiver.requests == []


def test_removing_asks_first_and_signs_out(connect, visit_from, known, world, session, sign_in):
    connection = connect(world.owner)
    visitor = visit_from()
    visitor.sign_in(connection, "pm")
    owner = sign_in(world.owner)
    place = f"/company/sign-on/{connection.id}/removal"
    assert "1 person has signed in with it." in owner.get(place).text
    assert owner.post(place).location == "/company/sign-on"
    assert visitor.client.get("/tickets").status_code == 302
    assert fresh(session).get(User, world.pm.user_id) is not None
    assert session.scalars(select(Identity)).all() == []


def offered(answer):
    return re.findall(r"Continue with ([\w ]+)", answer.text)


def test_an_address_shows_the_way_in_of_its_domain_and_nothing_of_itself(
    connect, visit_from, world
):
    connect(world.owner)
    connect(world.admin, name="Our staff", domains=("corbel.test",))
    connect(world.stranger, name="Birch Login", domains=("birch.test", "acme.test"), proven=False)
    browser = visit_from().client
    page = browser.get("/sign-in")
    assert offered(page) == []
    assert "Sign in with your company’s account" in page.text
    addresses = {
        "pm@acme.test": ["Acme Login"],
        "Nobody.At.All@ACME.test ": ["Acme Login"],
        "anybody@corbel.test": ["Our staff"],
        "owner@birch.test": [],  # not proven
        "pm@sub.acme.test": [],
        "acme.test": ["Acme Login"],
        "": [],
        "@": [],
        "%@%": [],
    }
    for address, names in addresses.items():
        assert offered(browser.post("/sign-in/sso", data={"email": address})) == names, address
    some, none = (
        browser.post("/sign-in/sso", data={"email": f"{name}@acme.test"}).text
        for name in ("owner", "nobody")
    )
    assert scrubbed(some, "owner") == scrubbed(none, "nobody")


def scrubbed(page, name):
    page = re.sub(r'nonce="[^"]+"|data-now="[^"]+"|X-CSRFToken[^}]+|value="[^"]{40,}"', "", page)
    return page.replace(name, "")


def test_beside_the_password_nothing_is_said_of_what_is_not_there(connect, visit_from, world):
    connect(world.owner)
    browser = visit_from().client
    page = browser.get("/sign-in").text
    assert 'hx-post="/sign-in/sso"' in page
    assert 'hx-params="email"' in page
    htmx = {"HX-Request": "true"}
    part = browser.post("/sign-in/sso", data={"email": "a@acme.test"}, headers=htmx)
    assert offered(part) == ["Acme Login"]
    assert "<html" not in part.text
    other = browser.post("/sign-in/sso", data={"email": "a@b.test"}, headers=htmx)
    assert other.text.strip() == ""
    whole = browser.post("/sign-in/sso", data={"email": "a@b.test"})
    assert "There is no single sign-on for this address" in whole.text


def test_a_platform_without_connections_does_not_speak_of_them(app, world):
    page = app.test_client().get("/sign-in").text
    assert "company’s account" not in page
    assert "hx-post" not in page.partition("<form")[2]


@pytest.fixture
def passwords(session, world):
    for name in ("owner", "pm", "client"):
        user = session.get(User, getattr(world, name).user_id)
        user.password_hash = accounts.hash_password(PASSWORD)
    session.commit()


def enter(client, email, password=PASSWORD):
    return client.post("/sign-in", data={"email": email, "password": password})


def test_a_company_may_insist(connect, visit_from, world, passwords):
    connect(world.owner, enforced=True)
    browser = visit_from().client
    answer = enter(browser, "pm@acme.test")
    assert answer.status_code == 422
    assert "only with Acme Login" in answer.text
    assert offered(answer) == ["Acme Login"]
    assert browser.get("/tickets").status_code == 302
    assert "is not right" in enter(browser, "pm@acme.test", "wrong").text
    assert enter(browser, "owner@acme.test").status_code == 303  # the way back in
    assert enter(visit_from("acme").client, "client@acme.test").status_code == 303


def test_insisting_is_for_the_people_of_the_connection(connect, visit_from, world, passwords):
    connect(world.owner, enforced=True, domains=("elsewhere.test",))
    assert enter(visit_from().client, "pm@acme.test").status_code == 303
    connect(world.owner, enforced=True, audiences=("client",), name="For clients")
    assert "only with For clients" in enter(visit_from("acme").client, "client@acme.test").text


def test_what_is_off_insists_on_nothing(connect, visit_from, world, passwords):
    connect(world.owner, enforced=True, on=False)
    assert enter(visit_from().client, "pm@acme.test").status_code == 303


def test_a_portal_does_not_speak_of_the_platform(connect, visit_from, world, known):
    connection = connect(world.owner, audiences=("client",))
    visitor = visit_from("acme")
    known["client"].email_verified = False
    pages = [
        visitor.client.get("/sign-in").text,
        visitor.client.get("/sign-in/sso").text,
        visitor.told(visitor.sign_in(connection, "client")),
    ]
    for page in pages:
        assert "Corbel" not in page
        assert 'href="/sign-in' not in page


def test_a_letter_leads_to_the_provider_where_a_company_insists(
    connect, visit_from, world, session
):
    connect(world.owner, enforced=True)
    link = links.issue(session, world.pm.email, Purpose.SIGN_IN, at=utcnow(), portal=None)
    session.commit()
    browser = visit_from().client
    answer = browser.post(f"/links/{link.plain}")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "only with Acme Login" in browser.get("/sign-in").text
    assert browser.get("/tickets").status_code == 302
