"""Films, for those who publish them."""

from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.accounts.forms import LANGUAGES
from portal.accounts.roles import ROLES
from portal.core import captions
from portal.core.captions import BadCaptions, clock
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.storage import RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.kb.addresses import video_path
from portal.kb.forms import videos as forms
from portal.kb.forms.editing import AUDIENCES
from portal.kb.forms.videos import TONGUES, VideoEdit, wrong_captions
from portal.kb.models import Video
from portal.kb.queries import videos as queries
from portal.kb.service import files
from portal.kb.service import videos as service
from portal.kb.service.videos import (
    ChangedMeanwhile,
    Material,
    NothingToShow,
    SlugTaken,
    VideoWords,
)
from portal.policy.modules import modules, modules_with
from portal.policy.running import running_pack

films = Blueprint("videos", __name__, url_prefix="/videos")
TIMES = 4  # as large as an attachment may be: what one form may bring
ELSEWHERE = (("youtube", "YouTube"), ("vimeo", "Vimeo"))
REFUSALS = {
    "too_large": _l("This file is too large."),
    "empty": _l("This file is empty."),
    "not_a_video": _l("Choose an MP4 or WebM video."),
}


@films.get("", endpoint="index")
@requires(Permission.PUBLISH_ARTICLES)
def index() -> Response:
    return page(
        "kb/videos/editors.html",
        videos=queries.videos(db()),
        modules=modules(running_pack(), language()),
        tongues=LANGUAGES,
        audiences=AUDIENCES,
        text_in=queries.text_in,
        video_path=video_path,
        clock=clock,
    )


@films.get("/new", endpoint="new")
@requires(Permission.PUBLISH_ARTICLES)
def new() -> Response:
    return _page(None, VideoEdit())


@films.post("", endpoint="add")
@requires(Permission.PUBLISH_ARTICLES)
def add() -> Response:
    return _saved(None, VideoEdit.typed(request.form))


@films.get("/<uuid:video_id>", endpoint="video")
@requires(Permission.PUBLISH_ARTICLES)
def one(video_id: UUID) -> Response:
    video = _found(video_id)
    return _page(video, VideoEdit.of(video))


@films.post("/<uuid:video_id>", endpoint="save")
@requires(Permission.PUBLISH_ARTICLES)
def save(video_id: UUID) -> Response:
    return _saved(_found(video_id), VideoEdit.typed(request.form))


def _saved(video: Video | None, edit: VideoEdit) -> Response:
    words = edit.words()
    material = _material(edit) if words is not None else Material()
    if words is None or edit.errors:
        return _page(video, edit, 422)
    try:
        _write(video, words, material, edit.seen)
    except SlugTaken:
        edit.errors["slug"] = _("Another video has this address.")
        return _page(video, edit, 422)
    except NothingToShow:
        edit.errors["published"] = _("Add a film first: there is nothing to watch yet.")
        return _page(video, edit, 422)
    except ChangedMeanwhile:
        return _changed(video, edit)
    flash(_("Saved."))
    return see_other(url_for("videos.index"))


def _write(video: Video | None, words: VideoWords, material: Material, seen: int) -> None:
    store, by, at = current_runtime().store, the_actor(), utcnow()
    if video is None:
        service.add(db(), store, words, material, by=by, at=at)
    else:
        service.save(db(), store, video, words, material, seen=seen, by=by, at=at)


def _material(edit: VideoEdit) -> Material:
    """What came along; what is none of it stands in `edit.errors`."""
    material = Material()
    for tongue in TONGUES:
        _take_film(material, tongue, edit)
        _take_captions(material, tongue, edit)
    if poster := _uploaded("poster"):
        limit = current_runtime().settings.attachment_limit
        by, at = the_actor(), utcnow()
        try:
            material.poster = files.keep_picture(
                db(), current_runtime().store, poster, by=by, at=at, limit=limit
            )
        except RefusedFile as refused:
            edit.errors["poster"] = str(REFUSALS.get(refused.reason, _("Choose a picture.")))
        except StoreUnavailable as full:
            raise Problem(503) from full
    return material


def _take_film(material: Material, tongue: str, edit: VideoEdit) -> None:
    upload = _uploaded(f"film-{tongue}")
    if upload is None:
        return
    limit = TIMES * current_runtime().settings.attachment_limit
    by, at = the_actor(), utcnow()
    try:
        material.films[tongue] = files.keep_video(
            db(), current_runtime().store, upload, by=by, at=at, limit=limit
        )
    except RefusedFile as refused:
        said = REFUSALS.get(refused.reason, REFUSALS["not_a_video"])
        edit.errors[f"film-{tongue}"] = str(said)
    except StoreUnavailable as full:
        raise Problem(503) from full


def _take_captions(material: Material, tongue: str, edit: VideoEdit) -> None:
    upload = _uploaded(f"captions-{tongue}")
    if upload is None:
        return
    content = upload.stream.read(captions.LONGEST * 2)
    try:
        material.captions[tongue] = captions.read(content.decode("utf-8", "replace"))
    except BadCaptions as bad:
        edit.errors[f"captions-{tongue}"] = wrong_captions(bad)


def _uploaded(name: str) -> FileStorage | None:
    file = request.files.get(name)
    return file if file is not None and file.filename else None


def _changed(video: Video | None, edit: VideoEdit) -> Response:
    """What was typed stays on the page; sent once more it replaces what somebody else saved."""
    if video is None or (now := queries.video(db(), video.id)) is None:
        raise NotFound
    edit.seen = now.version
    return _page(now, edit, 409, changed=True)


def _page(
    video: Video | None, edit: VideoEdit, status: int = 200, *, changed: bool = False
) -> Response:
    return page(
        "kb/videos/editor.html",
        status=status,
        video=video,
        edit=edit,
        changed=changed,
        texts={text.language: text for text in video.texts} if video is not None else {},
        tongues=LANGUAGES,
        modules=[
            ("", _("No module in particular")),
            *modules_with(running_pack(), language(), edit.module).items(),
        ],
        audiences=list(AUDIENCES.items()),
        providers=[("file", _("Here: uploaded below")), *ELSEWHERE],
        roles=[{"value": role, "label": ROLES[role]} for role in ROLES if role in forms.ROLES],
        limit=TIMES * current_runtime().settings.attachment_limit,
    )


@films.get("/<uuid:video_id>/removal", endpoint="removal")
@requires(Permission.PUBLISH_ARTICLES)
def removal(video_id: UUID) -> Response:
    video = _found(video_id)
    text = queries.text_in(video, language())
    return page(
        "guidance/removal.html",
        name=text.title if text is not None else video.slug,
        what=_("Nobody finds it from then on. Articles that point at it lose it."),
        action=url_for("videos.remove", video_id=video_id),
        back=url_for("videos.video", video_id=video_id),
    )


@films.post("/<uuid:video_id>/removal", endpoint="remove")
@requires(Permission.PUBLISH_ARTICLES)
def remove(video_id: UUID) -> Response:
    service.remove(db(), _found(video_id), by=the_actor(), at=utcnow())
    flash(_("Removed."))
    return see_other(url_for("videos.index"))


def _found(video_id: UUID) -> Video:
    found = queries.video(db(), video_id)
    if found is None:
        raise NotFound
    return found
