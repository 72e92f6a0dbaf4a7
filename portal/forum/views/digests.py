"""How often somebody hears by mail of all that they follow."""

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.models import Rhythm
from portal.forum.queries import digests as queries
from portal.forum.service import digests
from portal.forum.views.blueprint import forum, shown
from portal.forum.wording import RHYTHMS
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.foundation.web.limits import limiter

WHY = "whoever has the letter may stop it; the link is signed"


@forum.get("/digest", endpoint="digest")
@requires(Permission.TAKE_PART)
def page() -> Response:
    user_id = the_actor().user_id
    kept = queries.of(db(), user_id) if user_id else None
    return shown(
        "forum/digest.html",
        rhythms=RHYTHMS,
        rhythm=kept.rhythm if kept else Rhythm.NEVER,
        next_at=kept.next_at if kept else None,
    )


@forum.post("/digest", endpoint="choose_digest")
@requires(Permission.TAKE_PART)
def choose() -> Response:
    try:
        rhythm = Rhythm(request.form.get("rhythm", ""))
    except ValueError:
        raise Problem(422) from None
    digests.choose(db(), rhythm, by=the_actor(), at=utcnow())
    flash(_("Saved."))
    return see_other("/forum/digest")


@forum.get("/digest/<token>/end", endpoint="ending")
@public(WHY)
def ask(token: str) -> Response:
    """Mail programs that look at links stop nothing."""
    if digests.user_of(token) is None:
        raise NotFound
    return shown("forum/digest_end.html", ended=False)


@forum.post("/digest/<token>/end", endpoint="end_digest")
@limiter.limit("30 per minute")
@public(WHY)
def end(token: str) -> Response:
    """By a person's press, or by their mail program's (RFC 8058)."""
    user_id = digests.user_of(token)
    if user_id is None:
        raise NotFound
    digests.stop(db(), user_id)
    return shown("forum/digest_end.html", ended=True)
