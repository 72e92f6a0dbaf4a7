"""People, the builders that they belong to, and how they prove who they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.permissions import Role, Scope
from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

ROLES = ", ".join(f"'{role}'" for role in Role)
_OPEN = text("accepted_at IS NULL AND revoked_at IS NULL")


class Builder(Base):
    """A paying tenant of the platform: a construction company."""

    __tablename__ = "builders"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    plan: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_hours: Mapped[str] = mapped_column(String(120), default="")
    success_flag_at: Mapped[datetime | None]  # customer success should look (SL-4)
    created_at: Mapped[datetime]


class User(Base):
    """A person, known by one e-mail address everywhere."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(320), unique=True)  # lower case
    email_verified_at: Mapped[datetime | None]  # a letter to it was answered by its link
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """What a person is to a builder, or to the platform (no builder)."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "builder_id"),
        CheckConstraint(f"role IN ({ROLES})", name="role"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]  # when somebody last signed in as this

    user: Mapped[User] = relationship()
    builder: Mapped[Builder | None] = relationship()


class FormerMember(Base, Tenanted):
    """Who was removed from a company, or from the platform's staff (no builder), under the key that
    the membership had: what is left of them there can still be found."""

    __tablename__ = "former_members"
    __table_args__ = (
        UniqueConstraint("user_id", "builder_id"),
        CheckConstraint(f"role IN ({ROLES})", name="role"),
        Index("ix_former_members_of_builder", "builder_id", "left_at", "id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(20))
    left_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    builder: Mapped[Builder | None] = relationship()


class SupportAgent(Base):
    """A member of staff who takes tickets (the seed's `support_agents`)."""

    __tablename__ = "support_agents"
    __table_args__ = (CheckConstraint("tier BETWEEN 1 AND 3", name="tier"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    tier: Mapped[int]
    specialties: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["en"])
    is_available: Mapped[bool] = mapped_column(default=True)
    max_active_tickets: Mapped[int] = mapped_column(default=20)
    last_assigned_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Login(Base):
    """One signed-in browser; deleting the row signs it out at once."""

    __tablename__ = "logins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]  # since then; written every few minutes at most
    second_factor_at: Mapped[datetime | None]  # when a code was given as well
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    network: Mapped[str] = mapped_column(String(45), default="")  # of the address, shortened


class ApiToken(Base, Tenanted):
    """A personal token: only its digest is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_membership_id", "membership_id"),)

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id"))
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(default=lambda: list(Scope))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # written every few minutes at most
    revoked_at: Mapped[datetime | None]


class Tries(Base):
    """Wrong tries to sign in, counted by whose account and from where (see `core/lockout`)."""

    __tablename__ = "sign_in_tries"

    lane: Mapped[str] = mapped_column(String(64), unique=True)  # a digest: no address is kept
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class Link(Base):
    """A link in a letter that proves who reads the address: only its digest is kept."""

    __tablename__ = "account_links"
    __table_args__ = (Index("ix_account_links_of_user", "user_id", "created_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    portal_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))  # where it works
    purpose: Mapped[str] = mapped_column(String(12))  # sign_in | recovery
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Invitation(Base, Tenanted):
    """Somebody is asked to join a builder, or the platform's staff (no builder)."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"role IN ({ROLES})", name="role"),
        Index("ix_invitations_open", "builder_id", "created_at", "id", **only_where(_OPEN)),
    )

    email: Mapped[str] = mapped_column(String(320))  # lower case
    role: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(10), default="en")
    duties: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of agents: tier, specialties, …
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    builder: Mapped[Builder | None] = relationship()


class SecondFactor(Base):
    """An authenticator app that makes codes for a person; its secret is sealed."""

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # a code was given; only then it is asked for
    last_step: Mapped[int] = mapped_column(default=0)  # no code of it or before works again


class RecoveryCode(Base):
    """What lets a person in once without their authenticator."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "digest"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class WidgetKey(Base, Tenanted):
    """By which a builder's server signs who its user is; sealed, for we must check with it."""

    __tablename__ = "widget_keys"
    __table_args__ = (Index("ix_widget_keys_of_builder", "builder_id", "created_at", "id"),)

    kid: Mapped[str] = mapped_column(String(32), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # a newer one has taken its place
    revoked_at: Mapped[datetime | None]


class SpentWidgetToken(Base, Tenanted):
    """The id of a widget token that was used, until it would have expired anyway."""

    __tablename__ = "spent_widget_tokens"
    __table_args__ = (UniqueConstraint("builder_id", "digest"),)

    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base, Tenanted):
    """What an administrator did (see `audit.record`)."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_of_builder", "builder_id", "at", "id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    act: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    by_role: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WidgetSettings(Base, Tenanted):
    """Where a builder's "?" may stand, and for whom; without a row it is nowhere."""

    __tablename__ = "widget_settings"
    __table_args__ = (UniqueConstraint("builder_id"),)

    origins: Mapped[list[str]] = mapped_column(default=list)  # of host pages: scheme, host and port
    guests_allowed: Mapped[bool] = mapped_column(default=False)  # who comes without a signed token
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class WidgetSession(Base, Tenanted):
    """An open help panel for a quarter of an hour; only its token's digest is kept. A guest has
    neither a membership nor a key that vouched for them."""

    __tablename__ = "widget_sessions"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("memberships.id"), index=True)
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("widget_keys.id"), index=True)
    visitor: Mapped[str] = mapped_column(String(64))  # a digest; of a guest: of a random id
    origin: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
