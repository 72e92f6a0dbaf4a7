"""What a portal loads: its colours and pictures, each by the digest of what is in it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, g

from portal.branding import pictures, queries
from portal.branding.face import Face
from portal.core.permissions import Actor
from portal.foundation.runtime import current_runtime
from portal.foundation.storage import MissingFile, StoreUnavailable
from portal.foundation.tenancy import seeing
from portal.foundation.web.access import public
from portal.foundation.web.assets import FOREVER
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.site import is_portal, the_site

views: Final = Blueprint("brand", __name__)


@views.app_context_processor
def everywhere() -> dict[str, object]:
    """Layouts ask for the face of a portal; the platform has none."""
    face = the_face()
    if face is None:
        return {"face": None, "is_portal": is_portal()}
    return {"face": face, "is_portal": True, "languages": _offered(face)}


def the_face() -> Face | None:
    face: Face | None = the_site().brand
    return face


def _offered(face: Face) -> list[tuple[str, str]]:
    return [(code, name) for code, name in NAMES if code in face.languages]


NAMES: Final = (("en", "English"), ("es", "Español"))


@views.get("/brand/<digest>.css")
@public("the colours of a portal are for everybody who opens it")
def stylesheet(digest: str) -> Response:
    """A page older than the colours still gets the new ones, but may not keep them."""
    face = the_face()
    if face is None or not face.stylesheet:
        raise NotFound
    response = Response(face.css, mimetype="text/css")
    response.headers["Cache-Control"] = FOREVER if digest == face.stylesheet else "no-store"
    return response


@views.get("/brand/<digest>.png")
@public("the logo of a portal is for everybody who opens it")
def picture(digest: str) -> Response:
    builder_id = _whose()
    with seeing(db(), builder_id):
        found = queries.image(db(), builder_id, digest)
    if found is None:
        raise NotFound
    try:
        with current_runtime().store.open(found.storage_key) as file:
            content = file.read()
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    response = Response(content, content_type=pictures.CONTENT_TYPE)
    response.headers["Cache-Control"] = FOREVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # letters are read in pages of other origins
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _whose() -> UUID:
    """The portal's; at the platform, the company's own of who edits there."""
    actor: Actor | None = g.get("actor")
    builder_id = the_site().builder_id or (actor.builder_id if actor else None)
    if builder_id is None:
        raise NotFound
    return builder_id
