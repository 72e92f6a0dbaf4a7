"""The board: all items, also the internal ones, and where they stand."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.quarters import quarter_of
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.roadmap.addresses import BOARD
from portal.roadmap.forms import MoveForm, quarters
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import items
from portal.roadmap.queries.items import Group
from portal.roadmap.service import placing, writing
from portal.roadmap.service.placing import Where
from portal.roadmap.service.refusals import Conflict, Removed
from portal.roadmap.service.reminding import HOLDS
from portal.roadmap.views.blueprint import asked_module, categories, roadmap, the_item, words
from portal.roadmap.wording import STAGES, quarter_name


@roadmap.get("/board", endpoint="board")
@requires(Permission.SEE_PLANS)
def board() -> Response:
    return board_page()


@roadmap.post("/board/<uuid:key>/place", endpoint="move")
@requires(Permission.RUN_ROADMAP)
def move(key: UUID) -> Response:
    item, form = the_item(key), MoveForm()
    form.quarter.choices = quarters(utcnow(), item.quarter, form.quarter.data or "")
    if not form.validate():
        return board_page(422, wrong=_("Nothing was moved: choose a stage, a quarter and a place."))
    try:
        placing.move(db(), item, form.place(), form.edition(), by=the_actor(), at=utcnow())
    except (Conflict, Removed):
        db().rollback()
        return board_page(
            409,
            wrong=_(
                "Somebody else has changed this item meanwhile. Nothing was moved; this is how the "
                "board stands now."
            ),
        )
    said = _moved(item)
    if is_htmx():
        return board_page(said=said, focus=f"move-{item.id}")
    flash(said)
    return see_other(BOARD)


@roadmap.post("/board/<uuid:key>/confirmation", endpoint="confirm")
@requires(Permission.RUN_ROADMAP)
def confirm(key: UUID) -> Response:
    writing.confirm(db(), the_item(key), by=the_actor(), at=utcnow())
    flash(_("Noted: it still holds."))
    return see_other(BOARD)


def board_page(status: int = 200, *, wrong: str = "", said: str = "", focus: str = "") -> Response:
    """`wrong` stands above the board, `said` is read to who can't see it."""
    session, now, module = db(), utcnow(), asked_module()
    cards, removed = items.board(session, module)
    columns = items.columns(cards)
    for groups in columns.values():
        if not groups:
            groups.append(Group(quarter_of(now), []))
    known = {card.item.quarter for card in cards}
    return page(
        "roadmap/board.html",
        blocks=("board",),
        status=status,
        columns=columns,
        removed=removed,
        quarters=[(choice.value, choice.label) for choice in quarters(now, *known)],
        places=[
            (Where.LAST, _("At the end")),
            (Where.FIRST, _("At the top")),
            (Where.UP, _("One up")),
            (Where.DOWN, _("One down")),
        ],
        module=module,
        modules=categories(),
        stale_before=now - HOLDS,
        now=now,
        wrong=wrong,
        said=said,
        focus=focus,
        **words(),
    )


def _moved(item: RoadmapItem) -> str:
    there = items.group(db(), item.stage, item.quarter)
    return _(
        "Moved: %(title)s is number %(place)s of %(count)s in %(stage)s, %(quarter)s.",
        title=items.said(items.texts(db(), [item.id])[item.id], language()).title,
        place=1 + [one.id for one in there].index(item.id),
        count=len(there),
        stage=STAGES[item.stage],
        quarter=quarter_name(item.quarter),
    )
