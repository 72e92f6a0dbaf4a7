"""The screen on which a builder's team answers one ticket, and what every verb there ends with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.core.permissions import Desk, Permission
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.ids import uuid7
from portal.foundation.markup import fold_quotes
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.errors import answer as refuse
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import is_htmx, page, see_other, toast
from portal.tickets.forms.office import THEN
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries import conversation as words
from portal.tickets.queries import entries, escalations
from portal.tickets.queries import office as queries
from portal.tickets.queries.conversation import MessageEntry
from portal.tickets.service import attachments, handling
from portal.tickets.standing import standing_of
from portal.tickets.views import office, uploads
from portal.tickets.views.at_builder.above import above_of
from portal.tickets.views.files import MemberFiles, shown_files
from portal.tickets.views.reader import html_of, pack_of, ticket_in_reach, voice_of
from portal.tickets.wording import Teller
from portal.writing.service import drafts

TEMPLATE = "tickets/office/ticket.html"
LIVE = ("top", "talk", "side")
"""The blocks that may change without the reader's doing; what they type is in none of them."""


@dataclass(frozen=True, slots=True)
class Composer:
    """What stands in it. `kind`: reply or note."""

    body: str = ""
    kind: str = "reply"
    then: str = ""
    error: str = ""
    saved_at: datetime | None = None
    files: list[Attachment] = field(default_factory=list)


@office.get("/<int:number>")
@requires(Permission.WORK_DESK)
def ticket(number: int) -> Response:
    return screen(ticket_of(number), blocks=LIVE)


def ticket_of(number: int) -> Ticket:
    """Of the builder's desk, in reach. Raises NotFound."""
    found = ticket_in_reach(number)
    if found.desk != Desk.BUILDER:
        raise NotFound
    return found


def screen(
    found: Ticket,
    *,
    blocks: tuple[str, ...] = (),
    status: int = 200,
    composer: Composer | None = None,
) -> Response:
    now, pack = utcnow(), pack_of(found)
    voice = voice_of(pack)
    clocks = entries.clocks_of(db(), [found.id])[found.id]
    events = words.timeline(db(), found)
    promised = pack.rule_for(found.severity, pack.nearest_plan("").key, found.channel).promised
    return page(
        TEMPLATE,
        blocks=blocks,
        status=status,
        ticket=found,
        pack=pack,
        voice=voice,
        severity=pack.severity(found.severity),
        messages=list(_said(found, now)),
        standing=standing_of(found, clocks, now, promised=promised),
        timeline=Teller(voice, found).timeline(reversed(events)),
        team=handling.team_of(db(), found),
        above=above_of(escalations.of_ticket(db(), found), now),
        may_pass=the_actor().may(Permission.ESCALATE),
        canned=queries.canned_replies(db()),
        composer=composer or _drafted(found),
        then=THEN,
        press=str(uuid7()),
        limit=uploads.limit(),
        most=attachments.MOST,
    )


def _drafted(found: Ticket) -> Composer:
    for kind in ("reply", "note"):
        if draft := drafts.find(db(), drafts.place_of(found.id, kind), by=the_actor()):
            return Composer(draft.fields.get("body", ""), kind, saved_at=draft.updated_at)
    return Composer()


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the desk sees it. `kind`: customer, desk or note. `take_back`: where, while it
    has not left."""

    id: str
    who: str
    at: datetime
    kind: str
    html: Markup
    quoted: Markup
    files: list[dict[str, Any]]
    edited_at: datetime | None = None
    take_back: str = ""


def _said(found: Ticket, now: datetime) -> Iterator[Said]:
    files, addresses = words.attachments_of(db(), found), MemberFiles(found.number)
    yield Said(
        "opening",
        found.requester_name,
        found.created_at,
        "customer",
        html_of(found.description),
        Markup(),
        shown_files(files.get(None, ()), addresses),
    )
    for message in words.conversation(db(), found, internal=True, now=now):
        folded = fold_quotes(message.body)
        yield Said(
            f"m-{message.id}",
            message.sender_name,
            message.created_at,
            _kind(message),
            html_of(folded.fresh),
            html_of(folded.quoted) if folded.quoted else Markup(),
            shown_files(files.get(message.id, ()), addresses),
            message.edited_at,
            _take_back(found, message, now),
        )


def _kind(message: MessageEntry) -> str:
    if message.is_internal:
        return "note"
    return "customer" if message.sender_type == "customer" else "desk"


def _take_back(found: Ticket, message: MessageEntry, now: datetime) -> str:
    """Where one's own reply can be taken back, while it has not left."""
    if message.leaves_at <= now or message.sender_id != the_actor().user_id:
        return ""
    return url_for("office.withdraw", number=found.number, key=message.id)


def answer(number: int, said: str) -> Response:
    """After a verb: the parts that changed and a toast, or the whole page again."""
    if not is_htmx():
        flash(said)
        return see_other(url_for("office.ticket", number=number))
    db().flush()
    return toast(screen(ticket_of(number), blocks=LIVE), said)


@office.errorhandler(TransitionError)
def out_of_date(error: TransitionError) -> Response:
    """The state changed since the page was loaded: what it offered is no longer possible."""
    said = _("The ticket has changed since you opened it, so this is no longer possible.")
    return refuse(Problem(409, said))
