"""Which screen an address is, and addresses that are none yet."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import LANGUAGES
from portal.accounts.roles import ROLES
from portal.core.audience import Reader
from portal.core.page_keys import LONGEST, BadPattern, pattern
from portal.core.permissions import BUILDER_STAFF, PORTAL, Permission, Role
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.guidance.forms import tidy
from portal.guidance.queries import contextual, help_for, kept, presses
from portal.guidance.queries import screens as queries
from portal.guidance.service import screens
from portal.guidance.service.screens import PatternTaken
from portal.guidance.views import guidance, module_choices

KEPT: Final = timedelta(days=90)
WHY: Final = {
    "nothing": _l("No rule fits this address."),
    "only": _l("It is the only rule that fits."),
    "host": _l("It says more about the host than the others that fit."),
    "route": _l("It says more about what is behind the # than the others that fit."),
    "path": _l("It says more about the path than the others that fit."),
    "query": _l("It says more about what is behind the ? than the others that fit."),
    "position": _l("Others say as much; its screen stands first."),
    "key": _l("This is the key of the screen itself."),
}


@guidance.get("/tester", endpoint="tester")
@requires(Permission.MANAGE_GUIDANCE)
def tester() -> Response:
    """Changes nothing; the address says it all, so that it can be sent to a colleague."""
    url = tidy(request.args.get("url"))[:LONGEST]
    return page(
        "guidance/tester.html",
        blocks=("answer",),
        url=url,
        tongue=_one_of(request.args.get("language"), [code for code, _n in LANGUAGES], language()),
        role=_one_of(request.args.get("role"), list(_roles()), Role.OWNER),
        tongues=LANGUAGES,
        roles=_roles().items(),
        modules=dict(module_choices("")),
        **(_answer(url) if url else {}),
    )


def _answer(url: str) -> dict[str, Any]:
    session, now = db(), utcnow()
    role = _one_of(request.args.get("role"), list(_roles()), Role.OWNER)
    tongue = _one_of(request.args.get("language"), [code for code, _n in LANGUAGES], language())
    ours = kept.kept(session, kept.marks(session), at=now)
    told = ours.rules.explain(url)
    why = "key" if url in ours.screens else told.because
    reader = Reader(Role(role) if role else None)
    found = help_for(session, reader, url, language=tongue, role=role, at=now)
    return {"told": told, "why": WHY[why], "found": found, "most": contextual.MOST_ARTICLES}


def _roles() -> dict[str, object]:
    known = {role: ROLES[role] for role in ROLES if role in BUILDER_STAFF | PORTAL}
    return {str(role): name for role, name in known.items()} | {"": _("Somebody not signed in")}


def _one_of(asked: str | None, known: list[str], otherwise: str) -> str:
    return asked if asked is not None and asked in known else otherwise


@guidance.get("/unknown", endpoint="unknown")
@requires(Permission.MANAGE_GUIDANCE)
def unknown() -> Response:
    """Those for which there is a rule by now are left out."""
    session, now = db(), utcnow()
    ours = kept.kept(session, kept.marks(session), at=now)
    found = presses.unknown(session, now - KEPT)
    return page(
        "guidance/unknown.html",
        addresses=[one for one in found if ours.rules.page_of(one.path) is None],
        screens=queries.screens(session),
        days=KEPT.days,
    )


@guidance.post("/unknown", endpoint="add_address")
@requires(Permission.MANAGE_GUIDANCE)
def add_address() -> Response:
    """One more address for a screen that there is."""
    address, screen = tidy(request.form.get("pattern")), None
    try:
        pattern(address)
        screen = queries.screen(db(), UUID(request.form.get("screen", "")))
    except (BadPattern, ValueError):
        raise Problem(422) from None
    if screen is None:
        raise NotFound
    try:
        screens.add_pattern(db(), screen, address, by=the_actor(), at=utcnow())
    except PatternTaken as taken:
        flash(
            _("%(pattern)s belongs to %(screen)s.", pattern=address, screen=taken.page_key), "warn"
        )
    else:
        name = screen.titles.get(language()) or screen.page_key
        flash(_("%(pattern)s is now %(screen)s.", pattern=address, screen=name))
    return see_other(url_for("guidance.unknown"))
