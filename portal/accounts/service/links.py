"""Links in letters that prove who reads an address: for one use, for a while, at one site.

Whoever asks for one only leaves an event, for an unknown address as for a known one. The link is
made when its letter is written (`issue`), so that its secret lies nowhere but in the letter.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries
from portal.accounts.models import Builder, Link, Membership, User
from portal.accounts.service import passwords, sessions
from portal.accounts.service.signing_in import taken_up
from portal.core.permissions import PORTAL
from portal.foundation import outbox
from portal.foundation.digests import digest_of


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    RECOVERY = "recovery"


LASTS: Final = {Purpose.SIGN_IN: timedelta(minutes=15), Purpose.RECOVERY: timedelta(minutes=60)}
MOST_AN_HOUR: Final = 5  # letters with such links to one person
KEPT: Final = timedelta(days=7)  # after it has expired, so that we can say so
MOST: Final = 1000  # that one turn forgets
ASKED: Final = "account.link_asked"


class LinkGone(ValueError):
    """Used, expired, of another site, or never ours: which of them is not said."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new link with its secret; `portal` is where it leads (None: the platform)."""

    plain: str
    link: Link
    user: User
    membership: Membership

    @property
    def portal(self) -> Builder | None:
        return self.membership.builder if self.link.portal_id is not None else None


def ask(
    session: Session, email: str, purpose: Purpose, *, at: datetime, portal: UUID | None
) -> None:
    """Nothing else happens before the answer is given: it takes as long for any address."""
    outbox.record(
        session, ASKED, at=at, builder_id=portal, email=email.strip().lower(), purpose=purpose.value
    )


def issue(
    session: Session, email: str, purpose: Purpose, *, at: datetime, portal: UUID | None
) -> Issued | None:
    """None: nobody here has the address, or has had enough letters. Clients and vendors who asked
    at the platform are led to their builder's portal."""
    user = queries.user_by_email(session, email)
    if user is None or user.disabled_at is not None or _has_enough(session, user.id, purpose, at):
        return None
    membership = taken_up(queries.memberships_of(session, user.id), portal)
    if membership is None:
        return None
    plain = secrets.token_urlsafe(32)
    link = Link(
        user_id=user.id,
        portal_id=membership.builder_id if membership.role in PORTAL else None,
        purpose=purpose.value,
        digest=digest_of(plain),
        created_at=at,
        expires_at=at + LASTS[purpose],
    )
    session.add(link)
    session.flush()
    return Issued(plain, link, user, membership)


def _has_enough(session: Session, user_id: UUID, purpose: Purpose, at: datetime) -> bool:
    recent = select(func.count()).where(
        Link.user_id == user_id,
        Link.purpose == purpose.value,
        Link.created_at > at - timedelta(hours=1),
    )
    return (session.scalar(recent) or 0) >= MOST_AN_HOUR


def open_link(session: Session, plain: str, *, at: datetime, portal: UUID | None) -> Link:
    """Looking at it uses nothing up. Raises LinkGone."""
    link = session.scalar(select(Link).where(Link.digest == digest_of(plain)))
    if link is None or link.portal_id != portal or link.used_at is not None or link.expires_at < at:
        raise LinkGone
    return link


def person_of(session: Session, link: Link) -> User:
    return session.get_one(User, link.user_id)


def use(session: Session, link: Link, *, at: datetime) -> User:
    """Once, however many press at the same time: the address is theirs. Raises LinkGone."""
    used = session.scalar(
        update(Link)
        .where(Link.id == link.id, Link.used_at.is_(None))
        .values(used_at=at)
        .returning(Link.id)
        .execution_options(synchronize_session=False)
    )
    user = person_of(session, link)
    if used is None or user.disabled_at is not None:
        raise LinkGone
    user.email_verified_at = user.email_verified_at or at
    return user


def recover(session: Session, link: Link, password: str, *, at: datetime) -> User:
    """A new password by a link: who was signed in anywhere is not any more, and no other link
    works. Raises LinkGone or WeakPassword, and then the link still works."""
    user = person_of(session, link)
    passwords.refuse_weak(session, user, password)
    use(session, link, at=at)
    passwords.change(session, user, password, at=at, portal=link.portal_id)
    sessions.end_all_of(session, user.id, at=at)
    withdraw_all(session, user.id, at=at)
    return user


def withdraw_all(session: Session, user_id: UUID, *, at: datetime) -> None:
    """What was sent before works no more."""
    session.execute(
        update(Link).where(Link.user_id == user_id, Link.used_at.is_(None)).values(used_at=at)
    )


def forget_old(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: links that expired long ago are gone; how many were."""
    with sessions.begin() as session:
        old = select(Link.id).where(Link.expires_at < at - KEPT).order_by(Link.expires_at)
        gone = session.scalars(
            delete(Link)
            .where(Link.id.in_(old.limit(MOST)))
            .returning(Link.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(gone)
