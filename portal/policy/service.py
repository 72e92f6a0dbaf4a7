"""Which support model runs, which one a ticket was promised under, and emergency windows."""

from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.entitlements import Window, active_window
from portal.core.permissions import Actor, Permission
from portal.policy.loader import pack_from_source
from portal.policy.models import EmergencyWindow, PolicyVersion
from portal.policy.pack import Pack

LONGEST_WINDOW = timedelta(days=14)

_known: dict[UUID, Pack] = {}
_lock = Lock()


class WindowRefused(ValueError):
    """The window makes no sense; `problem` is its key: order, past, too_long, plan or hotline."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def register(session: Session, pack: Pack, at: datetime) -> PolicyVersion:
    """The row of the pack as it stands, written when it is new."""
    query = select(PolicyVersion).where(
        PolicyVersion.pack == pack.key, PolicyVersion.digest == pack.digest
    )
    version = session.scalar(query)
    if version is None:
        version = PolicyVersion(
            pack=pack.key,
            version=pack.version,
            digest=pack.digest,
            source=pack.source,
            registered_at=at,
        )
        session.add(version)
        session.flush()
    return version


def pack_of(session: Session, version_id: UUID) -> Pack:
    """The support model of a ticket, whatever its file says today."""
    if (pack := _known.get(version_id)) is not None:
        return pack
    version = session.get_one(PolicyVersion, version_id)
    with _lock:
        return _known.setdefault(version_id, pack_from_source(version.source, version.pack))


def window_of(session: Session, builder_id: UUID | None, at: datetime) -> Window | None:
    """The builder's emergency window that covers `at`."""
    if builder_id is None:
        return None
    rows = session.scalars(
        select(EmergencyWindow).where(
            EmergencyWindow.builder_id == builder_id,
            EmergencyWindow.starts_at <= at,
            EmergencyWindow.ends_at > at,
        )
    )
    return active_window([as_window(row) for row in rows], at)


def windows(session: Session, builder_id: UUID | None = None) -> list[EmergencyWindow]:
    """Those in reach of the session, the latest to end first."""
    query = select(EmergencyWindow).order_by(EmergencyWindow.ends_at.desc()).limit(100)
    if builder_id is not None:
        query = query.where(EmergencyWindow.builder_id == builder_id)
    return list(session.scalars(query))


def as_window(row: EmergencyWindow) -> Window:
    return Window(row.id, row.starts_at, row.ends_at, row.hotline, row.note, row.cancelled_at)


def grant_window(
    session: Session,
    pack: Pack,
    *,
    builder_id: UUID,
    plan: str,
    starts_at: datetime,
    ends_at: datetime,
    hotline: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> EmergencyWindow:
    """Raises WindowRefused."""
    by.require(Permission.GRANT_EMERGENCY_WINDOWS)
    if pack.emergency is None or pack.nearest_plan(plan).key not in pack.emergency.plans:
        raise WindowRefused("plan")
    if ends_at <= starts_at:
        raise WindowRefused("order")
    if ends_at <= at:
        raise WindowRefused("past")
    if ends_at - starts_at > LONGEST_WINDOW:
        raise WindowRefused("too_long")
    if not hotline.strip():
        raise WindowRefused("hotline")
    window = EmergencyWindow(
        builder_id=builder_id,
        starts_at=starts_at,
        ends_at=ends_at,
        hotline=hotline.strip()[:60],
        note=note.strip()[:300],
        granted_by=by.user_id,
        created_at=at,
    )
    session.add(window)
    session.flush()
    return window


def cancel_window(session: Session, window: EmergencyWindow, *, by: Actor, at: datetime) -> None:
    """What came before stays covered."""
    by.require(Permission.GRANT_EMERGENCY_WINDOWS)
    window.cancelled_at = window.cancelled_at or at
