"""Who may read an item: published after a look at what that means, withdrawn, removed, restored."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.roadmap.addresses import BOARD, inside_path
from portal.roadmap.forms import SeenForm
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import ideas, items, reach
from portal.roadmap.service import writing
from portal.roadmap.service.refusals import Conflict, Removed
from portal.roadmap.views.blueprint import roadmap, the_item, words


@roadmap.get("/board/<uuid:key>/publication", endpoint="publication")
@requires(Permission.RUN_ROADMAP)
def publication(key: UUID) -> Response:
    return _confirming(the_item(key))


@roadmap.post("/board/<uuid:key>/publication", endpoint="publish")
@requires(Permission.RUN_ROADMAP)
def publish(key: UUID) -> Response:
    item, form = the_item(key), SeenForm()
    try:
        writing.publish(db(), item, form.edition(), by=the_actor(), at=utcnow())
    except (Conflict, Removed):
        db().rollback()
        return _confirming(the_item(key), 409)
    flash(_("Everybody can read it now."))
    return see_other(inside_path(item.id))


@roadmap.post("/board/<uuid:key>/withdrawal", endpoint="withdraw")
@requires(Permission.RUN_ROADMAP)
def withdraw(key: UUID) -> Response:
    item = the_item(key)
    writing.withdraw(db(), item, by=the_actor(), at=utcnow())
    flash(_("Only our own people can read it now. Its address leads nowhere for others."))
    return see_other(inside_path(item.id))


@roadmap.get("/board/<uuid:key>/removal", endpoint="removal")
@requires(Permission.RUN_ROADMAP)
def removal(key: UUID) -> Response:
    card = items.carded(db(), [the_item(key)], inside=True)[0]
    return page("roadmap/removal.html", card=card, item=card.item, **words())


@roadmap.post("/board/<uuid:key>/removal", endpoint="remove")
@requires(Permission.RUN_ROADMAP)
def remove(key: UUID) -> Response:
    writing.remove(db(), the_item(key), by=the_actor(), at=utcnow())
    flash(_("Removed. It can be brought back at the end of the board."), "info")
    return see_other(f"{BOARD}#removed")


@roadmap.post("/board/<uuid:key>/restoration", endpoint="restore")
@requires(Permission.RUN_ROADMAP)
def restore(key: UUID) -> Response:
    item = reach.by_key(db(), key)
    if item is None:
        raise NotFound
    writing.restore(db(), item, by=the_actor(), at=utcnow())
    flash(_("It is back."))
    return see_other(url_for("roadmap.inside", key=item.id))


def _confirming(item: RoadmapItem, status: int = 200) -> Response:
    """With 409: somebody has changed it since it was looked at."""
    card = items.carded(db(), [item], inside=True)[0]
    return page(
        "roadmap/publication.html",
        status=status,
        card=card,
        item=item,
        moves=ideas.to_carry(db(), item),
        is_late=status == 409,
        **words(),
    )
