"""The same article in another language, and what has changed in the original since."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.comparing import Gap, Row, compare
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.foundation.web.site import the_site
from portal.kb.markup.showing import at_root
from portal.kb.models import Article, Draft
from portal.kb.queries import editing as queries
from portal.kb.service import translating
from portal.kb.service.drafting import AlreadyTranslated, text_of, translate
from portal.kb.service.rendering import rendered
from portal.kb.views.editing.blueprint import editing, the_article


@dataclass(frozen=True, slots=True)
class Original:
    """Beside a translation: the original as it is now, and what changed since it was translated."""

    article: Article
    title: str
    body: str
    html: Any
    since: int
    is_newer: bool
    changes: list[Row | Gap]


def original_of(article: Article, draft: Draft | None) -> Original | None:
    """None for the original itself."""
    if article.language == article.topic.original_language:
        return None
    original = queries.article_in(db(), article.topic_id, article.topic.original_language)
    if original is None:
        return None
    unread = queries.draft_of(db(), original.id) if not original.number else None
    text = text_of(unread or original)
    since = (draft or article).translated_from or 0
    former = queries.version(db(), original.id, since)
    is_newer = original.number > since
    return Original(
        article=original,
        title=text.title,
        body=text.body,
        html=at_root(rendered(db(), text.body, original.language).html, the_site().root),
        since=since,
        is_newer=is_newer,
        changes=compare(former.body, text.body) if former and is_newer else [],
    )


@editing.post("/<uuid:key>/translations", endpoint="translate")
@requires(Permission.WRITE_ARTICLES)
def begin(key: UUID) -> Response:
    """Begun with the original's own words, to be written over paragraph by paragraph."""
    article, language = the_article(key), request.form.get("language", "")
    if language not in LOCALES:
        raise Problem(422, _("Choose a language."))
    original = queries.article_in(db(), article.topic_id, article.topic.original_language)
    source = original or article
    draft = queries.draft_of(db(), source.id)
    text = translating.begun(text_of(source if source.number else draft or source))
    try:
        made = translate(db(), article.topic, language, text, by=the_actor(), at=utcnow())
    except AlreadyTranslated as known:
        return see_other(url_for("articles.edit", key=known.article.id))
    flash(_("Begun with the original’s words. Write over them; the original stands beside."))
    return see_other(url_for("articles.edit", key=made.article_id))


@editing.post("/<uuid:key>/translations/current", endpoint="up_to_date")
@requires(Permission.WRITE_ARTICLES)
def up_to_date(key: UUID) -> Response:
    """It says what the original says."""
    article = the_article(key)
    translating.mark_current(db(), article, by=the_actor(), at=utcnow())
    flash(_("Marked as up to date with its original."))
    return see_other(url_for("articles.edit", key=key))
