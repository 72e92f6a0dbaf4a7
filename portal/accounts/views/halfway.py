"""Between two steps of signing in: what this browser has proven of its person stands in its
session, for some minutes, and is worth nothing once the password is another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from flask import session

from portal.accounts.models import User
from portal.accounts.service import people
from portal.foundation.clock import utcnow
from portal.foundation.digests import digest_of
from portal.foundation.web.database import db

HALF: Final = "half"
LASTS: Final = timedelta(minutes=5)


class Step(StrEnum):
    """What is still to come."""

    CODE = "code"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Half:
    """`target` is where they wanted to go, `wanted_as` the membership that they come in as, where
    that is known. `strong`: a code was given as well."""

    user: User
    target: str
    wanted_as: UUID | None
    strong: bool


def keep(
    step: Step, user: User, target: str, *, wanted_as: UUID | None = None, strong: bool = False
) -> None:
    """Nothing from before it stays in the session."""
    session.clear()
    session[HALF] = {
        "step": step.value,
        "user": str(user.id),
        "stamp": _stamp(user),
        "at": utcnow().isoformat(),
        "next": target,
        "as": str(wanted_as) if wanted_as is not None else "",
        "strong": strong,
    }


def half_in(step: Step) -> Half | None:
    """Who has come as far as that step, and not too long ago."""
    kept = session.get(HALF) or {}
    if kept.get("step") != step.value:
        return None
    user = people.by_id(db(), UUID(kept["user"]))
    late = utcnow() - datetime.fromisoformat(kept["at"]) > LASTS
    if user is None or late or kept["stamp"] != _stamp(user):
        return None
    wanted_as = UUID(kept["as"]) if kept["as"] else None
    return Half(user, kept["next"], wanted_as, kept["strong"])


def _stamp(user: User) -> str:
    return digest_of(user.password_hash)[:16]
