"""The drafting table: our templates and assets under a bare Flask app, with no feature behind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template, request
from flask_babel import Babel, format_datetime, format_timedelta
from markupsafe import Markup, escape
from werkzeug.serving import make_server

from portal.foundation.web import assets

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:"
ERRORS = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
AGENT = SimpleNamespace(name="Mara Quinn", role="Support, tier 2", is_staff=True, builder_id=None)
OWNER = SimpleNamespace(name="Dana Ortiz", role="Owner", is_staff=False, builder_id="b1")


def create_table() -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.jinja_loader.searchpath.append(str(PAGES))  # type: ignore[union-attr]
    app.secret_key = "drawn"
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    app.register_blueprint(assets.blueprint)
    _add_filters(app)
    app.context_processor(_context)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.add_url_rule("/page/<name>", "page", lambda name: render_template(f"{name}.html"))
    app.add_url_rule("/gallery", "gallery", lambda: render_template("_gallery.html"))
    app.add_url_rule("/error/<int:code>", "error", _error)
    app.after_request(_guard)
    return app


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        when=lambda at: format_datetime(at, "EEE d MMM, HH:mm"),
        ago=lambda at: format_timedelta(at - NOW, add_direction=True),
        markdown=lambda text: Markup("<p>") + escape(text) + Markup("</p>"),
        filesize=lambda size: f"{size / 1000:.0f} kB",
    )


def _context() -> dict[str, Any]:
    return {
        "locale": request.args.get("lang", "en"),
        "csp_nonce": "nonce",
        "now": NOW,
        "after": lambda **delta: NOW + timedelta(**delta),
        "agent": AGENT,
        "owner": OWNER,
    }


def _error(code: int) -> tuple[str, int]:
    return render_template(f"errors/{code}.html", request_id="0198c2f1-7c1e"), code


def _guard(response: Any) -> Any:
    response.headers["Content-Security-Policy"] = CSP
    return response


@contextmanager
def served() -> Iterator[str]:
    """Serve the table on a free local port; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_table(), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
