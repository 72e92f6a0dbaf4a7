"""Pictures in what people write: brought by the page's script, and shown."""

from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.wrappers import Response as Answer

from portal.core.permissions import Permission
from portal.foundation import images
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import (
    MissingFile,
    RefusedFile,
    StoreUnavailable,
    serving_headers,
)
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.downloads import streamed
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.formatting import filesize
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from portal.writing.addresses import PICTURES, picture_path
from portal.writing.models import Picture
from portal.writing.service import pictures as service

pictures = Blueprint("pictures", __name__, url_prefix=PICTURES)
WHY = "what everybody may read shows it; else its bringer alone gets it"


@pictures.post("")
@limiter.limit("30 per minute; 200 per hour")
@requires(Permission.TAKE_PART)
def bring() -> Answer:
    given, runtime = request.files.get("picture"), current_runtime()
    if given is None or not given.filename:
        return _refused(_("Choose a picture first."))
    limit = runtime.settings.attachment_limit
    try:
        kept = service.keep(db(), runtime.store, given, by=the_actor(), at=utcnow(), limit=limit)
    except RefusedFile as refused:
        return _refused(_why(refused))
    except StoreUnavailable:
        return _refused(_("It could not be kept just now. Try again."), 503)
    return jsonify({"name": kept.filename, "path": picture_path(kept.id)})


@pictures.get("/<uuid:picture_id>", endpoint="whole")
@public(WHY)
def whole(picture_id: UUID) -> Answer:
    found = _readable(picture_id)
    try:
        opened = current_runtime().store.open(found.storage_key)
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    return streamed(opened, serving_headers(found.content_type, found.filename))


@pictures.get("/<uuid:picture_id>/preview", endpoint="preview")
@public(WHY)
def preview(picture_id: UUID) -> Answer:
    found = _readable(picture_id)
    try:
        opened = current_runtime().store.open_preview(found.storage_key)
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    return streamed(opened, serving_headers(images.PREVIEW_TYPE, f"{found.filename}.webp"))


def _readable(key: UUID) -> Picture:
    found = service.readable(db(), key, g.get("actor"))
    if found is None or not the_site().reads_community:
        raise NotFound
    return found


def _refused(words: str, status: int = 422) -> Response:
    response = jsonify({"words": words})
    response.status_code = status
    return response


def _why(refused: RefusedFile) -> str:
    name = refused.params["filename"]
    if refused.reason == "too_large":
        size = filesize(refused.params["limit_bytes"])
        return _("“%(name)s” is larger than %(size)s and was not kept.", name=name, size=size)
    if refused.reason == "too_many_pixels":
        return _("“%(name)s” has too many pixels and was not kept.", name=name)
    return _("“%(name)s” is no picture that we can show, and was not kept.", name=name)
