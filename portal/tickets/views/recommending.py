"""Articles beside an answer, to be put into it."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.tickets import recommending
from portal.tickets.models import Ticket
from portal.tickets.views import office, workspace
from portal.tickets.views.at_builder.ticket import ticket_of as office_ticket_of
from portal.tickets.views.desk import ticket_of

WORDS_LONGEST = 200


@workspace.get("/desk/<int:number>/articles", endpoint="articles")
@requires(Permission.WORK_TICKETS)
def at_platform(number: int) -> Response:
    return _page(ticket_of(number), url_for("workspace.ticket", number=number))


@office.get("/<int:number>/articles", endpoint="articles")
@requires(Permission.WORK_DESK)
def at_builder(number: int) -> Response:
    return _page(office_ticket_of(number), url_for("office.ticket", number=number))


def _page(ticket: Ticket, back: str) -> Response:
    words = request.args.get("q", "")[:WORDS_LONGEST]
    found = recommending.recommended(db(), ticket, words, by=the_actor())
    return page(
        "tickets/articles.html",
        blocks=("found",),
        ticket=ticket,
        words=words,
        found=found,
        back=back,
        root=request.script_root,
    )
