"""Taking, handing over and giving back a ticket; being here or away."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import see_other
from portal.policy.pack import Category, Team
from portal.tickets.forms.desk import HandOverForm
from portal.tickets.models import Ticket
from portal.tickets.service import assignment, availability
from portal.tickets.service.assignment import NotAnAgent, Taken
from portal.tickets.views import workspace
from portal.tickets.views.desk import answer, confirmation, ticket_of
from portal.tickets.views.reader import pack_of


@workspace.post("/desk/<int:number>/assignment")
@requires(Permission.WORK_TICKETS)
def take(number: int) -> Response:
    """`held_by`: who had it when the page was loaded; 409 if that has changed."""
    ticket = ticket_of(number)
    seen = request.form.get("held_by")
    if seen is not None and seen != str(ticket.assigned_to or "") and not _is_mine(ticket):
        raise Taken
    assignment.take(db(), ticket, by=the_actor(), at=utcnow())
    return answer(number, _("#%(number)s is yours.", number=number))


def _is_mine(ticket: Ticket) -> bool:
    return ticket.assigned_to is not None and ticket.assigned_to == the_actor().agent_id


@workspace.post("/desk/<int:number>/release")
@requires(Permission.WORK_TICKETS)
def release(number: int) -> Response:
    assignment.release(db(), ticket_of(number), by=the_actor(), at=utcnow())
    return answer(number, _("#%(number)s is free for somebody else.", number=number))


@workspace.get("/desk/<int:number>/handover")
@requires(Permission.WORK_TICKETS)
def hand_over_page(number: int) -> Response:
    return _hand_over_page(number, HandOverForm(formdata=None), 200)


@workspace.post("/desk/<int:number>/handover", endpoint="hand_over")
@requires(Permission.WORK_TICKETS)
def hand_over(number: int) -> Response:
    form = HandOverForm()
    if not form.validate():
        return _hand_over_page(number, form, 422)
    try:
        assignment.hand_over(
            db(),
            ticket_of(number),
            UUID(form.agent.data),
            by=the_actor(),
            at=utcnow(),
            reason=form.reason.data or "",
        )
    except (NotAnAgent, ValueError):
        db().rollback()
        form.agent.errors = [_("Choose somebody of the list.")]
        return _hand_over_page(number, form, 422)
    flash(_("#%(number)s is handed over.", number=number))
    return see_other(url_for("workspace.ticket", number=number))


def _hand_over_page(number: int, form: HandOverForm, status: int) -> Response:
    roster = assignment.Roster.of(db())
    ticket = ticket_of(number)
    choice = roster.choose(ticket, tier=ticket.escalation_tier)
    candidates = sorted(roster.candidates.values(), key=lambda one: (not one.available, one.name))
    return confirmation(
        "tickets/desk/handover.html",
        number,
        status=status,
        form=form,
        candidates=candidates,
        proposed=choice.agent_id,
        subjects=_subjects(ticket),
    )


def _subjects(ticket: Ticket) -> dict[str, str]:
    """What specialities are called; a module is called what it is."""
    pack = pack_of(ticket)
    known: dict[str, Team | Category] = {**pack.teams, **pack.categories}
    return {key: one.name.to(language()) for key, one in known.items()}


@workspace.post("/queue/absence")
@requires(Permission.WORK_TICKETS)
def step_away() -> Response:
    availability.step_away(db(), by=the_actor())
    flash(_("You are away: no new tickets come to you. Those you have stay yours."))
    return see_other(url_for("workspace.queue"))


@workspace.post("/queue/presence")
@requires(Permission.WORK_TICKETS)
def come_back() -> Response:
    availability.come_back(db(), by=the_actor())
    flash(_("Welcome back: new tickets come to you again."))
    return see_other(url_for("workspace.queue"))
