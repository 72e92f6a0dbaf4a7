"""Asking somebody to join, and their yes: a membership begins only with that."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import audit, queries
from portal.accounts.models import Builder, Invitation, Membership, SupportAgent, User
from portal.accounts.queries import team as team_queries
from portal.accounts.service import actors, passwords, people, sessions, tokens
from portal.accounts.service.links import LinkGone
from portal.accounts.service.team import give_duties
from portal.core.permissions import PORTAL, Actor, Forbidden, Permission, Role
from portal.core.team import given_by
from portal.foundation import outbox
from portal.foundation.digests import digest_of
from portal.foundation.tenancy import PLATFORM, seeing

LASTS: Final = timedelta(days=7)
INVITED: Final = "account.invited"


class NotInvited(ValueError):
    """`reason` is member or pending."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall come as what. `duties` are those of agents."""

    email: str
    role: Role
    locale: str
    duties: Mapping[str, Any]


def invite(session: Session, wish: Wish, *, by: Actor, at: datetime) -> Invitation:
    """Raises NotInvited, or Forbidden for a role that is not the actor's to give."""
    if wish.role not in given_by(by):
        raise Forbidden(by.role, Permission.MANAGE_TEAM)
    email = wish.email.strip().lower()
    if team_queries.member_with(session, email, by.builder_id) is not None:
        raise NotInvited("member")
    if team_queries.open_invitation_to(session, email, by.builder_id) is not None:
        raise NotInvited("pending")
    invitation = Invitation(
        builder_id=by.builder_id,
        email=email,
        role=wish.role,
        locale=wish.locale,
        duties=dict(wish.duties),
        invited_by=by.user_id,
        created_at=at,
        expires_at=at + LASTS,
    )
    session.add(invitation)
    session.flush()
    _send(session, invitation, at)
    audit.record(session, "person.invited", by=by, at=at, about=email, role=wish.role.value)
    return invitation


def send_again(session: Session, invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """With a new link; that of the letter before works no more."""
    invitation.expires_at = at + LASTS
    invitation.digest = None
    _send(session, invitation, at)
    audit.record(session, "invitation.sent_again", by=by, at=at, about=invitation.email)


def revoke(session: Session, invitation: Invitation, *, by: Actor, at: datetime) -> None:
    invitation.revoked_at = at
    audit.record(session, "invitation.revoked", by=by, at=at, about=invitation.email)


def _send(session: Session, invitation: Invitation, at: datetime) -> None:
    outbox.record(
        session,
        INVITED,
        at=at,
        builder_id=invitation.builder_id,
        invitation_id=str(invitation.id),
    )


def issue(session: Session, invitation_id: UUID) -> tuple[Invitation, str] | None:
    """The secret for its letter; None when it is no longer open."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        return None
    plain = secrets.token_urlsafe(32)
    invitation.digest = digest_of(plain)
    session.flush()
    return invitation, plain


def portal_of(invitation: Invitation) -> Builder | None:
    """Where its link leads: clients and vendors to their builder's portal."""
    return invitation.builder if invitation.role in PORTAL else None


def opened(session: Session, plain: str, *, at: datetime, portal: UUID | None) -> Invitation:
    """Looking at it changes nothing. Raises LinkGone."""
    with seeing(session, PLATFORM):
        invitation = team_queries.invitation_by_digest(session, digest_of(plain))
    if invitation is None or invitation.expires_at < at:
        raise LinkGone
    home = portal_of(invitation)
    if portal != (home.id if home is not None else None):
        raise LinkGone
    return invitation


def known(session: Session, invitation: Invitation) -> User | None:
    """Whose account the address is, once they have shown that it is theirs."""
    user = queries.user_by_email(session, invitation.email)
    return user if user is not None and user.email_verified_at is not None else None


def accept_as_new(
    session: Session, invitation: Invitation, *, name: str, password: str, at: datetime
) -> Membership:
    """The letter has shown whose address it is. Whoever had an account under it without showing
    that loses what they had there. Raises WeakPassword or LinkGone."""
    company = invitation.builder.name if invitation.builder is not None else ""
    passwords.refuse_weak_for(password, invitation.email, name, company)
    user = queries.user_by_email(session, invitation.email)
    if user is None:
        user = User(email=invitation.email, locale=invitation.locale, created_at=at)
        user.zone = invitation.builder.zone if invitation.builder is not None else "UTC"
        session.add(user)
    else:
        sessions.end_all_of(session, user.id, at=at)
        with seeing(session, PLATFORM):
            tokens.revoke_all_of(session, user.id, at=at)
    user.name = name
    user.password_hash = passwords.hash_password(password)
    user.email_verified_at = at
    session.flush()
    return accept(session, invitation, user, at=at)


def accept(session: Session, invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """Raises LinkGone for who is disabled, is a member already, or was quicker than themselves."""
    with seeing(session, PLATFORM):
        if user.disabled_at is not None or not _closed(session, invitation, at):
            raise LinkGone
        if team_queries.member_with(session, user.email, invitation.builder_id):
            raise LinkGone
        membership = people.join(session, user, invitation.builder, Role(invitation.role), at=at)
        agent: SupportAgent | None = give_duties(session, membership, invitation.duties)
        by = actors.actor(membership, agent)
        audit.record(session, "person.joined", by=by, at=at, about=user.email, role=by.role.value)
    return membership


def _closed(session: Session, invitation: Invitation, at: datetime) -> bool:
    """Of two who say yes at once, one is heard."""
    closed = session.scalar(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(accepted_at=at)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return closed is not None
