"""The mailbox page: what went out or would have, and what nobody would take."""

from dataclasses import replace
from html import unescape
from uuid import uuid4

from sqlalchemy.orm import Session

from portal.config import Smtp
from portal.core.permissions import Actor
from portal.foundation import deliveries
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.mail import Letter
from portal.foundation.runtime import Runtime
from portal.notifications import mailing
from portal.notifications.emptying import NOTHING
from portal.notifications.mailbox import picture
from portal.notifications.service import notify
from tests.fixtures.world import NOW, SignIn, World

HERE = "http://127.0.0.1:8000/"


def letter_to(
    session: Session, person: Actor, *, private: bool = False, **changes: str
) -> Delivery:
    values = {
        "to": person.email,
        "sender": "support@corbel.test",
        "subject": "[#1042] Schedule",
        "text": "We answer <soon>.\n",
        "html": '<html><head><style>a {}</style></head><body style="color:#111">'
        '<a href="http://127.0.0.1:8000/tickets/1042">Open</a></body></html>',
        "message_id": f"<{uuid4()}@corbel.test>",
    }
    letter = Letter(written_at=NOW, **(values | changes))  # type: ignore[arg-type]
    delivery = mailing.post(session, letter, at=NOW, dedup_key=str(uuid4()), private=private)
    assert delivery is not None
    delivery.status = Status.KEPT.value
    session.commit()
    return delivery


def dead(session: Session, delivery: Delivery) -> None:
    delivery.status = Status.DEAD.value
    delivery.error = "recipient: 550 5.1.1 no <such> person"
    session.commit()


def test_empty_states_say_what_will_be_here(sign_in: SignIn, world: World) -> None:
    client = sign_in(world.manager)
    assert "No letters yet" in client.get("/mailbox").get_data(as_text=True)
    assert "Everything has arrived" in client.get("/mailbox?view=dead").get_data(as_text=True)


def test_operations_see_all_letters_others_their_own(
    session: Session, sign_in: SignIn, world: World
) -> None:
    mine = letter_to(session, world.owner, subject="To the owner")
    other = letter_to(session, world.stranger, subject="To the stranger")
    page = sign_in(world.manager).get("/mailbox").get_data(as_text=True)
    assert "To the owner" in page
    assert "To the stranger" in page
    client = sign_in(world.owner)
    page = client.get("/mailbox").get_data(as_text=True)
    assert "To the owner" in page
    assert "To the stranger" not in page
    assert client.get(f"/mailbox/{mine.id}").status_code == 200
    assert client.get(f"/mailbox/{other.id}").status_code == 404
    assert client.get("/mailbox?view=dead").status_code == 403
    assert client.post(f"/mailbox/{mine.id}/replay").status_code == 403


def test_operations_read_no_word_of_a_builders_own_desk(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World
) -> None:
    delivery = letter_to(session, world.owner, private=True, subject="A wet wall")
    manager, owner = sign_in(world.manager), sign_in(world.owner)
    for path in ("/mailbox", f"/mailbox/{delivery.id}"):
        page = manager.get(path).text
        assert "A letter of a builder’s own desk" in page
        assert "wall" not in page
        assert "soon" not in page
        assert "A wet wall" in owner.get(path).text
    runtime.settings = replace(runtime.settings, demo=True)
    assert "A wet wall" in manager.get(f"/mailbox/{delivery.id}").text
    assert mailing.letter_of(delivery.payload, "").subject == "A wet wall"  # as it is sent


def test_with_a_mail_server_the_page_is_for_operations(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World
) -> None:
    runtime.settings = replace(runtime.settings, smtp=Smtp("mail.test", 25, "", "", "none"))
    letter_to(session, world.owner)
    assert sign_in(world.owner).get("/mailbox").status_code == 403
    assert sign_in(world.agent).get("/mailbox").status_code == 403
    assert sign_in(world.admin).get("/mailbox").status_code == 200


def test_letter_shows_its_text_headers_and_picture(
    session: Session, sign_in: SignIn, world: World
) -> None:
    delivery = letter_to(session, world.owner)
    answer = sign_in(world.manager).get(f"/mailbox/{delivery.id}")
    page = answer.get_data(as_text=True)
    assert "We answer &lt;soon&gt;." in page
    assert "X-Auto-Response-Suppress: All" in page
    frame = page.partition("<iframe")[2].partition("</iframe>")[0]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "allow-scripts" not in frame
    assert 'target="_blank"' in unescape(frame)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    nonce = policy.partition("style-src 'self' 'nonce-")[2].partition("'")[0]
    assert f'<style nonce="{nonce}">' in unescape(frame)


def test_picture_has_no_style_attribute_left() -> None:
    html = '<style>a{}</style><p style="color:red">x</p><p style="color:red">y</p>'
    shown = picture(html, 'n"o', HERE)
    assert ' style="' not in shown
    assert shown.count("{color:red}") == 1
    assert 'nonce="n&quot;o"' in shown
    assert picture("", "n", HERE) == ""


def test_picture_fetches_nothing_from_elsewhere() -> None:
    ours, portals = f"{HERE}brand/1.png", "http://acme.test/brand/1.png"
    assert ours in picture(f'<img src="{ours}" alt="Acme">', "n", HERE)
    assert picture(f'<img src="{portals}" alt="Acme">', "n", HERE) == '<img  alt="Acme">'


def test_what_was_given_up_can_be_sent_again(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World
) -> None:
    delivery = letter_to(session, world.owner)
    dead(session, delivery)
    client = sign_in(world.manager)
    assert "550 5.1.1 no &lt;such&gt; person" in client.get("/mailbox?view=dead").get_data(True)
    assert "Send again" in client.get(f"/mailbox/{delivery.id}").get_data(as_text=True)
    assert client.post(f"/mailbox/{delivery.id}/replay").status_code == 303
    session.refresh(delivery)
    assert (delivery.status, delivery.attempts) == (Status.QUEUED, 0)
    assert client.post(f"/mailbox/{delivery.id}/replay").status_code == 409
    assert "Everything has arrived" in client.get("/mailbox?view=dead").get_data(as_text=True)


def test_a_letter_whose_words_are_gone_says_so(
    runtime: Runtime, session: Session, sign_in: SignIn, world: World
) -> None:
    runtime.settings = replace(runtime.settings, smtp=Smtp("mail.test", 25, "", "", "none"))
    delivery = letter_to(session, world.owner)
    client = sign_in(world.manager)
    assert "Send again" in client.get(f"/mailbox/{delivery.id}").get_data(as_text=True)
    delivery.payload = delivery.payload | NOTHING
    delivery.emptied_at = NOW
    session.commit()
    page = client.get(f"/mailbox/{delivery.id}").get_data(as_text=True)
    assert "What this letter said is no longer kept." in page
    assert "[#1042] Schedule" in page
    assert "X-Auto-Response-Suppress: All" in page
    assert "<iframe" not in page
    assert "Send again" not in page
    assert client.post(f"/mailbox/{delivery.id}/replay").status_code == 409


def test_pages_are_listed_among_what_failed(
    session: Session, sign_in: SignIn, world: World
) -> None:
    payload = {"ticket": 1042, "subject": "Down"}
    page = deliveries.queue(session, "page", at=NOW, dedup_key="page", payload=payload)
    assert page is not None
    dead(session, page)
    client = sign_in(world.manager)
    assert "On-call" in client.get("/mailbox?view=dead").get_data(as_text=True)
    assert "On-call" not in client.get("/mailbox").get_data(as_text=True)
    assert client.get(f"/mailbox/{page.id}").status_code == 200


def test_a_letter_that_can_never_be_sent_is_shown_all_the_same(
    session: Session, sign_in: SignIn, world: World
) -> None:
    delivery = letter_to(session, replace(world.owner, email="not an address"))
    page = sign_in(world.manager).get(f"/mailbox/{delivery.id}")
    assert page.status_code == 200
    assert "is not a mail address" in page.get_data(as_text=True)


def test_real_letters_can_be_looked_at(session: Session, sign_in: SignIn, world: World) -> None:
    notify(
        session,
        [world.agent.user_id],
        "assigned",
        facts={"number": 7, "subject": "</textarea><script>alert(1)</script>"},
        url="/desk/7",
        at=NOW,
        event_id=uuid4(),
    )
    session.commit()
    client = sign_in(world.agent)
    listed = client.get("/mailbox").get_data(as_text=True)
    path = listed.partition('href="/mailbox/')[2].partition('"')[0]
    page = client.get(f"/mailbox/{path}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<script>alert" not in unescape(page.partition('srcdoc="')[2].partition('"')[0])
