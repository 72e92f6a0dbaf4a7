"""Where a ticket is seen: by staff, by whoever asked, and by a guest through a signed link.

Written out, because a worker puts them into letters and has no pages; a test compares them with
the pages' own.
"""

from portal.notifications.addresses import absolute
from portal.tickets.guests import token_for
from portal.tickets.models import Ticket

__all__ = [
    "absolute",
    "for_builder",
    "for_customer",
    "for_desk",
    "for_guest",
    "for_staff",
    "of_file",
    "of_publication",
    "of_publishing",
]


def for_staff(number: int) -> str:
    return f"/desk/{number}"


def for_builder(number: int) -> str:
    return f"/company/desk/{number}"


def for_desk(ticket: Ticket) -> str:
    """Where it is answered."""
    return for_builder(ticket.number) if ticket.at_builder else for_staff(ticket.number)


def for_customer(number: int) -> str:
    return f"/tickets/{number}"


def for_guest(ticket: Ticket) -> str:
    return f"/requests/{token_for(ticket)}"


def of_publication(number: int) -> str:
    """Where whoever asked says whether others may read it."""
    return f"/tickets/{number}/publication"


def of_publishing(number: int) -> str:
    return f"/desk/{number}/thread"


def of_file(number: int, attachment_id: str) -> str:
    return f"/tickets/{number}/attachments/{attachment_id}"
