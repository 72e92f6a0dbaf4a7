"""Who does it: the actor behind a sign-in, a token or a membership."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Membership, SupportAgent
from portal.accounts.service.signing_in import SignInRefused
from portal.core.permissions import Actor, Role, Scope
from portal.foundation.digests import digest_of


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at a browser. `strong`: a second factor was given as well. `elsewhere`: at the
    platform they could be something else."""

    login_id: UUID
    actor: Actor
    seen_at: datetime
    strong: bool
    elsewhere: bool


def presence(session: Session, login_id: UUID) -> Presence | None:
    found = queries.person_of_login(session, login_id)
    if found is None:
        return None
    actor, strong = actor_of(found.person), found.second_factor_at is not None
    elsewhere = found.elsewhere and not actor.is_portal_user
    return Presence(login_id, actor, found.seen_at, strong, elsewhere)


def actor_of_login(session: Session, login_id: UUID) -> Actor | None:
    found = presence(session, login_id)
    return None if found is None else found.actor


def known_presence(session: Session, login_id: UUID) -> Presence:
    """Of a sign-in that was made just now."""
    found = presence(session, login_id)
    if found is None:
        raise SignInRefused
    return found


@dataclass(frozen=True, slots=True)
class Caller:
    """A program, with whose right it acts, and how far that goes."""

    token_id: UUID
    actor: Actor
    scopes: frozenset[Scope]
    used_at: datetime | None


def caller(session: Session, plain: str, *, at: datetime) -> Caller | None:
    """None for a token that is unknown, revoked or expired."""
    found = queries.person_of_token(session, digest_of(plain))
    if found is None or (found.expires_at is not None and found.expires_at <= at):
        return None
    scopes = frozenset(scope for scope in Scope if scope.value in found.scopes)
    return Caller(found.token_id, actor_of(found.person), scopes, found.last_used_at)


def actor_of(person: queries.Person) -> Actor:
    return Actor(
        role=Role(person.role),
        user_id=person.user_id,
        builder_id=person.builder_id,
        agent_id=person.agent_id if person.builder_id is None else None,
        name=person.name,
        email=person.email,
        locale=person.locale,
        zone=person.zone,
        builder_name=person.builder_name or "",
        builder_slug=person.builder_slug or "",
        plan=person.plan or "",
    )


def actor(membership: Membership, agent: SupportAgent | None) -> Actor:
    user, builder = membership.user, membership.builder
    return actor_of(
        queries.Person(
            role=membership.role,
            user_id=user.id,
            name=user.name,
            email=user.email,
            locale=user.locale,
            zone=user.zone,
            builder_id=membership.builder_id,
            builder_name=None if builder is None else builder.name,
            builder_slug=None if builder is None else builder.slug,
            plan=None if builder is None else builder.plan,
            agent_id=None if agent is None else agent.id,
        )
    )
