"""The support home: one way to report, what one may expect, and one's latest tickets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core.permissions import BUILDER_STAFF, Actor
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.foundation.web.site import is_portal
from portal.policy import service as policy
from portal.policy.pack import Channel, Pack, Plan, Severity
from portal.policy.wording import Voice
from portal.tickets.queries import queue
from portal.tickets.views import portal, support
from portal.tickets.views.leading import leading
from portal.tickets.views.listing import with_standing
from portal.tickets.views.reader import serving_pack, visitor, voice_of

LATEST = 5
CHANNEL = "in_app"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel: `answer` is said where channels differ, `missing` where the plan lacks it."""

    name: str
    answer: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a plan promises: how soon each severity is answered, and by which ways."""

    plan: str
    perks: tuple[str, ...]
    answers: list[tuple[Severity, str]]
    ways: list[Way]


@support.get("/")
@public("the way in, for visitors too")
def home() -> Response:
    if is_portal():
        return portal.home()
    actor = visitor()
    if actor is None:
        intents = serving_pack().intents.values()
        return page("support/visitor.html", intents=intents, **leading())
    if actor.is_staff:
        return redirect("/queue")
    now, pack = utcnow(), serving_pack()
    tickets = queue.own_page(db(), actor, limit=LATEST).items
    return page(
        "support/home.html",
        intents=pack.intents.values(),
        expectation=expectation(pack, actor) if actor.role in BUILDER_STAFF else None,
        window=_window(actor),
        emergency=pack.emergency,
        voice=voice_of(pack),
        rows=with_standing(tickets, now),
        **leading(),
    )


@support.get("/support")
@public("links of the host application lead here, signed in or not")
def intent() -> Response:
    """`?intent=…` opens the right form; module and url of where one comes from go along."""
    wanted = request.args.get("intent", "")
    if wanted not in serving_pack().intents:
        return redirect(url_for("support.home"))
    actor = visitor()
    where = "contact.contact" if actor is None or actor.is_staff else "support.filing"
    known = {key: request.args[key] for key in ("intent", "module", "url") if key in request.args}
    return redirect(f"{url_for(where)}?{urlencode(known)}")


def _window(actor: Actor) -> object:
    """The emergency window that is open, for those it was granted to."""
    if actor.role not in BUILDER_STAFF:
        return None
    return policy.window_of(db(), actor.builder_id, utcnow())


def expectation(pack: Pack, actor: Actor) -> Expectation:
    voice, plan = voice_of(pack), pack.nearest_plan(actor.plan)
    return Expectation(
        plan="" if plan.catch_all else plan.name.to(voice.language),
        perks=tuple(perk.to(voice.language) for perk in plan.perks),
        answers=[(level, _answer(voice, level, plan, CHANNEL)) for level in _by_rank(pack)],
        ways=list(_ways(voice, plan)),
    )


def _by_rank(pack: Pack) -> list[Severity]:
    return sorted(pack.severities.values(), key=lambda severity: severity.rank)


def _answer(voice: Voice, level: Severity, plan: Plan, channel: str) -> str:
    rule = voice.pack.rule_for(level.key, plan.key, channel)
    return voice.target(rule.respond, in_hours=rule.hours is not None)


def _ways(voice: Voice, plan: Plan) -> Iterator[Way]:
    """Those of the plan, then those that another plan has."""
    pack = voice.pack
    offered = {channel for one in pack.plans.values() for channel in one.channels}
    known = [channel for channel in pack.channels.values() if channel.key in offered]
    level = pack.severity(pack.default_severity)
    differ = _channels_differ(pack, plan, known)
    for channel in known:
        name = channel.name.to(voice.language)
        entitlement = pack.entitlement(plan.key, channel.key)
        if entitlement.included:
            yield Way(name, _answer(voice, level, plan, channel.key) if differ else "")
    for channel in known:
        entitlement = pack.entitlement(plan.key, channel.key)
        if not entitlement.included:
            name = channel.name.to(voice.language)
            yield Way(name, missing=voice.upgrade(entitlement))


def _channels_differ(pack: Pack, plan: Plan, channels: Iterable[Channel]) -> bool:
    rules = {
        pack.rule_for(pack.default_severity, plan.key, channel.key).respond for channel in channels
    }
    return len(rules) > 1
