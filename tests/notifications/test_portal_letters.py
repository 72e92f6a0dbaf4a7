"""A letter to people of a portal is the builder's from its sender to its last link."""

from email import message_from_bytes, policy

import pytest

from portal.branding import service
from portal.branding.letterheads import NoSuchBuilder, mail_identity, root_of
from portal.branding.look import Link, Look
from portal.branding.models import Domain, MailSender
from portal.core.contrast import contrast
from portal.foundation.mail import build
from portal.notifications.kinds import KINDS
from portal.notifications.letters import write
from portal.notifications.service import About, notify
from tests.fixtures.world import NOW
from tests.notifications.test_letters import EVENT, OWNER, THREAD, draft, part

LOOK = Look(
    name="Acme Care",
    primary="#ffd400",
    accent="#ffd400",
    contact_email="care@acme.example",
    footer="Acme Homes LLC\nAlbany",
    links=(Link("Privacy", "https://acme.example/privacy"),),
)


@pytest.fixture
def identity(session, settings, world):
    service.save(session, world.acme.id, LOOK, seen=0, by=world.owner, at=NOW)
    session.commit()
    return lambda: mail_identity(session, settings, world.acme.id)


@pytest.fixture
def settings(settings):
    from dataclasses import replace

    return replace(settings, portal_mail_from="support@homes.test", portal_domain="portals.test")


def received(found, kind="answered", **changes):
    raw = build(write(draft(kind, **changes), OWNER, found)).as_bytes()
    return raw, message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize("kind", ["opened", "answered", "resolved", "closed", "reopened"])
def test_nothing_of_it_names_the_platform(identity, kind):
    raw, message = received(identity(), kind)
    text = raw.decode() + part(message, "html") + part(message, "plain")
    assert "corbel" not in text.lower()
    assert "127.0.0.1" not in text
    assert "http://acme.portals.test:8000/tickets/1042" in part(message, "plain")
    assert "http://acme.portals.test:8000/tickets/1042" in part(message, "html")


def test_without_an_address_of_their_own_it_comes_from_the_shared_one(identity):
    _raw, message = received(identity())
    assert message["From"] == "Acme Care <support@homes.test>"
    assert message["Reply-To"] == "care@acme.example"
    assert message["List-Id"] == "<acme.support.homes.test>"
    assert message["X-Ticket"] == "1042"
    assert message["Message-ID"] == f"<message.{EVENT}@homes.test>"
    assert write(draft(), OWNER, identity()).envelope_sender == "support@homes.test"


def test_with_a_verified_address_it_comes_from_there(identity, session, world):
    sender = MailSender(
        builder_id=world.acme.id,
        address="help@acme.example",
        token="t",
        state="pending",
        created_at=NOW,
    )
    session.add(sender)
    session.flush()
    assert identity().sender == "support@homes.test"
    before = received(identity())[1]
    sender.state = "verified"
    session.flush()
    after = received(identity())[1]
    assert after["From"] == "Acme Care <help@acme.example>"
    assert after["References"] == before["References"], "the thread goes on"
    assert write(draft(), OWNER, identity()).envelope_sender == "help@acme.example"


def test_links_lead_to_the_address_that_was_chosen(identity, session, world, settings):
    session.add(
        Domain(
            builder_id=world.acme.id,
            host="support.acme.example",
            token="t",
            state="verified",
            is_primary=True,
            created_at=NOW,
        )
    )
    session.flush()
    assert identity().root == "http://support.acme.example:8000"
    assert root_of(session, settings, world.acme.id) == identity().root
    assert root_of(session, settings, world.birch.id) == "http://birch.portals.test:8000"


def test_its_colours_are_those_that_can_be_read(identity):
    found = identity()
    assert found.light["brand"] == "#ffd400"
    assert contrast(found.light["brand-ink"], found.light["brand"]) >= 4.5
    html = part(received(found)[1], "html")
    assert "background:#ffd400" in html
    assert "#23459b" not in html
    assert "Acme Homes LLC" in html


def test_an_unknown_builder_has_none(session, settings):
    with pytest.raises(NoSuchBuilder):
        mail_identity(session, settings, EVENT)


def test_who_is_told_in_a_builders_name_gets_their_letter(app, identity, session, world):
    """`About.portal` is all that a teller says."""
    from portal.foundation.deliveries import Delivery

    told = {"facts": {"number": 1042, "subject": "x", "by": "Olive"}, "url": "/tickets/1042"}
    about = About(
        thread=THREAD,
        portal=world.acme.id,
        values=lambda _: {"body": "Done.", "files": [], "solved": False, "waits": False},
    )
    notify(
        session,
        [world.client.user_id],
        "answered",
        at=NOW,
        event_id=EVENT,
        about=about,
        **told,
    )
    letter = session.query(Delivery).one()
    assert letter.payload["sender_name"] == "Acme Care"
    assert "corbel" not in str(letter.payload).lower()


def test_the_platforms_own_letters_stay_as_they_are(app):
    letter = write(draft(), OWNER)
    assert letter.sender == "support@corbel.test"
    assert "#23459b" in letter.html
    assert "Corbel" in letter.html
    assert KINDS["answered"].letter == "answered"
