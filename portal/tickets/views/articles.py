"""An article made of an answered ticket: what is private is shown and taken out, or kept, first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from babel import Locale
from flask import request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.audience import Audience
from portal.core.permissions import Permission
from portal.core.redaction import Known, Private, with_stand_ins, without_stand_ins
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.storage import MissingFile, RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.addresses import draft_path
from portal.kb.service.drafting import BODY_LONGEST, TITLE_LONGEST
from portal.tickets.forms.customer import chosen_files
from portal.tickets.forms.desk import cleaned
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries import reach
from portal.tickets.redacting import KIND_NAMES, things_in
from portal.tickets.service import articles, parties
from portal.tickets.service.articles import TITLE, Elsewhere, Headings, Making, Piece, Unanswered
from portal.tickets.views import uploads, workspace
from portal.tickets.views.desk import desk_of, screen, ticket_of

TEMPLATE = "tickets/desk/article.html"
AUDIENCES = {
    Audience.CUSTOMERS: _l("Customers"),
    Audience.PUBLIC: _l("Everybody"),
    Audience.STAFF: _l("The platform’s own people"),
}


@dataclass
class Redaction:
    """A conversation on its way to an article. `texts` and `chosen` are by the piece's key; `gone`
    are the keys of the things that are taken out, `shown` those that the agent has seen."""

    ticket: Ticket
    pieces: Sequence[Piece]
    known: Known
    pictures: Sequence[Attachment]
    language: str
    audience: Audience
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

    def part(self, *, answers: bool) -> str:
        chosen = (p for p in self.pieces if p.key in self.chosen and p.answers is answers)
        return "\n\n".join(self.texts[piece.key].strip() for piece in chosen)


@workspace.get("/desk/<int:number>/article", endpoint="article_page")
@requires(Permission.WRITE_ARTICLES)
def review(number: int) -> Response:
    """Everything that was found is taken out, until somebody says otherwise."""
    found = _begun(ticket_of(number), utcnow())
    found.texts = {TITLE: found.ticket.subject} | {p.key: p.text for p in found.pieces}
    found.chosen = {piece.key for piece in found.pieces if piece.proposed}
    found.things = _things(found)
    found.gone = {thing.key for thing in found.things}
    _take_out(found)
    return _page(found)


@workspace.post("/desk/<int:number>/article", endpoint="make_article")
@requires(Permission.WRITE_ARTICLES)
def make(number: int) -> Response:
    found = _begun(ticket_of(number), utcnow())
    _read_form(found)
    new = {thing.key for thing in found.things} - found.shown
    found.gone |= new
    _take_out(found)
    if "apply" in request.form:
        return _page(found)
    found.errors = _complaints(found, new)
    if found.errors:
        return _page(found, status=422)
    try:
        draft = _make(found)
    except (RefusedFile, MissingFile, StoreUnavailable):
        db().rollback()
        found = _again(number, found)
        found.errors = [("picture", _("The pictures could not be copied just now. Try again."))]
        return _page(found, status=422)
    flash(_("A draft. Look at it once more before it is published."))
    return see_other(draft_path(draft.article_id))


@workspace.get("/desk/of/<uuid:key>", endpoint="by_key")
@requires(Permission.WORK_TICKETS)
def by_key(key: UUID) -> Response:
    """From what knows a ticket's key alone, as an article that came from it."""
    ticket = reach.ticket_by_id(db(), the_actor(), key)
    if ticket is None:
        raise NotFound
    return screen(desk_of(ticket.number))


@workspace.errorhandler(Unanswered)
def unanswered(error: Unanswered) -> Response:
    flash(_("There is no answer yet that others could read. Answer first."), "info")
    return see_other(request.path.rpartition("/")[0])


@workspace.errorhandler(Elsewhere)
def elsewhere(error: Elsewhere) -> Response:
    raise NotFound


def _begun(ticket: Ticket, now: datetime) -> Redaction:
    pieces = articles.pieces_of(db(), ticket, at=now)
    language = ticket.locale if ticket.locale in LOCALES else LOCALES[0]
    return Redaction(
        ticket,
        pieces,
        parties.known(db(), ticket, [piece.who for piece in pieces]),
        articles.pictures_of(db(), ticket),
        language,
        Audience.CUSTOMERS,
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
    if form.get("audience") in set(Audience):
        found.audience = Audience(form["audience"])
    found.things = _things(found)


def _things(found: Redaction) -> Sequence[Private]:
    return things_in(found.originals, found.known, found.language, found.edited)


def _take_out(found: Redaction) -> None:
    gone = [thing for thing in found.things if thing.key in found.gone]
    for key, text in found.texts.items():
        found.texts[key] = with_stand_ins(text, gone)


def _complaints(found: Redaction, new: set[str]) -> list[tuple[str, str]]:
    errors = []
    if not found.texts[TITLE]:
        errors.append((f"text-{TITLE}", _("Give it a title.")))
    if len(found.texts[TITLE]) > TITLE_LONGEST:
        errors.append((f"text-{TITLE}", _("Make this shorter: 300 characters at most.")))
    if not found.part(answers=True):
        errors.append(("pieces", _("Choose at least one answer, and leave words in it.")))
    if len(found.part(answers=True)) + len(found.part(answers=False)) > BODY_LONGEST - 1000:
        errors.append(("pieces", _("This is longer than an article can be.")))
    if new:
        words = _(
            "Your words have something private in them, too. It is taken out now: look again."
        )
        errors.append(("things", words))
    return errors


def _make(found: Redaction) -> Any:
    making = Making(
        title=found.texts[TITLE],
        question=found.part(answers=False),
        answer=found.part(answers=True),
        language=found.language,
        audience=found.audience,
        module=found.ticket.module,
        pictures=[file for file in found.pictures if file.id in found.taken_along],
    )
    with force_locale(found.language):
        headings = Headings(_("The question"), _("The answer"), _("Picture"))
    return articles.begin(
        db(),
        current_runtime().store,
        found.ticket,
        making,
        headings,
        by=the_actor(),
        at=utcnow(),
        limit=uploads.limit(),
    )


def _again(number: int, before: Redaction) -> Redaction:
    """The same in a transaction begun anew."""
    found = _begun(ticket_of(number), utcnow())
    _read_form(found)
    found.gone = before.gone
    _take_out(found)
    return found


def _page(found: Redaction, status: int = 200) -> Response:
    names: Mapping[str, Any] = {code: _names(code) for code in LOCALES}
    return page(
        TEMPLATE,
        blocks=("review",),
        status=status,
        found=found,
        ticket=found.ticket,
        kinds=KIND_NAMES,
        languages=[(code, names[code]) for code in LOCALES],
        audiences=[(key.value, str(name)) for key, name in AUDIENCES.items()],
        title_key=TITLE,
    )


def _names(code: str) -> str:
    return (Locale.parse(code).display_name or code).capitalize()
