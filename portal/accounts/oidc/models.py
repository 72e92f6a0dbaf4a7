"""Connections to the identity providers of builders and of the platform, and whom they know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Builder, Login, User
from portal.core.permissions import BUILDER_STAFF, STAFF, Role
from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

COMPANY, STAFF_OF_PLATFORM = "company", "staff"
DEFAULT_SCOPES = "openid email profile"
ROLES_OF = {
    COMPANY: BUILDER_STAFF,
    STAFF_OF_PLATFORM: STAFF,
    Role.CLIENT.value: frozenset({Role.CLIENT}),
    Role.VENDOR.value: frozenset({Role.VENDOR}),
}
"""Whom a connection may be for, and the roles that such people have."""
NEW_ROLES = {
    COMPANY: (Role.FIELD, Role.PM),
    STAFF_OF_PLATFORM: (Role.AGENT, Role.MANAGER),
    Role.CLIENT.value: (Role.CLIENT,),
    Role.VENDOR.value: (Role.VENDOR,),
}
"""What a provider may make of somebody new: never who administers."""
WAY_BACK_IN = frozenset({Role.OWNER, Role.PLATFORM_ADMIN})


class Connection(Base, Tenanted):
    """One client of an OpenID Connect provider; of the platform's staff without a builder."""

    __tablename__ = "sso_connections"
    __table_args__ = (Index("ix_sso_connections_builder_id", "builder_id"),)

    name: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(200))
    sealed_secret: Mapped[str] = mapped_column(String(1000))  # see foundation/sealing
    scopes: Mapped[str] = mapped_column(String(200), default=DEFAULT_SCOPES)
    domains: Mapped[list[str]] = mapped_column(default=list)  # of the addresses that it vouches for
    audiences: Mapped[list[str]] = mapped_column(default=list)  # of ROLES_OF
    role: Mapped[str] = mapped_column(String(20), default="")  # of new people; empty: none come
    portal_role: Mapped[str] = mapped_column(String(20), default="")  # of those at the portal
    claim: Mapped[str] = mapped_column(String(80), default="")  # whose values name a role
    roles: Mapped[dict[str, Any]] = mapped_column(default=dict)  # role by value of the claim
    enforced: Mapped[bool] = mapped_column(default=False)
    enabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)  # of what an administrator saved

    builder: Mapped[Builder | None] = relationship()

    def is_for(self, role: str) -> bool:
        return any(role in ROLES_OF[audience] for audience in self.audiences)

    @property
    def at_platform(self) -> bool:
        return bool({COMPANY, STAFF_OF_PLATFORM} & set(self.audiences))

    @property
    def at_portal(self) -> bool:
        return bool({Role.CLIENT.value, Role.VENDOR.value} & set(self.audiences))


class EmailDomain(Base, Tenanted):
    """A domain that a builder says is its own, and since when that is proven."""

    __tablename__ = "email_domains"
    __table_args__ = (
        UniqueConstraint("builder_id", "domain"),
        Index(
            "uq_email_domains_proven", "domain", unique=True, **only_where("proven_at IS NOT NULL")
        ),
    )

    domain: Mapped[str] = mapped_column(String(253))  # lower case, as DNS has it
    asked_at: Mapped[datetime]
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    builder: Mapped[Builder | None] = relationship()


class Identity(Base, Tenanted):
    """Who somebody is to a connection: its subject, whatever the address becomes."""

    __tablename__ = "sso_identities"
    __table_args__ = (
        UniqueConstraint("connection_id", "subject"),
        Index("ix_sso_identities_user_id", "user_id"),
    )

    connection_id: Mapped[UUID] = mapped_column(
        ForeignKey("sso_connections.id", ondelete="CASCADE")
    )
    subject: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))  # as the provider said it last
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class ProvidedLogin(Base, Tenanted):
    """Which sign-ins a connection vouched for, so that its provider can end them."""

    __tablename__ = "sso_logins"
    __table_args__ = (Index("ix_sso_logins_identity_id", "identity_id"),)

    login_id: Mapped[UUID] = mapped_column(ForeignKey("logins.id", ondelete="CASCADE"), unique=True)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("sso_identities.id", ondelete="CASCADE"))
    provider_session: Mapped[str] = mapped_column(String(255), default="")  # its `sid`

    login: Mapped[Login] = relationship()


class Spent(Base):
    """What was good for once: the state of a sign-in, the id of a logout token."""

    __tablename__ = "sso_spent"
    __table_args__ = (Index("ix_sso_spent_at", "at"),)

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
