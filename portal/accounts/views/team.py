"""The people of a company, and those of the platform: the same pages, each behind its right."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import InvitationForm, RoleForm, duties_of
from portal.accounts.models import Invitation, Membership
from portal.accounts.queries import team as queries
from portal.accounts.service import invitations, team
from portal.accounts.service.invitations import NotInvited, Wish
from portal.accounts.wording import REFUSALS
from portal.core.permissions import Permission, Role
from portal.core.team import given_by
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other

LONGEST_SEARCH = 100


def people() -> Response:
    return _list(InvitationForm(formdata=None), 200)


def invite() -> Response:
    form = InvitationForm()
    actor = the_actor()
    if not form.validate() or form.role.data not in given_by(actor):
        if not form.role.errors and form.role.data not in given_by(actor):
            form.role.errors = [_("Choose a role of the list.")]
        return _list(form, 422)
    wish = Wish(form.email.data, Role(form.role.data), form.locale.data, duties_of(form))
    try:
        invitation = invitations.invite(db(), wish, by=actor, at=utcnow())
    except NotInvited as refused:
        form.email.errors = [
            _("This person belongs here already.")
            if refused.reason == "member"
            else _("This person has an invitation already; you can send it again below.")
        ]
        return _list(form, 422)
    flash(_("An invitation is on its way to %(email)s.", email=invitation.email))
    return see_other(url_for(".people"))


def send_invitation_again(key: UUID) -> Response:
    invitation = _invitation(key)
    invitations.send_again(db(), invitation, by=the_actor(), at=utcnow())
    flash(_("An invitation is on its way to %(email)s.", email=invitation.email))
    return see_other(url_for(".people"))


def revoke_invitation(key: UUID) -> Response:
    invitation = _invitation(key)
    invitations.revoke(db(), invitation, by=the_actor(), at=utcnow())
    flash(_("The invitation of %(email)s works no more.", email=invitation.email))
    return see_other(url_for(".people"))


def member(key: UUID) -> Response:
    found = _member(key)
    return _member_page(found, RoleForm(formdata=None, **_standing(found)), 200)


def _standing(found: Membership) -> dict[str, Any]:
    agent = team.agent_of(db(), found)
    if agent is None:
        return {"role": found.role}
    return {
        "role": found.role,
        "tier": str(agent.tier),
        "specialties": ", ".join(agent.specialties),
        "languages": agent.languages,
    }


def change_role(key: UUID) -> Response:
    found, form = _member(key), RoleForm()
    if not form.validate() or form.role.data not in given_by(the_actor()):
        form.role.errors = form.role.errors or [_("Choose a role of the list.")]
        return _member_page(found, form, 422)
    try:
        team.change_role(
            db(), found, Role(form.role.data), duties_of(form), by=the_actor(), at=utcnow()
        )
    except team.Refused as refused:
        raise Problem(409, str(REFUSALS[refused.refusal])) from None
    flash(_("Saved."))
    return see_other(url_for(".people"))


def removal(key: UUID) -> Response:
    """Asks once more."""
    found = _member(key)
    why_not = team.why_not(db(), found, by=the_actor())
    return page("accounts/removal.html", member=found, why_not=REFUSALS.get(why_not))


def remove(key: UUID) -> Response:
    found = _member(key)
    name = found.user.name
    try:
        team.remove(db(), found, by=the_actor(), at=utcnow())
    except team.Refused as refused:
        raise Problem(409, str(REFUSALS[refused.refusal])) from None
    flash(_("%(name)s is removed and signed out.", name=name))
    return see_other(url_for(".people"))


def reset_second_factor(key: UUID) -> Response:
    found = _member(key)
    try:
        team.reset_second_factor(db(), found, by=the_actor(), at=utcnow())
    except team.Refused as refused:
        raise Problem(409, str(REFUSALS[refused.refusal])) from None
    flash(_("The second step of %(name)s is reset.", name=found.user.name))
    return see_other(url_for(".member", key=key))


def _list(form: InvitationForm, status: int) -> Response:
    actor = the_actor()
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    form.offer(given_by(actor), actor)
    return page(
        "accounts/people.html",
        form=form,
        rows=queries.people_of(db(), actor.builder_id, search, asked_cursor()),
        invitations=queries.invitations_of(db(), actor.builder_id),
        search=search,
        status=status,
    )


def _member_page(found: Membership, form: RoleForm, status: int) -> Response:
    actor = the_actor()
    form.offer(given_by(actor), actor)
    return page(
        "accounts/member.html",
        member=found,
        form=form,
        why_not=REFUSALS.get(team.why_not(db(), found, by=actor)),
        status=status,
    )


def _member(key: UUID) -> Membership:
    found = queries.member(db(), the_actor().builder_id, key)
    if found is None:
        raise NotFound
    return found


def _invitation(key: UUID) -> Invitation:
    found = queries.invitation_of(db(), the_actor().builder_id, key)
    if found is None:
        raise NotFound
    return found


PAGES: Mapping[str, Any] = {
    "GET /people": people,
    "POST /people/invitations": invite,
    "POST /people/invitations/<uuid:key>/repetition": send_invitation_again,
    "POST /people/invitations/<uuid:key>/revocation": revoke_invitation,
    "GET /people/<uuid:key>": member,
    "POST /people/<uuid:key>/role": change_role,
    "GET /people/<uuid:key>/removal": removal,
    "POST /people/<uuid:key>/removal": remove,
}


def _pages(name: str, permission: Permission, more: Mapping[str, Any]) -> Blueprint:
    """The same pages at another address, behind another right."""
    blueprint = Blueprint(name, __name__, url_prefix=f"/{name}")
    for address, view in _marked(permission, {**PAGES, **more}):
        method, _blank, rule = address.partition(" ")
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])
    return blueprint


def _marked(permission: Permission, pages: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    mark = requires(permission)
    for address, view in pages.items():
        yield address, mark(view)


company = _pages("company", Permission.MANAGE_TEAM, {})
staff = _pages(
    "staff",
    Permission.MANAGE_STAFF,
    {"POST /people/<uuid:key>/second-factor/reset": reset_second_factor},
)
