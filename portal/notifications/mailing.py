"""The way of letters: queued with what they say, handed to the mail server, or kept to be read."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import Channel, Delivery, Outcome, Settled, Status
from portal.foundation.mail import (
    Letter,
    PermanentFailure,
    Sent,
    TemporaryFailure,
    Transport,
)

KIND = "mail"
PATIENCE = timedelta(hours=24)
REST = timedelta(seconds=15)
TROUBLE = frozenset({"timeout", "connection", "tls", "sign_in", "server"})
"""Faults of the mail server or the set-up: the next letter would fare no better."""


def post(
    session: Session,
    letter: Letter,
    *,
    at: datetime,
    dedup_key: str,
    builder_id: UUID | None = None,
    about_id: UUID | None = None,
) -> Delivery | None:
    """Queue once per `dedup_key`; None when it stands already."""
    return deliveries.queue(
        session,
        KIND,
        at=at,
        dedup_key=f"{KIND}:{_short(dedup_key)}",
        payload=letter.payload(),
        builder_id=builder_id,
        about_id=about_id,
        recipient=letter.to.lower(),
        patience=PATIENCE,
    )


def _short(key: str) -> str:
    """Addresses may be longer than the column."""
    return key if len(key) <= 120 else hashlib.sha256(key.encode()).hexdigest()


def channel(transport: Transport | None, settled: Settled) -> Channel:
    return Channel(Postman(transport).send, settled, at_home=transport is None)


class Postman:
    """Hands letters to a mail server, and rests a moment when that is in trouble: a dead server
    must cost a batch one time limit, not one for each of its letters."""

    def __init__(
        self, transport: Transport | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._rests_until = float("-inf")
        self._trouble = ""

    def send(self, delivery: Delivery) -> Outcome:
        if self._transport is None:
            return Outcome(Status.KEPT)
        if self._clock() < self._rests_until:
            return Outcome(Status.QUEUED, self._trouble, REST)
        letter = Letter.from_payload(delivery.payload)
        match self._transport.send(letter):
            case Sent():
                return Outcome(Status.SENT)
            case PermanentFailure() as failure:
                return Outcome(Status.DEAD, _words(failure))
            case TemporaryFailure() as failure:
                self._rest_after(failure)
                return Outcome(Status.QUEUED, _words(failure))

    def _rest_after(self, failure: TemporaryFailure) -> None:
        if failure.reason in TROUBLE:
            self._rests_until = self._clock() + REST.total_seconds()
            self._trouble = _words(failure)


def _words(failure: PermanentFailure | TemporaryFailure) -> str:
    return f"{failure.reason}: {failure.detail}".rstrip(": ")
