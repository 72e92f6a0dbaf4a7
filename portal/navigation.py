"""Where each role can go from every page."""

from dataclasses import dataclass

from flask import Flask, g, request

from portal.core.permissions import Actor, Permission
from portal.foundation.speech import gettext as _
from portal.foundation.web.site import is_portal, the_site


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    current: bool
    key: str = ""  # the keyboard's: g, then this letter


def init_app(app: Flask) -> None:
    @app.context_processor
    def links() -> dict[str, object]:
        actor: Actor | None = g.get("actor")
        return {
            "nav": _main(actor),
            "account_links": _account(actor),
            "site_home": "/queue" if actor is not None and actor.is_staff else the_site().path,
            "site_name": the_site().name,
        }


def _main(actor: Actor | None) -> list[Link]:
    if is_portal():
        return _at_portal(actor)
    if actor is None:
        return [_link(_("Support"), "/"), _link(_("Contact"), "/contact")]
    if actor.is_staff:
        links = [_link(_("Queue"), "/queue", "q", also="/desk"), _link(_("Policy"), "/policy", "p")]
        if actor.may(Permission.SEE_OPERATIONS):
            links.append(_link(_("Mailbox"), "/mailbox", "x"))
        if actor.may(Permission.MANAGE_STAFF):
            links.append(_link(_("People"), "/staff/people"))
        return links
    tickets = _("Company tickets") if actor.sees_company else _("My tickets")
    links = [_link(_("Support"), "/"), _link(tickets, "/tickets")]
    if actor.may(Permission.WORK_DESK):
        links.append(_link(_("Your desk"), "/company/desk", "d"))
    return links


def _at_portal(actor: Actor | None) -> list[Link]:
    links = [_link(_("Start"), "/"), _link(_("Help"), "/help")]
    if actor is None:
        return [*links, _link(_("Contact"), "/contact")]
    return [*links, _link(_("My tickets"), "/tickets")]


def _account(actor: Actor | None) -> list[Link]:
    if actor is None:
        return []
    links = [
        _link(_("Account"), "/account"),
        _link(_("Notification settings"), "/account/notifications"),
        *_sign_on(actor),
    ]
    if actor.may(Permission.MANAGE_TEAM):
        links.append(_link(_("People"), "/company/people"))
    if actor.may(Permission.MANAGE_KEYS):
        links.append(_link(_("Widget keys"), "/company/keys"))
    if actor.may(Permission.MANAGE_BRAND):
        links.append(_link(_("Branding"), "/company/brand"))
    return links


def _sign_on(actor: Actor) -> list[Link]:
    if actor.may(Permission.MANAGE_STAFF):
        return [_link(_("Single sign-on"), "/staff/sign-on")]
    if actor.may(Permission.MANAGE_TEAM):
        return [_link(_("Single sign-on"), "/company/sign-on")]
    return []


def _link(label: str, href: str, key: str = "", *, also: str = "") -> Link:
    here = request.path
    inside = href != "/" and here.startswith(href)
    current = here == href or inside or bool(also and here.startswith(also))
    return Link(label, request.script_root + href, current, key)
