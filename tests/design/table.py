"""The drafting table: our templates and assets under a bare Flask app, with no feature behind."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, render_template, request
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from portal.foundation.clock import utcnow
from portal.foundation.web import assets, formatting, forms, headers, templating
from portal.kb.markup import render
from portal.kb.markup.showing import at_root
from tests.kb.markup.reading import known

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
ERRORS = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
SAMPLES = tuple(sorted(path.stem for path in PAGES.glob("*.html")))
PATHS = ("/gallery", "/error/404", *(f"/page/{name}" for name in SAMPLES))
ELSEWHERE = {
    "inbox.index": "/notifications",
    "inbox.count": "/notifications/count",
    "accounts.sign_in": "/sign-in",
    "accounts.sign_out": "/sign-out",
    "contact.contact": "/contact",
    "support.home": "/",
}
AGENT = SimpleNamespace(name="Mara Quinn", role="Support, tier 2", is_staff=True, builder_id=None)
OWNER = SimpleNamespace(name="Dana Ortiz", role="Owner", is_staff=False, builder_id="b1")


def create_table() -> Flask:
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.jinja_loader.searchpath.append(str(PAGES))
    app.jinja_environment = templating.Spoken
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.secret_key = "drawn"
    app.jinja_env.globals.update(csrf_token=lambda: "token", csrf=lambda: forms.hidden("token"))
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    headers.init_app(app)
    formatting.init_app(app)
    app.register_blueprint(assets.blueprint)
    app.context_processor(_context)
    app.add_url_rule("/page/<name>", "page", lambda name: render_template(f"{name}.html"))
    app.add_url_rule("/kb/files/<key>/<name>", "picture", lambda key, name: _picture())
    app.add_url_rule("/gallery", "gallery", lambda: render_template("_gallery.html"))
    app.add_url_rule("/error/<int:code>", "error", _error)
    # every page leads to the inbox, to signing in and out and to the contact form; none is here
    for endpoint, path in ELSEWHERE.items():
        app.add_url_rule(path, endpoint, lambda: "", methods=["GET"])
    app.jinja_env.globals["unread_notifications"] = lambda: 3
    return app


def _context() -> dict[str, Any]:
    now = utcnow()
    return {
        "locale": request.args.get("lang", "en"),
        "csp_nonce": g.csp_nonce,
        "now": now,
        "after": lambda **delta: now + timedelta(**delta),
        "agent": AGENT,
        "owner": OWNER,
        "article": _article,
    }


def _article() -> Markup:
    """Everything that an article may have in it."""
    source = (Path(__file__).parent / "article.md").read_text("utf-8")
    return at_root(render(source, language=request.args.get("lang", "en"), links=known).html, "")


def _picture() -> Response:
    drawing = (ROOT / "static" / "favicon.svg").read_bytes()
    return Response(drawing, mimetype="image/svg+xml")


def _error(code: int) -> tuple[str, int]:
    return render_template(f"errors/{code}.html", request_id=g.request_id), code


def _buffered(app: Flask) -> WSGIApplication:
    """Close what an answer is read from before it goes out: werkzeug's server leaves files open
    when a browser hangs up while it drains the request."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body, status, sent = run_wsgi_app(app, environ, buffered=True)
        start_response(status, sent.to_wsgi_list())
        return body

    return answer


@contextmanager
def served() -> Iterator[str]:
    """Serve the table on a free local port; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _buffered(create_table()), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
