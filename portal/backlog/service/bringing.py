"""Ideas on their way to the tracker: each state of one is sent once, the newest in the place of
those that have not left yet."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.backlog.models import BacklogConnection, BacklogItem, State
from portal.backlog.queries import items
from portal.core.permissions import Actor, Permission
from portal.foundation import deliveries
from portal.foundation.deliveries import Delivery, Status
from portal.ideas.models import FeatureRequest
from portal.ideas.service.submitting import named

KIND: Final = "backlog"
PATIENCE: Final = timedelta(hours=24)
MOST: Final = 500  # that are tried again with one press


class NotConnected(ValueError):
    """There is no tracker."""


def bring(session: Session, idea: FeatureRequest, *, by: Actor, at: datetime) -> BacklogItem:
    """Sent for the first time, as it is now, or anew where the tracker has lost it. Raises
    NotConnected."""
    by.require(Permission.RUN_IDEAS)
    connection = items.connection(session)
    if connection is None:
        raise NotConnected
    item = items.item_of(session, idea.id) or _begun(session, connection, idea, at)
    item.asked_by, item.asked_by_name, item.asked_at = by.user_id, by.name, at
    _send(session, connection, item, at)
    audit.record(session, "backlog.sent", by=by, at=at, about=named(idea))
    return item


def follow(session: Session, idea: FeatureRequest, *, at: datetime) -> None:
    """What becomes of an idea goes where the idea went; one goes by itself as the connection
    says."""
    connection = items.connection(session)
    if connection is None:
        return
    item = items.item_of(session, idea.id)
    if item is None:
        if not connection.begins_at or idea.status != connection.begins_at:
            return
        item = _begun(session, connection, idea, at)
    if item.place == connection.place or not item.external_id:
        _send(session, connection, item, at)


def try_all_again(
    session: Session, connection: BacklogConnection, *, by: Actor, at: datetime
) -> int:
    """What was given up and what waits for its next try, but for what another tracker has; how
    many."""
    by.require(Permission.RUN_IDEAS)
    ours = or_(BacklogItem.place == connection.place, BacklogItem.external_id == "")
    query = select(BacklogItem).where(BacklogItem.state.in_([State.FAILED, State.WAITING]), ours)
    found = session.scalars(query.order_by(BacklogItem.asked_at).limit(MOST)).all()
    for item in found:
        _send(session, connection, item, at)
    return len(found)


def _begun(
    session: Session, connection: BacklogConnection, idea: FeatureRequest, at: datetime
) -> BacklogItem:
    item = BacklogItem(
        request_id=idea.id,
        place=connection.place,
        marker=uuid4(),
        revision=0,
        sent_revision=0,
        asked_at=at,
    )
    session.add(item)
    session.flush()
    return item


def _send(session: Session, connection: BacklogConnection, item: BacklogItem, at: datetime) -> None:
    if item.place != connection.place or item.trouble == "gone":
        _forget_issue(item, connection)
    item.revision += 1
    item.state, item.trouble, item.said = State.WAITING, "", ""
    session.flush()
    _stand_in(session, item)
    deliveries.queue(
        session,
        KIND,
        at=at,
        dedup_key=f"{KIND}:{item.id}:{item.revision}",
        payload={"item_id": str(item.id), "revision": item.revision},
        about_id=item.id,
        patience=PATIENCE,
    )


def _forget_issue(item: BacklogItem, connection: BacklogConnection) -> None:
    """Another is made, which the tracker must not take for the one that was there."""
    item.place, item.marker = connection.place, uuid4()
    item.external_id, item.key, item.url, item.stage = "", "", "", ""
    item.sent_at = None


def _stand_in(session: Session, item: BacklogItem) -> None:
    """What comes now says all that those before would have said."""
    before = session.scalars(
        select(Delivery).where(
            Delivery.about_id == item.id,
            Delivery.kind == KIND,
            Delivery.status.in_([Status.QUEUED, Status.DEAD]),
        )
    )
    for delivery in before:
        delivery.status = Status.CANCELLED
    session.flush()
