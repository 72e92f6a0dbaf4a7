"""Rows as shapes, worded for the reader."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g

from portal.core.permissions import Actor
from portal.core.secrets import Finding
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.notifications.addresses import absolute, root_for
from portal.policy.pack import Pack
from portal.policy.wording import Voice
from portal.tickets import addresses
from portal.tickets.api import shapes
from portal.tickets.models import Attachment, Ticket
from portal.tickets.promising import DISCREET
from portal.tickets.queries.conversation import AnyMessage
from portal.tickets.service import promises
from portal.tickets.service.filing import Filed
from portal.tickets.suggestions import from_facts

OWN_NAMES = {"user_id": "requester_id", "respond_by": "sla_response_by"}
WORDED = frozenset({"url", "promise", "plan"})
PLAIN = [name for name in shapes.Ticket.model_fields if name not in WORDED]


def tickets_for(actor: Actor, tickets: Sequence[Ticket]) -> list[shapes.Ticket]:
    told = promises.sentences(db(), tickets, language=language(), zone=actor.zone)
    return [shapes.Ticket(**_facts(actor, ticket, told[ticket.id])) for ticket in tickets]


def ticket_for(actor: Actor, ticket: Ticket) -> shapes.Ticket:
    return tickets_for(actor, [ticket])[0]


def filed(
    done: Filed, pack: Pack, masked: Iterable[Finding], files: Iterable[Attachment]
) -> shapes.FiledTicket:
    actor, ticket = the_actor(), done.ticket
    voice = Voice(pack, language(), actor.zone)
    suggestion = from_facts(ticket.suggestion)
    return shapes.FiledTicket(
        **_facts(actor, ticket, promises.sentence(db(), voice, ticket, done.clocks)),
        masked=masked_of(masked),
        attachments=files_of(ticket, files),
        reasons=[
            shapes.Reason(about=reason.about, value=reason.value, why=voice.reason(reason))
            for reason in (suggestion.reasons if suggestion else ())
        ],
    )


def whole(
    actor: Actor,
    ticket: Ticket,
    messages: Iterable[AnyMessage],
    files: Iterable[Attachment],
) -> shapes.WholeTicket:
    return shapes.WholeTicket(
        **ticket_for(actor, ticket).model_dump(),
        attachments=files_of(ticket, files),
        messages=[message_of(ticket, message) for message in messages],
    )


def message_of(
    ticket: Ticket, message: AnyMessage, masked: Iterable[Finding] = ()
) -> shapes.Message:
    return shapes.Message(
        id=message.id,
        ticket_id=ticket.id,
        sender_type=message.sender_type,  # type: ignore[arg-type]
        sender_id=message.sender_id,
        sender_name=message.sender_name,
        body=message.body,
        attachments=[_file(ticket, **fact) for fact in message.attachments],
        is_internal=message.is_internal,
        created_at=message.created_at,
        leaves_at=message.leaves_at,
        edited_at=message.edited_at,
        masked=masked_of(masked),
    )


def files_of(ticket: Ticket, files: Iterable[Attachment]) -> list[shapes.File]:
    return [_file(ticket, str(file.id), file.filename, file.size) for file in files]


def _file(ticket: Ticket, id: str, filename: str, size: int) -> shapes.File:
    address = addresses.of_file(ticket.number, id)
    return shapes.File(filename=filename, size=size, url=_whole(address))


def masked_of(findings: Iterable[Finding]) -> list[shapes.Masked]:
    kinds = {finding.fingerprint: finding.kind for finding in findings}
    return [shapes.Masked(kind=kind, fingerprint=print_) for print_, kind in kinds.items()]


def page_of(ticket: Ticket) -> str:
    if the_actor().answers(ticket.desk):
        return absolute(addresses.for_desk(ticket))
    return _whole(addresses.for_customer(ticket.number))


def _whole(path: str) -> str:
    if "reader_root" not in g:
        g.reader_root = root_for(db(), the_actor())
    return absolute(path, g.reader_root)


def _facts(actor: Actor, ticket: Ticket, promise: str) -> dict[str, Any]:
    facts = {name: getattr(ticket, OWN_NAMES.get(name, name)) for name in PLAIN}
    plan = "" if actor.role in DISCREET else ticket.plan
    return facts | {"url": page_of(ticket), "promise": promise, "plan": plan}
