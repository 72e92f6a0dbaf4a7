"""A ticket that is really a wish for the product: a new idea, or a vote for one that is there."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from portal.core.audience import reader_of
from portal.core.permissions import Desk, Permission
from portal.core.redaction import Private, with_stand_ins
from portal.core.ticket_states import Verb
from portal.foundation.clock import utcnow
from portal.foundation.ids import uuid7
from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach
from portal.ideas.service import finding
from portal.ideas.service.refusals import NotOpen
from portal.ideas.wording import STATUSES
from portal.policy.modules import modules_with
from portal.policy.running import running_pack
from portal.tickets.forms.wishes import REASON_LONGEST, WishForm
from portal.tickets.models import Ticket
from portal.tickets.redacting import KIND_NAMES, language_of
from portal.tickets.service import wishes
from portal.tickets.service.wishes import Telling, Wished
from portal.tickets.views import workspace
from portal.tickets.views.desk import ticket_of
from portal.tickets.wording import secrets_removed


class NoSuchIdea(ValueError):
    """Nor one that may be shown to whoever asked."""


@workspace.get("/desk/<int:number>/idea", endpoint="wish_page")
@requires(Permission.WORK_TICKETS)
def review(number: int) -> Response:
    """In the words of whoever asked, without what is private."""
    ticket = _ours(number)
    things = wishes.private_in(db(), ticket, [ticket.subject, ticket.description], at=utcnow())
    form = WishForm(
        formdata=None,
        title=with_stand_ins(ticket.subject, things),
        body=with_stand_ins(ticket.description, things),
        category=ticket.module,
        reason=ticket.description[:REASON_LONGEST],
        telling=_telling(ticket),
        then=Verb.RESOLVE,
        press=str(uuid7()),
    )
    return _page(ticket, form)


@workspace.post("/desk/<int:number>/idea", endpoint="make_wish")
@requires(Permission.WORK_TICKETS)
def make(number: int) -> Response:
    ticket, form = _ours(number), WishForm()
    _offer(form, ticket)
    if not form.validate():
        return _page(ticket, form, 422)
    try:
        idea = _chosen(form)
    except NoSuchIdea:
        form.other.errors = [_("There is no such idea.")]
        return _page(ticket, form, 422)
    private = [] if idea else _private(ticket, form)
    if private and form.looked.data != _looks(private):
        return _page(ticket, form, 422, private)
    try:
        wished = _make(ticket, idea, form)
    except NotOpen:
        db().rollback()
        form.other.errors = [_("It is decided: nobody votes for it any more.")]
        return _page(_ours(number), form, 409)
    if wished is not None:
        flash(_said(wished))
    return see_other(url_for("workspace.ticket", number=number))


def _telling(ticket: Ticket) -> str:
    """To begin with, in the language of whoever asked."""
    with force_locale(language_of(ticket)):
        said = [_("This is a wish for the product, so we have put it among our ideas.")]
        if ticket.builder is not None:
            said.append(_("Your company’s vote goes with it."))
        said.append(_("You will hear from us when something becomes of it. Here it is:"))
        return " ".join(said)


def _ours(number: int) -> Ticket:
    """Raises NotFound: a builder's own desk has its own wishes."""
    ticket = ticket_of(number)
    if ticket.desk != Desk.PLATFORM:
        raise NotFound
    return ticket


def _chosen(form: WishForm) -> FeatureRequest | None:
    """The public idea that the form names. Raises NoSuchIdea."""
    if not form.chosen:
        return None
    idea = reach.by_number(db(), the_actor(), form.chosen)
    if idea is not None and idea.merged_into_id is not None:
        idea = reach.by_id(db(), the_actor(), idea.merged_into_id)
    if idea is None or idea.is_internal:
        raise NoSuchIdea
    return idea


def _private(ticket: Ticket, form: WishForm) -> Sequence[Private]:
    texts = [form.title.data, form.body.data, form.use_case.data or ""]
    return wishes.private_in(db(), ticket, texts, at=utcnow())


def _looks(private: Sequence[Private]) -> str:
    """What was shown, so that what is new in changed words is shown again."""
    return " ".join(sorted(thing.key for thing in private))


def _make(ticket: Ticket, idea: FeatureRequest | None, form: WishForm) -> Wished | None:
    telling = Telling(
        form.telling.data,
        form.press.data or "",
        form.verb,
        running_pack().lifecycle.undo_send_seconds,
    )
    session, actor, now, reason = db(), the_actor(), utcnow(), form.reason.data or ""
    if idea is not None:
        return wishes.join(session, ticket, idea, reason, telling, by=actor, at=now)
    return wishes.begin(session, ticket, form.words(), reason, telling, by=actor, at=now)


def _said(wished: Wished) -> str:
    said = [_("It is idea #%(number)s, and they are told.", number=wished.idea.number)]
    if wished.counted:
        said.append(_("Their vote is counted."))
    elif wished.counted is False:
        said.append(_("Their company had voted for it already."))
    removed = secrets_removed([one.kind for one in wished.written.masked])
    return " ".join([*said, removed]).strip()


def _offer(form: WishForm, ticket: Ticket) -> None:
    known = modules_with(running_pack(), language(), ticket.module)
    form.category.choices = [
        SelectChoice("", _("Everything, or I don’t know")),
        *(SelectChoice(key, name) for key, name in known.items()),
    ]


def _alike(ticket: Ticket) -> list[FeatureRequest]:
    """Those that still take votes."""
    actor = the_actor()
    reader = reader_of(actor, at_portal=False)
    found = finding.similar(db(), actor, reader, ticket.subject, language=language_of(ticket))
    return [idea for idea in found if idea.takes_votes and not idea.is_internal]


def _page(
    ticket: Ticket, form: WishForm, status: int = 200, private: Sequence[Private] = ()
) -> Response:
    _offer(form, ticket)
    return page(
        "tickets/desk/wish.html",
        status=status,
        ticket=ticket,
        form=form,
        choices=[_choice(idea) for idea in _alike(ticket)],
        private=private,
        looks=_looks(private),
        kinds=KIND_NAMES,
        into=form.into.data or "",
    )


def _choice(idea: FeatureRequest) -> dict[str, Any]:
    wanted = ngettext("%(num)s builder wants it", "%(num)s builders want it", idea.vote_count)
    hint = f"#{idea.number} · {STATUSES[idea.status]} · {wanted}"
    return {"value": idea.number, "label": idea.title, "hint": hint}
