"""One stylesheet and one script for every page, put together when the app starts.

`static/css/**` is plain CSS in small files; the folder or file name says the cascade layer.
`static/js/*.js` are plain scripts that share nothing. Joining them spares some thirty requests; the
digest in the name lets browsers keep the result for a year. What few pages need lies apart: in
folders below `js`, and in `css/apart`, where each file says its layer itself.
"""

import gzip
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup, escape

from portal.foundation.web.access import public

LAYERS = ("reset", "tokens", "base", "layout", "components", "features", "utilities")
VENDORED = (
    "htmx-2.0.11.min.js",
    "htmx-ext-sse-2.2.4.min.js",
    "idiomorph-ext-0.8.0.min.js",
)
# Loaded apart: before the first paint, or by the few pages that say so. Folders below js/ are too.
APART = ("theme.js", "annotate.js")
EXTENSION = "corbel.assets"
FOREVER = "public, max-age=31536000, immutable"


class Bundle:
    """A joined asset, its content digest and its gzip form: gunicorn compresses nothing."""

    def __init__(self, body: bytes, kind: str, mimetype: str) -> None:
        self.body = body
        self.kind = kind
        self.mimetype = mimetype
        self.digest = _digest(body)

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)


def bundle_css(root: Path) -> tuple[bytes, str]:
    """Join the layer files below `root` (…/static/css); returns the stylesheet and its digest."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        text = "\n".join(path.read_text("utf-8") for path in _layer_files(root, layer))
        parts.append(f"@layer {layer} {{\n{text}\n}}")
    body = "\n".join(parts).encode()
    return body, _digest(body)


def bundle_js(root: Path) -> tuple[bytes, str]:
    """Join the vendored scripts and our own below `root` (…/static); returns script and digest."""
    vendored = [root / "vendor" / name for name in VENDORED]
    own = [path for path in sorted((root / "js").glob("*.js")) if path.name not in APART]
    body = "\n;\n".join(path.read_text("utf-8") for path in [*vendored, *own]).encode()
    return body, _digest(body)


def _layer_files(root: Path, layer: str) -> list[Path]:
    single = root / f"{layer}.css"
    return [single] if single.exists() else sorted((root / layer).glob("*.css"))


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:12]


blueprint = Blueprint("assets", __name__)


@blueprint.record_once
def _assemble(state: BlueprintSetupState) -> None:
    static = Path(state.app.static_folder or "static")
    state.app.extensions[EXTENSION] = {
        "css": Bundle(bundle_css(static / "css")[0], "css", "text/css"),
        "js": Bundle(bundle_js(static)[0], "js", "text/javascript"),
        "files": {},
    }


@blueprint.get("/static/site.<digest>.<any(css, js):kind>")
@public("looks and behaviour are the same for everybody")
def bundle(digest: str, kind: str) -> Response:
    """The joined asset. A page older than this process still gets one, but may not keep it."""
    found: Bundle = current_app.extensions[EXTENSION][kind]
    packed = request.accept_encodings["gzip"] > 0
    response = Response(found.packed if packed else found.body, mimetype=found.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER if digest == found.digest else "no-store"
    return response


@blueprint.app_template_global()
def bundle_url(kind: str) -> str:
    """Address of the joined `css` or `js`."""
    found: Bundle = current_app.extensions[EXTENSION][kind]
    return _everywhere("assets.bundle", digest=found.digest, kind=kind)


@blueprint.app_template_global()
def asset_url(filename: str) -> str:
    """Address of one file below static/, changing with its content."""
    seen: dict[str, str] = current_app.extensions[EXTENSION]["files"]
    if filename not in seen:  # a page asks some seventy times, for its icons
        path = Path(current_app.static_folder or "static") / filename
        seen[filename] = _everywhere("static", filename=filename, v=_digest(path.read_bytes()))
    return seen[filename]


def _everywhere(endpoint: str, **values: str) -> str:
    """The same at every portal: templates are compiled with it, and no portal's path may show up
    in another's pages."""
    return current_app.url_map.bind("", script_name="/").build(endpoint, values)


@blueprint.app_template_filter()
def icon(name: str, label: str = "") -> Markup:
    """A symbol of `static/icons.svg`, hidden from screen readers unless it is labelled."""
    return _drawn(asset_url("icons.svg"), name, label)


@lru_cache(1024)
def _drawn(sprite: str, name: str, label: str) -> Markup:
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    use = f'<use href="{sprite}#{escape(name)}"/>'
    return Markup(f'<svg class="icon" {spoken} focusable="false">{use}</svg>')  # noqa: S704
