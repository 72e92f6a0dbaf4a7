"""A client asks, the builder answers and passes it up, the platform mends it: each with words of
their own, and who may read which."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from portal.core.permissions import PORTAL, STAFF, Role
from tests.fixtures.processes import eventually
from tests.journeys.sockets.callers import Caller, Somebody

OPENING = "Foxglove"  # what the client wrote first, and a file's name: neither goes up
ASIDE = "Bryony"  # what the client wrote then: left out as well
NOTE = "Hemlock"  # of the builder's team, about the client
ALONG = "Lungwort"  # what the builder wrote for the platform
INSIDE = "Oleander"  # a note of the platform's
ABOVE = "Nightshade"  # what the platform wrote to the builder
OUTCOME = "Aconite"  # what came of it, in the platform's words
MENDED = "This should work again now"  # how the client is told, in the builder's name
WORDS = frozenset({OPENING, ASIDE, NOTE, ALONG, INSIDE, ABOVE, OUTCOME})

OFFICE = frozenset({OPENING, ASIDE, NOTE, ALONG})
IN_CHARGE = WORDS - {INSIDE}
PLATFORM = frozenset({ALONG, INSIDE, ABOVE, OUTCOME})
READ_AT_ACME = {
    Role.OWNER: IN_CHARGE,
    Role.ADMIN: IN_CHARGE,
    Role.PM: OFFICE,
    Role.CLIENT: frozenset({OPENING, ASIDE}),
}


@dataclass(frozen=True, slots=True)
class Case:
    """The numbers of the client's ticket and of the platform's for it."""

    asked: int
    above: int


def hidden_from(somebody: Somebody, case: Case) -> frozenset[str]:
    """From other builders, and whom nobody gave the ticket to: all of it."""
    role = somebody.actor.role
    if role in STAFF:
        return WORDS - PLATFORM
    mine = READ_AT_ACME.get(role, frozenset()) if somebody.company == "acme" else frozenset()
    return WORDS - mine | ({f"#{case.above}", "Corbel"} if role in PORTAL else frozenset())


def play(
    client: Caller, owner: Caller, agent: Caller, picture: bytes, settle: Callable[[], None]
) -> Case:
    """Until the last word has arrived. `settle` waits for what the system does by itself: two who
    change a ticket in the same moment are not the story."""
    asked = _ask(client, picture)
    office = f"/company/desk/{asked}"
    owner.post(f"{office}/replies", kind="note", body=f"{NOTE}: be kind to them.")
    client.post(f"/tickets/{asked}/replies", body=f"{ASIDE} is the door code.")
    settle()
    above = _pass_up(owner, office)
    settle()
    agent.post(f"/desk/{above}/note", kind="note", body=f"{INSIDE} ran out of memory.")
    agent.post(f"/desk/{above}/reply", kind="reply", body=f"{ABOVE} is what we look at.")
    eventually(lambda: ABOVE in owner.get(f"/tickets/{above}").text)  # after second thoughts
    settle()
    agent.post(f"/desk/{above}/resolution", outcome=f"{OUTCOME} is mended.")
    settle()
    assert MENDED in client.get(f"/tickets/{asked}").text
    return Case(asked, above)


def _ask(client: Caller, picture: bytes) -> int:
    chosen = {"category": "bug", "severity": "normal", "intent": "site-issue"}
    said = {"subject": f"{OPENING} stays white", "body": f"The page of {OPENING} stays white."}
    files = {"attachments": (f"{OPENING}.png", picture)}
    fields = client.keys("/tickets/new") | chosen | said
    sent = client.send("/tickets/new", fields, files)
    return int(sent.headers["Location"].rpartition("/")[2])


def _pass_up(owner: Caller, office: str) -> int:
    """With the first words changed, and all the others left out."""
    owner.post(
        f"{office}/escalation",
        **{"how-opening": "redacted", "text-opening": "A page stays white."},
        subject="A page stays white",
        note=f"{ALONG}: since this morning.",
        severity="P3",
        category="bug",
        impact="one",
        tells_progress="1",
    )
    found = re.search(r'href="/tickets/(\d+)"', owner.get(office).text)
    assert found
    return int(found[1])
