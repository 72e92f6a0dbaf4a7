"""What publishers say of what was submitted, and of what has grown old."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import day
from portal.foundation.web.fragments import see_other
from portal.kb.forms.editing import ReasonForm
from portal.kb.service import reviewing
from portal.kb.service.drafting import BadText, Conflict
from portal.kb.service.reviewing import NotInReview
from portal.kb.views.editing.blueprint import editing, the_article, the_draft


@editing.post("/<uuid:key>/refusal", endpoint="send_back")
@requires(Permission.PUBLISH_ARTICLES)
def send_back(key: UUID) -> Response:
    article, form = the_article(key), ReasonForm()
    draft = the_draft(article)
    try:
        reviewing.send_back(
            db(), draft, form.reason.data or "", form.lock.data or 0, by=the_actor(), at=utcnow()
        )
    except BadText:
        raise Problem(422, _("Say why, so that its author knows what to do.")) from None
    except NotInReview:
        raise Problem(409, _("It does not wait for review any more.")) from None
    except Conflict:
        raise Problem(409, _("Somebody has written on since you read it. Look again.")) from None
    flash(_("Sent back. Its author is told why."))
    return see_other(url_for("articles.list", state="review"))


@editing.post("/<uuid:key>/withdrawal", endpoint="withdraw")
@requires(Permission.WRITE_ARTICLES)
def withdraw(key: UUID) -> Response:
    article = the_article(key)
    reviewing.withdraw(db(), the_draft(article), by=the_actor(), at=utcnow())
    flash(_("It is a draft again."))
    return see_other(url_for("articles.edit", key=key))


@editing.post("/<uuid:key>/confirmation", endpoint="confirm")
@requires(Permission.PUBLISH_ARTICLES)
def still_right(key: UUID) -> Response:
    article = the_article(key)
    following = reviewing.still_right(db(), article.topic, by=the_actor(), at=utcnow())
    flash(_("Noted that it still holds. We remind you on %(date)s.", date=day(following)))
    return see_other(url_for("articles.edit", key=key))
