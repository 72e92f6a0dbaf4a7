"""Pictures that are pasted, dropped or drawn upon while one writes: asked for by the script."""

import json
from typing import Any
from uuid import UUID

from flask import jsonify, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.kb.addresses import file_path
from portal.kb.models import KbFile
from portal.kb.queries import editing as queries
from portal.kb.service import files
from portal.kb.service.files import BadShapes
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.wording import bad_file


@editing.post("/files", endpoint="upload")
@requires(Permission.WRITE_ARTICLES)
def upload() -> Response:
    given = request.files.get("picture")
    if given is None or not given.filename:
        return _refused(str(_("Choose a picture first.")))
    return _kept(given, None, ())


@editing.get("/files/<uuid:file>", endpoint="drawing")
@requires(Permission.WRITE_ARTICLES)
def drawing(file: UUID) -> Response:
    """What was drawn, and over which picture."""
    found = _found(file)
    original = _found(found.original_id) if found.original_id else found
    return jsonify({**_facts(found), "shapes": found.annotations, "original": _path(original)})


@editing.post("/files/<uuid:file>", endpoint="draw")
@requires(Permission.WRITE_ARTICLES)
def draw(file: UUID) -> Response:
    """The picture as it looks with the shapes, which are kept beside to be drawn anew."""
    found, given = _found(file), request.files.get("picture")
    try:
        shapes = json.loads(request.form.get("shapes", "[]"))
    except ValueError:
        shapes = None
    if given is None or not isinstance(shapes, list):
        return _refused(str(_("What was drawn did not arrive. Try again.")))
    given.filename = found.filename
    return _kept(given, found, shapes)


def _kept(given: FileStorage, over: KbFile | None, shapes: Any) -> Response:
    runtime = current_runtime()
    facts: dict[str, Any] = {
        "by": the_actor(),
        "at": utcnow(),
        "limit": runtime.settings.attachment_limit,
    }
    try:
        if over is None:
            kept = files.keep_picture(db(), runtime.store, given, **facts)
        else:
            kept = files.annotate(db(), runtime.store, over, given, shapes, **facts)
    except RefusedFile as refused:
        return _refused(bad_file(refused))
    except BadShapes:
        return _refused(str(_("What was drawn did not arrive. Try again.")))
    except StoreUnavailable:
        return _refused(str(_("It could not be kept just now. Try again.")), 503)
    return jsonify(_facts(kept))


def _facts(file: KbFile) -> dict[str, Any]:
    return {
        "id": str(file.id),
        "path": file_path(file.id, file.filename),
        "url": _path(file),
        "name": file.filename,
        "width": file.width,
        "height": file.height,
        "drawing": url_for("articles.drawing", file=file.id),
    }


def _path(file: KbFile) -> str:
    return request.script_root + file_path(file.id, file.filename)


def _refused(words: str, status: int = 422) -> Response:
    response = jsonify({"words": words})
    response.status_code = status
    return response


def _found(file: UUID) -> KbFile:
    found = queries.file(db(), file)
    if found is None or found.width is None:
        raise NotFound
    return found
