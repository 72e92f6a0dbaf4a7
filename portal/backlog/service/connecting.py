"""The connection to the tracker, as an administrator keeps it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.backlog.models import ONLY, BacklogConnection, Kind
from portal.backlog.queries import items
from portal.backlog.service import bringing
from portal.backlog.trackers import Tracker
from portal.backlog.trackers.jira import Jira
from portal.backlog.trackers.linear import Linear
from portal.core.permissions import Actor, Permission
from portal.core.public_addresses import may_be_asked
from portal.foundation.sealing import seal, unseal
from portal.ideas.models import Status

PROJECT: Final = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
BEGINNINGS: Final = ("", Status.UNDER_REVIEW, Status.PLANNED, Status.IN_PROGRESS)
"""From which status ideas go there by themselves; empty: none does."""


class ConnectionRefused(ValueError):
    """`field` is what is wrong, `reason` why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ChangedMeanwhile(RuntimeError):
    """Somebody else has saved since the page was opened. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """As it was typed in. An empty token leaves the one that is kept."""

    kind: Kind
    project: str
    site: str = ""
    account: str = ""
    issue_type: str = ""
    begins_at: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Means:
    """What a talk with a tracker takes: the key of what is sealed, whether trackers may stand on
    this machine, and where Linear is."""

    key: bytes = field(repr=False)
    linear_url: str
    loopback: bool = False


def save(
    session: Session, draft: Draft, means: Means, *, seen: int, by: Actor, at: datetime
) -> BacklogConnection:
    """`seen` is the version that was edited, 0 of none. Raises ConnectionRefused, ChangedMeanwhile.
    The kept token goes only where it went before. What was given up is tried again."""
    by.require(Permission.MANAGE_BACKLOG)
    found = items.connection(session)
    if (found.version if found else 0) != seen:
        raise ChangedMeanwhile
    _refuse(draft, means, found)
    connection = found or BacklogConnection(id=ONLY, version=0)
    connection.kind, connection.project = draft.kind, draft.project
    connection.site, connection.account = draft.site.rstrip("/"), draft.account
    connection.issue_type, connection.begins_at = draft.issue_type, draft.begins_at
    if draft.token:
        connection.sealed_token = seal(means.key, draft.token)
    connection.changed_at, connection.version = at, connection.version + 1
    session.add(connection)
    session.flush()
    bringing.try_all_again(session, connection, by=by, at=at)
    audit.record(
        session,
        "backlog.saved",
        by=by,
        at=at,
        about=f"{draft.kind} {draft.project}",
        secret_replaced=bool(draft.token),
    )
    return connection


def disconnect(session: Session, connection: BacklogConnection, *, by: Actor, at: datetime) -> None:
    """Issues stay where they are, and so do the links to them; the token is forgotten."""
    by.require(Permission.MANAGE_BACKLOG)
    about = f"{connection.kind} {connection.project}"
    session.delete(connection)
    session.flush()
    audit.record(session, "backlog.removed", by=by, at=at, about=about)


def tracker_of(connection: BacklogConnection, means: Means) -> Tracker:
    """Raises Unreadable."""
    token = unseal(means.key, connection.sealed_token)
    if connection.kind == Kind.LINEAR:
        return Linear(means.linear_url, token, connection.project, loopback=means.loopback)
    return Jira(
        connection.site,
        connection.account,
        token,
        connection.project,
        connection.issue_type,
        loopback=means.loopback,
    )


def _refuse(draft: Draft, means: Means, found: BacklogConnection | None) -> None:
    if not PROJECT.fullmatch(draft.project):
        raise ConnectionRefused("project", "shape")
    if draft.begins_at not in BEGINNINGS:
        raise ConnectionRefused("begins_at", "unknown")
    if draft.kind == Kind.JIRA:
        _refuse_jira(draft, means)
    if not draft.token:
        _refuse_kept_token(draft, found)


def _refuse_jira(draft: Draft, means: Means) -> None:
    if not may_be_asked(draft.site, loopback=means.loopback):
        raise ConnectionRefused("site", "address")
    for name in ("account", "issue_type"):
        if not getattr(draft, name):
            raise ConnectionRefused(name, "missing")


def _refuse_kept_token(draft: Draft, found: BacklogConnection | None) -> None:
    if found is None:
        raise ConnectionRefused("token", "missing")
    goes = (draft.kind, draft.site.rstrip("/"), draft.account)
    if goes != (found.kind, found.site, found.account):
        raise ConnectionRefused("token", "moved")
