"""The first thing that a panel shows: what there is for this very screen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from portal.accounts.identity import the_sitting
from portal.core.audience import Reader
from portal.core.permissions import BUILDER_STAFF, Actor, Permission
from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.site import is_portal
from portal.guidance.queries import Context, help_for
from portal.guidance.service import presses
from portal.kb.queries import shelves
from portal.kb.views.reading.blueprint import the_reader
from portal.tickets import promising
from portal.tickets.trouble import known_trouble
from portal.tickets.views.home import expectation
from portal.tickets.views.reader import serving_pack, voice_of
from widget.popular import looked_for
from widget.slots import Screen, filled
from widget.views import views
from widget.views.showing import html_of, shown

ASKED_BY_OTHERS: Final = 5
LONGEST_PLACE: Final = 2000
TEMPLATE: Final = "widget/home.html"
_most_read: Remembered[Any, Any] = Remembered(timedelta(minutes=2))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the host page says it is: an address, or the name of a screen."""

    url: str = ""
    key: str = ""
    version: str = ""

    @property
    def where(self) -> str:
        return self.key or self.url


def asked_place() -> Place:
    return place_of(request.args)


def place_of(said: Any) -> Place:
    texts = (said.get(name) for name in ("url", "key", "version"))
    url, key, version = (text if isinstance(text, str) else "" for text in texts)
    return Place(url[:LONGEST_PLACE], key[:80], version[:20])


@views.get("/home")
@requires(Permission.READ_HELP)
def home() -> Response:
    place = asked_place()
    return shown(TEMPLATE, **contents(context_of(place)))


@views.post("/presses")
@requires(Permission.READ_HELP)
def press() -> Response:
    """The panel was there already, and "?" is pressed once more."""
    _press(context_of(place_of(request.form)))
    return Response(status=204)


def context_of(place: Place) -> Context:
    return _context(place, the_actor().user_id)


def _context(place: Place, user_id: UUID | None) -> Context:
    return help_for(
        db(),
        reader(),
        place.where,
        language=language(),
        role=the_actor().role.value,
        version=place.version,
        user_id=user_id,
        at=utcnow(),
    )


def context_again(place: Place) -> Context:
    """With the first steps, also for who has put them away."""
    return _context(place, None)


def reader() -> Reader:
    return the_reader()


def first_html(place: Place) -> str:
    """What the answer to a new session shows at once, and that "?" was pressed here."""
    found = context_of(place)
    _press(found)
    return html_of(TEMPLATE, **contents(found))


def _press(found: Context) -> None:
    presses.record(db(), found, visitor=the_sitting().visitor, by=the_actor(), at=utcnow())


def contents(found: Context) -> dict[str, Any]:
    actor = the_actor()
    return {
        "found": found,
        "others": _others(found),
        "looked_for": looked_for(reader(), language(), found.module),
        "trouble": known_trouble(db(), actor, found.module, language()),
        "slots": filled(db(), Screen(actor, found, language())),
        "expectation": _expectation(actor),
        "answers": _answers(actor),
        "can_ask": actor.may(Permission.CREATE_TICKETS),
    }


def _others(found: Context) -> list[Any]:
    """What others read most, beside what stands above already."""
    here = {one.slug for one in found.articles}
    asked = (shelves.edition(db()), language(), reader().keys)
    rows = _most_read.get(asked, lambda: shelves.most_read(db(), reader(), language()), at=utcnow())
    return [row for row in rows if row.slug not in here][:ASKED_BY_OTHERS]


def _expectation(actor: Actor) -> Any:
    """What the plan promises: nothing of it is for the builder's own clients."""
    if actor.role not in BUILDER_STAFF or is_portal():
        return None
    return expectation(serving_pack(), actor)


def _answers(actor: Actor) -> list[tuple[str, str]]:
    """For those to whom the plan is nothing: how soon each kind is answered, asked now."""
    if actor.role in BUILDER_STAFF:
        return []
    pack, now = serving_pack(), utcnow()
    voice = voice_of(pack)
    return [
        (
            level.name.to(voice.language),
            promising.before_sending(
                voice, severity=level.key, plan="", channel="in_app", role=actor.role, at=now
            ),
        )
        for level in pack.severities.values()
    ]
