"""What was taken for a secret and removed: told to its sender, who may say that it is none.

The fingerprints by which the sender's word is checked are kept nowhere but in the sender's own
signed cookie, or sealed in the memory of their panel, for an hour, and mean nothing without the key
of this installation.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from flask import session

from portal.core.secrets import Finding, fingerprint
from portal.foundation.runtime import current_runtime
from portal.foundation.sealing import Unreadable, seal, unseal
from portal.tickets.models import Message
from portal.tickets.service.filing import Filed
from portal.tickets.service.restoration import Place
from portal.tickets.wording import SECRETS

COOKIE = "removed"
KEPT = timedelta(hours=1)
MOST = 12  # a cookie holds 4 kB


@dataclass(frozen=True, slots=True)
class Removed:
    """`message` is empty for the opening of the ticket."""

    ticket: int
    message: str
    field: str
    kind: str
    start: int
    mark: str
    until: float  # POSIX time

    @property
    def key(self) -> str:
        """Names it in an address; the mark itself stays in the cookie."""
        return f"{self.message or self.field}-{self.start}"

    @property
    def message_id(self) -> UUID:
        return UUID(self.message)

    @property
    def what(self) -> str:
        return str(SECRETS.get(self.kind, self.kind))

    @property
    def place(self) -> Place:
        return Place(self.field, self.kind, self.start)


def from_filed(filed: Filed) -> Iterable[tuple[str, str, Finding]]:
    for number, finding in enumerate(filed.masked):
        yield "", "subject" if number < filed.in_subject else "description", finding


def from_written(
    message: Message, findings: Iterable[Finding]
) -> Iterable[tuple[str, str, Finding]]:
    for finding in findings:
        yield str(message.id), "body", finding


def remember(ticket: int, found: Iterable[tuple[str, str, Finding]], at: datetime) -> None:
    new = noted(ticket, found, at)
    if new:
        _store([*_all(at), *new][-MOST:])


def noted(
    ticket: int, found: Iterable[tuple[str, str, Finding]], at: datetime
) -> Sequence[Removed]:
    until = (at + KEPT).timestamp()
    return [
        Removed(ticket, message, field, finding.kind, finding.start, finding.fingerprint, until)
        for message, field, finding in found
    ]


def removed_from(ticket: int, at: datetime) -> list[Removed]:
    return [removed for removed in _all(at) if removed.ticket == ticket]


def sealed(removed: Sequence[Removed]) -> str:
    """For a sender who has no cookie; "" for none."""
    if not removed:
        return ""
    kept = json.dumps([astuple(one) for one in removed[-MOST:]])
    return seal(current_runtime().sealing_key, kept)


def unsealed(text: str, ticket: int, at: datetime) -> list[Removed]:
    """Of this ticket, what is not over; none of what we did not seal."""
    if not text:
        return []
    try:
        kept = json.loads(unseal(current_runtime().sealing_key, text))
    except Unreadable:
        return []
    known = [Removed(*entry) for entry in kept]
    return [one for one in known if one.ticket == ticket and one.until > at.timestamp()]


def is_what_was_removed(removed: Removed, words: str) -> bool:
    typed = fingerprint(words, current_runtime().fingerprint_key)
    return compare_digest(typed, removed.mark)


def settle(done: Removed, moved: int, at: datetime) -> None:
    """It is back in its place; what stands behind it moved."""
    _store(without(_all(at), done, moved))


def without(known: Iterable[Removed], done: Removed, moved: int) -> list[Removed]:
    return [_moved(removed, done, moved) for removed in known if removed != done]


def forget(ticket: int, message: str, at: datetime) -> None:
    """The text was written anew."""
    _store([r for r in _all(at) if (r.ticket, r.message) != (ticket, message)])


def _moved(removed: Removed, done: Removed, by: int) -> Removed:
    same = (removed.ticket, removed.message, removed.field) == (
        done.ticket,
        done.message,
        done.field,
    )
    return (
        replace(removed, start=removed.start + by)
        if same and removed.start > done.start
        else removed
    )


def _all(at: datetime) -> list[Removed]:
    kept = [Removed(*entry) for entry in session.get(COOKIE, ())]
    return [removed for removed in kept if removed.until > at.timestamp()]


def _store(removed: list[Removed]) -> None:
    if removed:
        session[COOKIE] = [astuple(one) for one in removed]
    else:
        session.pop(COOKIE, None)
