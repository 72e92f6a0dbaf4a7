"""The connection to the tracker: kept, tried and taken away."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.backlog.addresses import SETTINGS
from portal.backlog.forms import ConnectionForm, connection_form
from portal.backlog.models import BacklogConnection, Kind, State
from portal.backlog.queries import items
from portal.backlog.service import connecting
from portal.backlog.service.connecting import ChangedMeanwhile, ConnectionRefused
from portal.backlog.trackers import Checked
from portal.backlog.trackings import trouble_of
from portal.backlog.views.blueprint import backlog, means
from portal.backlog.wording import NAMES, REFUSALS, STATES, TROUBLES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.sealing import Unreadable
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db, let_go
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@backlog.get("", endpoint="connection")
@requires(Permission.MANAGE_BACKLOG)
def shown() -> Response:
    """With `?tracker=` the form of another tracker than the connected one."""
    found, asked = items.connection(db()), request.args.get("tracker", "")
    kind = Kind(asked) if asked in list(Kind) else None
    form = connection_form(found, kind) if found is not None or kind is not None else None
    return _page(form, found)


@backlog.post("", endpoint="save")
@requires(Permission.MANAGE_BACKLOG)
def save() -> Response:
    form = connection_form()
    if not form.validate():
        return _page(form, items.connection(db()), status=422)
    try:
        draft, seen = form.draft(), form.seen.data or 0
        connecting.save(db(), draft, means(), seen=seen, by=the_actor(), at=utcnow())
    except ConnectionRefused as refused:
        form[refused.field].errors = [REFUSALS[refused.field, refused.reason]]
        return _page(form, items.connection(db()), status=422)
    except ChangedMeanwhile:
        return _conflict(form)
    flash(_("Saved. Test the connection before you rely on it."))
    return see_other(SETTINGS)


def _conflict(form: ConnectionForm) -> Response:
    """What was typed stays, and takes the place of what is saved when it is sent once more."""
    found = items.connection(db())
    form.seen.data, form.seen.raw_data = found.version if found else 0, None
    return _page(form, found, status=409, conflict=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a test found, or why the connection is of no use."""

    found: Checked | None
    trouble: Any = ""
    said: str = ""


@backlog.post("/trial", endpoint="try_out")
@requires(Permission.MANAGE_BACKLOG)
def try_out() -> Response:
    trial = _tried(_connected())
    found = _connected()  # anew: the database was let go meanwhile
    return _page(connection_form(found), found, trial=trial)


def _tried(connection: BacklogConnection) -> Trial:
    try:
        tracker = connecting.tracker_of(connection, means())
    except Unreadable:
        return Trial(None, TROUBLES["sealed"])
    let_go()
    answer = tracker.check()
    if isinstance(answer, Checked):
        return Trial(answer)
    return Trial(None, TROUBLES[answer.reason], answer.detail)


@backlog.get("/removal", endpoint="removal")
@requires(Permission.MANAGE_BACKLOG)
def removal() -> Response:
    found = _connected()
    return page(
        "backlog/removal.html",
        name=NAMES[Kind(found.kind)],
        there=items.counts(db()).get(State.SENT, 0),
    )


@backlog.post("/removal", endpoint="remove")
@requires(Permission.MANAGE_BACKLOG)
def remove() -> Response:
    found = _connected()
    name = NAMES[Kind(found.kind)]
    connecting.disconnect(db(), found, by=the_actor(), at=utcnow())
    flash(_("%(name)s is disconnected.", name=name))
    return see_other(SETTINGS)


def _connected() -> BacklogConnection:
    found = items.connection(db())
    if found is None:
        raise NotFound
    return found


def _page(
    form: ConnectionForm | None,
    found: BacklogConnection | None,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    return page(
        "backlog/connection.html",
        status=status,
        form=form,
        connection=found,
        kinds=NAMES,
        states=STATES,
        counts=items.counts(db()),
        failed=items.in_state(db(), State.FAILED),
        waiting=items.in_state(db(), State.WAITING),
        trouble_of=trouble_of,
        **more,
    )
