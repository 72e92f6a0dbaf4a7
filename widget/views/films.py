"""Films, watched within a panel: with captions, chapters and what is said.

A player asks for the parts of a film by itself and can't bring the panel's token. It is given an
address with a pass in it, which opens this one film for whoever sits before this panel, for as long
as they do and may see it.
"""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.identity import take_seat
from portal.accounts.service import widget_sessions
from portal.config import secret_key
from portal.core.captions import clock
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.digests import digest_of
from portal.foundation.runtime import current_runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.access import public, requires
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.kb.addresses import video_path
from portal.kb.queries import files as file_queries
from portal.kb.queries import videos as queries
from portal.kb.views.reading.blueprint import NAMES
from portal.kb.views.reading.files import file as read_file
from portal.kb.views.reading.videos import elsewhere_of
from widget.views import views
from widget.views.home import reader
from widget.views.showing import root, shown


@views.get("/films/<language>/<slug>")
@requires(Permission.READ_HELP)
def film(language: str, slug: str) -> Response:
    found = queries.shown(db(), reader(), slug)
    text = queries.text_in(found, language) if found is not None else None
    if found is None or text is None:
        raise NotFound
    spoken = queries.film_in(found, language) if found.provider == "file" else None
    tracks = {one.language: one.captions_id for one in found.texts if one.captions_id}
    wanted = {*tracks.values(), found.poster_id, spoken.file_id if spoken else None}
    known = queries.files(db(), {key for key in wanted if key is not None})
    return shown(
        "widget/film.html",
        video=found,
        text=text,
        asked=language,
        film=known.get(spoken.file_id) if spoken and spoken.file_id else None,
        spoken=spoken.language if spoken else text.language,
        poster=known.get(found.poster_id) if found.poster_id else None,
        tracks=[(code, known[key]) for code, key in tracks.items()],
        names=NAMES,
        clock=clock,
        elsewhere=elsewhere_of(found),
        full=root() + video_path(text.language, found.slug),
    )


@views.post("/films/<uuid:file_id>/passes", endpoint="passes")
@requires(Permission.READ_HELP)
def admit(file_id: UUID) -> Response:
    row = file_queries.file(db(), reader(), file_id)
    if row is None:
        raise NotFound
    token = _signer().dumps([_panel(), str(file_id)])
    return jsonify(address=url_for("widget.watched", token=token, filename=row.filename))


@views.get("/watched/<token>/<filename>", endpoint="watched")
@public("the pass in the address says for whom: a player brings nothing else")
def watch(token: str, filename: str) -> BaseResponse:
    panel, file_id = _told(token)
    see(db(), PLATFORM)  # panels are looked up before anybody's reach is known
    sitting = widget_sessions.sitting_of(db(), panel, at=utcnow())
    if sitting is None:
        raise NotFound
    take_seat(sitting)
    see(db(), sitting.actor.builder_id or PLATFORM)
    answer: BaseResponse = read_file(file_id, filename)
    return answer


def _told(token: str) -> tuple[str, UUID]:
    try:
        panel, file_id = _signer().loads(token)
        return str(panel), UUID(file_id)
    except (BadData, ValueError):
        raise NotFound from None


def _panel() -> str:
    """The digest of the token that this request has brought."""
    brought: Any = request.authorization
    if brought is None or not brought.token:
        raise Problem(401)
    return digest_of(brought.token)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(current_runtime().settings), salt="a film in a panel")
