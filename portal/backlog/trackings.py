"""What staff are shown of an idea in the tracker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.backlog.models import BacklogConnection, BacklogItem, Kind, State
from portal.backlog.queries import items
from portal.backlog.wording import GIVEN_UP, NAMES, STATES, TROUBLES
from portal.core.permissions import Actor, Permission
from portal.foundation.speech import gettext as _
from portal.ideas.models import FeatureRequest

PASSING: Final = {"timeout", "connection", "tls", "too_many", "server_error"}
"""Troubles that are waited out."""
TONES: Final = {State.WAITING: "", State.SENT: "done", State.FAILED: "danger"}


@dataclass(frozen=True, slots=True)
class Tracking:
    """`state` is empty where it was never sent; `action` is what the reader may press, empty where
    they may not; `said` is what the tracker answered when it refused. `moves`: look again soon."""

    tracker: str
    state: Any = ""
    tone: str = ""
    key: str = ""
    url: str = ""
    stage: str = ""
    sent_at: datetime | None = None
    trouble: Any = ""
    said: str = ""
    action: Any = ""
    moves: bool = False


def of_idea(session: Session, idea: FeatureRequest, looks: Actor) -> Tracking | None:
    """None where there is nothing to see and nothing to press."""
    connection, item = items.beside(session, idea.id)
    runs = looks.may(Permission.RUN_IDEAS)
    if item is not None:
        return _of_item(item, connection if runs else None)
    if connection is None or not runs:
        return None
    name = NAMES[Kind(connection.kind)]
    return Tracking(name, action=_("Send it to %(tracker)s", tracker=name))


def _of_item(item: BacklogItem, connection: BacklogConnection | None) -> Tracking:
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
        moves=state == State.WAITING,
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
