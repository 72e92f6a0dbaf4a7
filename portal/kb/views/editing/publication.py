"""A draft becomes what readers see, once somebody has looked at what is wrong with it."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Forbidden, Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import NoteForm
from portal.kb.models import Article, Draft
from portal.kb.queries import editing as queries
from portal.kb.service.checking import Finding, check
from portal.kb.service.drafting import BadText, SlugTaken, text_of
from portal.kb.service.publishing import publish
from portal.kb.service.rendering import rendered
from portal.kb.views.editing.blueprint import editing, the_article, the_draft
from portal.kb.views.editing.wording import SERIOUS, bad_text, said


def publish_now(article: Article, draft: Draft | None, note: str) -> Response:
    """At once where nothing is wrong; else they are asked."""
    actor = the_actor()
    if not actor.may(Permission.PUBLISH_ARTICLES):
        raise Forbidden(actor.role, Permission.PUBLISH_ARTICLES)
    if draft is None:
        flash(_("Nothing has changed: readers see this already."), "info")
        return see_other(url_for("articles.edit", key=article.id))
    draft.note = note
    db().flush()
    if any(finding.kind in SERIOUS for finding in _findings(article, draft)):
        return see_other(url_for("articles.publication", key=article.id))
    return _publish(article, draft, note)


@editing.get("/<uuid:key>/publication", endpoint="publication")
@requires(Permission.PUBLISH_ARTICLES)
def ask(key: UUID) -> Response:
    article = the_article(key)
    draft = the_draft(article)
    findings = _findings(article, draft)
    return page(
        "kb/editing/publication.html",
        article=article,
        draft=draft,
        serious=[(one, said(one)) for one in findings if one.kind in SERIOUS],
        others=[(one, said(one)) for one in findings if one.kind not in SERIOUS],
        refused=bool({"no_title", "slug_taken"} & {one.kind for one in findings}),
    )


@editing.post("/<uuid:key>/publication", endpoint="publish")
@requires(Permission.PUBLISH_ARTICLES)
def answer(key: UUID) -> Response:
    """Only what they have seen: somebody may have written on."""
    article, form = the_article(key), NoteForm()
    draft = queries.draft_of(db(), article.id)
    if draft is None:
        flash(_("It has been published already."), "info")
        return see_other(url_for("articles.edit", key=key))
    if draft.lock != form.lock.data:
        flash(
            _("%(name)s has written on in the meantime. Look again.", name=draft.updated_by_name),
            "warn",
        )
        return see_other(url_for("articles.publication", key=key))
    return _publish(article, draft, form.note.data or "")


def _findings(article: Article, draft: Draft) -> list[Finding]:
    text = text_of(draft)
    return check(db(), article, text, rendered(db(), text.body, article.language))


def _publish(article: Article, draft: Draft, note: str) -> Response:
    try:
        publish(db(), draft, by=the_actor(), at=utcnow(), note=note)
    except SlugTaken as taken:
        raise Problem(
            409,
            _(
                "The address “%(slug)s” belongs to another article. “%(free)s” is free.",
                slug=taken.slug,
                free=taken.free,
            ),
        ) from None
    except BadText as refused:
        raise Problem(422, " ".join(bad_text(refused).values())) from None
    flash(_("Published as version %(number)s. Readers see it now.", number=article.number))
    return see_other(url_for("articles.edit", key=article.id))
