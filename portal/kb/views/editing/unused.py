"""Pictures that no article shows: looked at, and removed."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.addresses import file_path
from portal.kb.queries import pictures as queries
from portal.kb.service import tidying
from portal.kb.service.bulk import chosen
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.listing import rail

SHOWN: Final = 60


@editing.get("/pictures", endpoint="unused")
@requires(Permission.PUBLISH_ARTICLES)
def all_unused() -> Response:
    keys = tidying.unused(db(), utcnow())
    return page(
        "kb/editing/pictures.html",
        pictures=_described(keys[:SHOWN]),
        number=len(keys),
        asked=False,
        file_path=file_path,
        views=rail(None),
    )


@editing.get("/pictures/removal", endpoint="unused_removal")
@requires(Permission.PUBLISH_ARTICLES)
def ask() -> Response:
    ticked = set(chosen(request.args.getlist("chosen")))
    keys = [key for key in tidying.unused(db(), utcnow()) if key in ticked]
    if not keys:
        raise Problem(422, _("Tick the pictures first."))
    return page(
        "kb/editing/pictures.html",
        pictures=_described(keys),
        number=len(keys),
        asked=True,
        file_path=file_path,
        views=rail(None),
    )


@editing.post("/pictures/removal", endpoint="remove_unused")
@requires(Permission.PUBLISH_ARTICLES)
def remove() -> Response:
    ticked = chosen(request.form.getlist("chosen"))
    count = tidying.remove(db(), ticked, by=the_actor(), at=utcnow())
    left = len(ticked) - count
    flash(ngettext("One picture is gone.", "%(num)s pictures are gone.", count))
    if left:
        words = ngettext(
            "One stays: something shows it by now.",
            "%(num)s stay: something shows them by now.",
            left,
        )
        flash(words, "info")
    return see_other(url_for("articles.unused"))


def _described(keys: Collection[UUID]) -> Sequence[Any]:
    return queries.described(db(), keys)
