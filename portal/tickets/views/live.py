"""The stream by which open pages hear that something changed."""

from flask import Blueprint, Response, request

from portal.accounts.identity import still_signed_in, the_login
from portal.core.permissions import Actor, Permission, Reach
from portal.foundation.realtime import NoRoom
from portal.foundation.runtime import current_runtime
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.tickets.queries import reach

views = Blueprint("live", __name__)

NO_BUFFER = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}


@views.get("/live")
@requires(Permission.USE_ACCOUNT)
def live() -> Response:
    """`?ticket=1042` also listens to that ticket. 503: no room, or Redis is away; poll instead."""
    hub = current_runtime().hub
    topics = _topics(the_actor()) | _topic_of_ticket(request.args.get("ticket", ""))
    try:
        stream = hub.open(topics, ends_with=f"login:{the_login()}")
    except NoRoom:
        raise Problem(503) from None
    response = Response(
        hub.events(stream, still_signed_in()), mimetype="text/event-stream", headers=NO_BUFFER
    )
    # a stream that is never begun ends without its generator's own tidying
    response.call_on_close(lambda: hub.close(stream))
    return response


def _topics(actor: Actor) -> set[str]:
    """What the actor's pages show: a topic names what changed, never what it says."""
    topics = {f"user:{actor.user_id}"}
    if actor.reach is Reach.PLATFORM:
        topics.add("queue")
    if actor.reach is Reach.COMPANY:
        topics.add(f"builder:{actor.builder_id}")
    if actor.may(Permission.WORK_DESK):
        topics.add(f"desk:{actor.builder_id}")
    return topics


def _topic_of_ticket(number: str) -> set[str]:
    """Raises NotFound for a ticket that is not the actor's to see."""
    if not number:
        return set()
    known = number.isascii() and number.isdecimal() and len(number) < 10
    ticket = reach.ticket_by_number(db(), the_actor(), int(number)) if known else None
    if ticket is None:
        raise NotFound
    return {f"ticket:{ticket.id}"}
