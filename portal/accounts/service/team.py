"""Who belongs to a company or to the platform's staff: their roles, and the end of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import FormerMember, Membership, SupportAgent
from portal.accounts.queries import team as queries
from portal.accounts.service import second_factor, sessions, tokens, widget_sessions
from portal.core.permissions import PORTAL, Actor, Forbidden, Permission, Role
from portal.core.team import HEADS, Refusal, given_by, refusal
from portal.foundation import outbox

LEFT: Final = "account.member_left"


class Refused(ValueError):
    """`refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def why_not(session: Session, membership: Membership, *, by: Actor) -> Refusal | None:
    """Why the actor can't change what somebody is; None: they can."""
    heads = queries.count_of(session, by.builder_id, HEADS[by.role])
    return refusal(by, membership.user_id, Role(membership.role), heads=heads)


def change_role(
    session: Session,
    membership: Membership,
    role: Role,
    duties: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """With another role they sign in anew; a client or vendor looks after nothing any more. Raises
    Refused, or Forbidden for a role that is not the actor's to give."""
    _refuse(session, membership, by)
    if role not in given_by(by):
        raise Forbidden(by.role, Permission.MANAGE_TEAM)
    former = membership.role
    become(session, membership, role, at=at)
    give_duties(session, membership, duties)
    about = membership.user.email
    audit.record(session, "role.changed", by=by, at=at, about=about, former=former, role=role.value)


def become(session: Session, membership: Membership, role: Role, *, at: datetime) -> None:
    """Whoever has asked for it was allowed to."""
    former, membership.role = membership.role, role
    session.flush()
    if former != role:
        sessions.end_all_as(session, membership.id, at=at)
        widget_sessions.close_all_as(session, membership.id)
    if role in PORTAL:
        _hand_back(session, membership, None, at=at)


def remove(session: Session, membership: Membership, *, by: Actor, at: datetime) -> None:
    """What they wrote stays, and that they were here. Raises Refused."""
    _refuse(session, membership, by)
    user, role = membership.user, membership.role
    leave(session, membership, at=at)
    session.add(
        FormerMember(
            id=membership.id,
            user_id=user.id,
            builder_id=membership.builder_id,
            role=role,
            left_at=at,
        )
    )
    audit.record(session, "person.removed", by=by, at=at, about=user.email, role=role)


def leave(session: Session, membership: Membership, *, at: datetime) -> None:
    """What ends with a membership: its sign-ins, tokens and help panels at once; what the
    person had in hand is handed back by who hears of `LEFT`."""
    sessions.end_all_as(session, membership.id, at=at)
    tokens.forget_all_as(session, membership.id)
    widget_sessions.close_all_as(session, membership.id)
    agent = agent_of(session, membership)
    if agent is not None:
        agent.is_available = False
    session.delete(membership)
    session.flush()
    _hand_back(session, membership, agent, at=at)


def _hand_back(
    session: Session, membership: Membership, agent: SupportAgent | None, *, at: datetime
) -> None:
    outbox.record(
        session,
        LEFT,
        at=at,
        builder_id=membership.builder_id,
        user_id=str(membership.user_id),
        agent_id=str(agent.id) if agent is not None else "",
    )


def reset_second_factor(
    session: Session, membership: Membership, *, by: Actor, at: datetime
) -> None:
    """For a colleague who has lost both the app and the recovery codes. Raises Refused."""
    if membership.user_id == by.user_id:
        raise Refused(Refusal.OWN)
    second_factor.reset(session, membership.user, at=at)
    audit.record(session, "second_factor.reset", by=by, at=at, about=membership.user.email)


def _refuse(session: Session, membership: Membership, by: Actor) -> None:
    if found := why_not(session, membership, by=by):
        raise Refused(found)


def give_duties(
    session: Session, membership: Membership, duties: Mapping[str, Any]
) -> SupportAgent | None:
    """What an agent takes; who is none any more takes nothing."""
    agent = agent_of(session, membership)
    if membership.role != Role.AGENT:
        if agent is not None:
            agent.is_available = False
        return agent
    if agent is None:
        agent = SupportAgent(
            user_id=membership.user_id, display_name=membership.user.name[:100], tier=1
        )
        session.add(agent)
    agent.is_available = True
    agent.tier = duties.get("tier", agent.tier)
    agent.specialties = list(duties.get("specialties", agent.specialties or []))
    agent.languages = list(duties.get("languages", agent.languages or ["en"]))
    session.flush()
    return agent


def agent_of(session: Session, membership: Membership) -> SupportAgent | None:
    """What a member of staff takes, if anything."""
    if membership.builder_id is not None:
        return None
    return session.scalar(select(SupportAgent).where(SupportAgent.user_id == membership.user_id))
