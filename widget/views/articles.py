"""An article read within a panel, with its pictures, and whether it helped."""

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.identity import the_sitting
from portal.accounts.service import LOCALES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.limits import limiter
from portal.kb.addresses import MARK, article_path
from portal.kb.forms.opinion import WORDED, OpinionForm
from portal.kb.markup.showing import at_root
from portal.kb.queries import opinions
from portal.kb.queries import reading as queries
from portal.kb.service import feedback, readings
from portal.kb.service.reader import Whose
from portal.kb.views.reading.files import file as read_file
from portal.tickets.deflection import SURFACE
from portal.tickets.views.deflecting import unnamed
from widget.views import views
from widget.views.home import reader
from widget.views.showing import root, shown

PANEL: Final = "widget"  # of readings and opinions
RELATED: Final = 4
SELDOM: Final = "30 per minute; 300 per hour"
_PICTURE: Final = re.compile(rf'(<img\b[^>]*?) src="{MARK}/kb/files/')
_LINK: Final = re.compile(rf'<a href="{MARK}/kb/([a-z-]+)/(videos/)?([\w.-]+)(#[^"]*)?"')


@views.get("/articles/<language>/<slug>")
@requires(Permission.READ_HELP)
def article(language: str, slug: str) -> Response:
    """In the language asked for, or where it is now."""
    row = queries.article(db(), reader(), language, slug)
    if row is None:
        place = queries.moved(db(), reader(), language, slug, LOCALES)
        if place is not None:
            row = queries.article(db(), reader(), place.language, place.slug)
    if row is None:
        raise NotFound
    near = queries.neighbours(db(), reader(), row)
    related = list({one.topic_id: one for one in (*near.linked, *near.after)}.values())[:RELATED]
    return shown(
        "widget/article.html",
        article=row,
        asked=language,
        body=body_of(row),
        related=related,
        full=root() + article_path(row.language, row.slug),
        said=opinions.said(db(), row.id, the_sitting().visitor, the_actor().builder_id),
        reasons=WORDED.items(),
    )


@views.get("/words/<uuid:article_id>", endpoint="words_of")
@requires(Permission.READ_HELP)
def words_of(article_id: UUID) -> Response:
    """Without what stands around them, to be unfolded beside a form."""
    return shown("widget/words.html", body=body_of(_article(article_id), unnamed))


@views.get("/files/<uuid:file_id>/<filename>")
@requires(Permission.READ_HELP)
def file(file_id: UUID, filename: str) -> BaseResponse:
    """For our script, which shows it from memory: a picture can't bring a token."""
    answer: BaseResponse = read_file(file_id, filename)
    return answer


@views.post("/articles/<uuid:article_id>/feedback")
@limiter.limit(SELDOM)
@requires(Permission.READ_HELP)
def helped(article_id: UUID) -> Response:
    row, form = _article(article_id), OpinionForm()
    if not form.validate():
        error = " ".join(str(one) for one in form.comment.errors)
        return _opinion(row, form.opinion(), error, status=422)
    opinion = form.opinion()
    if opinion is None:
        feedback.take_back(db(), row.id, _whose())
    else:
        feedback.give(db(), row.id, row.number, opinion, _whose(), at=utcnow())
    return _opinion(row, opinion)


@views.post("/articles/<uuid:article_id>/readings")
@requires(Permission.READ_HELP)
def read(article_id: UUID) -> Response:
    """It was before somebody for as long as one reads."""
    key = request.form.get("key", "")[:80]
    surface = SURFACE if request.form.get("from") == SURFACE else PANEL
    readings.note(db(), _article(article_id).id, _whose(surface), at=utcnow(), page_key=key)
    return Response(status=204)


def _article(article_id: UUID) -> Any:
    row = queries.article_by_id(db(), reader(), article_id)
    if row is None:
        raise NotFound
    return row


def _whose(surface: str = PANEL) -> Whose:
    actor = the_actor()
    return Whose(the_sitting().visitor, actor, actor.builder_id, surface)


def _opinion(row: Any, said: Any, error: str = "", status: int = 200) -> Response:
    return shown(
        "widget/_helpful.html",
        status=status,
        article=row,
        said=said,
        error=error,
        reasons=WORDED.items(),
    )


def body_of(row: Any, first: Callable[[str], str] = str) -> Markup:
    """Links to articles open here; pictures are fetched by our script, with the panel's token."""
    html = _PICTURE.sub(r'\1 data-file="', first(row.body_html))
    return at_root(_LINK.sub(_opens_here, html), root())


def _opens_here(link: re.Match[str]) -> str:
    language, film, slug, anchor = (part or "" for part in link.groups())
    kind = "film" if film else "article"
    href = f"{MARK}/kb/{language}/{film}{slug}{anchor}"
    return f'<a data-{kind}="{language}/{slug}{"" if film else anchor}" href="{href}"'
