"""Which reply is the answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Forbidden, Permission
from portal.forum.service import answers
from portal.forum.views.blueprint import forum, reply_of, to_reply
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash


@forum.post("/replies/<uuid:reply_id>/acceptance", endpoint="accept")
@requires(Permission.TAKE_PART)
def accept(reply_id: UUID) -> Response:
    return _settle(reply_id, answers.accept, _("Marked as the answer. Thank you for saying so."))


@forum.post("/replies/<uuid:reply_id>/acceptance/removal", endpoint="unaccept")
@requires(Permission.TAKE_PART)
def take_back(reply_id: UUID) -> Response:
    return _settle(reply_id, answers.take_back_acceptance, _("It is no longer the answer."))


@forum.post("/replies/<uuid:reply_id>/verification", endpoint="verify")
@requires(Permission.MODERATE)
def verify(reply_id: UUID) -> Response:
    return _settle(reply_id, answers.verify, _("Marked as a verified answer."))


@forum.post("/replies/<uuid:reply_id>/verification/removal", endpoint="unverify")
@requires(Permission.MODERATE)
def no_longer(reply_id: UUID) -> Response:
    return _settle(
        reply_id, answers.take_back_verification, _("It is no longer a verified answer.")
    )


def _settle(reply_id: UUID, deed: Callable[..., Any], said: str) -> Response:
    post, reply = reply_of(reply_id)
    try:
        deed(db(), post, reply, by=the_actor(), at=utcnow())
    except Forbidden:
        raise Problem(403, _("Only who has asked can accept an answer.")) from None
    except answers.NoQuestion:
        raise Problem(409, _("This is no question, or the reply is gone.")) from None
    flash(said)
    return to_reply(post, reply)
