"""What of a conversation others may read: its pieces and what is private in them, as an agent
leaves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from babel import Locale
from flask import request
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.redaction import Known, Private, with_stand_ins, without_stand_ins
from portal.foundation.speech import gettext as _
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.tickets.forms.customer import chosen_files
from portal.tickets.forms.desk import cleaned
from portal.tickets.models import Attachment, Ticket
from portal.tickets.redacting import KIND_NAMES, language_of, things_in
from portal.tickets.service import articles, parties
from portal.tickets.service.articles import TITLE, Piece

TITLE_LONGEST = 300


@dataclass
class Redaction:
    """A conversation on its way to others. `texts` and `chosen` are by the piece's key; `gone` are
    the keys of the things that are taken out, `shown` those that the agent has seen."""

    ticket: Ticket
    pieces: Sequence[Piece]
    known: Known
    pictures: Sequence[Attachment]
    language: str
    texts: dict[str, str] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    taken_along: set[UUID] = field(default_factory=set)
    errors: list[tuple[str, str]] = field(default_factory=list)
    things: Sequence[Private] = ()

    @property
    def originals(self) -> list[str]:
        return [self.ticket.subject, *(piece.text for piece in self.pieces)]

    @property
    def edited(self) -> list[str]:
        return [self.texts[TITLE], *(self.texts[piece.key] for piece in self.pieces)]

    @property
    def chosen_pictures(self) -> list[Attachment]:
        return [file for file in self.pictures if file.id in self.taken_along]

    def part(self, *, answers: bool) -> str:
        chosen = (p for p in self.pieces if p.key in self.chosen and p.answers is answers)
        return "\n\n".join(self.texts[piece.key].strip() for piece in chosen)


def proposed(ticket: Ticket, now: datetime) -> Redaction:
    """Everything that was found is taken out, until somebody says otherwise."""
    found = _begun(ticket, now)
    found.texts = {TITLE: found.ticket.subject} | {p.key: p.text for p in found.pieces}
    found.chosen = {piece.key for piece in found.pieces if piece.proposed}
    found.things = _things(found)
    found.gone = {thing.key for thing in found.things}
    _take_out(found)
    return found


def sent(ticket: Ticket, now: datetime) -> Redaction:
    """As the form came; what is private and new in it is taken out, and is an error."""
    found = _begun(ticket, now)
    _read_form(found)
    new = {thing.key for thing in found.things} - found.shown
    found.gone |= new
    _take_out(found)
    found.errors = list(_complaints(found, new))
    return found


def sent_again(ticket: Ticket, now: datetime, before: Redaction) -> Redaction:
    """The same in a transaction begun anew."""
    found = _begun(ticket, now)
    _read_form(found)
    found.gone = before.gone
    _take_out(found)
    return found


def is_only_applied() -> bool:
    """The agent wants to see what their ticks change, and nothing more."""
    return "apply" in request.form


def review_page(template: str, found: Redaction, status: int = 200, **values: Any) -> Response:
    return page(
        template,
        blocks=("review",),
        status=status,
        found=found,
        ticket=found.ticket,
        kinds=KIND_NAMES,
        languages=[(code, _name_of(code)) for code in LOCALES],
        title_key=TITLE,
        **values,
    )


def _begun(ticket: Ticket, now: datetime) -> Redaction:
    """Raises Unanswered and Elsewhere."""
    pieces = articles.pieces_of(db(), ticket, at=now)
    return Redaction(
        ticket,
        pieces,
        parties.known(db(), ticket, [piece.who for piece in pieces]),
        articles.pictures_of(db(), ticket),
        language_of(ticket),
    )


def _read_form(found: Redaction) -> None:
    """As it came, with everything private in its place; what the form does not name is as it was,
    and not chosen."""
    form = request.form
    keys = {TITLE: found.ticket.subject} | {piece.key: piece.text for piece in found.pieces}
    found.texts = {key: cleaned(form.get(f"text-{key}", text)) for key, text in keys.items()}
    found.texts[TITLE] = " ".join(found.texts[TITLE].split())
    found.chosen = set(form.getlist("piece"))
    found.gone, found.shown = set(form.getlist("gone")), set(form.getlist("shown"))
    found.taken_along = set(chosen_files(form.getlist("picture")))
    if form.get("spoken") in LOCALES:
        found.language = form["spoken"]  # in which the page named the things
    found.things = _things(found)
    for key, text in found.texts.items():
        found.texts[key] = without_stand_ins(text, found.things)
    if form.get("language") in LOCALES:
        found.language = form["language"]
    found.things = _things(found)


def _things(found: Redaction) -> Sequence[Private]:
    return things_in(found.originals, found.known, found.language, found.edited)


def _take_out(found: Redaction) -> None:
    gone = [thing for thing in found.things if thing.key in found.gone]
    for key, text in found.texts.items():
        found.texts[key] = with_stand_ins(text, gone)


def _complaints(found: Redaction, new: set[str]) -> Iterator[tuple[str, str]]:
    if not found.texts[TITLE]:
        yield f"text-{TITLE}", _("Give it a title.")
    if len(found.texts[TITLE]) > TITLE_LONGEST:
        yield f"text-{TITLE}", _("Make this shorter: 300 characters at most.")
    if not found.part(answers=True):
        yield "pieces", _("Choose at least one answer, and leave words in it.")
    if new:
        words = _(
            "Your words have something private in them, too. It is taken out now: look again."
        )
        yield "things", words


def _name_of(code: str) -> str:
    return (Locale.parse(code).display_name or code).capitalize()
