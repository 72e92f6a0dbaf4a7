"""Hosts of a builder's own: claimed by anybody, had by who shows it in the DNS.

`waits_for` says when the clock looks again; nothing here asks the DNS while a transaction is open.
"""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.audit import record
from portal.branding import queries
from portal.branding.dns import Finding
from portal.branding.models import Domain, MailSender
from portal.branding.names import normalised
from portal.core.permissions import Actor
from portal.foundation import outbox

MOST: Final = 10  # hosts of one builder
AGAIN: Final = timedelta(days=7)  # while all is well
SOON: Final = timedelta(hours=1)  # when no name server answered
FIRST_TRY: Final = timedelta(minutes=10)
GIVEN_UP: Final = timedelta(days=14)  # what nobody sets up, the clock forgets
LAPSES_AFTER: Final = 3  # failed looks in a row
LAPSED: Final = "domain.lapsed"  # the event that admins are told of
Claim = Domain | MailSender


class TooMany(ValueError):
    """There are MOST hosts already."""


class Known(ValueError):
    """The builder has claimed it already."""


class Taken(ValueError):
    """Another builder has shown that it is theirs."""


class NotReady(ValueError):
    """Only a verified host that leads to us can be the one that people are sent to."""


def new_token() -> str:
    return f"corbel-{secrets.token_hex(16)}"


def claim(
    session: Session,
    builder_id: UUID,
    typed: str,
    *,
    ours: tuple[str, ...],
    by: Actor,
    at: datetime,
) -> Domain:
    """Raises BadHost, TooMany, Known or Taken. Others may claim the same until one has shown it."""
    host = normalised(typed, ours)
    if queries.domain_of_host(session, builder_id, host) is not None:
        raise Known(host)
    if queries.owner_of_host(session, host) is not None:
        raise Taken(host)
    if len(queries.domains(session, builder_id)) >= MOST:
        raise TooMany(host)
    domain = Domain(
        builder_id=builder_id,
        host=host,
        token=new_token(),
        state="pending",
        created_at=at,
        next_check_at=at + FIRST_TRY,
    )
    session.add(domain)
    record(session, "domain.claimed", by=by, at=at, builder_id=builder_id, about=host)
    session.flush()
    return domain


def settle(session: Session, domain: Domain, finding: Finding, *, by: Actor, at: datetime) -> None:
    """Write down what a look has seen, and what follows from it."""
    if finding.proven and _is_anothers(session, domain):
        finding = Finding(seen=["taken"])
    host, builder_id, before = domain.host, domain.builder_id, domain.state
    try:
        with session.begin_nested():
            judge(domain, finding, at)
            session.flush()
    except IntegrityError:  # another builder was verified in the same moment
        session.refresh(domain)
        judge(domain, Finding(seen=["taken"]), at)
    if domain.state == "lapsed":
        domain.is_primary = False
    if domain.state != before and domain.state in {"verified", "lapsed"}:
        act = f"domain.{domain.state}"
        record(session, act, by=by, at=at, builder_id=builder_id, about=host)
    if domain.state == "lapsed" != before:
        tell_lapsed(session, builder_id, host, at)


def tell_lapsed(session: Session, builder_id: UUID | None, what: str, at: datetime) -> None:
    outbox.record(
        session, LAPSED, at=at, builder_id=builder_id, host=what, of_builder=str(builder_id)
    )


def _is_anothers(session: Session, domain: Domain) -> bool:
    owner = queries.owner_of_host(session, domain.host)
    return owner is not None and owner != domain.builder_id


def judge(claim: Claim, finding: Finding, at: datetime) -> None:
    """The state after a look, and when the next one is due."""
    claim.checked_at, claim.found = at, asdict(finding)
    if finding.unreachable:
        claim.next_check_at = at + SOON
        return
    if finding.proven and finding.allowed is not False:
        claim.verified_at = claim.verified_at if claim.state == "verified" else at
        claim.state, claim.failures, claim.next_check_at = "verified", 0, at + AGAIN
        return
    claim.failures += 1
    if claim.state == "verified" and claim.failures < LAPSES_AFTER:
        claim.next_check_at = at + timedelta(days=claim.failures)
        return
    claim.state = "lapsed" if claim.state in {"verified", "lapsed"} else "failed"
    claim.next_check_at = waits_for(claim, at)


def waits_for(claim: Claim, at: datetime) -> datetime | None:
    """Ever longer, a day at most; after two weeks only when somebody asks."""
    if claim.state == "lapsed" or at - claim.created_at > GIVEN_UP:
        return None
    return at + min(FIRST_TRY * (1 << min(claim.failures, 10)), timedelta(days=1))


def choose_primary(
    session: Session, builder_id: UUID, host: str, *, by: Actor, at: datetime
) -> None:
    """The address that people are sent to; an empty one is the portal's own. Raises NotReady."""
    found = queries.domains(session, builder_id)
    chosen = next((one for one in found if one.host == host), None)
    if host and (chosen is None or not is_ready(chosen)):
        raise NotReady(host)
    for one in found:
        one.is_primary = False
    session.flush()  # two at once would break the index of one a builder
    if chosen is not None:
        chosen.is_primary = True
    record(session, "domain.chosen", by=by, at=at, builder_id=builder_id, about=host)
    session.flush()


def is_ready(domain: Domain) -> bool:
    return domain.state == "verified" and bool(domain.found.get("points"))


def give_up(session: Session, domain: Domain, *, by: Actor, at: datetime) -> None:
    """The host leads nowhere from now on."""
    record(session, "domain.removed", by=by, at=at, builder_id=domain.builder_id, about=domain.host)
    session.delete(domain)
    session.flush()
