"""The agent's ticket screen, and what every verb on it answers with."""

from functools import partial
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import TransitionError, Verb
from portal.foundation.clock import utcnow
from portal.foundation.ids import uuid7
from portal.foundation.markup import fold_quotes
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.errors import answer as refuse
from portal.foundation.web.fields import local_input
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx, page, see_other, toast
from portal.tickets import desk
from portal.tickets.composing import from_draft, usual_update
from portal.tickets.desk import Desk, Said
from portal.tickets.faces import NAMES
from portal.tickets.forms.desk import THEN
from portal.tickets.forms.office import IMPACTS
from portal.tickets.models import Ticket
from portal.tickets.queries import reach
from portal.tickets.service.assignment import NotAnAgent, Taken
from portal.tickets.service.attachments import MOST
from portal.tickets.views import uploads, workspace
from portal.tickets.views.files import MemberFiles, shown_files
from portal.tickets.views.reader import html_of
from portal.tickets.wording import ABOUT, PASSED

TEMPLATE = "tickets/desk/ticket.html"
LIVE = ("top", "leaving", "talk", "side")
"""The blocks that may change without the reader's doing; what they type is in none of them."""


@workspace.get("/desk/<int:number>")
@requires(Permission.WORK_TICKETS)
def ticket(number: int) -> Response:
    return screen(desk_of(number), blocks=LIVE)


def desk_of(number: int) -> Desk:
    """Raises NotFound."""
    found = desk.load(db(), the_actor(), number, language=language(), now=utcnow())
    if found is None:
        raise NotFound
    return found


def ticket_of(number: int) -> Ticket:
    """For a verb: the ticket alone. Raises NotFound."""
    found = reach.ticket_by_number(db(), the_actor(), number)
    if found is None:
        raise NotFound
    return found


def screen(
    found: Desk, *, blocks: tuple[str, ...] = (), status: int = 200, **values: Any
) -> Response:
    """`composer` in values is what stands in the composer; else the reader's draft does."""
    values.setdefault("composer", from_draft(found))
    return page(TEMPLATE, blocks=blocks, status=status, desk=found, **_helpers(found), **values)


def _helpers(found: Desk) -> dict[str, Any]:
    return {
        "ticket": found.ticket,
        "pack": found.pack,
        "voice": found.voice,
        "teller": found.teller,
        "Verb": Verb,
        "clock_names": NAMES,
        "about": ABOUT,
        "impacts": IMPACTS,
        "passed_states": PASSED,
        "then": THEN,
        "is_said": lambda one: isinstance(one, Said),
        "folded": fold_quotes,
        "html": html_of,
        "attached": partial(shown_files, addresses=MemberFiles(found.ticket.number)),
        "usual_update": local_input(usual_update(found)),
        "press": str(uuid7()),
        "limit": uploads.limit(),
        "most": MOST,
    }


def answer(number: int, said: str) -> Response:
    """After a verb: the parts that changed and a toast, or the whole page again."""
    if not is_htmx():
        flash(said)
        return see_other(url_for("workspace.ticket", number=number))
    db().flush()
    return toast(screen(desk_of(number), blocks=LIVE), said)


def confirmation(template: str, number: int, *, status: int = 200, **values: Any) -> Response:
    """A verb that asks once more, as a page of its own."""
    return page(template, status=status, ticket=ticket_of(number), **values)


@workspace.errorhandler(TransitionError)
def out_of_date(error: TransitionError) -> Response:
    """The state changed since the page was loaded: what it offered is no longer possible."""
    words = _("The ticket has changed since you opened it, so this is no longer possible.")
    return refuse(Problem(409, words))


@workspace.errorhandler(NotAnAgent)
def takes_no_tickets(error: NotAnAgent) -> Response:
    return refuse(Problem(422, _("Only people who take tickets can be given one.")))


@workspace.errorhandler(Taken)
def taken(error: Taken) -> Response:
    return refuse(Problem(409, _("Somebody else took the ticket in the meantime.")))
