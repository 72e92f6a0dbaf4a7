"""What has happened to a ticket, as the marks by which a pack's stages are reached."""

from collections.abc import Collection

from portal.core.ticket_states import State
from portal.tickets.models import Ticket

CLASSIFYING = frozenset({"severity_changed", "triaged"})


def marks_of(ticket: Ticket, kinds: Collection[str]) -> frozenset[str]:
    """Marks of policy.pack.MARKS. `kinds` are those of the events that the reader may know."""
    answers = sum(kind == "agent_replied" for kind in kinds)
    marks = {
        "created": True,
        "classified": not CLASSIFYING.isdisjoint(kinds),
        "assigned": ticket.assigned_to is not None,
        "responded": ticket.first_response_at is not None,
        "updated": answers > 1,
        "escalated": ticket.escalation_tier > 1,
        "resolved": ticket.resolved_at is not None,
        "rated": ticket.csat_rating is not None,
        "closed": ticket.state is State.CLOSED,
    }
    return frozenset(mark for mark, reached in marks.items() if reached)
