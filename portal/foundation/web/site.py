"""Under whose name a page is shown: the platform's, or a builder's portal.

A portal is reached by a path of the platform's host (`/b/<slug>/`), or by a host of its own. What
belongs to one (sessions, links, cookies) means nothing at another.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Request, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.wrappers import Response

from portal.config import PLATFORM_NAME, PORTALS, Settings
from portal.foundation.speech import gettext as _
from portal.foundation.web import cookieless
from portal.foundation.web.errors import NotFound

SLUG: Final = "corbel.slug"  # of the portal whose path a request has, in its WSGI environment
PREFIX: Final = PORTALS
PLATFORM: Final = "corbel.platform"
PLACES: Final = "corbel.sites"
ROOTS: Final = "corbel.roots"
FINDER: Final = "corbel.finder"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FILES: Final = frozenset({"static", "assets.bundle"})  # the same for everybody
LONGEST_HOST: Final = 260  # with its port
_NETLOC: Final = re.compile(r"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?")
MACHINES: Final = frozenset({"ops"})  # which ask by number, not by name


class Kind(StrEnum):
    PLATFORM = "platform"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Site:
    """`root` is its whole address without a slash at the end; `path` where it begins on its host,
    with one. `brand` is how a builder wants it to look, `reads_community` whether it lets people
    read there what builders write for each other."""

    root: str
    path: str = "/"
    builder_id: UUID | None = None  # None: the platform itself
    slug: str = ""
    name: str = PLATFORM_NAME
    brand: Any = None
    reads_community: bool = True

    @property
    def kind(self) -> Kind:
        return Kind.PLATFORM if self.builder_id is None else Kind.PORTAL


Finder = Callable[[Session, str, str], Site | None]
"""(session, host, slug) → the portal of that path or, with no slug, of that host."""
Roots = Callable[[Session, UUID, str], Sequence[str]]
"""(session, builder, slug) → every whole address at which the builder's portal answers."""


def the_site() -> Site:
    """Of the running request; the platform's, where none runs."""
    site: Site = g.get("site") or current_app.extensions[PLATFORM]
    return site


def portal_roots(builder_id: UUID, slug: str) -> Sequence[str]:
    """Without a slash at the end, as `Site.root`."""
    roots: Roots = current_app.extensions[ROOTS]
    return roots(g.db, builder_id, slug)


def stand_at(slug: str) -> None:
    """From here on the request is for that builder's portal, or for the platform (no slug): where
    whoever asks belongs, in a panel on somebody else's page."""
    find: Finder = current_app.extensions[FINDER]
    found = find(g.db, "", slug) if slug else None
    g.site = found or current_app.extensions[PLATFORM]


def is_portal() -> bool:
    return the_site().kind is Kind.PORTAL


class PortalPaths:
    """WSGI: what follows `/b/<slug>` is an address within that portal."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            slug, slash, rest = path.removeprefix(PREFIX).partition("/")
            if slug and slash:
                environ[SLUG] = slug
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX + slug
                environ["PATH_INFO"] = "/" + rest
        return self._app(environ, start_response)


def init_app(
    app: Flask, settings: Settings, readers: sessionmaker[Session], find: Finder, roots: Roots
) -> None:
    platform = Site(settings.base_url)
    own = frozenset({_host(urlsplit(settings.base_url).netloc)})
    own = own | LOOPBACK if own & LOOPBACK else own
    app.extensions[PLATFORM], app.extensions[PLACES] = platform, {}
    app.extensions[ROOTS], app.extensions[FINDER] = roots, find
    app.session_interface = SiteSessions(own)
    app.wsgi_app = PortalPaths(app.wsgi_app)  # type: ignore[method-assign]

    def enter() -> Response | None:
        """Unknown hosts are refused, and so is what the site does not have."""
        g.site = platform
        if request.endpoint in FILES or request.blueprint in MACHINES:
            return None
        host, slug = _host(request.headers.get("Host", "")), request.environ.get(SLUG, "")
        if host not in own:
            site = _found(host, "")
            if site is None or slug:  # a portal has no other portals within it
                return _nobodys(404 if site else 400)
            g.site = site
        elif slug:
            g.site = _found(host, slug) or platform
        _refuse_what_is_elsewhere(slug)
        return None

    def _found(host: str, slug: str) -> Site | None:
        if not host:
            return None
        return find(g.db, host, slug) if "db" in g else _with(readers, find, host, slug)

    app.before_request(enter)


def _nobodys(status: int) -> Response:
    """Under a name that we don't know, nothing may show whose we are: it may have been a portal's,
    or somebody's who points at us."""
    words = _("There is nothing at this address.")
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")


def _with(readers: sessionmaker[Session], find: Finder, host: str, slug: str) -> Site | None:
    """An address that nothing answers to: its 404 is the portal's all the same."""
    with readers() as session:
        return find(session, host, slug)


def place(app: Flask, blueprints: Mapping[str, frozenset[Kind]]) -> None:
    """Say at which kinds of site the pages of each blueprint are, or one endpoint of it."""
    app.extensions[PLACES].update(blueprints)


def _refuse_what_is_elsewhere(slug: str) -> None:
    """Raises NotFound, also for a path that no portal has."""
    if slug and not is_portal():
        raise NotFound
    if request.endpoint is None:
        return
    places: Mapping[str, frozenset[Kind]] = current_app.extensions[PLACES]
    if the_site().kind not in kinds_of(places, request.endpoint):
        raise NotFound


def kinds_of(places: Mapping[str, frozenset[Kind]], endpoint: str) -> frozenset[Kind]:
    """What is said of no one is the platform's alone."""
    of_blueprint = places.get(endpoint.rpartition(".")[0], frozenset({Kind.PLATFORM}))
    return places.get(endpoint, of_blueprint)


def _host(netloc: str) -> str:
    """Without its port, in lower case; nothing for what no browser would send."""
    found = _NETLOC.fullmatch(netloc.lower()) if len(netloc) <= LONGEST_HOST else None
    return found[1].strip("[]").removesuffix(".") if found else ""


class SiteSessions(SecureCookieSessionInterface):
    """A cookie of one site is none at another: it has another path or host, and another key."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """One that can't be written to, where there are no cookies."""
        if request.path.startswith(cookieless.PREFIX):
            return self.make_null_session(app)
        return super().open_session(app, request)

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name(app, request.environ.get(SLUG, ""))

    def get_cookie_path(self, app: Flask) -> str:
        return portal_path(request.environ.get(SLUG, ""))

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        host = _host(request.host)
        scope = request.environ.get(SLUG, "") or ("" if host in self._own else host)
        return self.serializer_of(app, scope)

    def serializer_of(self, app: Flask, scope: str) -> URLSafeTimedSerializer | None:
        """`scope` is empty for the platform, the slug of a path, or a host."""
        plain = super().get_signing_serializer(app)
        if plain is not None and scope:
            plain.salt = f"{self.salt}:{scope}".encode()
        return plain


def cookie_name(app: Flask, slug: str) -> str:
    """`__Host-` demands the path "/", which a portal's path is not."""
    name: str = app.config["SESSION_COOKIE_NAME"]
    return name.replace("__Host-", "__Secure-") + "-portal" if slug else name


def portal_path(slug: str) -> str:
    """Where a portal begins on the platform's host."""
    return f"{PREFIX}{slug}/" if slug else "/"


def give_session(response: Response, slug: str, values: Mapping[str, Any]) -> None:
    """Begin a session of the portal at `/b/<slug>/`, from a page of the platform's."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sessions: SiteSessions = app.session_interface
    serializer = sessions.serializer_of(app, slug)
    if serializer is None:
        raise RuntimeError("sessions need a secret key")
    response.set_cookie(
        cookie_name(app, slug),
        serializer.dumps(dict(values)),
        path=portal_path(slug),
        max_age=app.permanent_session_lifetime,
        httponly=True,
        secure=app.config["SESSION_COOKIE_SECURE"],
        samesite=app.config["SESSION_COOKIE_SAMESITE"],
    )
