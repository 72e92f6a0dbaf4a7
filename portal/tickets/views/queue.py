"""The queue: what burns on top, twenty-five rows a page, everything in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from flask import Request, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries as people
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx, page, see_other, toast
from portal.policy.pack import Pack, Severity
from portal.policy.running import running_pack
from portal.tickets.faces import Face, pressing
from portal.tickets.queries import desk as rows
from portal.tickets.queries import queue
from portal.tickets.queries.entries import Entry, clocks_of
from portal.tickets.queries.queue import COUNT_TO, Filters, Rail, View
from portal.tickets.service import assignment
from portal.tickets.service.assignment import Taken
from portal.tickets.views import workspace
from portal.tickets.views.desk import ticket_of
from portal.tickets.views.reader import pack_of
from portal.tickets.wording import ABOUT, STATES

VIEWS = {
    View.MINE: (_l("Mine"), "m"),
    View.UNASSIGNED: (_l("Unassigned"), "u"),
    View.BREACHING: (_l("Breaching soon"), "b"),
    View.ALL: (_l("All"), "a"),
}
CHOOSING = "filters"
LABELS = {
    **ABOUT,
    "state": _l("State"),
    "builder": _l("Customer"),
    "assignee": _l("Assignee"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`take`: where to press to take it, while nobody has it."""

    ticket: Entry
    face: Face
    severity: Severity
    plan: str
    href: str
    take: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the queue the reader is: what the address says."""

    view: View
    filters: Filters
    cursor: Cursor | None

    @classmethod
    def asked(cls, request: Request) -> "Place":
        """Problem for a cursor that is none; unknown views and filters are as good as none."""
        asked = request.args
        view = View(asked["view"]) if asked.get("view") in set(View) else View.ALL
        known = {name: _plain(asked.get(name, "")) for name in Filters.__slots__}
        return cls(view, Filters(**known), asked_cursor())

    def address(self, cursor: Cursor | None = None) -> str:
        said = {"view": self.view.value, **asdict(self.filters)}
        said["cursor"] = str(cursor) if cursor else ""
        return url_for("workspace.queue", **{name: value for name, value in said.items() if value})

    def choosing(self) -> str:
        """The address that offers the filters to choose from."""
        return f"{self.address()}&{CHOOSING}=1"

    def without(self, name: str) -> str:
        return replace(self, filters=self.filters.without(name)).address()


def _plain(value: str) -> str:
    return "".join(letter for letter in value[:80] if letter.isprintable()).strip()


@workspace.get("/queue", endpoint="queue")
@requires(Permission.WORK_TICKETS)
def queue_page() -> Response:
    place, now, pack = Place.asked(request), utcnow(), running_pack()
    found = queue.queue_page(db(), the_actor(), place.view, place.filters, place.cursor)
    choosing = CHOOSING in request.args
    names = _names(pack) if choosing or place.filters.any else {}
    rail = queue.rail(db(), the_actor())
    return page(
        "tickets/desk/queue.html",
        blocks=("filters",) if choosing else ("counts", "list"),
        place=place,
        rows=_rows(found.items, now),
        views=_views(place, rail),
        names=names,
        chips=_chips(place, names),
        here=rail.here,
        this=place.address(place.cursor),
        first=place.address() if place.cursor else "",
        previous=_address(place, found.previous_cursor),
        next=_address(place, found.next_cursor),
        pack=pack,
        labels=LABELS,
        title=VIEWS[place.view][0],
        now=now,
    )


def _address(place: Place, cursor: Cursor | None) -> str:
    return place.address(cursor) if cursor else ""


def _rows(tickets: Sequence[Entry], now: datetime) -> list[Row]:
    clocks = clocks_of(db(), [ticket.id for ticket in tickets])
    return [_row(ticket, pressing(ticket, clocks[ticket.id], now)) for ticket in tickets]


def _row(ticket: Entry, face: Face) -> Row:
    pack = pack_of(ticket)
    plan = pack.nearest_plan(ticket.plan)
    free = ticket.assigned_to is None and ticket.active and the_actor().agent_id is not None
    return Row(
        ticket,
        face,
        severity=pack.severity(ticket.severity),
        plan="" if plan.catch_all else plan.name.to(language()),
        href=url_for("workspace.ticket", number=ticket.number),
        take=url_for("workspace.take_from_queue", number=ticket.number) if free else "",
    )


def _views(place: Place, rail: Rail) -> list[dict[str, Any]]:
    counts = rail.counts
    return [
        {
            "label": label,
            "href": url_for("workspace.queue", view=view.value),
            "count": f"{COUNT_TO - 1}+" if counts[view] >= COUNT_TO else str(counts[view]),
            "any": counts[view] > 0,
            "current": view is place.view,
            "burns": view is View.BREACHING,
            "key": f"g {key}",
        }
        for view, (label, key) in VIEWS.items()
    ]


def _names(pack: Pack) -> Mapping[str, Mapping[str, str]]:
    """What each filter offers: key and name."""
    spoken = language()
    return {
        "severity": {k: f"{k} · {one.name.to(spoken)}" for k, one in pack.severities.items()},
        "category": {key: one.name.to(spoken) for key, one in pack.categories.items()},
        "team": {key: one.name.to(spoken) for key, one in pack.teams.items()},
        "state": {state.value: str(name) for state, name in STATES.items()},
        "builder": dict(rows.builders(db())),
        "assignee": {str(agent.id): agent.display_name for agent in people.agents(db())},
    }


def _chips(place: Place, names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    return [
        Chip(str(LABELS[name]), names[name].get(value, value), place.without(name))
        for name, value in asdict(place.filters).items()
        if value
    ]


@workspace.post("/queue/<int:number>/assignment")
@requires(Permission.WORK_TICKETS)
def take_from_queue(number: int) -> Response:
    """Taken without leaving the list, which offers it only while nobody has it."""
    ticket = ticket_of(number)
    if ticket.assigned_to not in {None, the_actor().agent_id}:
        raise Taken
    assignment.take(db(), ticket, by=the_actor(), at=utcnow())
    said = _("#%(number)s is yours.", number=number)
    if not is_htmx():
        flash(said)
        return see_other(url_for("workspace.queue", view=request.form.get("view") or None))
    return toast(Response(status=204), said, "corbel:queue-changed")
