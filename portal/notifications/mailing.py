"""The way of letters: queued with what they say, handed to the mail server, or kept to be read."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import Channel, Delivery, Outcome, Settled, Status
from portal.foundation.english import in_english
from portal.foundation.mail import (
    Letter,
    PermanentFailure,
    Sent,
    TemporaryFailure,
    Transport,
)

KIND = "mail"
SECRET = "secret"  # noqa: S105  of a payload, beside the letter's own fields
PRIVATE = "private"  # of a payload as well: between a builder's own desk and its people
SECRETIVE = f"{KIND}:secret"
GAP = "~key~"  # where it goes
SPENT = in_english(
    "Its link was for its reader alone and is forgotten; they can ask for a new one."
)
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
    secret: str = "",
    private: bool = False,
) -> Delivery | None:
    """Queue once per `dedup_key`; None when it stands already. `secret` goes where the letter says
    GAP: it is kept apart from the words, and no longer than until the letter is settled. What is
    `private` is not the platform's to read."""
    kept: dict[str, Any] = {SECRET: secret} if secret else {}
    if private:
        kept[PRIVATE] = True
    return deliveries.queue(
        session,
        KIND,
        at=at,
        dedup_key=f"{SECRETIVE if secret else KIND}:{_short(dedup_key)}",
        payload=letter.payload() | kept,
        builder_id=builder_id,
        about_id=about_id,
        recipient=letter.to.lower(),
        patience=PATIENCE,
    )


def _short(key: str) -> str:
    """Addresses may be longer than the column."""
    return key if len(key) <= 120 else hashlib.sha256(key.encode()).hexdigest()


def channel(
    transport: Transport | None, settled: Settled, *, secrets_stay: bool = False
) -> Channel:
    """`secrets_stay`: in a demo, whose mailbox page is the only way to read a letter."""

    def settle(session: Session, delivery: Delivery, at: datetime) -> None:
        if not secrets_stay:
            _forget_secret(delivery)
        settled(session, delivery, at)

    return Channel(Postman(transport).send, settle, at_home=transport is None)


def _forget_secret(delivery: Delivery) -> None:
    if delivery.status != Status.QUEUED and delivery.dedup_key.startswith(SECRETIVE):
        delivery.payload = delivery.payload | {SECRET: None}


def letter_of(payload: Mapping[str, Any], secret: str) -> Letter:
    """As it was written, with `secret` where it belongs."""
    words = {name: value for name, value in payload.items() if name not in {SECRET, PRIVATE}}
    letter = Letter.from_payload(words)
    if SECRET not in payload:
        return letter
    html = letter.html.replace(GAP, secret) if letter.html else letter.html
    return replace(letter, text=letter.text.replace(GAP, secret), html=html)


def is_spent(payload: Mapping[str, Any]) -> bool:
    """It can't be sent any more: what it had to bring is forgotten."""
    return SECRET in payload and payload[SECRET] is None


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
        if is_spent(delivery.payload):
            return Outcome(Status.DEAD, SPENT)
        letter = letter_of(delivery.payload, delivery.payload.get(SECRET) or "")
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
