"""Erasing a person: asked for, looked at before, decided, begun; `forgetting` does the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import Builder, Membership
from portal.accounts.service import sessions, team
from portal.core.permissions import Actor, Role
from portal.privacy.models import Erasure
from portal.privacy.queries import erasures as queries
from portal.privacy.queries import people, rules
from portal.privacy.queries.people import Concerned
from portal.privacy.service.tickets import former

RUNNING_ROLES = frozenset({Role.OWNER, Role.PLATFORM_ADMIN})


class NotErased(ValueError):
    """`reason`: last (nobody else could run the company), oneself, address (another was typed)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would touch: counts by kind, and what stands in its way, if anything."""

    found: Mapping[str, int]
    wholly: bool  # nothing of the person is left anywhere
    with_files: bool
    one_word: bool  # in sentences, such a name is not looked for
    is_contact: bool  # the portal names them as whom to call
    refused: str = ""


def preview(session: Session, member: Concerned, *, by: Actor) -> Preview:
    user, builder = member.user, member.builder
    return Preview(
        found=queries.found(session, member),
        wholly=not people.known_elsewhere(session, member),
        with_files=rules.erases_files(session, member.builder_id),
        one_word=len(user.name.split()) < 2,
        is_contact=builder is not None and _is_contact(builder, user.name, user.email),
        refused=_refusal(session, member, by),
    )


def _is_contact(builder: Builder, name: str, email: str) -> bool:
    return builder.contact_email.lower() == email or builder.contact_name == name


def _refusal(session: Session, member: Concerned, by: Actor) -> str:
    if member.user_id == by.user_id:
        return "oneself"
    runs = member.role in RUNNING_ROLES
    return "last" if runs and not people.other_owners(session, member) else ""


def ask(session: Session, member: Membership, *, by: Actor, at: datetime) -> Erasure:
    """The person themself would like to be forgotten; who runs the company decides."""
    there = queries.open_of(session, member.id)
    if there is not None:
        return there
    asked = _new(member, "asked", by, at)
    session.add(asked)
    audit.record(session, "erasure.asked", by=by, at=at, role=member.role)
    return asked


def refuse(session: Session, asked: Erasure, reason: str, *, by: Actor, at: datetime) -> None:
    asked.state, asked.reason = "refused", reason
    asked.decided_at, asked.decided_by_id = at, by.user_id
    audit.record(session, "erasure.refused", by=by, at=at, builder_id=asked.builder_id)


def begin(session: Session, member: Concerned, typed: str, *, by: Actor, at: datetime) -> Erasure:
    """The person can't come in any more from now on; the rest follows in the background.

    Raises NotErased.
    """
    reason = _refusal(session, member, by)
    if reason:
        raise NotErased(reason)
    if typed.strip().casefold() != member.user.email.casefold():
        raise NotErased("address")
    erasure = queries.open_of(session, member.id) or _new(member, "running", by, at)
    if erasure.state == "running" and erasure.decided_at is not None:
        return erasure
    erasure.state, erasure.decided_at, erasure.decided_by_id = "running", at, by.user_id
    erasure.wholly = not people.known_elsewhere(session, member)
    erasure.with_files = rules.erases_files(session, member.builder_id)
    erasure.names = {
        "name": member.user.name,
        "email": member.user.email,
        **former(member.role, member.builder.locale if member.builder is not None else "en"),
    }
    session.add(erasure)
    audit.record(
        session, "erasure.begun", by=by, at=at, builder_id=member.builder_id, role=member.role
    )
    _shut_out(session, member, erasure.wholly, at)
    return erasure


def _new(member: Concerned, state: str, by: Actor, at: datetime) -> Erasure:
    return Erasure(
        builder_id=member.builder_id,
        user_id=member.user_id,
        membership_id=member.id,
        role=member.role,
        state=state,
        asked_at=at,
        asked_by_id=by.user_id,
    )


def _shut_out(session: Session, member: Concerned, wholly: bool, at: datetime) -> None:
    if wholly:
        sessions.end_all_of(session, member.user_id, at=at)
        member.user.disabled_at = at
        member.user.password_hash = ""
    if isinstance(member, Membership):
        team.leave(session, member, at=at)
    else:
        session.delete(member)
        session.flush()
