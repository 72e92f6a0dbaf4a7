"""In whose name letters to a builder's people go, and from which address."""

from typing import Final

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.branding import queries, senders, service
from portal.branding.dns import CHALLENGE, look_at_sender, resolver
from portal.branding.forms import SenderForm
from portal.branding.models import MailSender
from portal.branding.names import shown
from portal.branding.refusals import host_refusal
from portal.branding.views import own_company
from portal.core.hostnames import BadHost
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter

views: Final = Blueprint("letterhead", __name__)


@views.get("/company/letters")
@requires(Permission.MANAGE_BRAND)
def index() -> Response:
    return _page(SenderForm(formdata=None))


@views.post("/company/letters", endpoint="claim")
@limiter.limit("30 per hour")
@requires(Permission.MANAGE_BRAND)
def claim() -> Response:
    form = SenderForm()
    if not form.validate():
        return _page(form, status=422)
    ours = (senders.domain_of(current_runtime().settings.portal_mail_from),)
    try:
        made = senders.claim(
            db(), own_company(), form.address.data, ours=ours, by=the_actor(), at=utcnow()
        )
    except BadHost as refused:
        form.address.errors = [host_refusal(refused)]
        return _page(form, status=422)
    if made.state == "verified":
        flash(_("Saved. Letters come from %(address)s.", address=made.address))
    else:
        flash(_("%(address)s is noted. Add the records, then check.", address=made.address))
    return see_other(url_for("letterhead.index"))


@views.post("/company/letters/verification", endpoint="verify")
@limiter.limit("20 per minute")
@requires(Permission.MANAGE_BRAND)
def verify() -> Response:
    sender, settings = _sender(), current_runtime().settings
    domain, token = senders.domain_of(sender.address), sender.token
    db().rollback()  # nobody waits for the database while the DNS is asked
    finding = look_at_sender(resolver(settings.dns), domain, token, settings.mail_allowing)
    sender = _sender()
    senders.settle(db(), sender, finding, by=the_actor(), at=utcnow())
    if finding.unreachable:
        flash(_("No name server answered. Nothing was changed; try again later."), "warn")
    elif sender.state == "verified":
        flash(_("Letters come from %(address)s from now on.", address=sender.address))
    else:
        flash(_("The records are not all there yet."), "warn")
    return see_other(url_for("letterhead.index"))


@views.post("/company/letters/removal", endpoint="remove")
@requires(Permission.MANAGE_BRAND)
def remove() -> Response:
    senders.give_up(db(), _sender(), by=the_actor(), at=utcnow())
    flash(_("Letters come from the shared address again."))
    return see_other(url_for("letterhead.index"))


def _sender() -> MailSender:
    found = queries.sender_of(db(), own_company())
    if found is None:
        raise NotFound
    return found


def _page(form: SenderForm, *, status: int = 200) -> Response:
    settings, sender = current_runtime().settings, queries.sender_of(db(), own_company())
    look = service.current(db(), own_company()).look
    domain = senders.domain_of(sender.address) if sender else ""
    return page(
        "branding/letters.html",
        status=status,
        form=form,
        sender=sender,
        domain=shown(domain),
        name=look.name or the_actor().builder_name,
        reply_to=look.contact_email,
        shared=settings.portal_mail_from,
        challenge=CHALLENGE,
        allowing=settings.mail_allowing,
    )
