"""The look of a builder: saved as versions, so that nothing is lost and everything comes back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.audit import record
from portal.accounts.models import Builder
from portal.branding import queries
from portal.branding.face import look_of
from portal.branding.look import CONTACT, Look
from portal.branding.models import Brand, BrandVersion
from portal.core.permissions import Actor

FIRST = 0  # the version of a brand that nobody has edited
KEPT_SHOWN = 30


class ChangedMeanwhile(Exception):
    """Somebody else has saved since `seen` was opened. Nothing was changed."""

    def __init__(self, saved: "Saved", seen: int) -> None:
        super().__init__(f"version {saved.version} was saved after {seen}")
        self.saved = saved
        self.seen = seen


class NoSuchVersion(LookupError):
    pass


@dataclass(frozen=True, slots=True)
class Saved:
    """What holds now. `by_name` is empty for what nobody has edited."""

    version: int
    look: Look
    by_name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people see differently, or one of them has changed."""

    field: str
    saved: object
    typed: object
    typed_anew: bool  # by whoever came second; else it only looks old


def current(session: Session, builder_id: UUID) -> Saved:
    brand, builder = queries.brand_of(session, builder_id), session.get_one(Builder, builder_id)
    look = look_of(brand.look if brand else None, _contact_of(builder))
    if brand is None or brand.version == FIRST:
        return Saved(FIRST, look)
    last = queries.version(session, builder_id, brand.version)
    return Saved(brand.version, look, last.by_name if last else "", brand.changed_at)


def save(
    session: Session, builder_id: UUID, look: Look, *, seen: int, by: Actor, at: datetime
) -> Saved:
    """`seen` is the version that was edited. Raises ChangedMeanwhile. What is as it was already
    makes no version."""
    saved = current(session, builder_id)
    if saved.version != seen:
        raise ChangedMeanwhile(saved, seen)
    changed = look.changed_from(saved.look)
    if not changed:
        return saved
    made = _write(session, builder_id, look, by=by, at=at, after=saved.version)
    record(
        session,
        "brand.changed",
        by=by,
        at=at,
        builder_id=builder_id,
        about=look.name or by.builder_name,
        fields=list(changed),
        version=made.version,
    )
    return made


def restore(
    session: Session, builder_id: UUID, number: int, *, seen: int, by: Actor, at: datetime
) -> Saved:
    """An earlier version becomes the newest; what came between stays in the list."""
    former = queries.version(session, builder_id, number)
    if former is None:
        raise NoSuchVersion(number)
    saved = current(session, builder_id)
    if saved.version != seen:
        raise ChangedMeanwhile(saved, seen)
    look = Look.from_json(former.look)
    made = _write(session, builder_id, look, by=by, at=at, after=seen, restored=number)
    record(
        session,
        "brand.restored",
        by=by,
        at=at,
        builder_id=builder_id,
        about=look.name or by.builder_name,
        restored=number,
        version=made.version,
    )
    return made


def differences(
    session: Session, builder_id: UUID, typed: Look, saved: Saved, seen: int
) -> list[Difference]:
    """Field by field, against what holds now; `seen` says what the second one had begun with."""
    base = _look_at(session, builder_id, seen)
    anew = set(typed.changed_from(base))
    return [
        Difference(name, getattr(saved.look, name), getattr(typed, name), name in anew)
        for name in typed.changed_from(saved.look)
    ]


def _look_at(session: Session, builder_id: UUID, number: int) -> Look:
    kept = queries.version(session, builder_id, number)
    return Look.from_json(kept.look) if kept else Look()


def _write(
    session: Session,
    builder_id: UUID,
    look: Look,
    *,
    by: Actor,
    at: datetime,
    after: int,
    restored: int | None = None,
) -> Saved:
    brand = queries.brand_of(session, builder_id)
    if brand is None:
        _keep_beginning(session, builder_id, at)
        brand = Brand(builder_id=builder_id, version=FIRST, changed_at=at)
    brand.look, brand.version, brand.changed_at = look.to_json(), after + 1, at
    builder = session.get_one(Builder, builder_id)
    for name in CONTACT:
        setattr(builder, name, getattr(look, name))
    session.add(brand)
    session.add(
        BrandVersion(
            builder_id=builder_id,
            number=brand.version,
            look=brand.look,
            at=at,
            by_name=by.name,
            restored=restored,
        )
    )
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:  # at the very same time
        session.rollback()
        raise ChangedMeanwhile(current(session, builder_id), after) from error
    return Saved(brand.version, look, by.name, at)


def _keep_beginning(session: Session, builder_id: UUID, at: datetime) -> None:
    """How it looked before anybody touched it: one can go back there, too."""
    builder = session.get_one(Builder, builder_id)
    look = look_of(None, _contact_of(builder)).to_json()
    beginning = BrandVersion(builder_id=builder_id, number=FIRST, look=look, at=at, by_name="")
    session.add(beginning)


def _contact_of(builder: Builder) -> dict[str, str]:
    return {name: getattr(builder, name) for name in CONTACT}
