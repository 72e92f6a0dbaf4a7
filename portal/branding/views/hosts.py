"""A builder's own hosts: claimed, shown in the DNS, looked at, and one of them chosen."""

from typing import Final
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.branding import hosts, queries
from portal.branding.dns import CHALLENGE, look_at_host, resolver
from portal.branding.face import root_of
from portal.branding.forms import DomainForm, PrimaryForm
from portal.branding.hosts import Known, NotReady, Taken, TooMany
from portal.branding.models import Domain
from portal.branding.names import shown
from portal.branding.refusals import host_refusal
from portal.branding.views import own_company
from portal.config import Settings
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

views: Final = Blueprint("domains", __name__)


@views.get("/company/domains")
@requires(Permission.MANAGE_BRAND)
def index() -> Response:
    return _page(DomainForm(formdata=None))


@views.post("/company/domains", endpoint="claim")
@limiter.limit("30 per hour")
@requires(Permission.MANAGE_BRAND)
def claim() -> Response:
    form = DomainForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        found = hosts.claim(
            db(),
            own_company(),
            form.host.data,
            ours=_ours(current_runtime().settings),
            by=the_actor(),
            at=utcnow(),
        )
    except (BadHost, Known, Taken, TooMany) as refused:
        form.host.errors = [_refusal(refused)]
        return _page(form, status=422)
    flash(_("%(host)s is noted. Add the two records, then check.", host=shown(found.host)))
    return see_other(url_for("domains.index"))


def _refusal(refused: BadHost | Known | Taken | TooMany) -> str:
    match refused:
        case BadHost():
            return host_refusal(refused)
        case Known():
            return str(_("This domain is in your list already."))
        case Taken():
            return str(
                _("Another company has shown that this domain is theirs. If it is yours, tell us.")
            )
    return str(_("There are %(number)s domains already. Remove one first.", number=hosts.MOST))


def _ours(settings: Settings) -> tuple[str, ...]:
    return (_host_of(settings.base_url), settings.portal_domain, settings.portal_target)


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0]


@views.post("/company/domains/<uuid:key>/verification", endpoint="verify")
@limiter.limit("20 per minute")
@requires(Permission.MANAGE_BRAND)
def verify(key: UUID) -> Response:
    domain, settings = _domain(key), current_runtime().settings
    host, token = domain.host, domain.token
    db().rollback()  # nobody waits for the database while the DNS is asked
    finding = look_at_host(resolver(settings.dns), host, token, settings.portal_target)
    domain = _domain(key)
    hosts.settle(db(), domain, finding, by=the_actor(), at=utcnow())
    _tell(domain)
    return see_other(url_for("domains.index"))


def _tell(domain: Domain) -> None:
    host = shown(domain.host)
    if domain.found.get("unreachable"):
        flash(_("No name server answered. Nothing was changed; try again later."), "warn")
    elif domain.state == "verified":
        flash(_("%(host)s is yours.", host=host))
    else:
        flash(_("The record for %(host)s is not there yet.", host=host), "warn")


@views.post("/company/domains/primary", endpoint="choose")
@requires(Permission.MANAGE_BRAND)
def choose() -> Response:
    form = PrimaryForm()
    host = form.host.data or ""
    try:
        hosts.choose_primary(db(), own_company(), host, by=the_actor(), at=utcnow())
    except NotReady:
        form.host.errors = [_("Check this domain first: it must be verified and lead to us.")]
        return _page(DomainForm(formdata=None), primary=form, status=422)
    flash(_("Saved. Links and letters lead there from now on."))
    return see_other(url_for("domains.index"))


@views.get("/company/domains/<uuid:key>/removal")
@requires(Permission.MANAGE_BRAND)
def removal(key: UUID) -> Response:
    domain = _domain(key)
    return page("branding/removal.html", domain=domain, host=shown(domain.host))


@views.post("/company/domains/<uuid:key>/removal", endpoint="remove")
@requires(Permission.MANAGE_BRAND)
def remove(key: UUID) -> Response:
    domain = _domain(key)
    host = shown(domain.host)
    hosts.give_up(db(), domain, by=the_actor(), at=utcnow())
    flash(_("%(host)s is removed.", host=host))
    return see_other(url_for("domains.index"))


def _domain(key: UUID) -> Domain:
    found = queries.domain(db(), own_company(), key)
    if found is None:
        raise NotFound
    return found


def _page(form: DomainForm, *, primary: PrimaryForm | None = None, status: int = 200) -> Response:
    settings, slug = current_runtime().settings, the_actor().builder_slug
    found = queries.domains(db(), own_company())
    return page(
        "branding/domains.html",
        status=status,
        form=form,
        primary=primary or PrimaryForm(formdata=None),
        domains=[(one, shown(one.host), hosts.is_ready(one)) for one in found],
        own_root=root_of(settings, slug, None),
        root_at=settings.root_at,
        challenge=CHALLENGE,
        target=settings.portal_target,
    )
