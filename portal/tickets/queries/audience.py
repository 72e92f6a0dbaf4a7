"""Who must know: the one who has the ticket, the team, the managers, the person on duty."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership, SupportAgent, User
from portal.core.permissions import STAFF, Role
from portal.tickets.models import Ticket


def managers(session: Session) -> list[UUID]:
    """The managers; the platform's admins where there are none."""
    return _staff(session, [Role.MANAGER]) or _staff(session, [Role.PLATFORM_ADMIN])


def managers_and_admins(session: Session) -> list[UUID]:
    return _staff(session, [Role.MANAGER, Role.PLATFORM_ADMIN])


def _staff(session: Session, roles: Collection[Role]) -> list[UUID]:
    return list(
        session.scalars(
            select(Membership.user_id)
            .join(User)
            .where(
                Membership.builder_id.is_(None),
                Membership.role.in_([role.value for role in roles]),
                User.disabled_at.is_(None),
            )
            .order_by(Membership.user_id)
        )
    )


def assignee(session: Session, ticket: Ticket) -> list[UUID]:
    """The one who has the ticket, or nobody."""
    agent = session.get(SupportAgent, ticket.assigned_to) if ticket.assigned_to else None
    return [agent.user_id] if agent is not None else []


def keepers(session: Session, ticket: Ticket) -> list[UUID]:
    """Who looks after the ticket: its agent, else the team's agents, else the managers."""
    return assignee(session, ticket) or team(session, ticket) or managers(session)


def team(session: Session, ticket: Ticket) -> list[UUID]:
    return [
        agent.user_id
        for agent in _agents(session)
        if agent.is_available
        and agent.tier >= ticket.escalation_tier
        and ticket.team in agent.specialties
    ]


def on_duty(session: Session, tier: int) -> list[UUID]:
    """Agents of the tier that is paged; of the highest one there is, if nobody stands so high."""
    agents = list(_agents(session))
    reached = min(tier, max((agent.tier for agent in agents), default=0))
    return [agent.user_id for agent in agents if agent.tier >= reached]


def _agents(session: Session) -> Iterable[SupportAgent]:
    return session.scalars(select(SupportAgent).order_by(SupportAgent.id))


def mentioned(session: Session, names: Iterable[str]) -> list[UUID]:
    """Staff called by the first part of their address, or by name: @mara.quinn, @mara-quinn."""
    wanted = {_handle(name) for name in names}
    if not wanted:
        return []
    people = session.scalars(
        select(Membership)
        .where(Membership.builder_id.is_(None), Membership.role.in_([r.value for r in STAFF]))
        .options(joinedload(Membership.user))
    )
    return [
        member.user_id
        for member in people
        if wanted & {_handle(member.user.email.partition("@")[0]), _handle(member.user.name)}
    ]


def _handle(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
