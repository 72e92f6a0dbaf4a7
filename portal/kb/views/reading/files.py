"""Pictures, films and captions, for whoever may read what shows them."""

from typing import Any, BinaryIO, Final
from uuid import UUID

from flask import request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from portal.foundation.filenames import disposition
from portal.foundation.runtime import current_runtime
from portal.foundation.storage import MissingFile, StoreUnavailable, serving_headers
from portal.foundation.web.access import public
from portal.foundation.web.assets import FOREVER
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.kb.queries import files as queries
from portal.kb.views.reading.blueprint import reading, the_reader

GATED: Final = "private, max-age=3600, immutable"
PLAYED: Final = frozenset({"video/mp4", "video/webm", "text/vtt"})
"""What players read from within a page, and in which nothing can run."""


@reading.get("/kb/files/<uuid:file_id>/<filename>")
@public("a file is for whoever may read the article that shows it")
def file(file_id: UUID, filename: str) -> Response:
    """Whatever it is called in the address; the name is for people who save it."""
    row = queries.file(db(), the_reader(), file_id)
    if row is None:
        raise NotFound
    headers = _headers(row)
    db().rollback()  # a film takes a while, and nobody waits for the database meanwhile
    try:
        opened = current_runtime().store.open(row.storage_key)
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    return _in_parts(
        opened, headers, f"{row.sha256}{'-preview' if 'preview' in request.args else ''}"
    )


def _headers(row: Any) -> dict[str, str]:
    headers = serving_headers(row.content_type, row.filename)
    headers["Cache-Control"] = FOREVER if row.is_open else GATED
    if row.content_type in PLAYED:
        headers["Content-Type"] = row.content_type
        headers["Content-Disposition"] = disposition(row.filename, "inline")
    return headers


def _in_parts(opened: BinaryIO, headers: dict[str, str], tag: str) -> Response:
    """Players ask for the part that they are about to show (RFC 9110, 14)."""
    size = opened.seek(0, 2)
    opened.seek(0)
    response = Response(FileWrapper(opened), headers=headers, direct_passthrough=True)
    response.content_length = size
    response.set_etag(tag)
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response
