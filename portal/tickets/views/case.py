"""Everything that a customer may know of a ticket, gathered for the page that shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from markupsafe import Markup

from portal.core.ticket_states import Answer
from portal.foundation.markup import fold_quotes
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.database import db
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.policy.wording import Voice
from portal.tickets import stages
from portal.tickets.models import Attachment, Ticket
from portal.tickets.promising import as_promised
from portal.tickets.queries import conversation as queries
from portal.tickets.queries import entries
from portal.tickets.queries.conversation import EventEntry, MessageEntry
from portal.tickets.queries.entries import ClockEntry
from portal.tickets.service import following
from portal.tickets.service.conversation import EDIT_WINDOW
from portal.tickets.standing import Standing, Turn, reopens_until, standing_of
from portal.tickets.views.files import FileAddresses, shown_files
from portal.tickets.views.reader import html_of, pack_of, voice_of
from portal.tickets.wording import Line, Teller

WAITED_FOR = frozenset({Turn.ANSWER_DUE, Turn.ANSWER_LATE, Turn.ANSWER_OPEN})


class Addresses(FileAddresses, Protocol):
    """Where the parts of a ticket are."""

    def original(self, message: MessageEntry) -> str: ...
    def edit(self, message: MessageEntry) -> str: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the conversation shows it. `kind`: customer or desk."""

    id: str
    who: str
    at: datetime
    kind: str
    html: Markup
    quoted: Markup
    attachments: list[dict[str, Any]]
    edited_at: datetime | None = None
    original: str = ""
    edit: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a customer may know of a ticket."""

    ticket: Ticket
    pack: Pack
    messages: list[MessageEntry]
    files: Mapping[UUID | None, Sequence[Attachment]]
    events: list[EventEntry]
    clocks: list[ClockEntry]

    @property
    def public(self) -> list[EventEntry]:
        """Without what is for staff, and without replies that have not left or never will."""
        visible = {str(message.id) for message in self.messages}
        return [
            event
            for event in self.events
            if not event.is_internal and event.facts.get("message_id", "") in {"", *visible}
        ]

    @property
    def told_until(self) -> datetime | None:
        promised = [e.facts["until"] for e in self.public if e.kind == "update_promised"]
        return datetime.fromisoformat(promised[-1]) if promised else None


def case_of(ticket: Ticket, now: datetime) -> Case:
    return Case(
        ticket,
        pack_of(ticket),
        queries.conversation(db(), ticket, internal=False, now=now),
        queries.attachments_of(db(), ticket),
        queries.timeline(db(), ticket),
        entries.clocks_of(db(), [ticket.id])[ticket.id],
    )


def told(case: Case, now: datetime, addresses: Addresses, *, reader: UUID | None) -> dict[str, Any]:
    """What both kinds of page, a member's and a guest's, show of a ticket."""
    ticket, pack = case.ticket, case.pack
    voice = voice_of(pack)
    plan = pack.nearest_plan(ticket.plan).key
    rule = pack.rule_for(ticket.severity, plan, ticket.channel)
    standing = standing_of(
        ticket, case.clocks, now, promised=rule.promised, told_until=case.told_until
    )
    return {
        "ticket": ticket,
        "severity": pack.severity(ticket.severity),
        "category": _name(pack, ticket.category, voice),
        "messages": list(_shown(case, now, addresses, reader)),
        "standing": standing,
        "promise_words": _promise(case, voice, standing),
        "outcome": _outcome(case),
        "reopens_until": reopens_until(ticket, pack.lifecycle.reopen_days),
        "follow_up": following.answer_to(db(), ticket, now) is Answer.FOLLOW_UP,
        "steps": _steps(case, plan),
        "timeline": _timeline(case, voice),
        "voice": voice,
        "follows": _follows(case),
    }


def _name(pack: Pack, category: str, voice: Voice) -> str:
    return pack.categories[category].name.to(voice.language) if category in pack.categories else ""


def _promise(case: Case, voice: Voice, standing: Standing) -> str:
    """The sentence of the first answer, while that clock runs."""
    if standing.turn not in WAITED_FOR:
        return ""
    window = policy.window_of(db(), case.ticket.builder_id, case.ticket.created_at)
    return as_promised(voice, case.ticket, case.clocks, window=window)


def _outcome(case: Case) -> str:
    resolved = [event for event in case.public if event.kind == "resolved"]
    return str(resolved[-1].facts.get("outcome") or "") if resolved else ""


def _follows(case: Case) -> int | None:
    return next((e.facts.get("follows") for e in case.events if e.kind == "opened"), None)


def _steps(case: Case, plan: str) -> list[stages.Step]:
    """Assignment counts although it is not shown; a reply that is still with us does not."""
    hidden = {event.id for event in case.events if not event.is_internal} - {
        event.id for event in case.public
    }
    known = [event for event in case.events if event.id not in hidden]
    marks = stages.marks_of(known)
    steps = stages.steps_of(case.pack.stages, marks, category=case.ticket.category, plan=plan)
    return stages.as_reached(steps)


def _timeline(case: Case, voice: Voice) -> list[Line]:
    """Newest first."""
    lines = Teller(voice, case.ticket).timeline(reversed(case.public))
    return [replace(line, text=str(_TO_THEM.get(line.kind, line.text))) for line in lines]


# what reads oddly when one is the customer oneself
_TO_THEM = {
    "customer_replied": _l("Wrote a message"),
    "waiting": _l("Asked a question; our clock waits for the answer"),
}


def _shown(case: Case, now: datetime, addresses: Addresses, reader: UUID | None) -> Iterator[Shown]:
    ticket = case.ticket
    yield Shown(
        id="opening",
        who=ticket.requester_name,
        at=ticket.created_at,
        kind="customer",
        html=html_of(ticket.description),
        quoted=Markup(),
        attachments=shown_files(case.files.get(None, ()), addresses),
        mine=ticket.requester_id == reader,
    )
    for message in case.messages:
        folded = fold_quotes(message.body)
        mine = message.sender_type == "customer" and message.sender_id == reader
        editable = mine and reader is not None and now <= message.created_at + EDIT_WINDOW
        yield Shown(
            id=f"m-{message.id}",
            who=message.sender_name,
            at=message.created_at,
            kind="customer" if message.sender_type == "customer" else "desk",
            html=html_of(folded.fresh),
            quoted=html_of(folded.quoted) if folded.quoted else Markup(),
            attachments=shown_files(case.files.get(message.id, ()), addresses),
            edited_at=message.edited_at,
            original=addresses.original(message) if message.edited_at else "",
            edit=addresses.edit(message) if editable else "",
            mine=mine,
        )
