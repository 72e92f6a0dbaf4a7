"""One template, whole or by named blocks: the view names them, never the client."""

import json
from typing import Any

from flask import Response, current_app, g, make_response, render_template
from htmx_flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer


def is_htmx() -> bool:
    """An htmx swap; a history restore wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def page(
    template: str, *, blocks: tuple[str, ...] = (), status: int = 200, **values: Any
) -> Response:
    """The whole page, or for an htmx request only the named blocks, one after the other."""
    if blocks and is_htmx():
        body = "".join(block(template, name, **values) for name in blocks)
    else:
        body = render_template(template, **values)
    return make_response(body, status)


def block(template: str, name: str, /, **values: Any) -> Markup:
    source = current_app.jinja_env.get_template(template)
    current_app.update_template_context(values)
    context = source.new_context(values)
    return Markup("".join(source.blocks[name](context)))  # noqa: S704


def see_other(url: str, *, trigger: str = "") -> Response:
    """After a change: 303 for a browser, HX-Location's plain redirect for htmx."""
    response = Response(status=303)
    if is_htmx():
        response = Response(status=204)
        response.headers["HX-Redirect"] = url
    else:
        response.headers["Location"] = url
    if trigger:
        response.headers["HX-Trigger"] = trigger
    return response


def toast(response: Answer, said: str, *events: str) -> Answer:
    """What the page says for a moment when the response arrives, and which of its own `events`
    it fires then."""
    triggers = {"corbel:toast": said} | dict.fromkeys(events, "")
    response.headers["HX-Trigger"] = json.dumps(triggers)
    return response


def nonce() -> str:
    value: str = g.get("csp_nonce", "")
    return value
