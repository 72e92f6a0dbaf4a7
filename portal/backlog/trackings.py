"""What the page of an idea shows staff of the tracker."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from portal.backlog.addresses import sending_path
from portal.backlog.models import BacklogConnection, BacklogItem, Kind, State
from portal.backlog.queries import items
from portal.backlog.wording import GIVEN_UP, NAMES, STATES, TROUBLES
from portal.core.permissions import Actor, Permission
from portal.foundation.speech import gettext as _
from portal.ideas.models import FeatureRequest
from portal.ideas.tracked import Tracking

PASSING: Final = {"timeout", "connection", "tls", "too_many", "server_error"}
"""Troubles that are waited out."""
TONES: Final = {State.WAITING: "", State.SENT: "done", State.FAILED: "danger"}


def of_idea(session: Session, idea: FeatureRequest, looks: Actor) -> Sequence[Tracking]:
    connection, item = items.beside(session, idea.id)
    runs = looks.may(Permission.RUN_IDEAS)
    if item is None:
        if connection is None or not runs:
            return []
        name = NAMES[Kind(connection.kind)]
        send = _("Send it to %(tracker)s", tracker=name)
        return [Tracking(name, action=send, path=sending_path(idea.number))]
    return [_of_item(idea, item, connection if runs else None)]


def _of_item(
    idea: FeatureRequest, item: BacklogItem, connection: BacklogConnection | None
) -> Tracking:
    state = State(item.state)
    return Tracking(
        tracker=NAMES[Kind(item.place.partition(":")[0])],
        state=STATES[state],
        tone=TONES[state],
        key=item.key,
        url=item.url,
        stage=item.stage,
        sent_at=item.sent_at,
        trouble=trouble_of(item),
        said=item.said,
        action=_action(item, connection),
        path=sending_path(idea.number),
    )


def trouble_of(item: BacklogItem) -> str:
    if not item.trouble:
        return ""
    if item.state == State.FAILED and item.trouble in PASSING:
        return str(GIVEN_UP)
    return str(TROUBLES[item.trouble])


def _action(item: BacklogItem, connection: BacklogConnection | None) -> str:
    if connection is None:
        return ""
    if item.place != connection.place:
        return _("Send it to %(tracker)s", tracker=NAMES[Kind(connection.kind)])
    if item.state == State.FAILED:
        return _("Send it anew")
    return _("Try again now") if item.trouble else _("Bring it up to date")
