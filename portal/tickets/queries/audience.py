"""Who must know: the one who has the ticket, the team, the managers, the person on duty."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership, SupportAgent, User
from portal.core.permissions import BUILDER_STAFF, IN_CHARGE, STAFF, Role
from portal.tickets.models import Ticket

TEAM = IN_CHARGE | {Role.PM}  # who field people work for


def managers(session: Session, ticket: Ticket) -> list[UUID]:
    """The managers, and the platform's admins where there are none; at a builder's desk those who
    run the company."""
    if ticket.at_builder:
        return _people(session, IN_CHARGE, ticket.builder_id)
    return _people(session, [Role.MANAGER]) or _people(session, [Role.PLATFORM_ADMIN])


def managers_and_admins(session: Session) -> list[UUID]:
    return _people(session, [Role.MANAGER, Role.PLATFORM_ADMIN])


def _people(
    session: Session, roles: Collection[Role], builder_id: UUID | None = None
) -> list[UUID]:
    """Of the platform, or of a builder."""
    return list(
        session.scalars(
            select(Membership.user_id)
            .join(User)
            .where(
                Membership.builder_id == builder_id,
                Membership.role.in_([role.value for role in roles]),
                User.disabled_at.is_(None),
            )
            .order_by(Membership.user_id)
        )
    )


def assignee(session: Session, ticket: Ticket) -> list[UUID]:
    """The one who has the ticket, or nobody."""
    if ticket.at_builder:
        return [ticket.handler_id] if ticket.handler_id else []
    agent = session.get(SupportAgent, ticket.assigned_to) if ticket.assigned_to else None
    return [agent.user_id] if agent is not None else []


def keepers(session: Session, ticket: Ticket) -> list[UUID]:
    """Who looks after the ticket: its agent, else the team's agents, else the managers."""
    return assignee(session, ticket) or team(session, ticket) or managers(session, ticket)


def team(session: Session, ticket: Ticket) -> list[UUID]:
    if ticket.at_builder:
        return _people(session, TEAM, ticket.builder_id)
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


def mentioned(session: Session, ticket: Ticket, names: Iterable[str]) -> list[UUID]:
    """Those of its desk who are called by the first part of their address, or by name:
    @mara.quinn, @mara-quinn."""
    wanted = {_handle(name) for name in names}
    if not wanted:
        return []
    roles, builder_id = (BUILDER_STAFF, ticket.builder_id) if ticket.at_builder else (STAFF, None)
    people = session.scalars(
        select(Membership)
        .where(Membership.builder_id == builder_id, Membership.role.in_([r.value for r in roles]))
        .options(joinedload(Membership.user))
    )
    return [
        member.user_id
        for member in people
        if wanted & {_handle(member.user.email.partition("@")[0]), _handle(member.user.name)}
    ]


def _handle(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
