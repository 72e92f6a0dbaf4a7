import pytest
from sqlalchemy import select

from portal.core.secrets import marker
from portal.tickets.models import TicketEvent
from portal.tickets.service import conversation
from portal.tickets.service.restoration import Moved, Place, put_back
from tests.fixtures.world import NOW
from tests.tickets.making import filed, words


def test_words_go_back_to_where_they_stood(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW, description="password: hunter2secret, thanks")
    place = Place("description", "password", ticket.description.index("⟦"))
    moved = put_back(session, ticket, None, place, "hunter2secret", by=world.pm, at=NOW)
    assert ticket.description == "password: hunter2secret, thanks"
    assert moved == len("hunter2secret") - len(marker("password"))
    told = session.scalars(select(TicketEvent).where(TicketEvent.kind == "secret_put_back")).one()
    assert told.facts == {"masked": ["password"]}
    assert told.by_id == world.pm.user_id


def test_also_into_a_message(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW)
    sent = conversation.reply_as_customer(
        session, ticket, words("password: hunter2secret"), by=world.pm, at=NOW
    )
    place = Place("body", "password", sent.masked[0].start)
    put_back(session, ticket, sent.message, place, "hunter2secret", by=world.pm, at=NOW)
    assert sent.message.body == "password: hunter2secret"


def test_a_text_that_changed_is_left_alone(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW, description="something else entirely")
    with pytest.raises(Moved):
        put_back(
            session, ticket, None, Place("description", "password", 10), "x", by=world.pm, at=NOW
        )
    assert ticket.description == "something else entirely"


def test_a_subject_stays_as_short_as_it_may_be(session, pack, world):
    ticket = filed(session, pack, world.pm, NOW, subject=f"{'a' * 280} password: hunter2secret")
    start = ticket.subject.find("⟦password⟧")
    if start >= 0:
        put_back(
            session, ticket, None, Place("subject", "password", start), "h" * 90,
            by=world.pm, at=NOW,
        )  # fmt: skip
    assert len(ticket.subject) <= 300
