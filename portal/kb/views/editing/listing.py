"""All articles, by what is to be done about them; and what leads nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.kb.forms.editing import AUDIENCES, DeedForm, with_choices
from portal.kb.queries import listing as queries
from portal.kb.queries.listing import COUNT_TO, Order, State, Wanted
from portal.kb.service.bulk import Deed
from portal.kb.views.editing import options
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.wording import DEEDS, NOTHING, ORDERS, STATES, languages

MOST_BROKEN = 500
KEYS = {State.REVIEW: "1", State.DRAFTS: "2", State.PUBLISHED: "3", State.ALL: "0"}


@editing.get("", endpoint="list")
@requires(Permission.WRITE_ARTICLES)
def everything() -> Response:
    wanted = asked()
    found = queries.entries(db(), wanted, asked_page(), at=utcnow())
    return page(
        "kb/editing/list.html",
        blocks=("list",),
        wanted=wanted,
        entries=found.items,
        newer=_address(wanted, found.previous_cursor) if found.previous_cursor else "",
        older=_address(wanted, found.next_cursor) if found.next_cursor else "",
        this=_address(wanted, None),
        views=rail(wanted.state),
        title=STATES[wanted.state],
        nothing=NOTHING[wanted.state],
        filtered=_without_filters(wanted) != wanted,
        choices=_choices(),
        orders=list(ORDERS.items()),
        shelves=options.shelf_names(),
        modules=options.module_names(),
        audiences=AUDIENCES,
        many=many_form(),
        done=_done(),
    )


def rail(current: State | None) -> list[dict[str, Any]]:
    counts = queries.counts(db(), at=utcnow())
    return [
        {
            "label": label,
            "href": url_for("articles.list", state=None if state is State.ALL else state),
            "current": state is current,
            "count": f"{COUNT_TO}+" if counts[state] >= COUNT_TO else counts[state],
            "any": counts[state],
        }
        for state, label in STATES.items()
    ]


def asked() -> Wanted:
    """What the address wants; what it can't want is left out."""
    given = request.args
    return Wanted(
        state=_one_of(State, given.get("state", ""), State.ALL),
        language=given.get("language", "")[:10],
        category=_key(given.get("category", "")),
        module=given.get("module", "")[:50],
        audience=given.get("audience", "")[:12],
        owner=_key(given.get("owner", "")),
        words=" ".join(given.get("q", "")[:200].replace("\0", "").split()),
        order=_one_of(Order, given.get("order", ""), Order.NEWEST),
    )


def _one_of(kind: Any, text: str, otherwise: Any) -> Any:
    return kind(text) if text in list(kind) else otherwise


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _address(wanted: Wanted, cursor: Cursor | None) -> str:
    return url_for("articles.list", **parameters(wanted), page=str(cursor) if cursor else None)


def parameters(wanted: Wanted) -> Mapping[str, Any]:
    given = {
        "state": wanted.state if wanted.state is not State.ALL else "",
        "language": wanted.language,
        "category": wanted.category,
        "module": wanted.module,
        "audience": wanted.audience,
        "owner": wanted.owner,
        "q": wanted.words,
        "order": wanted.order if wanted.order is not Order.NEWEST else "",
    }
    return {name: value for name, value in given.items() if value}


def _without_filters(wanted: Wanted) -> Wanted:
    return replace(Wanted(), state=wanted.state, order=wanted.order)


def _choices() -> Mapping[str, options.Choices]:
    return {
        "language": languages(),
        "category": options.shelves()[1:],
        "module": options.modules()[1:],
        "audience": [(key.value, words) for key, words in AUDIENCES.items()],
        "owner": options.owners()[1:],
    }


def many_form() -> DeedForm | None:
    """For who may publish."""
    if not the_actor().may(Permission.PUBLISH_ARTICLES):
        return None
    form = DeedForm(formdata=None)
    return deed_choices(form)


def deed_choices(form: DeedForm) -> DeedForm:
    found: DeedForm = with_choices(
        form,
        {
            "deed": [(deed.value, words) for deed, words in DEEDS.items()],
            "category": options.shelves(),
            "module": options.modules(),
        },
    )
    return found


def _done() -> Mapping[str, Any] | None:
    """What was just done to many, as the address of the page says."""
    try:
        deed, count = Deed(request.args.get("deed", "")), int(request.args.get("count", ""))
        left = int(request.args.get("left", "0"))
    except ValueError:
        return None
    entry = _key(request.args.get("done", "")) if count else None
    return {"words": DEEDS[deed], "count": count, "left": left, "entry": entry}


@editing.get("/links")
@requires(Permission.WRITE_ARTICLES)
def links() -> Response:
    """Every link of a published article that leads nowhere."""
    return page(
        "kb/editing/links.html",
        rows=queries.broken_links(db(), MOST_BROKEN),
        views=rail(None),
        most=MOST_BROKEN,
    )
