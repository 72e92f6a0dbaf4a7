"""Lists: the most wanted, what trends, what is new, and what one's own company wants."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.foundation.web.access import public
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.ideas.models import OPEN
from portal.ideas.queries import listing as queries
from portal.ideas.queries import votes
from portal.ideas.queries.listing import Wanted
from portal.ideas.views.blueprint import categories, ideas, visitor, words
from portal.ideas.wording import ORDERS, STATUSES

MINE, ALL = "mine", "all"


@ideas.get("", endpoint="list")
@public("anybody may read public ideas")
def ideas_list() -> Response:
    tab, status, category = _asked()
    actor, session = visitor(), db()
    company = actor.builder_id if actor is not None else None
    wanted = Wanted(
        order="new" if tab == MINE else tab,
        statuses=_statuses(tab, status),
        category=category,
        voted_by=company if tab == MINE else None,
    )
    found = queries.listed(session, actor, wanted, asked_page())
    return page(
        "ideas/list.html",
        blocks=("list",),
        found=found.items,
        voted=votes.voted(session, company, [idea.id for idea in found.items]),
        tab=tab,
        tabs=_tabs(company is not None),
        chosen=status,
        category=category,
        categories=categories(),
        newer=_address(tab, status, category, found.previous_cursor),
        older=_address(tab, status, category, found.next_cursor),
        **words(),
    )


def _asked() -> tuple[str, str, str]:
    """Nonsense in the address is passed over."""
    actor, sent = visitor(), request.args
    of_company = actor is not None and actor.builder_id is not None
    tab = sent.get("tab", "")
    if tab not in ORDERS and not (tab == MINE and of_company):
        tab = next(iter(ORDERS))
    status, category = sent.get("status", ""), sent.get("category", "")
    return (
        tab,
        status if status in STATUSES or status == ALL else "",
        category if category in categories() else "",
    )


def _statuses(tab: str, status: str) -> tuple[str, ...]:
    """What is decided stands aside unless it is asked for; of one's own wishes all are shown."""
    if status == ALL or (tab == MINE and not status):
        return ()
    return (status,) if status else OPEN


def _tabs(of_company: bool) -> dict[str, Any]:
    return ORDERS | ({MINE: None} if of_company else {})


def _address(tab: str, status: str, category: str, cursor: object) -> str:
    if cursor is None:
        return ""
    return url_for(
        "ideas.list",
        tab=tab,
        status=status or None,
        category=category or None,
        page=str(cursor),
    )
