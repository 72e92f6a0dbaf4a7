"""Who reads, as a digest that is theirs alone: so that what somebody read, looked for and thought
of it counts once, and says of a stranger nothing but that it was the same one."""

import secrets
from typing import Final
from uuid import UUID

from flask import g, request, session

from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.digests import digest_of
from portal.foundation.runtime import current_runtime
from portal.foundation.web.site import the_site

KEPT: Final = "visitor"  # in the page session of who is not signed in
BYTES: Final = 16


def known_visitor() -> str:
    """ "" for a stranger of whom nothing was noted yet. A panel has said whose it is."""
    if before_panel := g.get("visitor", ""):
        return str(before_panel)
    actor: Actor | None = g.get("actor")
    if actor is not None and actor.user_id is not None:
        return digest_of(str(actor.user_id))
    return digest_of(session[KEPT]) if session.get(KEPT) else ""


def visitor() -> str:
    """Gives a stranger an id, in the session of their browser; for what they do, not for pages."""
    if not (known := known_visitor()):
        session[KEPT] = secrets.token_urlsafe(BYTES)
        return digest_of(session[KEPT])
    return known


def the_company() -> UUID | None:
    """In whose rows it is kept what somebody reads, looks for and thinks: their builder's, a
    stranger's at a portal the portal's, else the platform's (None)."""
    actor: Actor | None = g.get("actor")
    return actor.builder_id if actor is not None else the_site().builder_id


def looking() -> tuple[str, ...]:
    """Every digest under which somebody may be known who only looks for something: nothing is kept
    in a stranger's browser for that, and what is known of them is another tomorrow."""
    known = known_visitor()
    return (known, _today()) if known else (_today(),)


def _today() -> str:
    """Of the address and the program that ask, sealed with our key."""
    about = (str(utcnow().date()), str(request.remote_addr), request.user_agent.string)
    return digest_of("\n".join((current_runtime().fingerprint_key.hex(), *about)))
