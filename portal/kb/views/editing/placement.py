"""Who may read an article and where it stands: at once, and in every language."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.kb.forms.editing import PlaceForm
from portal.kb.models import Article
from portal.kb.service import placing
from portal.kb.service.placing import Moved
from portal.kb.views.editing.blueprint import editing, the_article
from portal.kb.views.editing.options import with_places
from portal.kb.views.editing.writing import page_with


@editing.post("/<uuid:key>/place", endpoint="place")
@requires(Permission.WRITE_ARTICLES)
def place(key: UUID) -> Response:
    article = the_article(key)
    form = with_places(PlaceForm(), article.topic)
    if not form.validate():
        return page_with(article, form, 422)
    actor = the_actor()
    new = form.place(actor.zone)
    try:
        placing.place(db(), article.topic, new, form.seen.data, by=actor, at=utcnow())
    except Moved:
        return _moved(key, form)
    flash(_("Saved. It holds for every language of the article."))
    return see_other(url_for("articles.edit", key=key))


def _moved(key: UUID, form: PlaceForm) -> Response:
    """What they chose is still there, and knows of what the other one did."""
    db().rollback()
    article: Article = the_article(key)
    form.seen.data = article.topic.version
    words = _(
        "Somebody else has changed where the article stands. What you chose is still here: save "
        "it again, and it holds instead."
    )
    return page_with(article, form, 409, moved=words)
