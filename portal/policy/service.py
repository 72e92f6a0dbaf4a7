"""Keep the pack a ticket was promised under; grant and cancel emergency windows."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.core.entitlements import Window, active_window
from portal.core.permissions import Actor, Permission
from portal.foundation.outbox import record
from portal.policy import queries
from portal.policy.loader import pack_from_source
from portal.policy.models import EmergencyWindow, PolicyVersion
from portal.policy.pack import Pack

PACKS_KEPT: Final = 32
LONGEST_WINDOW: Final = timedelta(days=14)
Refusal = Literal[
    "not_offered", "not_on_plan", "backwards", "too_long", "over", "overlaps", "hotline"
]


class WindowRefused(ValueError):
    """Why a window can't be granted; `about` is the other window, where one is in the way."""

    REASONS: Final = {
        "not_offered": "this support model has no emergency windows",
        "not_on_plan": "the builder's plan has no emergency windows",
        "backwards": "the window ends before it starts",
        "too_long": f"a window lasts {LONGEST_WINDOW.days} days at most",
        "over": "the window would be over already",
        "overlaps": "the builder has a window in that time already",
        "hotline": "a window needs a hotline",
    }

    def __init__(self, reason: Refusal, about: EmergencyWindow | None = None) -> None:
        super().__init__(self.REASONS[reason])
        self.reason = reason
        self.about = about


def register(session: Session, pack: Pack, at: datetime) -> PolicyVersion:
    """The row of exactly this pack, made if it is new."""
    known = queries.version_of(session, pack.key, pack.digest)
    if known:
        return known
    made = PolicyVersion(
        pack=pack.key,
        version=pack.version,
        digest=pack.digest,
        source=pack.source,
        registered_at=at,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # another process was faster
        known = queries.version_of(session, pack.key, pack.digest)
        if known is None:
            raise
        return known
    return made


def version_id(session: Session, pack: Pack, at: datetime) -> UUID:
    """Of the row of exactly this pack, made if it is new."""
    return queries.version_id_of(session, pack.key, pack.digest) or register(session, pack, at).id


def pack_of(session: Session, policy_version_id: UUID) -> Pack:
    """The pack as it stood when the version was registered; NoResultFound for a foreign id."""
    pack = _by_version.get(policy_version_id)
    if pack is None:
        row = session.get_one(PolicyVersion, policy_version_id)
        pack = _parsed(row)
        if len(_by_version) >= PACKS_KEPT:
            _by_version.clear()
        _by_version[policy_version_id] = pack
    return pack


def _parsed(row: PolicyVersion) -> Pack:
    pack = _kept.get(row.digest)
    if pack is None:
        if len(_kept) >= PACKS_KEPT:
            _kept.clear()
        pack = _kept[row.digest] = pack_from_source(row.source, f"{row.pack}@{row.digest[:8]}")
    return pack


_by_version: dict[UUID, Pack] = {}  # a version never changes
_kept: dict[str, Pack] = {}


def window_of(session: Session, builder_id: UUID | None, at: datetime) -> Window | None:
    """The emergency window of a builder that covers `at`; guests (None) have none."""
    if builder_id is None:
        return None
    rows = queries.windows_of(session, builder_id, since=at)
    return active_window([row.window for row in rows], at)


def grant_window(
    session: Session,
    pack: Pack,
    builder: Builder,
    *,
    starts_at: datetime,
    ends_at: datetime,
    hotline: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> EmergencyWindow:
    """Raises WindowRefused, and Forbidden for whoever may not grant."""
    by.require(Permission.GRANT_EMERGENCY_WINDOWS)
    _refuse_unfit(pack, builder, starts_at, ends_at, hotline, at)
    if other := queries.overlapping(session, builder.id, starts_at, ends_at):
        raise WindowRefused("overlaps", other)
    window = EmergencyWindow(
        builder_id=builder.id,
        starts_at=starts_at,
        ends_at=ends_at,
        hotline=hotline.strip(),
        note=note.strip(),
        granted_by=by.user_id,
        created_at=at,
    )
    session.add(window)
    session.flush()
    _tell(session, "emergency_window.granted", window, by, at)
    return window


def cancel_window(
    session: Session, window: EmergencyWindow, *, by: Actor, at: datetime
) -> EmergencyWindow:
    """What was promised while it stood stays promised. Cancelling twice changes nothing."""
    by.require(Permission.GRANT_EMERGENCY_WINDOWS)
    if window.cancelled_at is None:
        window.cancelled_at = at
        session.flush()
        _tell(session, "emergency_window.cancelled", window, by, at)
    return window


def _refuse_unfit(
    pack: Pack,
    builder: Builder,
    starts_at: datetime,
    ends_at: datetime,
    hotline: str,
    at: datetime,
) -> None:
    if pack.emergency is None:
        raise WindowRefused("not_offered")
    if pack.nearest_plan(builder.plan).key not in pack.emergency.plans:
        raise WindowRefused("not_on_plan")
    if ends_at <= starts_at:
        raise WindowRefused("backwards")
    if ends_at - starts_at > LONGEST_WINDOW:
        raise WindowRefused("too_long")
    if ends_at <= at:
        raise WindowRefused("over")
    if not hotline.strip():
        raise WindowRefused("hotline")


def _tell(session: Session, kind: str, window: EmergencyWindow, by: Actor, at: datetime) -> None:
    record(
        session,
        kind,
        at=at,
        builder_id=window.builder_id,
        window_id=str(window.id),
        by=str(by.user_id) if by.user_id else None,
    )
