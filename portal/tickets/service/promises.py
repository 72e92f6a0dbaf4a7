"""What tickets were promised, in words: one by itself, or a whole list with two queries."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.entitlements import active_window
from portal.policy import service as policy
from portal.policy.wording import Voice
from portal.tickets.models import ClockRow, Ticket
from portal.tickets.promising import as_promised
from portal.tickets.queries import clockwork, entries


def sentence(session: Session, voice: Voice, ticket: Ticket, clocks: Iterable[ClockRow]) -> str:
    """Of a ticket that was filed just now, under the pack that `voice` speaks."""
    rapid = voice.pack.rapid_target(ticket.severity) is not None
    window = policy.window_of(session, ticket.builder_id, ticket.created_at) if rapid else None
    return as_promised(voice, ticket, clocks, window=window)


def sentences(
    session: Session, tickets: Sequence[Ticket], *, language: str, zone: str
) -> dict[UUID, str]:
    """What each ticket was promised."""
    clocks = entries.clocks_of(session, [ticket.id for ticket in tickets])
    packs = {t.id: policy.pack_of(session, t.policy_version_id) for t in tickets}
    rapid = [t.id for t in tickets if t.builder_id and packs[t.id].rapid_target(t.severity)]
    windows = clockwork.windows_over(session, rapid) if rapid else {}
    return {
        ticket.id: as_promised(
            Voice(packs[ticket.id], language, zone),
            ticket,
            clocks[ticket.id],
            window=active_window(windows.get(ticket.id, ()), ticket.created_at),
        )
        for ticket in tickets
    }
