"""A builder's portal: whom to call, how soon they answer, and what one has asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from werkzeug.wrappers import Response

from portal.accounts import queries as people
from portal.accounts.models import Builder
from portal.core.calendar import is_open, next_opening
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page
from portal.foundation.web.site import the_site
from portal.policy import desk_rules
from portal.policy.desk_model import PLATFORM_ISSUE, model_of
from portal.policy.desk_rules import Rules
from portal.policy.sections.calendars import WEEKDAYS
from portal.policy.wording import Voice
from portal.tickets import promising
from portal.tickets.queries import queue
from portal.tickets.views import support
from portal.tickets.views.days import DAY_NAMES
from portal.tickets.views.leading import leading
from portal.tickets.views.listing import with_standing
from portal.tickets.views.reader import visitor, voice_of

LATEST = 5


@dataclass(frozen=True, slots=True)
class Office:
    """When the builder's desk is there: `week` are names of days with their hours, `now` says
    whether somebody is there, or when they are again."""

    zone: str
    week: tuple[tuple[str, str], ...]
    now: str
    is_open: bool


def home() -> Response:
    actor, now = visitor(), utcnow()
    builder, zone, rules = _builder()
    voice = voice_of(model_of(rules.terms(zone)))
    tickets = queue.own_page(db(), actor, limit=LATEST).items if actor else []
    return page(
        "support/portal.html",
        builder=builder,
        office=_office(voice, zone, rules, now),
        rows=with_standing(tickets, now),
        lede=_lede(actor),
        issue=PLATFORM_ISSUE,
        **leading(),
    )


@support.get("/help")
@public("how to reach a builder, for visitors too")
def help() -> Response:
    """Whom to ask and what to expect, and what there is to read before."""
    if the_site().builder_id is None:
        raise NotFound
    now = utcnow()
    builder, zone, rules = _builder()
    voice = voice_of(model_of(rules.terms(zone)))
    return page(
        "support/help.html",
        builder=builder,
        office=_office(voice, zone, rules, now),
        answers=list(_answers(voice, now)),
        issue=PLATFORM_ISSUE,
        **leading(),
    )


def _builder() -> tuple[Builder, str, Rules]:
    key = the_site().builder_id
    builder = people.builder(db(), key) if isinstance(key, UUID) else None
    if builder is None:
        raise NotFound
    return builder, *desk_rules.zone_and_rules(db(), builder.id)


def _lede(actor: Actor | None) -> str:
    match actor.role if actor else None:
        case Role.VENDOR:
            return str(_("An order, a delivery, a payment, access to the site: ask us here."))
        case Role.CLIENT:
            return str(_("Your project, an appointment, something to put right: ask us here."))
    return str(_("Call us, or write to us; whoever has an account here follows the answer."))


def _office(voice: Voice, zone: str, rules: Rules, now: datetime) -> Office:
    week = tuple((str(DAY_NAMES[day]), rules.weekly.get(day, "")) for day in WEEKDAYS)
    calendar = voice.pack.business
    if calendar is None or is_open(calendar, now):
        return Office(zone, week, str(_("We are here now")), is_open=True)
    opens = voice.when(next_opening(calendar, now))
    return Office(zone, week, str(_("We are here again %(when)s", when=opens)), is_open=False)


def _answers(voice: Voice, now: datetime) -> Iterator[tuple[str, str]]:
    """How soon each kind is answered, as somebody who asks now is told."""
    for level in voice.pack.severities.values():
        words = promising.before_sending(
            voice, severity=level.key, plan="", channel="in_app", role=Role.CLIENT, at=now
        )
        yield f"{level.name.to(voice.language)}: {level.description.to(voice.language)}", words
