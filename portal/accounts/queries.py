"""Rows of people and sign-ins, each query with all that its page needs."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import ApiToken, Builder, Login, Membership, SupportAgent, User


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def memberships_of(session: Session, user_id: UUID) -> list[Membership]:
    """Oldest first; the first is the one that a sign-in takes."""
    rows = select(Membership).where(Membership.user_id == user_id).order_by(Membership.id)
    return list(session.scalars(rows.options(joinedload(Membership.builder))))


_LOGIN = (  # put together once: every request asks it
    select(Login, SupportAgent)
    .outerjoin(SupportAgent, SupportAgent.user_id == Login.user_id)
    .where(Login.id == bindparam("login_id"))
    .options(
        joinedload(Login.membership).options(
            joinedload(Membership.user), joinedload(Membership.builder)
        )
    )
)


def login_with_people(session: Session, login_id: UUID) -> tuple[Login, SupportAgent | None] | None:
    found = session.execute(_LOGIN, {"login_id": login_id}).one_or_none()
    return None if found is None else (found[0], found[1])


_TOKEN = (
    select(ApiToken, SupportAgent)
    .join(ApiToken.membership)
    .outerjoin(SupportAgent, SupportAgent.user_id == Membership.user_id)
    .where(ApiToken.digest == bindparam("digest"), ApiToken.revoked_at.is_(None))
    .options(
        contains_eager(ApiToken.membership).options(
            joinedload(Membership.user), joinedload(Membership.builder)
        )
    )
)


def token_with_people(session: Session, digest: str) -> tuple[ApiToken, SupportAgent | None] | None:
    found = session.execute(_TOKEN, {"digest": digest}).one_or_none()
    return None if found is None else (found[0], found[1])


def builder(session: Session, builder_id: UUID) -> Builder | None:
    return session.get(Builder, builder_id)


def builder_by_slug(session: Session, slug: str) -> Builder | None:
    return session.scalar(select(Builder).where(Builder.slug == slug))


def agents(session: Session) -> list[SupportAgent]:
    return list(session.scalars(select(SupportAgent).order_by(SupportAgent.display_name)))


def everybody(session: Session, most: int) -> list[Membership]:
    """The first people there were, with what they are to whom; a demo shows them."""
    rows = select(Membership).order_by(Membership.id).limit(most)
    people = joinedload(Membership.user), joinedload(Membership.builder)
    return list(session.scalars(rows.options(*people)))
