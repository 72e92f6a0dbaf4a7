"""The application of a web server. Wiring, and nothing else."""

from datetime import timedelta

from flask import Flask, g, request, session
from flask_babel import Babel, get_locale
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import features, navigation, process
from portal.accounts import identity
from portal.accounts.service import LOCALES
from portal.branding import sites
from portal.community import doors
from portal.config import Settings, secret_key
from portal.foundation import db, speech
from portal.foundation.clock import utcnow
from portal.foundation.web import addresses as addresses_of_pages
from portal.foundation.web import (
    assets,
    cookieless,
    database,
    errors,
    forms,
    gallery,
    headers,
    limits,
    site,
)
from portal.foundation.web.api import edge
from portal.kb import addresses
from widget import views as widget

SLACK = 5 * 1024 * 1024  # form fields beside the attachments
TOGETHER = 4  # attachments of the largest size: what is read, and lies on the disk meanwhile


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_env()
    app = edge.make_app(
        "portal", template_folder=process.TEMPLATES, static_folder=str(process.ROOT / "static")
    )
    _configure(app, settings)
    running = process.furnish(app, settings)
    db.leave_the_log(running.engine)
    addresses_of_pages.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    database.init_app(app, running.writers, running.readers)
    finder = doors.knowing_choice(sites.finder(settings))
    site.init_app(app, settings, running.readers, finder, sites.roots(settings))
    app.register_blueprint(assets.blueprint)
    if settings.demo or settings.testing:
        app.register_blueprint(gallery.blueprint)
    limits.init_app(app, settings)
    Htmx(app)
    Babel(app, locale_selector=locale, timezone_selector=zone)
    speech.init_app(app)
    csrf = forms.protect(app)
    edge.init_app(app)
    identity.init_app(app)
    features.register(app, csrf)
    widget.register(app, csrf)
    navigation.init_app(app)
    app.context_processor(_everywhere)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=TOGETHER * settings.attachment_limit + SLACK,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-corbel" if settings.secure_cookies else "corbel",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PROPAGATE_EXCEPTIONS=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),  # every asset's address has its digest
    )


def locale() -> str:
    if request and request.path.startswith((edge.PREFIX, cookieless.PREFIX)):
        return edge.locale(LOCALES) or LOCALES[0]
    if request and (addressed := addresses.spoken_at(request.path)) in LOCALES:
        return addressed  # of this page; what the reader has chosen stays
    actor = g.get("actor")
    chosen = session.get("locale") if request else None
    if actor is not None and chosen not in LOCALES:
        return str(actor.locale)
    offered = sites.languages() if request else LOCALES
    if chosen in offered:
        return str(chosen)
    return speech.asked_language(offered) or offered[0]


def zone() -> str:
    actor = g.get("actor")
    return actor.zone if actor is not None else "UTC"


def _everywhere() -> dict[str, object]:
    return {
        "actor": g.get("actor"),
        "csp_nonce": g.get("csp_nonce", ""),
        "locale": str(get_locale() or LOCALES[0]),
        "now": utcnow(),
    }
