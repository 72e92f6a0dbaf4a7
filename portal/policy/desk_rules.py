"""Under which support model somebody is served: the platform's, or that of a builder's own desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.accounts.models import Builder
from portal.core.permissions import Actor, Desk, Permission, Role
from portal.foundation.collisions import refusing
from portal.policy.desk_model import Terms, as_asked_by, model_of
from portal.policy.documents import InvalidPack
from portal.policy.models import DeskRules
from portal.policy.pack import Pack
from portal.policy.running import running_pack
from portal.policy.sections.calendars import WEEKDAYS

USUAL = Terms()
USUAL_WEEK: Mapping[str, str] = dict.fromkeys(WEEKDAYS[:5], "08:00-17:00")


class RulesRefused(ValueError):
    """The hours or targets are none; the text says which and why, in English."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else saved other rules since these were shown."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`weekly`: a day's hours as a pack says them; `respond` and `settle`: a target a severity."""

    weekly: Mapping[str, str] = field(default_factory=lambda: USUAL_WEEK)
    holidays: str = ""
    respond: Mapping[str, str] = field(
        default_factory=lambda: {"urgent": USUAL.urgent, "normal": USUAL.normal}
    )
    settle: Mapping[str, str] = field(default_factory=dict)
    passes_directly: bool = False
    tells_progress: bool = False
    version: int = 0  # of what was saved; 0: nothing was yet

    def terms(self, zone: str) -> Terms:
        return Terms(
            zone=zone,
            weekly=tuple((day, self.weekly[day]) for day in WEEKDAYS if self.weekly.get(day)),
            holidays=self.holidays,
            urgent=self.respond.get("urgent", ""),
            normal=self.respond.get("normal", ""),
            settle_urgent=self.settle.get("urgent", ""),
            settle_normal=self.settle.get("normal", ""),
        )


_OF_BUILDER = (  # put together once: every page of a portal asks it
    select(
        Builder.zone,
        *(getattr(DeskRules, name) for name in Rules.__dataclass_fields__),
    )
    .outerjoin(DeskRules, DeskRules.builder_id == Builder.id)
    .where(Builder.id == bindparam("whose"))
)


def zone_and_rules(session: Session, builder_id: UUID) -> tuple[str, Rules]:
    """Raises NoResultFound for a builder that is none."""
    zone, *said = session.connection().execute(_OF_BUILDER, {"whose": builder_id}).one()
    known = dict(zip(Rules.__dataclass_fields__, said, strict=True))
    return zone, Rules(**known) if known["version"] is not None else Rules()


def model_for(session: Session, actor: Actor) -> Pack:
    """By which the actor's questions are answered."""
    if actor.asks is Desk.PLATFORM or actor.builder_id is None:
        return running_pack()
    return model_at(session, actor.builder_id, actor.role)


def model_at(session: Session, builder_id: UUID, role: Role) -> Pack:
    """Of a builder's desk, with what somebody of the role may ask it."""
    zone, rules = zone_and_rules(session, builder_id)
    return as_asked_by(model_of(rules.terms(zone)), role)


def save(session: Session, rules: Rules, *, by: Actor, at: datetime) -> None:
    """Holds for tickets that come from now on. Raises RulesRefused and ChangedMeanwhile."""
    by.require(Permission.RUN_DESK)
    if by.builder_id is None:
        raise RulesRefused("only a builder has a desk of its own")
    zone, former = zone_and_rules(session, by.builder_id)
    if former.version != rules.version:
        raise ChangedMeanwhile
    try:
        model_of(rules.terms(zone))
    except InvalidPack as error:
        raise RulesRefused("; ".join(error.problems)) from error
    row = session.scalar(select(DeskRules).where(DeskRules.builder_id == by.builder_id))
    with refusing(session, ChangedMeanwhile(), (StaleDataError, IntegrityError)):
        _write(session, row or DeskRules(builder_id=by.builder_id), rules, at)
    audit.record(session, "desk.saved", by=by, at=at, changed=_changed(former, rules))
    session.flush()


def _write(session: Session, row: DeskRules, rules: Rules, at: datetime) -> None:
    row.weekly, row.holidays = dict(rules.weekly), rules.holidays
    row.respond, row.settle = dict(rules.respond), dict(rules.settle)
    row.passes_directly, row.tells_progress = rules.passes_directly, rules.tells_progress
    row.updated_at = at
    session.add(row)


def _changed(former: Rules, rules: Rules) -> dict[str, object]:
    names = [name for name in Rules.__dataclass_fields__ if name != "version"]
    return {
        name: {"from": getattr(former, name), "to": getattr(rules, name)}
        for name in names
        if getattr(former, name) != getattr(rules, name)
    }
