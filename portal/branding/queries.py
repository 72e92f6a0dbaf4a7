"""A builder's look, pictures and hosts. What every page of a portal asks is put together once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Builder
from portal.branding.look import CONTACT
from portal.branding.models import (
    Brand,
    BrandImage,
    BrandVersion,
    Domain,
    MailSender,
)
from portal.foundation.tenancy import looking_past


@dataclass(frozen=True, slots=True)
class Found:
    """A portal with what it looks like; `host` is the address that it wants to be known by."""

    id: UUID
    slug: str
    name: str
    contact: Mapping[str, str]
    look: Mapping[str, Any] | None
    host: str | None
    sender: str | None  # the address that its letters may come from


_PRIMARY: Final = aliased(Domain)
_CONTACT: Final = tuple(getattr(Builder, name) for name in CONTACT)


def _portal() -> Select[*tuple[Any, ...]]:
    own_host = and_(
        _PRIMARY.builder_id == Builder.id, _PRIMARY.is_primary, _PRIMARY.state == "verified"
    )
    own_address = and_(MailSender.builder_id == Builder.id, MailSender.state == "verified")
    return (
        select(
            *(Builder.id, Builder.slug, Builder.name),
            *_CONTACT,
            *(Brand.look, _PRIMARY.host, MailSender.address),
        )
        .select_from(Builder)
        .outerjoin(Brand, Brand.builder_id == Builder.id)
        .outerjoin(_PRIMARY, own_host)
        .outerjoin(MailSender, own_address)
    )


_BY_SLUG: Final = _portal().where(Builder.slug == bindparam("slug"))
_BY_ID: Final = _portal().where(Builder.id == bindparam("builder_id"))
_BY_HOST: Final = (
    _portal()
    .join(Domain, Domain.builder_id == Builder.id)
    .where(Domain.host == bindparam("host"), Domain.state == "verified")
)


def portal_by_slug(session: Session, slug: str) -> Found | None:
    return _found(session, _BY_SLUG, {"slug": slug})


def portal_by_host(session: Session, host: str) -> Found | None:
    """Only a verified host is a portal's."""
    return _found(session, _BY_HOST, {"host": host})


def portal_by_id(session: Session, builder_id: UUID) -> Found | None:
    return _found(session, _BY_ID, {"builder_id": builder_id})


def _found(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, object]
) -> Found | None:
    """Past the session: nobody's reach is known yet, and there are no objects to keep."""
    with looking_past(session) as connection:
        row = connection.execute(statement, values).one_or_none()
    if row is None:
        return None
    key, slug, name, *contact, look, host, sender = row
    return Found(key, slug, name, dict(zip(CONTACT, contact, strict=True)), look, host, sender)


def brand_of(session: Session, builder_id: UUID) -> Brand | None:
    return session.scalar(select(Brand).where(Brand.builder_id == builder_id))


def version(session: Session, builder_id: UUID, number: int) -> BrandVersion | None:
    chosen = BrandVersion.builder_id == builder_id, BrandVersion.number == number
    return session.scalar(select(BrandVersion).where(*chosen))


def versions(session: Session, builder_id: UUID, most: int) -> Sequence[BrandVersion]:
    """The newest first."""
    rows = select(BrandVersion).where(BrandVersion.builder_id == builder_id)
    return session.scalars(rows.order_by(BrandVersion.number.desc()).limit(most)).all()


def image(session: Session, builder_id: UUID, digest: str) -> BrandImage | None:
    chosen = BrandImage.builder_id == builder_id, BrandImage.digest == digest
    return session.scalars(select(BrandImage).where(*chosen).limit(1)).first()


def images_of_upload(session: Session, builder_id: UUID, upload_id: UUID) -> Sequence[BrandImage]:
    chosen = BrandImage.builder_id == builder_id, BrandImage.upload_id == upload_id
    return session.scalars(select(BrandImage).where(*chosen)).all()


def kept_files(session: Session, keys: Sequence[str]) -> set[str]:
    """Which files of the store are pictures of builders."""
    rows = select(BrandImage.storage_key).where(BrandImage.storage_key.in_(keys))
    return set(session.scalars(rows))


def domains(session: Session, builder_id: UUID) -> Sequence[Domain]:
    rows = select(Domain).where(Domain.builder_id == builder_id)
    return session.scalars(rows.order_by(Domain.created_at, Domain.id)).all()


def verified_hosts(session: Session, builder_id: UUID) -> Sequence[str]:
    """At which the builder's portal answers."""
    rows = select(Domain.host).where(Domain.builder_id == builder_id, Domain.state == "verified")
    return session.scalars(rows.order_by(Domain.host)).all()


def domain(session: Session, builder_id: UUID, key: UUID) -> Domain | None:
    chosen = Domain.builder_id == builder_id, Domain.id == key
    return session.scalar(select(Domain).where(*chosen))


def domain_of_host(session: Session, builder_id: UUID, host: str) -> Domain | None:
    chosen = Domain.builder_id == builder_id, Domain.host == host
    return session.scalar(select(Domain).where(*chosen))


def owner_of_host(session: Session, host: str) -> UUID | None:
    """Whose host it is, whoever asks: one host is one builder's."""
    statement = select(Domain.builder_id).where(Domain.host == host, Domain.state == "verified")
    with looking_past(session) as connection:
        return connection.scalar(statement)


def due_domain(session: Session, at: datetime) -> Domain | None:
    """The one that has waited longest for another look."""
    rows = select(Domain).where(Domain.next_check_at <= at).order_by(Domain.next_check_at)
    return session.scalars(rows.limit(1).with_for_update(skip_locked=True)).first()


def sender_of(session: Session, builder_id: UUID) -> MailSender | None:
    return session.scalar(select(MailSender).where(MailSender.builder_id == builder_id))


def due_sender(session: Session, at: datetime) -> MailSender | None:
    rows = select(MailSender).where(MailSender.next_check_at <= at)
    rows = rows.order_by(MailSender.next_check_at).limit(1)
    return session.scalars(rows.with_for_update(skip_locked=True)).first()
