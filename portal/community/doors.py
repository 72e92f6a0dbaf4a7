"""Who gets in: at a portal whoever its builder lets read; politely, not who is restricted."""

from dataclasses import replace

from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.community.queries.people import portal_may_read
from portal.community.service.restrictions import Restricted
from portal.core.permissions import Actor
from portal.foundation.speech import gettext as _
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem, answer, wants_json
from portal.foundation.web.formatting import when
from portal.foundation.web.fragments import page
from portal.foundation.web.site import Finder, Site, the_site


def init_app(app: Flask) -> None:
    app.register_error_handler(Restricted, _said_politely)


def require_open() -> None:
    """Raises NotFound at the portal of a builder that keeps the community from it."""
    if not the_site().reads_community:
        raise NotFound


def require_open_to(actor: Actor) -> None:
    """For programs, which ask at no site. Raises NotFound for a client or vendor of such a
    builder."""
    if not actor.is_portal_user or actor.builder_id is None:
        return
    if not portal_may_read(db(), actor.builder_id):
        raise NotFound


def knowing_choice(find: Finder) -> Finder:
    """Portals as `find` finds them, with what their builder chose."""

    def found(session: Session, host: str, slug: str) -> Site | None:
        site = find(session, host, slug)
        if site is None or site.builder_id is None:
            return site
        return replace(site, reads_community=portal_may_read(session, site.builder_id))

    return found


def _said_politely(refused: Restricted) -> Response:
    if wants_json():
        detail = _("You can read, but not write here until %(when)s.", when=when(refused.until))
        return answer(Problem(403, detail, restricted_until=refused.until.isoformat()))
    if "db" in g:
        db().rollback()
    return page("community/restricted.html", status=403, refused=refused)
