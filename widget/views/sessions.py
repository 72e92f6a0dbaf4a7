"""Somebody opens a panel: for the host's signed token, or a guest's id, a token of its own."""

from typing import Any

from flask import Response, jsonify, request
from flask_babel import refresh as refresh_locale
from werkzeug.exceptions import BadRequest

from portal.accounts import queries as people
from portal.accounts.identity import take_seat
from portal.accounts.models import Builder
from portal.accounts.service import widget_admission, widget_sessions, widget_settings
from portal.accounts.service.widget_admission import NotAdmitted
from portal.accounts.service.widget_sessions import Opened
from portal.accounts.widget_words import REASONS
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import see
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.formatting import language
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from widget.views import views
from widget.views.home import first_html, place_of
from widget.views.panel import asked_builder, frame_html
from widget.views.showing import packed

# an office shares one address, and each page that wants first steps opens a panel as it is loaded
MANY = "1200 per minute"
GUESTS = "60 per minute; 600 per hour"  # nobody vouches for them
MOST_BYTES = 64 * 1024


@views.post("/session")
@limiter.limit(MANY)
@public("whoever sits before a panel proves here who they are")
def begin() -> Response:
    said = _said()
    builder = people.builder_by_slug(db(), asked_builder(_text(said, "builder")))
    if builder is None:
        raise _refused(NotAdmitted("builder"))
    see(db(), builder.id)
    try:
        opened = _opened(builder, said)
    except NotAdmitted as refused:
        raise _refused(refused) from None
    take_seat(opened.sitting)
    refresh_locale()  # now that somebody is known
    return packed(jsonify(_answer(opened, said)))


def _answer(opened: Opened, said: dict[str, Any]) -> dict[str, Any]:
    """A panel that only renews its token has its contents already."""
    actor, brand = opened.sitting.actor, the_site().brand
    answer: dict[str, Any] = {
        "token": opened.plain,
        "expires_in": int(widget_sessions.LASTS.total_seconds()),
        "role": actor.role.value,
        "language": language(),
        "title": str(_("Help")),
        "css": brand.css if brand is not None and brand.stylesheet else "",
    }
    if _text(said, "shell") not in {"", language()}:  # the frame did not know whose language it is
        answer["shell"] = frame_html(actor.builder_slug, ())
    if not said.get("renews"):
        answer["html"] = first_html(place_of(said))
    return answer


def _opened(builder: Builder, said: dict[str, Any]) -> Opened:
    where, at = widget_settings.of(db(), builder.id), utcnow()
    token, origin = _text(said, "token"), _text(said, "origin")
    if token:
        return widget_admission.by_token(db(), builder, where, token, origin=origin, at=at)
    guest = _text(said, "guest")
    with limiter.limit(GUESTS):
        return widget_admission.as_guest(db(), builder, where, guest, origin=origin, at=at)


def _said() -> dict[str, Any]:
    request.max_content_length = MOST_BYTES
    try:
        said = request.get_json()
    except (BadRequest, RecursionError):
        raise Problem(400) from None
    if not isinstance(said, dict):
        raise Problem(400)
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _refused(refused: NotAdmitted) -> Problem:
    """The user can do nothing about it; the host page tells its developer by an event."""
    return Problem(
        401,
        _("We can’t tell who you are just now. Load the page anew, or write to us another way."),
        reason=str(refused.reason),
        developer=str(REASONS[refused.reason]),
    )
