"""Who is restricted, why and until when; and the answers to those who object."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.community.forms import DAYS, LIFT, AnswerForm, RestrictionForm
from portal.community.models import Restriction
from portal.community.queries import people
from portal.community.queries import restrictions as queries
from portal.community.queries.people import Profile
from portal.community.service import restrictions
from portal.community.service.restrictions import (
    NobodyThere,
    NothingToAnswer,
    NotInForce,
    RestrictedAlready,
)
from portal.community.views import community
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@community.get("/restrictions", endpoint="restrictions")
@requires(Permission.RESTRICT_MEMBERS)
def listed() -> Response:
    past, now = request.args.get("state") == "past", utcnow()
    rows = queries.page(db(), now, asked_cursor(), past=past)
    return page(
        "community/restrictions.html",
        rows=rows.items,
        whom=queries.whom(db(), rows.items),
        past=past,
        newer=_link(past, rows.previous_cursor),
        older=_link(past, rows.next_cursor),
    )


@community.get("/restrictions/<uuid:restriction_id>", endpoint="restriction")
@requires(Permission.RESTRICT_MEMBERS)
def shown(restriction_id: UUID) -> Response:
    return _page(_found(restriction_id), AnswerForm(formdata=None))


@community.post("/restrictions/<uuid:restriction_id>/lifting", endpoint="lift")
@requires(Permission.RESTRICT_MEMBERS)
def lift(restriction_id: UUID) -> Response:
    found = _found(restriction_id)
    try:
        restrictions.lift(db(), found, by=the_actor(), at=utcnow())
    except NotInForce:
        flash(_("It was over already."), "info")
    else:
        flash(_("It is over. They are told."))
    return see_other(url_for("community.restriction", restriction_id=restriction_id))


@community.post("/restrictions/<uuid:restriction_id>/answer", endpoint="answer")
@requires(Permission.RESTRICT_MEMBERS)
def answer(restriction_id: UUID) -> Response:
    found, form, now = _found(restriction_id), AnswerForm(), utcnow()
    if not form.validate():
        return _page(found, form, 422)
    lifts = form.outcome.data == LIFT and found.holds(now)
    settle = restrictions.grant_appeal if lifts else restrictions.decline_appeal
    try:
        settle(db(), found, form.text.data, by=the_actor(), at=now)
    except (NothingToAnswer, NotInForce):
        db().rollback()
        form.text.errors = [_("Somebody else has answered meanwhile.")]
        return _page(_found(restriction_id), form, 409)
    flash(_("Your answer is on its way."))
    return see_other(url_for("community.restriction", restriction_id=restriction_id))


@community.get("/members/<uuid:user_id>/restriction", endpoint="restrict_page")
@requires(Permission.RESTRICT_MEMBERS)
def restrict_page(user_id: UUID) -> Response:
    return _restrict_page(_member(user_id), RestrictionForm(formdata=None))


@community.post("/members/<uuid:user_id>/restriction", endpoint="restrict")
@requires(Permission.RESTRICT_MEMBERS)
def restrict(user_id: UUID) -> Response:
    found, form, now = _member(user_id), RestrictionForm(), utcnow()
    if not form.validate():
        return _restrict_page(found, form, 422)
    wish = form.wish(user_id, found.builder_id, now)
    try:
        row = restrictions.restrict(db(), wish, by=the_actor(), at=now)
    except RestrictedAlready:
        form.reason.errors = [_("They are restricted already. Look at the list of restrictions.")]
        return _restrict_page(found, form, 409)
    except NobodyThere:
        raise NotFound from None
    flash(_("Done. They are told why, until when, and how to object."))
    return see_other(url_for("community.restriction", restriction_id=row.id))


def _member(user_id: UUID) -> Profile:
    """Not of staff, who are spoken to elsewhere."""
    found = people.profile(db(), user_id)
    if found is None or found.is_staff:
        raise NotFound
    return found


def _found(key: UUID) -> Restriction:
    found = queries.one(db(), key)
    if found is None:
        raise NotFound
    return found


def _restrict_page(found: Profile, form: RestrictionForm, status: int = 200) -> Response:
    return page(
        "community/restrict.html",
        status=status,
        member=found,
        company=people.company(db(), found.builder_id),
        form=form,
        lengths=DAYS.items(),
    )


def _page(row: Restriction, form: AnswerForm, status: int = 200) -> Response:
    others = {row.lifted_by, row.appealed_by, row.answered_by}
    return page(
        "community/restriction.html",
        status=status,
        row=row,
        name=queries.whom(db(), [row]).name(row),
        names=people.names(db(), [one for one in others if one is not None]),
        holds=row.holds(utcnow()),
        form=form,
    )


def _link(past: bool, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    state = "past" if past else None  # what is None stands in no address
    return url_for("community.restrictions", cursor=str(cursor), state=state)
