"""The roadmap for everybody: all of it, and one item. Staff see here what others see; what is
internal is on the board."""

from typing import Any
from uuid import UUID

from flask import make_response, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.markup import plain
from portal.foundation.speech import language
from portal.foundation.web.access import public, requires
from portal.foundation.web.database import db
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.ideas.queries import votes
from portal.notifications.addresses import absolute
from portal.roadmap.addresses import SHARE, item_path, share_path
from portal.roadmap.queries import items
from portal.roadmap.queries.items import Card
from portal.roadmap.views import keeping
from portal.roadmap.views.blueprint import (
    asked_module,
    categories,
    public_card,
    roadmap,
    the_item,
    visitor,
    words,
)

SUMMARY = 200  # characters, where a page is shared


@roadmap.get("", endpoint="all")
@public("anybody may read the public roadmap")
def whole() -> Response:
    module = asked_module()
    columns = keeping.columns(module)
    if is_htmx():
        return make_response(columns)
    used = items.modules(db(), inside=False)
    return page(
        "roadmap/list.html",
        columns=columns,
        module=module,
        modules={key: name for key, name in categories().items() if key in used},
        share=absolute(f"{SHARE}?lang={language()}"),
        address=absolute(url_for("roadmap.all")),
        **words(),
    )


@roadmap.get("/<int:number>", endpoint="by_number")
@public("anybody may read the public roadmap")
def by_number(number: int) -> Response:
    card = public_card(number)
    return see_other(item_path(number, card.said(language()).title))


@roadmap.get("/<int:number>/<slug>", endpoint="item")
@public("anybody may read the public roadmap")
def item(number: int, slug: str) -> Response:
    """Whatever the words: the number says which."""
    card = public_card(number)
    text = card.said(language())
    return item_page(
        card,
        share=absolute(f"{share_path(number)}?lang={language()}"),
        address=absolute(item_path(number, text.title)),
        summary=plain(text.description)[:SUMMARY],
    )


@roadmap.get("/board/<uuid:key>", endpoint="inside")
@requires(Permission.SEE_PLANS)
def inside(key: UUID) -> Response:
    """With what is internal of it."""
    card = items.carded(db(), [the_item(key)], inside=True)[0]
    return item_page(card, inside=True)


def item_page(card: Card, *, inside: bool = False, **further: Any) -> Response:
    session, actor = db(), visitor()
    company = actor.builder_id if actor is not None else None
    return page(
        "roadmap/item.html",
        card=card,
        item=card.item,
        text=card.said(language()),
        history=items.changes(session, card.item.id, inside=inside),
        voted=votes.voted(session, company, [idea.id for idea in card.ideas]),
        inside=inside,
        **(further | words()),
    )
