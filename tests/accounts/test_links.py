"""Links by e-mail: one use, one site, a short time, and no word about who has an account."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Link, Login, User
from portal.accounts.service import hash_password, links
from portal.accounts.service.links import LASTS, MOST_AN_HOUR, Purpose
from portal.foundation import deliveries
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.mail import PermanentFailure, Sent
from portal.foundation.outbox import OutboxEvent
from portal.notifications import mailing
from tests.accounts.reading import letters_to, link_in, path_in
from tests.fixtures.world import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("noon")
NEW = "three grey herons wade"


def browser(app, portal=""):
    client = app.test_client()
    client.portal = portal
    return client


@pytest.fixture
def asked(app, runtime, world):
    """Ask for a link, and the path that the letter leads to."""

    def ask(email="owner@acme.test", way="/sign-in/link", portal=""):
        answer = browser(app, portal).post(way, data={"email": email})
        assert answer.status_code == 200
        return path_in(letters_to(runtime, email, NOW)[-1])

    return ask


def test_a_link_signs_in_once(app, asked, session, world):
    path = asked()
    client = browser(app)
    page = client.get(path)
    assert page.status_code == 200
    assert "owner@acme.test" in page.text
    assert client.post(path).location == "/"
    assert client.get("/account").status_code == 200
    again = browser(app)
    for answer in (again.get(path), again.post(path)):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text
    assert again.get("/account").status_code == 302
    user = session.get(User, world.owner.user_id, populate_existing=True)
    assert user.email_verified_at == NOW


def test_looking_never_uses_it_up(app, asked):
    path = asked()
    scanner = browser(app)
    for _time in range(3):
        scanner.get(path)
        scanner.head(path)
        scanner.get(path, headers={"Sec-Purpose": "prefetch"})
        scanner.options(path)
    assert browser(app).post(path).status_code == 303


@pytest.mark.parametrize(
    ("way", "purpose"), [("/sign-in/link", Purpose.SIGN_IN), ("/recovery", Purpose.RECOVERY)]
)
def test_it_works_for_a_while_only(app, asked, noon, way, purpose):
    path = asked(way=way)
    noon.shift(LASTS[purpose])
    assert browser(app).get(path).status_code == 200
    noon.shift(timedelta(seconds=1))
    assert browser(app).get(path).status_code == 410
    assert browser(app).post(path, data={"password": NEW}).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "%00", "a" * 5000, "~key~", "é", "..%2F"])
def test_what_was_never_a_link_is_refused(app, world, token):
    answer = browser(app).get(f"/links/{token}")
    assert answer.status_code in {404, 410}


def test_a_portals_link_means_nothing_elsewhere(app, asked, world):
    path = asked("client@acme.test", portal="acme")
    assert path.startswith("/b/acme/links/")
    elsewhere = path.removeprefix("/b/acme")
    assert browser(app).post(elsewhere).status_code == 410
    assert browser(app, "birch").post(f"/b/birch{elsewhere}").status_code == 410
    at_home = browser(app, "acme")
    assert at_home.post(path).location == "/b/acme/"
    assert at_home.get("/account").status_code == 200


def test_the_platforms_link_means_nothing_at_a_portal(app, asked):
    path = asked()
    assert browser(app, "acme").post(f"/b/acme{path}").status_code == 410


def test_a_client_who_asks_at_the_platform_is_led_home(app, runtime, asked):
    assert asked("client@acme.test").startswith("/b/acme/links/")
    letter = letters_to(runtime, "client@acme.test", NOW)[-1]
    assert "Corbel" not in letter.text + (letter.html or "") + letter.subject + letter.sender_name
    assert "Acme Homes" in letter.text


def test_the_letter_leads_to_the_configured_host_never_the_requests(app, runtime, world):
    app.test_client().post(
        "/sign-in/link",
        data={"email": "owner@acme.test"},
        headers={"Host": "localhost", "X-Forwarded-Host": "evil.test"},
    )
    letter = letters_to(runtime, "owner@acme.test", NOW)[-1]
    assert link_in(letter).startswith(runtime.settings.base_url + "/links/")


def test_unknown_addresses_get_the_same_page_and_no_letter(app, runtime, world, session):
    told = []
    for email in ("owner@acme.test", "nobody@acme.test"):
        for way in ("/sign-in/link", "/recovery"):
            answer = browser(app).post(way, data={"email": email})
            text = re.sub(r"<[^>]+>", "", answer.text.partition("<main")[2]).replace(email, "")
            told.append((answer.status_code, way, text))
    assert told[:2] == told[2:]
    assert letters_to(runtime, "nobody@acme.test", NOW) == []
    assert len(letters_to(runtime, "owner@acme.test", NOW)) == 2


def test_a_person_of_another_builder_gets_no_letter_at_a_portal(app, runtime, world):
    for email in ("client@acme.test", "owner@acme.test", "agent1@corbel.test"):
        browser(app, "birch").post("/sign-in/link", data={"email": email})
        assert letters_to(runtime, email, NOW) == []


def test_the_disabled_get_no_letter_and_use_no_link(app, runtime, asked, session, world):
    path = asked()
    session.get(User, world.owner.user_id).disabled_at = NOW
    session.commit()
    assert browser(app).post(path).status_code == 410
    browser(app).post("/recovery", data={"email": "owner@acme.test"})
    assert len(letters_to(runtime, "owner@acme.test", NOW)) == 1


def test_nobodys_mailbox_is_flooded(app, runtime, world, noon):
    for _time in range(MOST_AN_HOUR + 3):
        browser(app).post("/sign-in/link", data={"email": "owner@acme.test"})
    assert len(letters_to(runtime, "owner@acme.test", NOW)) == MOST_AN_HOUR
    noon.shift(timedelta(hours=1))
    browser(app).post("/sign-in/link", data={"email": "owner@acme.test"})
    later = NOW + timedelta(hours=1)
    assert len(letters_to(runtime, "owner@acme.test", later)) == MOST_AN_HOUR + 1


def test_the_secret_is_in_the_letter_alone(app, runtime, asked, session, caplog):
    caplog.set_level(logging.DEBUG)
    path = asked()
    secret = path.rpartition("/")[2]
    browser(app).get(path)
    browser(app).post(path)
    rows = [
        str(vars(row))
        for model in (Link, OutboxEvent)
        for row in session.scalars(select(model)).all()
    ]
    assert rows
    assert secret not in " ".join(rows)
    assert secret not in caplog.text
    letter = session.scalars(select(Delivery)).one()
    words = {name: value for name, value in letter.payload.items() if name != mailing.SECRET}
    assert secret not in str(words)


def test_no_other_page_is_told_of_the_link(app, asked):
    path = asked()
    for answer in (
        browser(app).get(path),
        browser(app).get("/links/never"),
        browser(app).post(asked(way="/recovery"), data={"password": "short"}),
    ):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_error_names_no_secret(app, asked, monkeypatch, caplog):
    path = asked()

    def broken(*_args, **_more):
        raise RuntimeError("broken")

    monkeypatch.setattr(links, "open_link", broken)
    assert browser(app).get(path).status_code == 500
    assert "unexpected error on /links/<token>" in caplog.text


def test_the_mailbox_leaves_the_link_out(app, runtime, asked, session, sign_in, world):
    secret = asked().rpartition("/")[2]
    delivery = session.scalars(select(Delivery)).one()
    page = sign_in(world.manager).get(f"/mailbox/{delivery.id}").text
    assert "Your link to sign in" in page
    assert "The link is left out" in page
    assert secret not in page


@pytest.mark.parametrize("outcome", [Sent("<x@y.test>"), PermanentFailure("recipient", "550 no")])
def test_once_settled_the_link_is_forgotten(app, runtime, asked, session, sign_in, world, outcome):
    class Server:
        heard = ""

        def send(self, letter):
            self.heard = letter.text
            return outcome

    server = Server()
    secret = asked().rpartition("/")[2]
    way = mailing.channel(server, lambda *_: None)
    deliveries.send_due(runtime.writers, {"mail": way}, at=lambda: NOW)
    assert secret in server.heard
    session.rollback()
    delivery = session.scalars(select(Delivery)).one()
    assert secret not in str(delivery.payload)
    if delivery.status == Status.DEAD:
        answer = sign_in(world.manager).post(f"/mailbox/{delivery.id}/replay")
        assert answer.status_code == 409
        assert "they can ask for a new one" in answer.text


@pytest.mark.parametrize("demo", [True, False])
def test_without_a_mail_server_only_a_demo_keeps_it(app, runtime, asked, session, demo):
    secret = asked().rpartition("/")[2]
    way = mailing.channel(None, lambda *_: None, secrets_stay=demo)
    deliveries.send_due(runtime.writers, {"mail": way}, at=lambda: NOW)
    session.rollback()
    delivery = session.scalars(select(Delivery)).one()
    assert delivery.status == Status.KEPT
    assert (secret in str(delivery.payload)) is demo


def test_recovery_sets_a_password_and_ends_every_session(app, asked, session, world, runtime):
    asked()
    elsewhere = browser(app)
    elsewhere.post(path_in(letters_to(runtime, "owner@acme.test", NOW)[-1]))
    assert elsewhere.get("/account").status_code == 200
    other = asked()
    path = asked(way="/recovery")
    weak = browser(app).post(path, data={"password": "owner@acme.test"})
    assert weak.status_code == 422
    assert "Your name, address or company" in weak.text
    here = browser(app)
    assert here.post(path, data={"password": NEW}).location == "/"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert browser(app).get(other).status_code == 410
    given = {"email": "owner@acme.test", "password": NEW}
    assert browser(app).post("/sign-in", data=given).status_code == 303
    told = letters_to(runtime, "owner@acme.test", NOW)[-1]
    assert told.subject == "Your password was changed"


def test_the_recovery_letter_names_workspace_role_and_way(runtime, asked):
    path = asked(way="/recovery")
    letter = letters_to(runtime, "owner@acme.test", NOW)[-1]
    for words in ("Company: Acme Homes", "Your role: Owner", "Tue 24 Nov, 11:00", path):
        assert words in letter.text
    assert "We never ask for your password or a sign-in code" in letter.text


def test_letters_speak_their_readers_language(runtime, asked, session, world):
    session.get(User, world.owner.user_id).locale = "es"
    session.commit()
    asked()
    letter = letters_to(runtime, "owner@acme.test", NOW)[-1]
    assert letter.subject == "Tu enlace para iniciar sesión"
    assert letter.language == "es"


def test_two_who_press_at_once_get_in_once(session, runtime, world):
    issued = links.issue(session, "owner@acme.test", Purpose.SIGN_IN, at=NOW, portal=None)
    assert issued is not None
    session.commit()
    with runtime.readers() as second:
        also = links.open_link(second, issued.plain, at=NOW, portal=None)
    links.use(session, issued.link, at=NOW)
    session.commit()
    with runtime.writers() as late, pytest.raises(links.LinkGone):
        links.use(late, also, at=NOW)


def test_changing_the_password_ends_the_other_browsers(app, session, world, sign_in, runtime):
    session.get(User, world.owner.user_id).password_hash = hash_password(PASSWORD)
    session.commit()
    here, there = sign_in(world.owner), sign_in(world.owner)
    form = {"current": "wrong", "password": NEW}
    assert here.post("/account/password", data=form).status_code == 422
    form = {"current": PASSWORD, "password": "password1234"}
    assert here.post("/account/password", data=form).status_code == 422
    assert there.get("/account").status_code == 200
    form = {"current": PASSWORD, "password": NEW}
    assert here.post("/account/password", data=form).location == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Login)) == 1
    assert letters_to(runtime, "owner@acme.test", NOW)[-1].subject == "Your password was changed"


def test_an_open_browser_is_no_place_to_guess_the_password(session, world, sign_in):
    session.get(User, world.owner.user_id).password_hash = hash_password(PASSWORD)
    session.commit()
    here = sign_in(world.owner)
    form = {"current": "wrong", "password": NEW}
    codes = [here.post("/account/password", data=form).status_code for _try in range(21)]
    assert 429 in codes


def test_who_has_no_password_is_sent_a_link_to_choose_one(world, sign_in):
    page = sign_in(world.owner).get("/account/password").text
    assert "You have no password yet" in page
    assert 'action="/recovery"' in page


def test_old_links_are_forgotten(session, runtime, asked):
    asked()
    session.rollback()
    kept = NOW + LASTS[Purpose.SIGN_IN] + links.KEPT
    assert links.forget_old(runtime.writers, kept) == 0
    assert links.forget_old(runtime.writers, kept + timedelta(seconds=1)) == 1
