"""Who has a ticket, how urgent it is, and how it ends."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.policy.pack import UnknownName
from portal.tickets.forms.desk import ReasonForm, ResolutionForm
from portal.tickets.service import handling, states, triage
from portal.tickets.service.handling import NotOfTheTeam
from portal.tickets.views import office
from portal.tickets.views.at_builder.ticket import answer, ticket_of
from portal.tickets.views.reader import pack_of


@office.post("/<int:number>/handler")
@requires(Permission.WORK_DESK)
def hand(number: int) -> Response:
    """`to`: somebody's id, `me`, or nothing for everybody."""
    found, actor, to = ticket_of(number), the_actor(), request.form.get("to", "")
    try:
        person = actor.user_id if to == "me" else UUID(to) if to else None
        handling.hand(db(), found, person, by=actor, at=utcnow())
    except (ValueError, NotOfTheTeam):
        raise Problem(422, _("Choose somebody of your team.")) from None
    return answer(number, _("Given on.") if person else _("It is everybody's again."))


@office.post("/<int:number>/<any(severity, category):about>")
@requires(Permission.WORK_DESK)
def classify(number: int, about: str) -> Response:
    found, value = ticket_of(number), request.form.get("value", "")
    try:
        triage.classify(db(), pack_of(found), found, by=the_actor(), at=utcnow(), **{about: value})
    except UnknownName:
        raise Problem(422, _("Choose one of the list.")) from None
    return answer(number, _("Changed."))


@office.get("/<int:number>/resolution")
@requires(Permission.WORK_DESK)
def resolve_page(number: int) -> Response:
    return _step("resolution", number, ResolutionForm(formdata=None))


@office.post("/<int:number>/resolution", endpoint="resolve")
@requires(Permission.WORK_DESK)
def resolve(number: int) -> Response:
    form = ResolutionForm()
    if not form.validate():
        return _step("resolution", number, form, 422)
    outcome = form.outcome.data.strip()
    states.resolve(db(), ticket_of(number), by=the_actor(), at=utcnow(), outcome=outcome)
    return _back(number, _("#%(number)s is settled.", number=number))


@office.get("/<int:number>/closure")
@requires(Permission.WORK_DESK)
def close_page(number: int) -> Response:
    return _step("closure", number, ReasonForm(formdata=None))


@office.post("/<int:number>/closure", endpoint="close")
@requires(Permission.WORK_DESK)
def close(number: int) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _step("closure", number, form, 422)
    reason = form.reason.data or ""
    states.close(db(), ticket_of(number), by=the_actor(), at=utcnow(), reason=reason)
    return _back(number, _("#%(number)s is closed.", number=number))


@office.post("/<int:number>/reopening")
@requires(Permission.WORK_DESK)
def reopen(number: int) -> Response:
    states.reopen(db(), ticket_of(number), by=the_actor(), at=utcnow())
    return answer(number, _("#%(number)s is open again.", number=number))


def _step(name: str, number: int, form: object, status: int = 200) -> Response:
    """A verb that asks once more, as a page of its own."""
    found = ticket_of(number)
    return page(f"tickets/office/{name}.html", status=status, ticket=found, form=form)


def _back(number: int, said: str) -> Response:
    flash(said)
    return see_other(url_for("office.ticket", number=number))
