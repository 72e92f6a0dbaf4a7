"""What Acme's administrator does for its application: the address of its pages, and a key for its
server. Done at each start of a demo, for the port may be another."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts.models import Membership
from portal.accounts.service import actors, widget_keys, widget_settings
from portal.accounts.service.widget_settings import Where
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import PLATFORM, see

COMPANY: Final = "acme"
KEY_FILE: Final = "host-key.json"


def let_in(app: Flask, origins: tuple[str, ...]) -> None:
    """`origins` are those of the host, in each way that one may write them."""
    runtime, now = runtime_of(app), utcnow()
    with app.app_context(), runtime.writers.begin() as session:
        see(session, PLATFORM)
        owner = _owner(session)
        if owner is None:
            return
        _allow(session, owner, origins, now)
        _give_key(session, owner, runtime.settings.data / KEY_FILE, now)


def _owner(session: Session) -> Actor | None:
    builder = people.builder_by_slug(session, COMPANY)
    if builder is None:
        return None
    rows = select(Membership).where(
        Membership.builder_id == builder.id, Membership.role == Role.OWNER
    )
    found = session.scalars(rows.order_by(Membership.id)).first()
    return actors.actor(found, None) if found is not None else None


def _allow(session: Session, owner: Actor, origins: tuple[str, ...], at: datetime) -> None:
    saved = widget_settings.of(session, owner.builder_id)
    missing = [origin for origin in origins if origin not in saved.origins]
    if missing:
        wanted = Where((*saved.origins, *missing)[-widget_settings.MOST :], True, saved.version)
        widget_settings.save(session, wanted, by=owner, at=at)


def _give_key(session: Session, owner: Actor, path: Path, at: datetime) -> None:
    """One that still counts is kept."""
    if path.exists() and owner.builder_id is not None:
        known = json.loads(path.read_text("utf-8"))
        counting = widget_keys.counting(session, owner.builder_id, at=at)
        if counting.get(known["kid"]) == known["secret"].encode():
            return
    made = widget_keys.create(session, by=owner, at=at)
    content = {"kid": made.key.kid, "secret": made.plain, "company": COMPANY}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
