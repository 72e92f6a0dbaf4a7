"""The page in the frame: the same for everybody until its script has said who asks."""

from collections.abc import Sequence
from typing import Final

from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale

from portal.accounts import queries as people
from portal.accounts.service import LOCALES, widget_settings
from portal.foundation.tenancy import see
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import nonce
from portal.foundation.web.headers import let_frame
from portal.foundation.web.site import the_site
from portal.kb.views.reading.videos import PROVIDERS
from widget.bundles import bundles
from widget.views import views

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; connect-src 'self'; "
    "script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; frame-src {films}"
)
PARTS: Final = ("panel", "rest", "board")


@views.get("/panel")
@public("shows nothing but a frame: its script says who asks")
def shell() -> Response:
    slug = asked_builder(request.args.get("builder", ""))
    builder = people.builder_by_slug(db(), slug)
    origins: tuple[str, ...] = ()
    if builder is not None:
        see(db(), builder.id)
        origins = tuple(widget_settings.of(db(), builder.id).origins)
    asked = request.args.get("lang", "").partition("-")[0].lower()
    with force_locale(asked if asked in LOCALES else language()):
        body = frame_html(slug, origins)
    response = make_response(body, 200 if origins else 404)
    films = " ".join(provider.origin for provider in PROVIDERS.values())
    return let_frame(response, origins, POLICY.format(nonce=nonce(), films=films))


def asked_builder(slug: str) -> str:
    """A portal has its own help alone, also where no name is said."""
    own = the_site().slug
    return (slug or own) if own in ("", slug or own) else ""


def frame_html(slug: str, origins: Sequence[str]) -> str:
    """All but what is shown inside; in the language that is spoken now."""
    return render_template("widget/panel.html", builder=slug, origins=origins, scripts=_scripts())


def _scripts() -> dict[str, str]:
    return {
        name: url_for("widget.part", name=name, digest=getattr(bundles(), name).digest)
        for name in PARTS
    }
