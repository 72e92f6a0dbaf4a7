"""Rows of connections, of the domains behind them and of the people whom they know.

Sign-in asks before anybody's reach is known, so what is asked for it names its builder itself.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Login, Membership
from portal.accounts.oidc.models import (
    WAY_BACK_IN,
    Connection,
    EmailDomain,
    Identity,
    ProvidedLogin,
)


def _of(builder_id: UUID | None) -> ColumnElement[bool]:
    return Connection.builder_id == builder_id  # None: IS NULL, the platform's own


def connections(session: Session, builder_id: UUID | None) -> list[Connection]:
    rows = select(Connection).where(_of(builder_id)).order_by(Connection.id)
    return list(session.scalars(rows))


def connection(session: Session, key: UUID, builder_id: UUID | None) -> Connection | None:
    return session.scalar(select(Connection).where(Connection.id == key, _of(builder_id)))


def open_connection(session: Session, key: UUID, portal: UUID | None) -> Connection | None:
    """One by which people may come in here: at that portal, or at the platform."""
    rows = select(Connection).where(Connection.id == key, Connection.enabled_at.is_not(None))
    found = session.scalar(rows.options(joinedload(Connection.builder)))
    return found if found is not None and is_here(found, portal) else None


def is_here(connection: Connection, portal: UUID | None) -> bool:
    if portal is None:
        return connection.at_platform
    return connection.at_portal and connection.builder_id == portal


def at_portal(session: Session, portal: UUID) -> list[Connection]:
    enabled = select(Connection).where(_of(portal), Connection.enabled_at.is_not(None))
    return [one for one in session.scalars(enabled.order_by(Connection.id)) if one.at_portal]


def at_platform_for(session: Session, domain: str) -> list[Connection]:
    """The builder's who has proven the domain, and the platform's own that name it."""
    owner = select(EmailDomain.builder_id).where(
        EmailDomain.domain == domain, EmailDomain.proven_at.is_not(None)
    )
    rows = select(Connection).where(
        Connection.enabled_at.is_not(None),
        Connection.builder_id.is_(None) | Connection.builder_id.in_(owner),
    )
    found = session.scalars(rows.order_by(Connection.id))
    return [one for one in found if one.at_platform and domain in one.domains]


def is_used(session: Session) -> bool:
    """Whether anybody here has single sign-on at all."""
    rows = select(Connection.id).where(Connection.enabled_at.is_not(None)).limit(1)
    return session.scalar(rows) is not None


def demanded(session: Session, membership: Membership) -> Connection | None:
    """By which that person has to come in, where a company insists."""
    if membership.role in WAY_BACK_IN:
        return None
    domain = membership.user.email.rpartition("@")[2]
    rows = select(Connection).where(
        _of(membership.builder_id), Connection.enforced, Connection.enabled_at.is_not(None)
    )
    fitting = (
        one
        for one in session.scalars(rows.order_by(Connection.id))
        if domain in one.domains and one.is_for(membership.role)
    )
    return next(fitting, None)


def identity(session: Session, connection_id: UUID, subject: str) -> Identity | None:
    rows = select(Identity).where(
        Identity.connection_id == connection_id, Identity.subject == subject
    )
    return session.scalar(rows.options(joinedload(Identity.user)))


def identities(session: Session, connection_id: UUID) -> list[Identity]:
    return list(session.scalars(select(Identity).where(Identity.connection_id == connection_id)))


def known_people(session: Session, connection_id: UUID) -> int:
    rows = select(func.count()).where(Identity.connection_id == connection_id)
    return session.scalar(rows) or 0


def memberships(session: Session, user_id: UUID) -> list[Membership]:
    rows = select(Membership).where(Membership.user_id == user_id)
    return list(session.scalars(rows.options(joinedload(Membership.user))))


def logins_of(
    session: Session, connection_id: UUID, *, subject: str, provider_session: str
) -> list[Login]:
    """Which a provider means: the one session that it names, else all of the subject."""
    rows = (
        select(Login)
        .join(ProvidedLogin, ProvidedLogin.login_id == Login.id)
        .join(Identity, Identity.id == ProvidedLogin.identity_id)
        .where(Identity.connection_id == connection_id)
    )
    if subject:
        rows = rows.where(Identity.subject == subject)
    if provider_session:
        rows = rows.where(ProvidedLogin.provider_session == provider_session)
    return list(session.scalars(rows))


def vouched_for(session: Session, login_id: UUID) -> bool:
    """Whether somebody came in on a provider's word."""
    rows = select(ProvidedLogin.id).where(ProvidedLogin.login_id == login_id)
    return session.scalar(rows) is not None


def logins_through(session: Session, connection_id: UUID) -> list[Login]:
    return logins_of(session, connection_id, subject="", provider_session="")


def is_proven(session: Session, builder_id: UUID, domain: str) -> bool:
    rows = select(EmailDomain.id).where(
        EmailDomain.builder_id == builder_id,
        EmailDomain.domain == domain,
        EmailDomain.proven_at.is_not(None),
    )
    return session.scalar(rows) is not None


def domains(session: Session, builder_id: UUID) -> list[EmailDomain]:
    rows = select(EmailDomain).where(EmailDomain.builder_id == builder_id)
    return list(session.scalars(rows.order_by(EmailDomain.domain)))


def asked_domains(session: Session, most: int) -> Sequence[EmailDomain]:
    """Of all builders, for who confirms them: those that wait first, then the newest."""
    rows = select(EmailDomain).options(joinedload(EmailDomain.builder))
    waiting_first = (EmailDomain.proven_at.is_not(None), EmailDomain.id.desc())
    return session.scalars(rows.order_by(*waiting_first).limit(most)).all()


def email_domain(session: Session, key: UUID) -> EmailDomain | None:
    rows = select(EmailDomain).where(EmailDomain.id == key)
    return session.scalar(rows.options(joinedload(EmailDomain.builder)))


def owner_of_domain(session: Session, domain: str) -> EmailDomain | None:
    rows = select(EmailDomain).where(
        EmailDomain.domain == domain, EmailDomain.proven_at.is_not(None)
    )
    return session.scalar(rows.options(joinedload(EmailDomain.builder)))
