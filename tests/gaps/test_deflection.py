from datetime import timedelta

from portal.gaps.queries import deflection
from portal.gaps.queries.deflection import Outcome
from tests.tickets.making import filed

MONTH = timedelta(days=30)


def test_no_ticket_counts_after_a_day(session, pack, world, readers, article, now):
    ticket = filed(session, pack, world.pm, now)
    readers.read("a", article, surface="ticket_form")
    readers.read("a", article)
    readers.read("b", article, ticket_id=ticket.id)
    readers.read("c", article, hours=23)
    readers.read("d", article, hours=2, ticket_id=ticket.id)
    readers.read("e", article, hours=24 * 40)
    read = deflection.readings(session, now - MONTH)
    assert len(read) == 5
    whole = deflection.outcome(read, now)
    assert whole == Outcome(readings=4, people=3, asked=2, too_early=1)
    assert (whole.deflected, whole.share) == (2, 0.5)
    by_surface = dict(deflection.by(read, now, lambda one: one.surface))
    assert by_surface["ticket_form"] == Outcome(1, 1, 0, 0)
    assert deflection.outcome([], now).share is None


def test_who_said_at_the_form_that_it_solved_it(session, readers, article, now):
    row = readers.said_no("a", article)
    row.helpful, row.surface = True, "ticket_form"
    readers.said_no("b", article)
    session.flush()
    assert deflection.solved_at_the_form(session, now - MONTH) == 1
