"""Which tickets somebody before a panel may see: one's own at the desk that one asks; a guest's, of
this browser."""

from portal.accounts.identity import the_sitting
from portal.core.permissions import Role
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.tickets.models import Ticket
from portal.tickets.queries import browsers
from portal.tickets.views.reader import own_ticket


def is_guest() -> bool:
    return the_actor().role is Role.GUEST


def ticket_of(number: int) -> Ticket:
    if not is_guest():
        return own_ticket(number)
    found = browsers.ticket_written_in(db(), the_sitting().visitor, number)
    if found is None:
        raise NotFound
    return found
