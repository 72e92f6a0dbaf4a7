"""Threads in a list: all of them, or of a category."""

from typing import Any, Final

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.addresses import FORUM, category_path
from portal.forum.queries import flags
from portal.forum.queries import listing as queries
from portal.forum.queries.listing import Sort, Wanted
from portal.forum.views.blueprint import categories, companies, forum, moderates, shown, who
from portal.forum.views.placing import within
from portal.forum.wording import SORTS
from portal.foundation.web.access import public
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound

WHY: Final = "public by default: what is answered here helps the next one"


@forum.get("")
@public(WHY)
def front() -> Response:
    return _list("")


@forum.get("/in/<category>", endpoint="category")
@public(WHY)
def of_category(category: str) -> Response:
    if category not in categories():
        raise NotFound
    return _list(category)


def _list(category: str) -> Response:
    sort, cursor = _asked_sort(), asked_page()
    found = queries.threads(db(), Wanted(sort, category), cursor)
    above = queries.pinned(db(), category) if cursor is None else ()
    actor = who()
    ids = [row.id for row in (*above, *found.items)]
    known = queries.read_to(db(), actor.user_id, ids) if actor and actor.user_id else {}
    here = within(category_path(category) if category else FORUM)
    return shown(
        "forum/list.html",
        blocks=("threads",),
        category=category,
        names=categories(),
        sort=sort,
        sorts=SORTS,
        rows=found.items,
        pinned=above,
        known=known,
        builders=companies({row.builder_id for row in (*above, *found.items)}),
        here=here,
        newer=_address(here, sort, found.previous_cursor),
        older=_address(here, sort, found.next_cursor),
        followed=queries.followed_categories(db(), actor.user_id)
        if actor and actor.user_id
        else frozenset(),
        waiting=flags.waiting(db()) if moderates() else 0,
        can_write=actor is not None and actor.may(Permission.TAKE_PART),
    )


def _asked_sort() -> Sort:
    try:
        return Sort(request.args.get("sort", Sort.ACTIVE))
    except ValueError:
        return Sort.ACTIVE


def _address(here: str, sort: Sort, cursor: Any) -> str:
    if cursor is None:
        return ""
    chosen = f"sort={sort}&" if sort is not Sort.ACTIVE else ""
    return f"{here}?{chosen}page={cursor}"
