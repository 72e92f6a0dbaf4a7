"""List, file and read tickets."""

from collections.abc import Mapping

from flask import Response, url_for

from portal.core.permissions import Desk, Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.refusals import wrong
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.formatting import language
from portal.foundation.web.idempotency import once
from portal.policy import desk_rules
from portal.policy.pack import Pack
from portal.policy.wording import Voice
from portal.tickets.api import rendering, sending
from portal.tickets.api.blueprint import api, ticket_in_reach
from portal.tickets.api.context import Cleaner
from portal.tickets.api.shapes import (
    FiledTicket,
    ListQuery,
    NewTicket,
    TicketPage,
    TicketPath,
    WholeTicket,
)
from portal.tickets.queries import conversation, listing
from portal.tickets.service import filing
from portal.tickets.suggestions import propose, team_for, to_facts

SOURCE = "api"
DEFAULT_CHANNEL = "in_app"


@api.get(
    "/tickets",
    operation_id="listTickets",
    responses=answers(200, TicketPage),
    description=(
        "Yours, newest first: for owners and admins those of the company, for others their own, "
        "for staff everybody's; people of a builder also read what its own desk was asked "
        "(`desk`). The order is that of opening, so paging is steady while tickets "
        "are added."
    ),
)
@requires(Permission.SEE_TICKETS, scope=Scope.READ_TICKETS)
def list_tickets(query: ListQuery) -> Response:
    """List tickets"""
    wanted = listing.Wanted(
        status=query.status or "",
        severity=query.severity or "",
        category=query.category or "",
        assigned=query.assigned or "",
        builder=query.builder or "",
        desk=query.desk or "",
    )
    page = listing.listed(db(), the_actor(), wanted, query.place(), query.limit)
    items = rendering.tickets_for(the_actor(), page.items)
    cursor = str(page.next_cursor) if page.next_cursor else None
    return answer(TicketPage(items=items, next_cursor=cursor))


@api.post(
    "/tickets",
    operation_id="createTicket",
    responses=answers(201, FiledTicket, 409),
    description=(
        "Severity and category that you leave out are suggested from the words and the module; "
        "`reasons` says why. `promise` says when we answer. Send an `Idempotency-Key`, so that "
        "trying again never makes a second ticket."
    ),
)
@requires(Permission.CREATE_TICKETS, scope=Scope.WRITE_TICKETS)
@once
def create_ticket(header: OnceHeader, body: NewTicket) -> Response:
    """Open a ticket"""
    pack, actor = desk_rules.model_for(db(), the_actor()), the_actor()
    cleaner = Cleaner(body.confirmed)
    new = _new_ticket(pack, body, cleaner)
    done = filing.file_ticket(db(), pack, new, by=actor, at=utcnow())
    shape = rendering.filed(done, pack, [*done.masked, *cleaner.findings], new.files)
    return answer(shape, 201, url_for("tickets_api.read_ticket", id=done.ticket.id))


def _new_ticket(pack: Pack, body: NewTicket, cleaner: Cleaner) -> filing.NewTicket:
    module = cleaner.text(body.module or "")
    suggestion = propose(pack, f"{body.subject}\n{body.description}", module=module)
    severity = _known("severity", body.severity or suggestion.severity, pack.severities)
    category = _known("category", body.category or suggestion.category, pack.categories)
    return filing.NewTicket(
        subject=body.subject,
        description=body.description,
        severity=severity,
        category=category,
        team=team_for(pack, suggestion, category),
        source=SOURCE,
        channel=_channel(pack, body.channel, severity, category),
        module=module,
        suggestion=to_facts(suggestion),
        context_url=cleaner.text(body.context_url) if body.context_url else None,
        context=cleaner.value(body.context_metadata or {}),
        files=sending.keep(body.attachments),
        confirmed=body.confirmed,
    )


def _known(field: str, value: str, known: Mapping[str, object]) -> str:
    if value not in known:
        raise wrong(field, _("This must be one of: %(known)s.", known=", ".join(known)))
    return value


def _channel(pack: Pack, asked: str | None, severity: str, category: str) -> str:
    """The one asked for, if the plan has it; else how programs are answered by default."""
    actor = the_actor()
    plan = pack.nearest_plan(actor.plan)
    if asked is None:
        return DEFAULT_CHANNEL if DEFAULT_CHANNEL in pack.channels else plan.channels[0]
    _known("channel", asked, pack.channels)
    found = pack.entitlement(plan.key, asked, severity=severity, category=category)
    if actor.is_staff or actor.asks is Desk.BUILDER or found.included:
        return asked
    raise Problem(403, Voice(pack, language(), actor.zone).entitlement(found, plan))


@api.get(
    "/tickets/<id>",
    operation_id="readTicket",
    responses=answers(200, WholeTicket),
    description="Notes among staff and replies that have not left yet are for staff alone.",
)
@requires(Permission.SEE_TICKETS, scope=Scope.READ_TICKETS)
def read_ticket(path: TicketPath) -> Response:
    """Read a ticket with its messages"""
    ticket, actor = ticket_in_reach(path.id), the_actor()
    messages = conversation.conversation(
        db(), ticket, internal=actor.answers(ticket.desk), now=utcnow()
    )
    files = conversation.attachments_of(db(), ticket).get(None, [])
    return answer(rendering.whole(actor, ticket, messages, files))
