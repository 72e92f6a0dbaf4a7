"""Signing in and out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Login, Membership
from portal.accounts.service.passwords import password_fits
from portal.core.permissions import PORTAL


class SignInRefused(ValueError):
    """Address or password is wrong; which of them is never said."""


def sign_in(
    session: Session,
    email: str,
    password: str,
    *,
    at: datetime,
    portal: UUID | None = None,
    user_agent: str = "",
) -> Login:
    user = queries.user_by_email(session, email)
    if not password_fits(user, password) or user is None or user.disabled_at is not None:
        raise SignInRefused
    return start_login(session, user.id, at=at, portal=portal, user_agent=user_agent)


def start_login(
    session: Session,
    user_id: UUID,
    *,
    at: datetime,
    portal: UUID | None = None,
    user_agent: str = "",
) -> Login:
    """A signed-in browser, once the person has proven who they are, at the platform or at the
    `portal` of a builder. Raises SignInRefused for who has no business there."""
    membership = _taken_up(queries.memberships_of(session, user_id), portal)
    if membership is None:
        raise SignInRefused
    login = Login(
        user_id=user_id,
        membership_id=membership.id,
        created_at=at,
        user_agent=user_agent[:300],
    )
    session.add(login)
    session.flush()
    return login


def _taken_up(memberships: Sequence[Membership], portal: UUID | None) -> Membership | None:
    """As what somebody comes in. Whoever is known at portals alone has taken the wrong door when
    they come to the platform, and is shown to their own."""
    for membership in memberships:
        if portal == (membership.builder_id if membership.role in PORTAL else None):
            return membership
    return memberships[0] if memberships and portal is None else None


def sign_out(session: Session, login_id: UUID) -> None:
    login = session.get(Login, login_id)
    if login is not None:
        session.delete(login)
