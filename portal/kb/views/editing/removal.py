"""Taking something away: from readers, or a draft that nobody wants."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import LockForm
from portal.kb.queries import editing as queries
from portal.kb.service import removing
from portal.kb.service.drafting import Conflict
from portal.kb.service.publishing import republish, unpublish
from portal.kb.views.editing.blueprint import editing, the_article, the_draft


@editing.get("/<uuid:key>/unpublication", endpoint="unpublication")
@requires(Permission.PUBLISH_ARTICLES)
def ask_away(key: UUID) -> Response:
    article = the_article(key)
    linking = queries.linking_to(db(), article.topic_id)
    return page(
        "kb/editing/unpublication.html",
        article=article,
        linking=[one for one in linking if one.topic_id != article.topic_id],
        elsewhere=[
            one
            for one in queries.articles_of(db(), article.topic_id)
            if one.is_published and one.id != article.id
        ],
    )


@editing.post("/<uuid:key>/unpublication", endpoint="unpublish")
@requires(Permission.PUBLISH_ARTICLES)
def take_away(key: UUID) -> Response:
    unpublish(db(), the_article(key), by=the_actor(), at=utcnow())
    flash(_("Taken away. Readers no longer find it; you can show it again at any time."))
    return see_other(url_for("articles.edit", key=key))


@editing.post("/<uuid:key>/return", endpoint="republish")
@requires(Permission.PUBLISH_ARTICLES)
def show_again(key: UUID) -> Response:
    republish(db(), the_article(key), by=the_actor(), at=utcnow())
    flash(_("Readers see it again, as it was."))
    return see_other(url_for("articles.edit", key=key))


@editing.get("/<uuid:key>/removal", endpoint="removal")
@requires(Permission.WRITE_ARTICLES)
def ask_gone(key: UUID) -> Response:
    article = the_article(key)
    draft = queries.any_draft_of(db(), key)
    if draft is None:
        raise NotFound
    return page("kb/editing/removal.html", article=article, draft=draft)


@editing.post("/<uuid:key>/removal", endpoint="remove")
@requires(Permission.WRITE_ARTICLES)
def throw_away(key: UUID) -> Response:
    article = the_article(key)
    draft, lock = the_draft(article), LockForm().lock.data or 0
    try:
        removing.remove(db(), draft, lock, by=the_actor(), at=utcnow())
    except Conflict:
        raise Problem(
            409, _("Somebody has written on since you looked. Go back and look again.")
        ) from None
    return see_other(url_for("articles.removal", key=key))


@editing.post("/<uuid:key>/removal/undoing", endpoint="bring_back")
@requires(Permission.WRITE_ARTICLES)
def have_back(key: UUID) -> Response:
    the_article(key)
    draft = queries.any_draft_of(db(), key)
    if draft is None:
        raise NotFound
    removing.bring_back(db(), draft, by=the_actor(), at=utcnow())
    flash(_("The draft is back."))
    return see_other(url_for("articles.edit", key=key))
