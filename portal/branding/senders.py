"""The address that a builder's letters come from: theirs, once their DNS says that we may."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.audit import record
from portal.branding import hosts, queries
from portal.branding.dns import Finding
from portal.branding.models import MailSender
from portal.branding.names import normalised
from portal.core.permissions import Actor


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def claim(
    session: Session,
    builder_id: UUID,
    address: str,
    *,
    ours: tuple[str, ...],
    by: Actor,
    at: datetime,
) -> MailSender:
    """Another address begins anew, its domain may be another's. Raises BadHost."""
    local, _at, domain = address.rpartition("@")
    address = f"{local}@{normalised(domain, ours)}"
    sender = queries.sender_of(session, builder_id)
    if sender is not None and domain_of(sender.address) == domain_of(address):
        sender.address = address
    else:
        if sender is not None:
            session.delete(sender)
            session.flush()
        sender = MailSender(
            builder_id=builder_id,
            address=address,
            token=hosts.new_token(),
            state="pending",
            created_at=at,
            next_check_at=at + hosts.FIRST_TRY,
        )
        session.add(sender)
    record(session, "sender.claimed", by=by, at=at, builder_id=builder_id, about=address)
    session.flush()
    return sender


def settle(
    session: Session, sender: MailSender, finding: Finding, *, by: Actor, at: datetime
) -> None:
    before = sender.state
    hosts.judge(sender, finding, at)
    if sender.state != before and sender.state in {"verified", "lapsed"}:
        act = f"sender.{sender.state}"
        record(session, act, by=by, at=at, builder_id=sender.builder_id, about=sender.address)
    if sender.state == "lapsed" != before:
        hosts.tell_lapsed(session, sender.builder_id, sender.address, at)
    session.flush()


def give_up(session: Session, sender: MailSender, *, by: Actor, at: datetime) -> None:
    """Letters come from the shared address again."""
    about = sender.address
    record(session, "sender.removed", by=by, at=at, builder_id=sender.builder_id, about=about)
    session.delete(sender)
    session.flush()
