"""A person is erased: looked at before, confirmed by typing, refused; or asked for by themself."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Membership
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.privacy.forms import ErasureForm, RefusalForm
from portal.privacy.models import Erasure
from portal.privacy.queries import erasures as queries
from portal.privacy.queries import people
from portal.privacy.queries.people import Concerned
from portal.privacy.service import erasing
from portal.privacy.service.erasing import NotErased
from portal.privacy.views import own_data, privacy
from portal.privacy.views.concerned import the_concerned


@privacy.get("/company/people/<uuid:membership_id>/erasure")
@requires(Permission.MANAGE_PRIVACY)
def erasure(membership_id: UUID) -> Response:
    return _erasure_page(the_concerned(membership_id), ErasureForm(formdata=None), 200)


@privacy.post("/company/people/<uuid:membership_id>/erasure", endpoint="erase")
@requires(Permission.MANAGE_PRIVACY)
def erase(membership_id: UUID) -> Response:
    member, form = the_concerned(membership_id), ErasureForm()
    if not form.validate():
        return _erasure_page(member, form, 422)
    try:
        erasing.begin(db(), member, form.email.data, by=the_actor(), at=utcnow())
    except NotErased as refused:
        if refused.reason == "address":
            form.email.errors = [_("This is not the address of the person. Nothing was changed.")]
        return _erasure_page(member, form, 422)
    flash(_("It has begun. The person can no longer sign in; the rest takes a few minutes."))
    return see_other(url_for("privacy.company"))


@privacy.get("/company/privacy/erasures/<uuid:key>/refusal")
@requires(Permission.MANAGE_PRIVACY)
def refusal(key: UUID) -> Response:
    return _refusal_page(_asked(key), RefusalForm(formdata=None), 200)


@privacy.post("/company/privacy/erasures/<uuid:key>/refusal", endpoint="refuse")
@requires(Permission.MANAGE_PRIVACY)
def refuse(key: UUID) -> Response:
    asked, form = _asked(key), RefusalForm()
    if not form.validate():
        return _refusal_page(asked, form, 422)
    erasing.refuse(db(), asked, form.reason.data, by=the_actor(), at=utcnow())
    flash(_("The person sees your answer on their account page."))
    return see_other(url_for("privacy.company"))


@own_data.get("/account/erasure")
@requires(Permission.USE_ACCOUNT)
def own_erasure() -> Response:
    return page("privacy/own_erasure.html", erasure=queries.latest_of(db(), _own_membership().id))


@own_data.post("/account/erasure", endpoint="ask_to_be_erased")
@requires(Permission.USE_ACCOUNT)
def ask_to_be_erased() -> Response:
    erasing.ask(db(), _own_membership(), by=the_actor(), at=utcnow())
    flash(_("Your wish has been passed on."))
    return see_other(url_for("own_data.own_erasure"))


def _own_membership() -> Membership:
    found = people.own_membership(db(), the_actor())
    if found is None:
        raise NotFound
    return found


def _asked(key: UUID) -> Erasure:
    found = queries.in_reach(db(), the_actor(), key)
    if found is None:
        raise NotFound
    if found.state != "asked":
        raise Problem(409, _("This was decided already."))
    return found


def _erasure_page(member: Concerned, form: ErasureForm, status: int) -> Response:
    preview = erasing.preview(db(), member, by=the_actor())
    return page("privacy/erasure.html", status=status, member=member, form=form, preview=preview)


def _refusal_page(asked: Erasure, form: RefusalForm, status: int) -> Response:
    return page("privacy/refusal.html", status=status, erasure=asked, form=form)
