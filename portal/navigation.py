"""Where each role can go from every page."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, g, request

from portal.accounts.identity import could_go_elsewhere
from portal.core.permissions import Actor, Permission
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.cookieless import is_cookieless
from portal.foundation.web.site import is_portal, the_site


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    current: bool
    key: str = ""  # the keyboard's: g, then this letter
    tells_news: bool = False  # how much is new stands beside it


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what somebody looks after. `icon` is one of static/icons.svg."""

    label: Any
    what: Any
    href: str
    needs: Permission
    icon: str


_OF_COMPANY = (
    Section(
        _l("People"),
        _l("Who may sign in, and as what; invitations."),
        "/company/people",
        Permission.MANAGE_TEAM,
        "users",
    ),
    Section(
        _l("Hours and targets"),
        _l("When your desk is there, and how soon it answers your clients and vendors."),
        "/company/desk/rules",
        Permission.RUN_DESK,
        "clock",
    ),
    Section(
        _l("Look"),
        _l("Name, colours and logo of your portal, with a preview."),
        "/company/brand",
        Permission.MANAGE_BRAND,
        "contrast",
    ),
    Section(
        _l("Addresses"),
        _l("Where your portal is found: a domain of your own."),
        "/company/domains",
        Permission.MANAGE_BRAND,
        "globe",
    ),
    Section(
        _l("Letters"),
        _l("How your e-mails look, and from which address they come."),
        "/company/letters",
        Permission.MANAGE_BRAND,
        "mail",
    ),
    Section(
        _l("Single sign-on"),
        _l("Let your people in through your own identity provider."),
        "/company/sign-on",
        Permission.MANAGE_TEAM,
        "sign-in",
    ),
    Section(
        _l("Widget keys"),
        _l("With which your server says who uses the help widget."),
        "/company/keys",
        Permission.MANAGE_KEYS,
        "key",
    ),
    Section(
        _l("Help widget"),
        _l("On which pages of yours the “?” may stand, and for whom."),
        "/company/widget",
        Permission.MANAGE_WIDGET,
        "life",
    ),
    Section(
        _l("Community"),
        _l("Whether your name stands beside what your people write, and who may read."),
        "/company/community",
        Permission.MANAGE_COMMUNITY,
        "chat",
    ),
    Section(
        _l("Privacy"),
        _l("How long things are kept, and people who ask to be forgotten."),
        "/company/privacy",
        Permission.MANAGE_PRIVACY,
        "shield",
    ),
    Section(
        _l("Audit log"),
        _l("Who changed what, and when."),
        "/company/audit",
        Permission.SEE_AUDIT,
        "history",
    ),
)
_OF_PLATFORM = (
    Section(
        _l("People"),
        _l("Who may sign in, and as what; invitations."),
        "/staff/people",
        Permission.MANAGE_STAFF,
        "users",
    ),
    Section(
        _l("Single sign-on"),
        _l("Of the platform's own people; which domains are whose."),
        "/staff/sign-on",
        Permission.MANAGE_STAFF,
        "sign-in",
    ),
    Section(
        _l("Backlog"),
        _l("Jira or Linear, to which ideas go; what did not get there."),
        "/staff/backlog",
        Permission.MANAGE_BACKLOG,
        "send",
    ),
    Section(
        _l("Restrictions"),
        _l("Who may not write in the community for a while, and who objects."),
        "/community/restrictions",
        Permission.RESTRICT_MEMBERS,
        "hold",
    ),
    Section(
        _l("Audit log"),
        _l("Who changed what, and when."),
        "/audit",
        Permission.SEE_AUDIT,
        "history",
    ),
)


def init_app(app: Flask) -> None:
    app.add_template_global(sections)

    @app.context_processor
    def links() -> dict[str, object]:
        if is_cookieless():
            return {"site_name": the_site().name}
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
        return [
            _link(_("Support"), "/"),
            _link(_("Help"), "/kb"),
            _link(_("Forum"), "/forum"),
            _link(_("Ideas"), "/ideas"),
            _link(_("Roadmap"), "/roadmap"),
            _news(),
            _link(_("Contact"), "/contact"),
        ]
    if actor.is_staff:
        return _of_staff(actor)
    tickets = _("Company tickets") if actor.sees_company else _("My tickets")
    links = [
        _link(_("Support"), "/"),
        _link(_("Help"), "/kb"),
        _link(_("Forum"), "/forum", "f"),
        _link(_("Ideas"), "/ideas", "i"),
        _link(_("Roadmap"), "/roadmap"),
        _news(),
        _link(tickets, "/tickets"),
    ]
    if actor.may(Permission.WORK_DESK):
        links.append(_link(_("Your desk"), "/company/desk", "d"))
    if actor.may(Permission.SEE_AUDIT):
        links.append(_link(_("Your company"), "/administration", "a"))
    return links


def _of_staff(actor: Actor) -> list[Link]:
    links = [
        _link(_("Queue"), "/queue", "q", also="/desk"),
        _link(_("Articles"), "/articles", "b"),
        _link(_("Policy"), "/policy", "p"),
        _link(_("Help"), "/kb"),
        _link(_("Forum"), "/forum", "f"),
        _link(_("Ideas"), "/ideas", "i"),
        _link(_("Roadmap"), "/roadmap"),
        _news(),
    ]
    if actor.may(Permission.MANAGE_GUIDANCE):
        links.append(_link(_("Screens"), "/guidance", "s", also="/videos"))
    if actor.may(Permission.SEE_OPERATIONS):
        links.append(_link(_("Mailbox"), "/mailbox", "x"))
    if actor.may(Permission.SEE_AUDIT):
        links.append(_link(_("Administration"), "/administration", "a", also="/staff"))
    return links


def _at_portal(actor: Actor | None) -> list[Link]:
    links = [_link(_("Start"), "/"), _link(_("Help"), "/kb", also="/help")]
    if the_site().reads_community:
        links.append(_link(_("Forum"), "/forum"))
    if actor is None:
        return [*links, _link(_("Contact"), "/contact")]
    return [*links, _link(_("My tickets"), "/tickets")]


def _account(actor: Actor | None) -> list[Link]:
    if actor is None:
        return []
    links = [
        _link(_("Account"), "/account"),
        _link(_("Notification settings"), "/account/notifications"),
    ]
    if could_go_elsewhere():
        links.append(_link(_("Switch company"), "/account/places"))
    return links


def sections() -> list[Section]:
    """What the signed-in person looks after: their company, or the platform."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    known = _OF_PLATFORM if actor.is_staff else _OF_COMPANY
    return [section for section in known if actor.may(section.needs)]


def _news() -> Link:
    return replace(_link(_("What’s new"), "/whats-new", "w"), tells_news=True)


def _link(label: str, href: str, key: str = "", *, also: str = "") -> Link:
    here = request.path
    inside = href != "/" and here.startswith(href)
    current = here == href or inside or bool(also and here.startswith(also))
    return Link(label, request.script_root + href, current, key)
