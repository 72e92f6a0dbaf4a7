"""Letters that went out, or would have: for operations all of them, for others their own.

Without a mail server this page is the only place where a letter can be read, so everybody may
read what is addressed to them.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation import deliveries
from portal.foundation.clock import utcnow
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.english import worded
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import nonce, page, see_other
from portal.notifications import mailbox, mailing, queries

views = Blueprint("mailbox", __name__)


@views.get("/mailbox")
@requires(Permission.USE_ACCOUNT)
def index() -> Response:
    """`?view=dead`: what was given up, letters and pages alike."""
    recipient, dead = _recipient(), request.args.get("view") == "dead"
    if dead and recipient is not None:
        raise Problem(403)
    rows = (
        queries.dead(db(), asked_cursor())
        if dead
        else queries.letters(db(), recipient, asked_cursor())
    )
    return page(
        "notifications/mailbox.html", blocks=("letters",), rows=rows, dead=dead, **_surroundings()
    )


@views.get("/mailbox/<uuid:key>")
@requires(Permission.USE_ACCOUNT)
def letter(key: UUID) -> Response:
    delivery = _delivery(key, _recipient())
    demo = current_runtime().settings.demo
    mail, withheld = delivery.kind == queries.MAIL, _is_withheld(delivery)
    shown = None
    if mail and not withheld:
        shown = mailbox.show(delivery.payload, nonce(), request.host_url, demo=demo)
    return page(
        "notifications/letter.html",
        delivery=delivery,
        shown=shown,
        withheld=withheld,
        left_out=mailing.SECRET in delivery.payload and not demo,
        spent=mailing.is_spent(delivery.payload),
        **_surroundings(),
    )


@views.post("/mailbox/<uuid:key>/replay")
@requires(Permission.SEE_OPERATIONS)
def replay(key: UUID) -> Response:
    """Give what was given up another day."""
    delivery = _delivery(key, None)
    if delivery.status not in {Status.DEAD, Status.KEPT}:
        raise Problem(409, _("It is on its way already, or it has arrived."))
    if delivery.emptied_at is not None:
        raise Problem(409, _("What this letter said is no longer kept."))
    if mailing.is_spent(delivery.payload):
        raise Problem(409, worded(mailing.SPENT))
    deliveries.replay(db(), delivery, utcnow())
    flash(_("It is sent again within a few seconds."))
    return see_other(url_for("mailbox.letter", key=key))


def _delivery(key: UUID, recipient: str | None) -> Delivery:
    delivery = queries.letter(db(), recipient, key)
    if delivery is None:
        raise NotFound
    return delivery


def _recipient() -> str | None:
    """Whose letters may be seen: None is everybody's."""
    actor = the_actor()
    if actor.may(Permission.SEE_OPERATIONS):
        return None
    if current_runtime().settings.smtp is not None:
        raise Problem(403)
    return actor.email.lower()


def _is_withheld(delivery: Delivery) -> bool:
    reader, demo = the_actor().email.lower(), current_runtime().settings.demo
    return mailbox.is_withheld(delivery, reader, demo=demo)


def _title(delivery: Delivery) -> str:
    if _is_withheld(delivery):
        return str(_("A letter of a builder’s own desk"))
    return str(delivery.payload.get("subject") or _("On-call page"))


def _surroundings() -> dict[str, Any]:
    return {
        "all_letters": the_actor().may(Permission.SEE_OPERATIONS),
        "transport": current_runtime().settings.smtp is not None,
        "title_of": _title,
    }
