"""Signing in and out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Login, Membership, User
from portal.accounts.oidc import queries as sign_on
from portal.accounts.service import lockout, sessions
from portal.accounts.service.lockout import Attempt
from portal.accounts.service.passwords import hash_anew, password_fits
from portal.core.lockout import WORTH_A_LETTER
from portal.core.permissions import PORTAL
from portal.foundation import outbox
from portal.foundation.tenancy import PLATFORM, seeing


class SignInRefused(ValueError):
    """Address or password is wrong; which of them is never said."""


class SignOnDemanded(SignInRefused):
    """The company lets these people in through its own provider only; `connection` is its name."""

    def __init__(self, connection: str) -> None:
        super().__init__(connection)
        self.connection = connection


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says that they are the person with this address."""

    attempt: Attempt
    user: User | None


def claim(
    session: Session,
    email: str,
    *,
    network: str,
    browser_of: Callable[[UUID], str],
    at: datetime,
    portal: UUID | None,
) -> Claim:
    """A try, counted whatever comes of it: commit it before the password is looked at. Raises
    Locked, for an unknown address as for a known one."""
    user = queries.user_by_email(session, email)
    attempt = Attempt(email, network, browser_of(user.id) if user is not None else "")
    if lockout.count(session, attempt, at=at) == WORTH_A_LETTER and user is not None:
        _tell(session, user, at, portal)
    return Claim(attempt, user)


def _tell(session: Session, user: User, at: datetime, portal: UUID | None) -> None:
    outbox.record(
        session,
        "account.tried",
        at=at,
        builder_id=portal,
        user_id=str(user.id),
        tries=WORTH_A_LETTER,
    )


def prove(claim: Claim, password: str) -> User:
    """Takes its time, and asks nobody else for it. Raises SignInRefused."""
    user = claim.user
    if not password_fits(user, password) or user is None or user.disabled_at is not None:
        raise SignInRefused
    return user


def accept(session: Session, claim: Claim, user: User, password: str) -> None:
    """What follows once the password was right."""
    lockout.forgive(session, claim.attempt)
    hash_anew(user, password)


def start_login(
    session: Session,
    user_id: UUID,
    *,
    at: datetime,
    portal: UUID | None = None,
    user_agent: str = "",
    network: str = "",
    second_factor: bool = False,
    membership_id: UUID | None = None,
) -> Login:
    """A signed-in browser, once the person has proven who they are, at the platform or at the
    `portal` of a builder; as the membership, or as the first that fits. Raises SignInRefused for
    who has no business there, and SignOnDemanded for whom the company sends to its provider."""
    memberships = queries.memberships_of(session, user_id)
    wanted = [one for one in memberships if one.id == membership_id]
    membership = taken_up(wanted or memberships, portal)
    if membership is None:
        raise SignInRefused
    _refuse_where_another_way_is_demanded(session, membership)
    return begin_login(
        session,
        membership,
        at=at,
        user_agent=user_agent,
        network=network,
        second_factor=second_factor,
    )


def _refuse_where_another_way_is_demanded(session: Session, membership: Membership) -> None:
    with seeing(session, PLATFORM):  # whoever comes is nobody yet
        connection = sign_on.demanded(session, membership)
    if connection is not None:
        raise SignOnDemanded(connection.name)


def begin_login(
    session: Session,
    membership: Membership,
    *,
    at: datetime,
    user_agent: str = "",
    network: str = "",
    second_factor: bool = False,
) -> Login:
    """As that member, whoever vouched for them."""
    login = Login(
        user_id=membership.user_id,
        membership_id=membership.id,
        created_at=at,
        second_factor_at=at if second_factor else None,
        user_agent=user_agent[:300],
        network=network,
    )
    session.add(login)
    session.execute(
        update(Membership)
        .where(Membership.id == membership.id)
        .values(entered_at=at)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return login


def taken_up(memberships: Sequence[Membership], portal: UUID | None) -> Membership | None:
    """As what somebody comes in. Whoever is known at portals alone has taken the wrong door when
    they come to the platform, and is shown to their own."""
    for membership in memberships:
        if portal == (membership.builder_id if membership.role in PORTAL else None):
            return membership
    return memberships[0] if memberships and portal is None else None


def sign_out(session: Session, login_id: UUID, *, at: datetime) -> None:
    sessions.end(session, [login_id], at=at)
