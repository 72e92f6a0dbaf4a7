"""Screens, their addresses, and what is pinned on them."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import LANGUAGES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.guidance.forms import SAVE, ScreenEdit, acted, tidy
from portal.guidance.models import Screen
from portal.guidance.queries import choosing
from portal.guidance.queries import screens as queries
from portal.guidance.service import screens
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.service.screens import PatternTaken
from portal.guidance.views import differences, guidance, module_choices


@guidance.get("", endpoint="index")
@requires(Permission.MANAGE_GUIDANCE)
def index() -> Response:
    return page(
        "guidance/screens.html", screens=queries.screens(db()), modules=dict(module_choices(""))
    )


@guidance.get("/screens/new", endpoint="new_screen")
@requires(Permission.MANAGE_GUIDANCE)
def new() -> Response:
    address = tidy(request.args.get("pattern"))[:300]
    return _page(None, ScreenEdit(patterns=[address] if address else []))


@guidance.post("/screens", endpoint="add_screen")
@requires(Permission.MANAGE_GUIDANCE)
def add() -> Response:
    return _worked_on(None, ScreenEdit.typed(request.form))


@guidance.get("/screens/<uuid:screen_id>", endpoint="screen")
@requires(Permission.MANAGE_GUIDANCE)
def one(screen_id: UUID) -> Response:
    screen = _found(screen_id)
    return _page(screen, ScreenEdit.of(screen))


@guidance.post("/screens/<uuid:screen_id>", endpoint="save_screen")
@requires(Permission.MANAGE_GUIDANCE)
def save(screen_id: UUID) -> Response:
    return _worked_on(_found(screen_id), ScreenEdit.typed(request.form))


def _worked_on(screen: Screen | None, edit: ScreenEdit) -> Response:
    verb, what = acted(request.form)
    if verb != SAVE:
        edit.act(verb, what)
        return _page(screen, edit)
    words = edit.words()
    if words is None:
        return _page(screen, edit, 422)
    try:
        if screen is None:
            screens.add(db(), words, by=the_actor(), at=utcnow())
        else:
            screens.save(db(), screen, words, seen=edit.seen, by=the_actor(), at=utcnow())
    except KeyTaken:
        edit.errors["page_key"] = _("Another screen has this key.")
        return _page(screen, edit, 422)
    except PatternTaken as taken:
        edit.errors["patterns"] = _(
            "%(pattern)s belongs to %(screen)s.", pattern=taken.pattern, screen=taken.page_key
        )
        return _page(screen, edit, 422)
    except ChangedMeanwhile:
        return _changed(screen, edit)
    flash(_("Saved."))
    return see_other(url_for("guidance.index"))


def _changed(screen: Screen | None, edit: ScreenEdit) -> Response:
    """What was typed stays on the page; sent once more it replaces what somebody else saved."""
    if screen is None or (now := queries.screen(db(), screen.id)) is None:
        raise NotFound
    saved = ScreenEdit.of(now)
    edit.seen = saved.seen
    return _page(now, edit, 409, saved=saved)


def _page(
    screen: Screen | None, edit: ScreenEdit, status: int = 200, saved: ScreenEdit | None = None
) -> Response:
    session, tongue, words = db(), language(), edit.find
    return page(
        "guidance/screen.html",
        blocks=("editor",),
        status=status,
        screen=screen,
        edit=edit,
        saved=saved,
        differing=differences(saved, edit) if saved else [],
        tongues=LANGUAGES,
        modules=module_choices(edit.module),
        articles=choosing.articles_by(session, edit.topics, tongue),
        videos=choosing.videos_by(session, edit.videos, tongue),
        found_articles=choosing.articles_called(session, words, tongue) if words else [],
        found_videos=choosing.videos_called(session, words, tongue) if words else [],
    )


@guidance.post("/screens/<uuid:screen_id>/place", endpoint="move_screen")
@requires(Permission.MANAGE_GUIDANCE)
def move(screen_id: UUID) -> Response:
    screen = _found(screen_id)
    before = request.form.get("where") == "up"
    other = queries.neighbour(db(), screen, before=before)
    if other is not None:
        screens.move(db(), screen, other, by=the_actor(), at=utcnow())
    return see_other(url_for("guidance.index", _anchor=f"screen-{screen_id}"))  # Tab goes on there


@guidance.get("/screens/<uuid:screen_id>/removal", endpoint="screen_removal")
@requires(Permission.MANAGE_GUIDANCE)
def removal(screen_id: UUID) -> Response:
    screen = _found(screen_id)
    return page(
        "guidance/removal.html",
        name=screen.titles.get(language()) or screen.page_key,
        what=_("Its addresses are unknown from then on. Articles, videos and words stay."),
        action=url_for("guidance.remove_screen", screen_id=screen_id),
        back=url_for("guidance.screen", screen_id=screen_id),
        tab="screens",
    )


@guidance.post("/screens/<uuid:screen_id>/removal", endpoint="remove_screen")
@requires(Permission.MANAGE_GUIDANCE)
def remove(screen_id: UUID) -> Response:
    screens.remove(db(), _found(screen_id), by=the_actor(), at=utcnow())
    flash(_("Removed."))
    return see_other(url_for("guidance.index"))


def _found(screen_id: UUID) -> Screen:
    found = queries.screen(db(), screen_id)
    if found is None:
        raise NotFound
    return found
