"""Scripts that are built by nothing: as they stand in `widget/src`, packed."""

from typing import Final

from flask import Response, request
from werkzeug.http import is_resource_modified

from portal.foundation.web.access import public
from portal.foundation.web.assets import FOREVER, Bundle
from portal.foundation.web.errors import NotFound
from widget.bundles import bundles
from widget.views import views

AN_HOUR: Final = "public, max-age=3600"
REASON: Final = "scripts are the same for everybody"


@views.get("/corbel.js", endpoint="script")
@public(REASON)
def loader() -> Response:
    """Its address stands in pages that we don't write, and never changes."""
    return _sent(bundles().loader, AN_HOUR)


@views.get("/corbel.d.ts", endpoint="declarations")
@public(REASON)
def declarations() -> Response:
    return _sent(bundles().declarations, AN_HOUR)


@views.get("/<any(panel, rest, board, tips):name>.<digest>.js", endpoint="part")
@public(REASON)
def part(name: str, digest: str) -> Response:
    """A page older than this process still gets one, but may not keep it."""
    found: Bundle | None = getattr(bundles(), name, None)
    if found is None:
        raise NotFound
    return _sent(found, FOREVER if digest == found.digest else "no-store")


def _sent(found: Bundle, kept: str) -> Response:
    packed = request.accept_encodings["gzip"] > 0
    headers = {
        "Cache-Control": kept,
        "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a page of somebody else's loads it
    }
    if not is_resource_modified(request.environ, etag=found.digest):
        return Response(status=304, headers=headers)
    response = Response(found.packed if packed else found.body, headers=headers)
    response.mimetype = found.mimetype
    response.set_etag(found.digest, weak=packed)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response
