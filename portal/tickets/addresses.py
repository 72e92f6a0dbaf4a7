"""Where a ticket is seen: by staff, by whoever asked, and by a guest through a signed link."""

from portal.notifications.addresses import absolute, path
from portal.tickets.guests import token_for
from portal.tickets.models import Ticket

__all__ = ["absolute", "for_customer", "for_guest", "for_staff"]


def for_staff(number: int) -> str:
    return path("workspace.ticket", number=number)


def for_customer(number: int) -> str:
    return path("support.ticket", number=number)


def for_guest(ticket: Ticket) -> str:
    return path("contact.request", token=token_for(ticket))
