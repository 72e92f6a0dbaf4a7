"""Moving a ticket along: wait, solve, close, reopen, snooze, wake."""

from datetime import datetime, time, timedelta

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import reader_zone
from portal.foundation.web.fragments import see_other
from portal.tickets.forms.desk import ReasonForm, ResolutionForm, SnoozeForm
from portal.tickets.service import states
from portal.tickets.views import workspace
from portal.tickets.views.desk import answer, confirmation, ticket_of

MORNING = time(9)


@workspace.post("/desk/<int:number>/waiting")
@requires(Permission.WORK_TICKETS)
def wait(number: int) -> Response:
    states.wait_on_customer(db(), ticket_of(number), by=the_actor(), at=utcnow())
    return answer(number, _("It waits on the customer; our clocks are on hold."))


@workspace.get("/desk/<int:number>/resolution")
@requires(Permission.WORK_TICKETS)
def resolve_page(number: int) -> Response:
    form = ResolutionForm(formdata=None)
    return confirmation("tickets/desk/resolution.html", number, form=form)


@workspace.post("/desk/<int:number>/resolution", endpoint="resolve")
@requires(Permission.WORK_TICKETS)
def resolve(number: int) -> Response:
    form = ResolutionForm()
    if not form.validate():
        return confirmation("tickets/desk/resolution.html", number, form=form, status=422)
    outcome = form.outcome.data.strip()
    states.resolve(db(), ticket_of(number), by=the_actor(), at=utcnow(), outcome=outcome)
    return _back(number, _("#%(number)s is solved.", number=number))


@workspace.get("/desk/<int:number>/closure")
@requires(Permission.WORK_TICKETS)
def close_page(number: int) -> Response:
    return confirmation("tickets/desk/closure.html", number, form=ReasonForm(formdata=None))


@workspace.post("/desk/<int:number>/closure", endpoint="close")
@requires(Permission.WORK_TICKETS)
def close(number: int) -> Response:
    form = ReasonForm()
    if not form.validate():
        return confirmation("tickets/desk/closure.html", number, form=form, status=422)
    reason = form.reason.data or ""
    states.close(db(), ticket_of(number), by=the_actor(), at=utcnow(), reason=reason)
    return _back(number, _("#%(number)s is closed.", number=number))


@workspace.post("/desk/<int:number>/reopening")
@requires(Permission.WORK_TICKETS)
def reopen(number: int) -> Response:
    states.reopen(db(), ticket_of(number), by=the_actor(), at=utcnow())
    return answer(number, _("#%(number)s is open again.", number=number))


@workspace.get("/desk/<int:number>/snooze")
@requires(Permission.WORK_TICKETS)
def snooze_page(number: int) -> Response:
    return _snooze_page(number, SnoozeForm(formdata=None), 200)


@workspace.post("/desk/<int:number>/snooze", endpoint="snooze")
@requires(Permission.WORK_TICKETS)
def snooze(number: int) -> Response:
    form, now = SnoozeForm(), utcnow()
    if form.validate() and form.until.data <= now:
        form.until.errors = [_("That time is already past. Choose a later one.")]
    if form.errors or form.until.errors:
        return _snooze_page(number, form, 422)
    states.snooze(db(), ticket_of(number), until=form.until.data, by=the_actor(), at=now)
    return _back(number, _("#%(number)s is out of sight until then.", number=number))


def _snooze_page(number: int, form: SnoozeForm, status: int) -> Response:
    soon = quick_times(utcnow().astimezone(reader_zone()))
    return confirmation("tickets/desk/snooze.html", number, form=form, soon=soon, status=status)


def quick_times(here: datetime) -> list[datetime]:
    """Later today, tomorrow morning, and the next Monday morning, by the reader's clock."""
    tomorrow = datetime.combine(here.date() + timedelta(days=1), MORNING, here.tzinfo)
    monday = tomorrow + timedelta(days=(7 - tomorrow.weekday()) % 7)
    return list(dict.fromkeys([here + timedelta(hours=3), tomorrow, monday]))


@workspace.post("/desk/<int:number>/waking")
@requires(Permission.WORK_TICKETS)
def wake(number: int) -> Response:
    states.wake(db(), ticket_of(number), by=the_actor(), at=utcnow())
    return answer(number, _("#%(number)s is back.", number=number))


def _back(number: int, said: str) -> Response:
    flash(said)
    return see_other(url_for("workspace.ticket", number=number))
