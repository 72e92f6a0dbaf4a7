"""Every state that was published: what changed, by whom and why; and the way back."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.comparing import compare
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import LockForm
from portal.kb.models import Article, ArticleVersion
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import Conflict, Text, text_of
from portal.kb.service.publishing import NoSuchVersion, restore
from portal.kb.views.editing.blueprint import editing, the_article

MOST = 200
DRAFT = "draft"


@editing.get("/<uuid:key>/versions")
@requires(Permission.WRITE_ARTICLES)
def versions(key: UUID) -> Response:
    article = the_article(key)
    return page(
        "kb/editing/versions.html",
        article=article,
        rows=queries.versions(db(), key, MOST),
        draft=queries.draft_of(db(), key),
    )


@editing.get("/<uuid:key>/versions/<int:number>")
@requires(Permission.WRITE_ARTICLES)
def version(key: UUID, number: int) -> Response:
    """What changed from it to another one: `?to=` a number, or the draft; by default what readers
    see, and for that what was before it."""
    article = the_article(key)
    one = _kept(article, number)
    draft = queries.draft_of(db(), key)
    before, after = _sides(article, one)
    return page(
        "kb/editing/comparison.html",
        article=article,
        before=before,
        after=after,
        version=one,
        fields=_fields(before[1], after[1]),
        rows=compare(before[1].body, after[1].body),
        numbers=[row.number for row in queries.versions(db(), key, MOST)],
        draft=draft,
        inline=request.args.get("view") == "inline",
        to=request.args.get("to", ""),
    )


Side = tuple[str, Text]


def _sides(article: Article, one: ArticleVersion) -> tuple[Side, Side]:
    asked = request.args.get("to", "")
    draft = queries.draft_of(db(), article.id)
    if asked == DRAFT and draft is not None:
        return _side(one), (str(_("Draft")), text_of(draft))
    if asked.isdecimal() and len(asked) < 9:
        return _side(one), _side(_kept(article, int(asked)))
    if one.number != article.number:
        return _side(one), _side(_kept(article, article.number))
    former = queries.version(db(), article.id, one.number - 1)
    nothing = (str(_("Nothing")), Text("", ""))
    return (_side(former) if former else nothing), _side(one)


def _side(row: ArticleVersion) -> Side:
    return str(_("Version %(number)s", number=row.number)), text_of(row)


def _kept(article: Article, number: int) -> ArticleVersion:
    found = queries.version(db(), article.id, number)
    if found is None:
        raise NotFound
    return found


def _fields(before: Text, after: Text) -> list[tuple[str, str, str]]:
    labels = {
        "title": _("Title"),
        "slug": _("Address"),
        "summary": _("Summary"),
        "labels": _("Labels"),
    }
    found = []
    for name, label in labels.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            old, new = (", ".join(one) if name == "labels" else one for one in (old, new))
            found.append((str(label), old, new))
    return found


@editing.get("/<uuid:key>/versions/<int:number>/restoration", endpoint="restoration")
@requires(Permission.WRITE_ARTICLES)
def ask(key: UUID, number: int) -> Response:
    article = the_article(key)
    one, draft = _kept(article, number), queries.draft_of(db(), key)
    standing = text_of(draft) if draft else text_of(article)
    return page(
        "kb/editing/restoration.html",
        article=article,
        version=one,
        draft=draft,
        rows=compare(standing.body, one.body),
    )


@editing.post("/<uuid:key>/versions/<int:number>/restoration", endpoint="restore")
@requires(Permission.WRITE_ARTICLES)
def bring_back(key: UUID, number: int) -> Response:
    article, lock = the_article(key), LockForm().lock.data or 0
    try:
        restore(db(), article, number, lock, by=the_actor(), at=utcnow())
    except NoSuchVersion:
        raise NotFound from None
    except Conflict:
        raise Problem(
            409, _("Somebody has written on since you looked. Go back and look again.")
        ) from None
    flash(
        _(
            "Version %(number)s is the draft now. Publish it, and it becomes the newest version.",
            number=number,
        )
    )
    return see_other(url_for("articles.edit", key=key))
