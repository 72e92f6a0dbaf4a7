"""How long a builder keeps things: chosen with the number before one's eyes, and kept to by the
clock, a few rows at a time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.accounts.models import AuditEntry, Builder
from portal.core.permissions import SYSTEM, Actor
from portal.core.retention import months_before, next_night
from portal.foundation.clock import utcnow
from portal.foundation.collisions import refusing
from portal.foundation.db import give_way
from portal.foundation.runtime import Ticker
from portal.foundation.storage import Store
from portal.foundation.tenancy import PLATFORM, see
from portal.privacy.models import RetentionRule
from portal.privacy.queries import rules as queries
from portal.privacy.service import files, tickets
from portal.tickets.models import Attachment, Ticket

MOST_TICKETS = 5  # a transaction, with all that hangs on each
MOST_FILES = 20
MOST_ENTRIES = 200
TURN_SECONDS = 2.0
FATES = ("anonymise", "delete")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a builder chose; None is for ever."""

    tickets_months: int | None = None
    tickets_fate: str = "anonymise"
    files_months: int | None = None
    audit_years: int | None = None
    erase_files: bool = True

    @property
    def anything_goes(self) -> bool:
        return any((self.tickets_months, self.files_months, self.audit_years))


class Changed(RuntimeError):
    """Somebody else has saved other rules meanwhile."""


def choice_of(rule: RetentionRule | None) -> Choice:
    if rule is None:
        return Choice()
    return Choice(
        rule.tickets_months,
        rule.tickets_fate,
        rule.files_months,
        rule.audit_years,
        rule.erase_files,
    )


def concerned(
    session: Session, builder_id: UUID | None, choice: Choice, *, at: datetime
) -> Mapping[str, int]:
    """How much would go, were it now."""
    found = {}
    if choice.tickets_months:
        before = months_before(at, choice.tickets_months)
        old = queries.old_tickets(builder_id, before, choice.tickets_fate)
        found["tickets"] = queries.count(session, Ticket, old)
    if choice.files_months:
        old = queries.old_files(builder_id, months_before(at, choice.files_months))
        found["files"] = queries.count(session, Attachment, old)
    if choice.audit_years:
        old = queries.old_entries(builder_id, months_before(at, 12 * choice.audit_years))
        found["entries"] = queries.count(session, AuditEntry, old)
    return found


def save(
    session: Session, choice: Choice, known_version: int, *, by: Actor, at: datetime
) -> RetentionRule:
    """`known_version` is of the rules that the page showed, 0 of none. Raises Changed."""
    rule = queries.rule_of(session, by.builder_id)
    if known_version != (rule.version if rule is not None else 0):
        raise Changed
    before = choice_of(rule)
    with refusing(session, Changed(), (StaleDataError, IntegrityError)):
        rule = _write(session, rule or RetentionRule(builder_id=by.builder_id), choice, at)
    changed = {
        name: "" if value is None else value
        for name, value in asdict(choice).items()
        if value != getattr(before, name)
    }
    audit.record(session, "retention.saved", by=by, at=at, **changed)  # type: ignore[arg-type]
    session.flush()
    return rule


def _write(session: Session, rule: RetentionRule, choice: Choice, at: datetime) -> RetentionRule:
    for name, value in asdict(choice).items():
        setattr(rule, name, value)
    rule.next_run_at = (
        next_night(at, _zone(session, rule.builder_id)) if choice.anything_goes else None
    )
    rule.counts = {}
    session.add(rule)
    return rule


def _zone(session: Session, builder_id: UUID | None) -> str:
    builder = session.get(Builder, builder_id) if builder_id is not None else None
    return builder.zone if builder is not None else "UTC"


def keeping(store: Store) -> Ticker:
    def keep(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work: goes on with one builder's run for some seconds; how many transactions."""
        at = min(at, utcnow())  # a turn as of next year must not forget this one
        until, done = time.monotonic() + TURN_SECONDS, 0
        while _go_on(sessions, store, at):
            done += 1
            if time.monotonic() > until:
                break
            give_way(sessions)
        return done

    return keep


def _go_on(sessions: sessionmaker[Session], store: Store, at: datetime) -> bool:
    """One transaction; whether there was anything to do."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        rule = queries.due(session, at)
        if rule is None:
            return False
        for kind, step in STEPS:
            number = step(session, store, rule, at)
            if number:
                rule.counts = {**rule.counts, kind: rule.counts.get(kind, 0) + number}
                return True
        _finish(session, rule, at)
    return True


def _tickets(session: Session, store: Store, rule: RetentionRule, at: datetime) -> int:
    if not rule.tickets_months:
        return 0
    before = months_before(at, rule.tickets_months)
    old = session.scalars(
        select(Ticket)
        .where(*queries.old_tickets(rule.builder_id, before, rule.tickets_fate))
        .order_by(Ticket.closed_at)
        .limit(MOST_TICKETS)
        .with_for_update(skip_locked=True)
    ).all()
    if rule.tickets_fate == "delete":
        tickets.remove(session, store, [ticket.id for ticket in old])
        return len(old)
    locale = rule.builder.locale if rule.builder is not None else "en"
    for ticket in old:
        tickets.make_nobodys(session, ticket, locale, at)
    return len(old)


def _files(session: Session, store: Store, rule: RetentionRule, at: datetime) -> int:
    if not rule.files_months:
        return 0
    before = months_before(at, rule.files_months)
    old = session.scalars(
        select(Attachment)
        .where(*queries.old_files(rule.builder_id, before))
        .order_by(Attachment.created_at)
        .limit(MOST_FILES)
        .with_for_update(skip_locked=True)
    ).all()
    files.remove(session, store, old)
    return len(old)


def _entries(session: Session, store: Store, rule: RetentionRule, at: datetime) -> int:
    if not rule.audit_years:
        return 0
    before = months_before(at, 12 * rule.audit_years)
    old = session.scalars(
        select(AuditEntry.id)
        .where(*queries.old_entries(rule.builder_id, before))
        .order_by(AuditEntry.at)
        .limit(MOST_ENTRIES)
    ).all()
    session.execute(
        delete(AuditEntry)
        .where(AuditEntry.id.in_(old))
        .execution_options(synchronize_session=False)
    )
    return len(old)


Remover = Callable[[Session, Store, RetentionRule, datetime], int]
STEPS: tuple[tuple[str, Remover], ...] = (
    ("tickets", _tickets),
    ("files", _files),
    ("entries", _entries),
)


def _finish(session: Session, rule: RetentionRule, at: datetime) -> None:
    """A run that found nothing leaves its date alone, not a line in the log every night."""
    if rule.counts:
        audit.record(
            session,
            "retention.run",
            by=SYSTEM,
            at=at,
            builder_id=rule.builder_id,
            **{name: rule.counts.get(name, 0) for name, _step in STEPS},
        )
    rule.last_run_at, rule.last_counts, rule.counts = at, rule.counts, {}
    rule.next_run_at = next_night(at, _zone(session, rule.builder_id))
