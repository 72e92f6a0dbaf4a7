"""Who reads a customer's page, in which words, and which ticket of theirs it is about."""

from flask import g
from markupsafe import Markup

from portal.core.permissions import Actor, Role
from portal.foundation.markup import render
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.foundation.web.site import the_site
from portal.policy import desk_rules
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.policy.running import running_pack
from portal.policy.wording import Voice
from portal.tickets.models import Ticket
from portal.tickets.queries import reach
from portal.tickets.queries.entries import AnyTicket
from portal.tickets.wording import SECRETS


def visitor() -> Actor | None:
    """Who is signed in, if anybody is."""
    actor: Actor | None = g.get("actor")
    return actor


def serving_pack() -> Pack:
    """The support model under which questions asked at this site are answered."""
    portal, actor = the_site().builder_id, visitor()
    if portal is None:
        return running_pack()
    return desk_rules.model_at(db(), portal, actor.role if actor else Role.GUEST)


def voice_of(pack: Pack) -> Voice:
    actor = visitor()
    return Voice(pack, language(), actor.zone if actor else None)


def ticket_in_reach(number: int) -> Ticket:
    ticket = reach.ticket_by_number(db(), the_actor(), number)
    if ticket is None:
        raise NotFound
    return ticket


def own_ticket(number: int) -> Ticket:
    """As a customer's: a desk writes from its own screen, never as the one who asked."""
    ticket = ticket_in_reach(number)
    if ticket.desk != the_actor().asks or the_actor().answers(ticket.desk):
        raise NotFound
    return ticket


def pack_of(ticket: AnyTicket) -> Pack:
    """The support model that the ticket was promised under."""
    return policy.pack_of(db(), ticket.policy_version_id)


def html_of(text: str) -> Markup:
    return render(text, masked=removed_words)


def removed_words(kind: str) -> str:
    """What stands in a text where a secret was; `kind` as its marker says it ("api token")."""
    what = SECRETS.get(kind.replace(" ", "_"), kind)
    return str(_("%(what)s was removed here", what=what))
