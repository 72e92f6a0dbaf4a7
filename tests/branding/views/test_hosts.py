"""Portals at hosts of their own: nothing of one means anything at another."""

import pytest

from portal.branding import dns, queries
from portal.branding.dns import CHALLENGE
from portal.foundation.tenancy import see
from tests.fixtures.world import NOW, PASSWORD, closed_to
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
HOST = "support.acme.example"
FORGED = [
    "evil.example",
    "acme.portals.test.evil.example",
    "evil.portals.test",
    "portals.test",
    "support.acme.example.evil.example",
    "user@acme.portals.test",
    "user:secret@127.0.0.1",
    "acme.portals.test:80:80",
    "acme.portals.test:999999",
    "acme.portals.test/",
    "acme.portals.test?x",
    "acme portals.test",
    "acme.portals.test,evil.example",
    "acme.portals.test..",
    ".portals.test",
    "acme_portals.test",
    "a" * 10_000,
    "a." * 5_000 + "portals.test",
    "[::1",
    "]",
    "0x7f.1",
    "%61cme.portals.test",
    "acme.portals.test%00",
]


@pytest.fixture
def own(app, session, names, world, sign_in):
    """Acme's portal stands at HOST; the owner has done it all in the browser."""
    owner = sign_in(world.owner)
    assert owner.post("/company/domains", data={"host": HOST}).status_code == 303
    see(session, world.acme.id)
    domain = queries.domain_of_host(session, world.acme.id, HOST)
    names.says(f"{CHALLENGE}.{HOST}", "TXT", f'"{domain.token}"')
    names.says(HOST, "CNAME", "portals.test.")
    owner.post(f"/company/domains/{domain.id}/verification")
    owner.post("/company/domains/primary", data={"host": HOST})
    session.rollback()
    return owner


def at(app, host):
    client = app.test_client(use_cookies=False)

    def get(path, **headers):
        return client.get(path, headers={"Host": host, **headers})

    return get


def test_a_portal_is_at_its_own_host(app, own):
    page = at(app, HOST)("/")
    assert page.status_code == 200
    assert "Acme Homes" in page.text
    assert "corbel" not in page.text.lower()
    assert f'rel="canonical" href="http://{HOST}:8000/"' in page.text


@pytest.mark.parametrize(
    "host", [HOST.upper(), f"{HOST}.", f"{HOST}:8443", "ACME.portals.test:80", "acme.portals.test."]
)
def test_the_same_name_is_the_same_portal(app, own, host):
    page = at(app, host)("/")
    assert page.status_code == 200
    assert "Acme Homes" in page.text


@pytest.mark.parametrize("place", ["/b/acme/", "http://acme.portals.test/"])
def test_every_way_names_the_one_address(app, own, place):
    page = app.test_client().get(place)
    assert f'rel="canonical" href="http://{HOST}:8000/"' in page.text


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_refused_and_told_nothing(app, own, host):
    answer = app.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    for name in (b"Acme", b"Corbel", host.encode()[:30]):
        assert name not in answer.data
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host"])
def test_no_other_header_says_where_one_is(app, own, header):
    value = f"host={HOST}" if header == "Forwarded" else HOST
    assert "Corbel" in app.test_client().get("/sign-in", headers={header: value}).text


def test_a_claim_alone_leads_nowhere(app, world, sign_in, names):
    sign_in(world.owner).post("/company/domains", data={"host": HOST})
    assert at(app, HOST)("/").status_code == 400


def test_what_is_given_up_leads_nowhere(app, own, session, world):
    see(session, world.acme.id)
    domain = queries.domain_of_host(session, world.acme.id, HOST)
    assert "Remove" in own.get(f"/company/domains/{domain.id}/removal").text
    assert own.post(f"/company/domains/{domain.id}/removal").status_code == 303
    assert at(app, HOST)("/").status_code == 400


@pytest.mark.parametrize("path", ["/b/acme/", "/b/birch/", "/b/birch/sign-in", "/queue", "/policy"])
def test_there_is_nothing_else_at_a_portals_host(app, own, path):
    answer = at(app, HOST)(path)
    assert answer.status_code == 404
    assert "Birch" not in answer.text
    assert "Corbel" not in answer.text


def test_a_session_means_nothing_at_another_host(app, own, session, world):
    """One browser at five sites: the cookie of each is carried to all of them by hand."""
    from portal.accounts import service
    from portal.accounts.models import User

    session.rollback()
    session.get(User, world.client.user_id).password_hash = service.hash_password(PASSWORD)
    session.commit()
    form = {"email": world.client.email, "password": PASSWORD}
    client = app.test_client()
    entered = client.post("/sign-in", data=form, headers={"Host": HOST})
    assert entered.status_code == 303
    assert entered.headers["Location"] == "/"
    given = entered.headers.getlist("Set-Cookie")
    assert not [one for one in given if "Domain=" in one]
    [cookie] = [one for one in given if one.startswith("corbel=")]
    assert "HttpOnly" in cookie
    value = cookie.partition(";")[0]
    assert at(app, HOST)("/account", Cookie=value).status_code == 200
    for elsewhere in ("acme.portals.test", "birch.portals.test", "127.0.0.1:8000"):
        assert at(app, elsewhere)("/account", Cookie=value).status_code == 302, elsewhere
    for slug in ("acme", "birch"):
        portals = value.replace("corbel=", "corbel-portal=")
        answer = at(app, "127.0.0.1:8000")(f"/b/{slug}/account", Cookie=portals)
        assert answer.status_code == 302


def test_pages_are_kept_by_nobody_and_vary(app, own):
    page = at(app, HOST)("/")
    assert page.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} <= set(page.headers["Vary"].split(", "))


PLATFORM = "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("host", "path", "questions"),
    [
        (HOST, "/sign-in", 1),
        ("acme.portals.test", "/sign-in", 1),
        (PLATFORM, "/b/acme/sign-in", 1),
        (PLATFORM, "/sign-in", 0),
    ],
)
def test_one_question_finds_a_portal_and_the_platform_asks_none(
    app, own, runtime, host, path, questions
):
    get = at(app, host)
    assert get(path).status_code == 200
    with counted(runtime.engine) as asked:
        get(path)
    assert sum("FROM builders" in statement for statement in asked) == questions, asked


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a domain"),
        ("https://acme.example", "Leave out https://"),
        ("10.0.0.1", "not a number"),
        ("support.аcme.com", "“а” is a Cyrillic letter"),
        ("acme.portals.test", "belongs to the platform"),
        ("127.0.0.1", "not a number"),
    ],
)
def test_what_is_refused_is_explained_and_stays(world, sign_in, typed, words):
    answer = sign_in(world.owner).post("/company/domains", data={"host": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_domain_taken_twice_is_said(own, world, sign_in):
    other = sign_in(world.stranger).post("/company/domains", data={"host": HOST})
    assert other.status_code == 422
    assert "Another company" in other.text
    again = own.post("/company/domains", data={"host": HOST.upper()})
    assert "in your list already" in again.text


def test_another_builders_domain_is_nobodys(own, session, world, sign_in):
    see(session, world.acme.id)
    domain = queries.domain_of_host(session, world.acme.id, HOST)
    stranger = sign_in(world.stranger)
    for path in ("verification", "removal"):
        assert stranger.post(f"/company/domains/{domain.id}/{path}").status_code == 404
    stolen = stranger.post("/company/domains/primary", data={"host": HOST})
    assert stolen.status_code == 422
    assert HOST not in stranger.get("/company/domains").text


def test_only_admins(world, sign_in):
    for who in (world.pm, world.client, world.agent, world.admin):
        for path in ("/company/domains", "/company/letters"):
            assert sign_in(who).get(path).status_code == closed_to(who)


def test_a_dns_that_is_silent_is_told(own, session, world, monkeypatch):
    from portal.branding.views import hosts as views

    silent = dns.Finding(unreachable=True)
    monkeypatch.setattr(views, "look_at_host", lambda *_question: silent)
    see(session, world.acme.id)
    domain = queries.domain_of_host(session, world.acme.id, HOST)
    own.post(f"/company/domains/{domain.id}/verification")
    page = own.get("/company/domains").text
    assert "No name server answered" in page
    assert "Verified" in page


def test_the_pen_is_free_while_the_dns_is_asked(own, names, session, world, runtime, monkeypatch):
    """Whoever writes meanwhile is not kept waiting."""
    from portal.branding.models import Domain
    from portal.branding.views import hosts as views

    see(session, world.acme.id)
    domain = queries.domain_of_host(session, world.acme.id, HOST)
    wrote = []

    def look(*_question):
        with runtime.writers.begin() as other:
            see(other, world.acme.id)
            other.get(Domain, domain.id).failures = 2
        wrote.append(True)
        return dns.Finding(proven=True, points=True)

    monkeypatch.setattr(views, "look_at_host", look)
    answer = own.post(f"/company/domains/{domain.id}/verification")
    assert answer.status_code == 303
    assert wrote
    session.rollback()
    assert session.get(Domain, domain.id).checked_at == NOW
