"""A tier up: when a promise broke, when the case can't wait, when it keeps coming back."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM
from portal.policy import service as policy
from portal.tickets.models import Ticket
from portal.tickets.service import assignment, clocks, history

AT_ONCE = "escalate.at_once"
REOPENED = "escalate.reopened"


def climb(
    session: Session,
    ticket: Ticket,
    tier: int,
    roster: assignment.Roster,
    *,
    at: datetime,
    **facts: Any,
) -> None:
    """To `tier` and whoever is best there; a ticket that stands there already stays."""
    if ticket.escalation_tier >= tier:
        return
    former, ticket.escalation_tier = ticket.escalation_tier, tier
    history.tell(
        session, ticket, "escalated", by=SYSTEM, at=at, from_tier=former, tier=tier, **facts
    )
    assignment.assign_best(session, ticket, roster, at=at)


def step_up(session: Session, ticket: Ticket, key: str, *, at: datetime) -> None:
    """One tier up for the reason `key`, before any promise broke; at the top managers are told."""
    rules = policy.pack_of(session, ticket.policy_version_id).escalation_rules(ticket.severity)
    tier = ticket.escalation_tier + 1
    if tier > rules.tiers:
        history.tell(session, ticket, "managers_told", by=SYSTEM, at=at, why={"key": key})
        return
    why = {"key": key, "from_tier": str(tier - 1), "tier": str(tier)}
    climb(session, ticket, tier, assignment.Roster.of(session), at=at, why=why)
    clocks.recompute(session, ticket, at=at)
