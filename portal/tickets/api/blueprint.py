"""The blueprint of the ticket endpoints, and what they share."""

import re
from typing import Any
from uuid import UUID

from flask.blueprints import BlueprintSetupState

from portal.foundation.web.access import the_actor
from portal.foundation.web.api import edge
from portal.foundation.web.api.description import AMENDMENTS, Document
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.policy.running import running_pack
from portal.tickets.models import Ticket
from portal.tickets.queries import reach

api = edge.blueprint("tickets_api", __name__, tag="Tickets", url_prefix="/api/v1/support")

_NUMBER = re.compile(r"[0-9]{1,9}")


def ticket_in_reach(key: str) -> Ticket:
    """By id or human number; what is foreign is as unknown as what never was."""
    found = _ticket(key)
    if found is None:
        raise NotFound
    return found


def _ticket(key: str) -> Ticket | None:
    if _NUMBER.fullmatch(key):
        return reach.ticket_by_number(db(), the_actor(), int(key))
    try:
        return reach.ticket_by_id(db(), the_actor(), UUID(key))
    except ValueError:
        return None


@api.record
def _describe(state: BlueprintSetupState) -> None:
    state.app.extensions[AMENDMENTS].append(_name_the_packs_words)


def _name_the_packs_words(document: Document) -> None:
    """Severities, categories and channels are the running support model's."""
    pack = running_pack()
    fields = document["components"]["schemas"]["NewTicket"]["properties"]
    for field, known in (
        ("severity", pack.severities),
        ("category", pack.categories),
        ("channel", pack.channels),
    ):
        _choices(fields[field])["enum"] = list(known)


def _choices(field: dict[str, Any]) -> dict[str, Any]:
    """The part of "text or nothing" that is text."""
    text: dict[str, Any] = next(one for one in field["anyOf"] if one["type"] == "string")
    text.pop("maxLength", None)
    text.pop("pattern", None)
    return text
