"""A domain that lapses is told to those who can set it right."""

from sqlalchemy import select

from portal.branding import hosts
from portal.foundation import outbox
from portal.foundation.deliveries import Delivery
from portal.notifications.models import Notification
from tests.fixtures.world import NOW


def test_admins_hear_of_a_lapsed_domain(runtime, session, world):
    hosts.tell_lapsed(session, world.acme.id, "support.acme.example", NOW)
    session.commit()
    outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    session.rollback()
    [line] = session.scalars(select(Notification)).all()
    assert (line.user_id, line.kind) == (world.owner.user_id, "domain_lapsed")
    assert line.url == "/company/domains"
    [letter] = session.scalars(select(Delivery)).all()
    assert letter.recipient == world.owner.email
    assert "support.acme.example" in letter.payload["text"]
