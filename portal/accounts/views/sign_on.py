"""How people sign in through an identity provider: a company's connections, and the platform's.

Both have the same pages; whose connections they are follows from who is signed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.accounts.oidc import client, queries
from portal.accounts.oidc.forms import (
    ConnectionForm,
    connection_form,
    new_form,
    typed_otherwise,
)
from portal.accounts.oidc.models import Connection, EmailDomain
from portal.accounts.oidc.provider import SIGNATURES, Discovered, ProviderTrouble
from portal.accounts.oidc.service import connections, domains
from portal.accounts.oidc.service.connections import ChangedMeanwhile, ConnectionRefused
from portal.accounts.oidc.service.domains import DomainRefused
from portal.accounts.oidc.wording import REFUSALS, TO_ADMINS
from portal.accounts.views.sso import callback_path, safe
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.sealing import Unreadable
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db, let_go
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import portal_roots

MOST_DOMAINS = 200  # on the page of who confirms them
View = Callable[..., Response]


def _pages(name: str, place: str, permission: Permission) -> Blueprint:
    views = Blueprint(name, __name__, url_prefix=f"/{place}/sign-on")
    one = "/<uuid:connection>"
    for rule, endpoint, view, method in (
        ("", "index", index, "GET"),
        ("", "create", create, "POST"),
        ("/new", "new", new, "GET"),
        (one, "connection", connection_page, "GET"),
        (one, "save", save, "POST"),
        (f"{one}/trial", "try_out", try_out, "POST"),
        (f"{one}/activation", "enable", enable, "POST"),
        (f"{one}/deactivation", "disable", disable, "POST"),
        (f"{one}/removal", "removal", removal, "GET"),
        (f"{one}/removal", "remove", remove, "POST"),
    ):
        views.add_url_rule(rule, endpoint, requires(permission)(view), methods=[method])
    return views


def index() -> Response:
    return _index_page()


def _index_page(status: int = 200) -> Response:
    actor = the_actor()
    own = queries.connections(db(), actor.builder_id)
    claimed = queries.domains(db(), actor.builder_id) if actor.builder_id else []
    asked = queries.asked_domains(db(), MOST_DOMAINS) if actor.is_staff else []
    return page(
        "accounts/sign_on.html",
        connections=own,
        claimed=claimed,
        asked=asked,
        status=status,
    )


def new() -> Response:
    return _connection_page(new_form(_audiences()), None, 200)


def create() -> Response:
    form = new_form(_audiences())
    made = _saved(form, None)
    if made is None:
        return _connection_page(form, None, 422)
    flash(_("Saved. Test the connection, then switch it on."))
    return see_other(url_for(".connection", connection=made.id))


def connection_page(connection: UUID) -> Response:
    found = _found(connection)
    return _connection_page(connection_form(_audiences(), found), found, 200)


def save(connection: UUID) -> Response:
    found = _found(connection)
    form = connection_form(_audiences())
    try:
        if _saved(form, found) is None:
            return _connection_page(form, found, 422)
    except ChangedMeanwhile:
        return _conflict(form, found)
    flash(_("Saved."))
    return see_other(url_for(".connection", connection=connection))


def _conflict(form: ConnectionForm, found: Connection) -> Response:
    """What was typed stays, and takes the place of what is saved when it is sent once more."""
    saved = connection_form(_audiences(), found)
    form.seen.data, form.seen.raw_data = saved.seen.data, None
    return _connection_page(form, found, 409, conflict=typed_otherwise(form, saved))


def _saved(form: ConnectionForm, found: Connection | None) -> Connection | None:
    """None with the form's errors."""
    if not form.validate():
        return None
    try:
        if found is None:
            return connections.create(db(), form.draft(), safe(), by=the_actor(), at=utcnow())
        connections.change(
            db(),
            found,
            form.draft(),
            safe(),
            seen=form.seen.data or 0,
            by=the_actor(),
            at=utcnow(),
        )
    except ConnectionRefused as refused:
        form[refused.field].errors = [_refusal(refused.field, refused.reason, refused.about)]
        return None
    except DomainRefused as refused:
        form.domains.errors = [_refusal("domains", refused.reason, refused.about)]
        return None
    return found


def _refusal(field: str, reason: str, about: str) -> str:
    return str(REFUSALS[field, reason]) % {"about": about}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a test found: what the provider says of itself, or why it is of no use."""

    found: Discovered | None
    trouble: str = ""
    said: str = ""

    @property
    def signatures(self) -> Sequence[str]:
        if self.found is None or not self.found.signatures:
            return SIGNATURES
        return [name for name in SIGNATURES if name in self.found.signatures]


def try_out(connection: UUID) -> Response:
    trial = _tried(_found(connection))
    found = _found(connection)  # anew: the database was let go meanwhile
    return _connection_page(connection_form(_audiences(), found), found, 200, trial=trial)


def _tried(connection: Connection) -> Trial:
    try:
        provider = connections.provider_of(connection, safe())
        let_go()
        return Trial(client.try_out(provider, at=utcnow()))
    except Unreadable:
        return Trial(None, str(TO_ADMINS["sealed"]))
    except ProviderTrouble as trouble:
        return Trial(None, str(TO_ADMINS.get(trouble.reason, TO_ADMINS["answer"])), trouble.said)


def enable(connection: UUID) -> Response:
    found = _found(connection)
    connections.enable(db(), found, by=the_actor(), at=utcnow())
    flash(_("%(name)s is on: people can sign in with it.", name=found.name))
    return see_other(url_for(".connection", connection=connection))


def disable(connection: UUID) -> Response:
    found = _found(connection)
    connections.disable(db(), found, by=the_actor(), at=utcnow())
    flash(_("%(name)s is off. Who is signed in stays signed in.", name=found.name))
    return see_other(url_for(".connection", connection=connection))


def removal(connection: UUID) -> Response:
    found = _found(connection)
    people = queries.known_people(db(), found.id)
    return page("accounts/sign_on_removal.html", connection=found, people=people)


def remove(connection: UUID) -> Response:
    found = _found(connection)
    connections.remove(db(), found, by=the_actor(), at=utcnow())
    flash(_("%(name)s is removed.", name=found.name))
    return see_other(url_for(".index"))


def _connection_page(
    form: ConnectionForm, connection: Connection | None, status: int, **more: Any
) -> Response:
    return page(
        "accounts/sign_on_connection.html",
        form=form,
        connection=connection,
        addresses=_addresses(connection) if connection is not None else [],
        people=queries.known_people(db(), connection.id) if connection is not None else 0,
        status=status,
        **more,
    )


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of a connection at one site."""

    root: str
    at_portal: bool
    start: str  # where people may begin
    back: str  # where the provider sends them
    leaving: str  # where it says that somebody left


def _addresses(connection: Connection) -> list[Addresses]:
    """All at which somebody may begin, and so come back."""
    base, builder = current_runtime().settings.base_url, connection.builder
    found = [_at(base, connection, at_portal=False)] if connection.at_platform else []
    if connection.at_portal and builder is not None:
        roots = portal_roots(builder.id, builder.slug)
        found += [_at(root, connection, at_portal=True) for root in roots]
    return found


def _at(root: str, connection: Connection, *, at_portal: bool) -> Addresses:
    path = callback_path(connection.id)
    start = path.rpartition("/")[0]
    return Addresses(root, at_portal, root + start, root + path, f"{root}{start}/logout")


def _found(connection: UUID) -> Connection:
    found = queries.connection(db(), connection, the_actor().builder_id)
    if found is None:
        raise NotFound
    return found


def _audiences() -> tuple[str, ...]:
    return connections.audiences_of(the_actor().builder_id)


company = _pages("company_sign_on", "company", Permission.MANAGE_TEAM)
staff = _pages("staff_sign_on", "staff", Permission.MANAGE_STAFF)


@staff.post("/domains/<uuid:domain>/confirmation", endpoint="confirm_domain")
@requires(Permission.MANAGE_STAFF)
def confirm_domain(domain: UUID) -> Response:
    found = _domain(domain)
    try:
        domains.confirm(db(), found, by=the_actor(), at=utcnow())
    except DomainRefused as refused:
        flash(_refusal("domains", refused.reason, refused.about), "bad")
        return _index_page(422)
    flash(_("%(domain)s is confirmed.", domain=found.domain))
    return see_other(url_for(".index"))


@staff.post("/domains/<uuid:domain>/withdrawal", endpoint="withdraw_domain")
@requires(Permission.MANAGE_STAFF)
def withdraw_domain(domain: UUID) -> Response:
    found = _domain(domain)
    domains.withdraw(db(), found, by=the_actor(), at=utcnow())
    flash(_("%(domain)s is no longer confirmed.", domain=found.domain))
    return see_other(url_for(".index"))


def _domain(key: UUID) -> EmailDomain:
    found = queries.email_domain(db(), key)
    if found is None:
        raise NotFound
    return found
