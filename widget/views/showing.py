"""How a part of a panel is sent: as HTML with the panel's own icons, packed."""

import gzip
from typing import Any, Final

from flask import Response, make_response, render_template, request

from portal.foundation.web.assets import asset_url
from portal.foundation.web.site import the_site
from widget.bundles import ICONS

WORTH_PACKING: Final = 1024  # bytes
QUICK: Final = 5  # of gzip's levels


def html_of(template: str, **values: Any) -> str:
    html = render_template(template, site_root=root(), **values)
    sprite = asset_url("icons.svg")
    for name in ICONS:
        html = html.replace(f'"{sprite}#{name}"', f'"#i-{name}"')
    return html


def shown(template: str, *, status: int = 200, **values: Any) -> Response:
    return packed(make_response(html_of(template, **values), status))


def packed(response: Response) -> Response:
    body = response.get_data()
    response.vary.add("Accept-Encoding")
    if len(body) >= WORTH_PACKING and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, QUICK))
        response.headers["Content-Encoding"] = "gzip"
    return response


def root() -> str:
    """Where whoever sits here finds all of it, outside the panel."""
    site = the_site()
    return str(site.brand.root) if site.brand is not None else site.root
