"""Takes ideas to the tracker. What came of it is written down at once, before the delivery is
settled, so that an issue which was made is known whatever happens next."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from portal.backlog.models import BacklogItem, State
from portal.backlog.queries import items
from portal.backlog.service import connecting
from portal.backlog.service.cards import card_of
from portal.backlog.service.connecting import Means
from portal.backlog.trackers import Brought, Card, Refused, RetryLater, Tracker
from portal.backlog.trackers import Outcome as Answer
from portal.foundation.clock import utcnow
from portal.foundation.deliveries import Channel, Delivery, Outcome, Status
from portal.foundation.sealing import Unreadable
from portal.foundation.tenancy import PLATFORM, see

HELD: Final = timedelta(seconds=40)  # longer than the longest talk
ONE_AT_A_TIME: Final = timedelta(seconds=10)
REST: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Errand:
    tracker: Tracker
    card: Card
    revision: int


class Courier:
    """Rests a moment when the tracker is in trouble: that must cost a batch one time limit, not one
    for each of its issues, and letters wait behind it."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        means: Means,
        base_url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._means = means
        self._base_url = base_url
        self._clock = clock
        self._rests_until = float("-inf")
        self._trouble = ""

    def send(self, delivery: Delivery) -> Outcome:
        if self._clock() < self._rests_until:
            return Outcome(Status.QUEUED, self._trouble, REST)
        key = UUID(delivery.payload["item_id"])
        errand = self._errand(key, utcnow())
        if isinstance(errand, Outcome):
            return errand
        answer = errand.tracker.bring(errand.card)
        with self._sessions.begin() as session:
            see(session, PLATFORM)
            _write_down(session, key, errand, answer, utcnow())
        return self._outcome(answer)

    def _errand(self, key: UUID, at: datetime) -> Errand | Outcome:
        """What is to be brought, held until it is; or why nothing is."""
        with self._sessions.begin() as session:
            see(session, PLATFORM)
            item, connection = items.held(session, key), items.connection(session)
            if item is None or item.sent_revision >= item.revision:
                return Outcome(Status.SENT)
            if connection is None or connection.place != item.place:
                return _nowhere(item, "not_connected")
            if item.held_until is not None and item.held_until > at:
                return Outcome(Status.QUEUED, "another try is on its way", ONE_AT_A_TIME)
            try:
                tracker = connecting.tracker_of(connection, self._means)
            except Unreadable:
                return _nowhere(item, "sealed")
            item.held_until = at + HELD
            return Errand(tracker, card_of(session, item, self._base_url), item.revision)

    def _outcome(self, answer: Answer) -> Outcome:
        match answer:
            case Brought():
                return Outcome(Status.SENT)
            case Refused():
                return Outcome(Status.DEAD, _words(answer))
        self._trouble = _words(answer)
        self._rests_until = self._clock() + REST.total_seconds()
        return Outcome(Status.QUEUED, self._trouble, answer.after)


def channel(courier: Courier) -> Channel:
    return Channel(courier.send, _settled)


def _settled(session: Session, delivery: Delivery, at: datetime) -> None:
    """What was tried for a whole day is given up."""
    if delivery.status != Status.DEAD or delivery.about_id is None:
        return
    item = items.held(session, delivery.about_id)
    if item is not None and item.revision == delivery.payload["revision"]:
        item.state = State.FAILED


def _nowhere(item: BacklogItem, reason: str) -> Outcome:
    item.state, item.trouble, item.said = State.FAILED, reason, ""
    return Outcome(Status.DEAD, reason)


def _write_down(session: Session, key: UUID, errand: Errand, answer: Answer, at: datetime) -> None:
    item = items.held(session, key)
    if item is None or item.marker != errand.card.marker:
        return  # meanwhile it was sent anew, as another issue
    item.held_until = None
    if isinstance(answer, Brought):
        item.external_id, item.key, item.url = answer.external_id, answer.key, answer.url
        item.stage = answer.stage or item.stage
        item.sent_revision, item.sent_at = errand.revision, at
        item.trouble, item.said = "", ""
        item.state = State.SENT if item.revision == errand.revision else State.WAITING
        return
    item.trouble, item.said = answer.reason, answer.detail
    if isinstance(answer, Refused):
        item.state = State.FAILED


def _words(answer: RetryLater | Refused) -> str:
    return f"{answer.reason}: {answer.detail}".rstrip(": ")
