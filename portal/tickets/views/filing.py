"""Reporting a problem: what the words suggest, what is promised, and one ticket of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core.entitlements import Window
from portal.core.permissions import PORTAL, Actor, Desk, Permission
from portal.core.routing import Suggestion
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.visitors import known_visitor
from portal.policy import service as policy
from portal.policy.pack import Intent, Pack, Severity
from portal.policy.wording import Voice
from portal.tickets import promising, suggestions
from portal.tickets.captured import read_captured, web_address
from portal.tickets.forms.customer import QUESTION, FilingForm, composed, filing_form
from portal.tickets.queries import reach
from portal.tickets.service import attachments, filing
from portal.tickets.service.filing import NewTicket
from portal.tickets.trouble import known_trouble
from portal.tickets.views import deflecting, masked, support, uploads
from portal.tickets.views.reader import serving_pack, voice_of
from portal.tickets.views.uploads import Uploads
from portal.writing.models import Draft
from portal.writing.service import drafts

CHANNEL = "in_app"
TEMPLATE = "tickets/customer/filing.html"


@dataclass(frozen=True, slots=True)
class Offer:
    """A category or severity: what is chosen, and what is suggested instead and why.

    A suggestion for want of any sign (no `why`) is where the form starts, and never pressed on
    anybody."""

    chosen: str
    suggested: str
    why: str
    kept: str  # a suggestion that the person has turned down

    @property
    def open(self) -> bool:
        return bool(self.why) and self.suggested not in {self.chosen, self.kept}


@support.get("/tickets/new", endpoint="filing")
@requires(Permission.CREATE_TICKETS)
def blank() -> Response:
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    if actor.is_staff:
        return redirect("/queue")
    press = request.args.get("press", "")
    if press and (sent := reach.submitted(db(), actor.user_id, press)) is not None:
        flash(_("You have sent this already; here it is."), "info")
        return see_other(url_for("support.ticket", number=sent.number))
    draft = unsent_draft(actor)
    intent = _intent(pack, request.args.get("intent") or draft_field(draft, "intent"))
    form = filing_form(pack, language(), intent, _begun(draft, intent, press))
    return _page(form, pack, actor, now, draft=draft)


@support.post("/tickets/new", endpoint="file")
@limiter.limit("120 per minute")
@requires(Permission.CREATE_TICKETS)
def file() -> Response:
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    form = filing_form(pack, language(), _intent(pack, request.form.get("intent", "")))
    sent = uploads.receive(actor, now)
    if {"use", "keep", "check"} & set(request.form):
        return _page(form, pack, actor, now, sent=sent, follow=True)
    if not form.validate() or sent.refusals:
        return _page(form, pack, actor, now, sent=sent, status=422)
    filed = filing.file_ticket(db(), pack, new_ticket(form, pack, actor, sent), by=actor, at=now)
    if not filed.again:
        drafts.forget(db(), drafts.NEW, by=actor)
    number = filed.ticket.number
    masked.remember(number, masked.from_filed(filed), now)
    flash(_("We have it. It is number #%(number)s.", number=number))
    return see_other(url_for("support.ticket", number=number))


@support.post("/tickets/new/solution", endpoint="solved")
@deflecting.limited
@requires(Permission.CREATE_TICKETS)
def solve() -> Response:
    """An article was enough: nothing is filed."""
    actor = the_actor()
    sent = uploads.receive(actor, utcnow())
    answer = deflecting.solve(url_for("support.not_solved"), [file.id for file in sent.files])
    drafts.forget(db(), drafts.NEW, by=actor)
    return answer


@support.post("/tickets/new/doubts", endpoint="not_solved")
@deflecting.limited
@requires(Permission.CREATE_TICKETS)
def take_back() -> Response:
    """It was not: the form, as it was left."""
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    deflecting.take_back()
    form = filing_form(pack, language(), _intent(pack, request.form.get("intent", "")))
    return _page(form, pack, actor, now, sent=uploads.receive(actor, now), follow=True)


@support.post("/tickets/new/suggestion", endpoint="suggestion")
@requires(Permission.CREATE_TICKETS)
def suggest() -> Response:
    """While one types: what the words suggest, and the promise for what is chosen now."""
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    form = filing_form(pack, language(), _intent(pack, request.form.get("intent", "")))
    return _page(form, pack, actor, now, follow=True)


def new_ticket(form: FilingForm, pack: Pack, actor: Actor, sent: Uploads) -> NewTicket:
    suggestion = _suggestion(form, pack)
    context = _context(form, actor)
    return NewTicket(
        subject=form.subject.data,
        description=composed(form),
        severity=form.severity.data,
        category=form.category.data,
        team=suggestions.team_for(pack, suggestion, form.category.data),
        source="in_app",
        channel=CHANNEL,
        module=form.module.data or "",
        intent=form.intent.data or "",
        suggestion=suggestions.to_facts(suggestion),
        context_url=context.pop("page_url", None),
        context=context,
        files=sent.files,
        key=form.press.data,
        visitor=known_visitor(),
    )


def _suggestion(form: FilingForm, pack: Pack) -> Suggestion:
    text = f"{form.subject.data or ''}\n{composed(form)}"
    return suggestions.propose(
        pack, text, module=form.module.data or "", intent=form.intent.data or ""
    )


def _context(form: FilingForm, actor: Actor) -> dict[str, Any]:
    """What the browser told, else what its request says by itself; nothing if it was unticked."""
    if not form.with_context.data:
        return {}
    told = read_captured(form.captured.data or "")
    if told.get("page_url", "").startswith(request.host_url):  # the form itself, sent once more
        del told["page_url"]
    told.setdefault("user_agent", request.user_agent.string[:500])
    told.setdefault("locale", actor.locale)
    if url := web_address(form.url.data or ""):
        told["page_url"] = url
    told |= {"module": form.module.data or "", "role": actor.role.value}
    told |= {"builder": actor.builder_name}
    if actor.asks is Desk.PLATFORM:  # what a builder pays for is not its clients' business
        told["plan"] = actor.plan
    return {key: value for key, value in told.items() if value}


def _intent(pack: Pack, key: str) -> Intent | None:
    return pack.intents.get(key)


def unsent_draft(actor: Actor) -> Draft | None:
    """What was kept; not what was sent while the page went away, and kept once more by that."""
    draft = drafts.find(db(), drafts.NEW, by=actor)
    press = draft_field(draft, "press")
    return None if press and reach.submitted(db(), actor.user_id, press) else draft


def draft_field(draft: Draft | None, name: str) -> str:
    return str(draft.fields.get(name, "")) if draft is not None else ""


def _begun(draft: Draft | None, intent: Intent | None, press: str) -> dict[str, Any]:
    """What the form starts with: the address it was opened by, and words kept from before."""
    names = ("subject", "body", "category", "severity", "suggested_category", "suggested_severity")
    begun: dict[str, Any] = {name: draft_field(draft, name) for name in names}
    for field in intent.fields if intent else ():
        begun[f"{QUESTION}{field.key}"] = draft_field(draft, f"{QUESTION}{field.key}")
    begun |= {
        "module": request.args.get("module", "")[:50] or draft_field(draft, "module"),
        "intent": intent.key if intent else "",
        "url": web_address(request.args.get("url", "")) or draft_field(draft, "url"),
        "press": press[:64],
        "with_context": True,
    }
    return begun


def _page(
    form: FilingForm,
    pack: Pack,
    actor: Actor,
    now: datetime,
    *,
    draft: Draft | None = None,
    sent: Uploads | None = None,
    follow: bool = False,
    status: int = 200,
) -> Response:
    """With `follow` what was suggested and left so follows the words that were written since."""
    return page(
        TEMPLATE,
        blocks=("choices", "suggestions"),
        status=status,
        intent=_intent(pack, form.intent.data or ""),
        draft=draft,
        solve_action=url_for("support.solved"),
        **shown_with(form, pack, actor, now, sent=sent, follow=follow or status == 200),
    )


def shown_with(
    form: FilingForm,
    pack: Pack,
    actor: Actor,
    now: datetime,
    *,
    sent: Uploads | None = None,
    follow: bool,
) -> dict[str, Any]:
    """What stands around the form's words, wherever it is shown."""
    voice = voice_of(pack)
    offers = _offers(form, voice, follow=follow)
    window = policy.window_of(db(), actor.builder_id, now)
    words = f"{form.subject.data or ''} {form.body.data or ''}"
    return {
        "form": form,
        "pack": pack,
        "voice": voice,
        "offers": offers,
        "promise_words": _promise_words(voice, form.severity.data, actor, now, window),
        "cards": list(_cards(voice, offers["severity"], actor, now, window)),
        "missing": _missing(voice, actor),
        "sent": sent or Uploads(),
        "limit": uploads.limit(),
        "most": attachments.MOST,
        "known": _known_facts(form, actor),
        "suggested": deflecting.offered(words, form.module.data or ""),
        "trouble": known_trouble(db(), actor, form.module.data or "", language()),
    }


def _offers(form: FilingForm, voice: Voice, *, follow: bool) -> dict[str, Offer]:
    """Settles the form's choices on the way: what nobody chose follows the suggestion."""
    suggestion = _suggestion(form, voice.pack)
    return {
        about: _offer(form, voice, suggestion, about, follow) for about in ("category", "severity")
    }


def _offer(
    form: FilingForm, voice: Voice, suggestion: Suggestion, about: str, follow: bool
) -> Offer:
    field, last, kept = form[about], form[f"suggested_{about}"], form[f"kept_{about}"]
    suggested: str = getattr(suggestion, about)
    if request.form.get("use") == about or (follow and field.data in {None, "", last.data}):
        field.data = suggested
    if request.form.get("keep") == about:
        kept.data = suggested
    last.data = suggested
    reason = suggestions.reason_for(suggestion, about)
    why = "" if reason.because == "default" else voice.reason(reason)
    return Offer(field.data or "", suggested, why, kept.data or "")


def _promise_words(
    voice: Voice, severity: str | None, actor: Actor, now: datetime, window: Window | None
) -> str:
    """For the choice as it stands; a severity that the pack doesn't have promises nothing."""
    if severity is None or severity not in voice.pack.severities:
        return ""
    return promising.before_sending(
        voice,
        severity=severity,
        plan=actor.plan,
        channel=CHANNEL,
        role=actor.role,
        at=now,
        window=window,
    )


def _cards(
    voice: Voice, offer: Offer, actor: Actor, now: datetime, window: Window | None
) -> Iterator[dict[str, Any]]:
    """The severities, the gravest first, each with the date it would be answered by."""
    for level in sorted(voice.pack.severities.values(), key=lambda level: level.rank):
        due = promising.answered_by(
            voice.pack, severity=level.key, plan=actor.plan, channel=CHANNEL, at=now, window=window
        )
        yield {
            "key": level.key,
            "badge": level.badge.to(voice.language),
            "rank": level.rank + 1,
            "label": level.name.to(voice.language),
            "hint": _hint(voice, level),
            "promise": _("answer by %(when)s", when=voice.when(due)) if due else "",
            "suggested": offer.why if level.key == offer.suggested else "",
        }


def _hint(voice: Voice, level: Severity) -> str:
    """What it means, and what is one."""
    words = level.description.to(voice.language)
    if not level.examples:
        return words
    examples = ", ".join(f"“{example.to(voice.language)}”" for example in level.examples)
    said = _("For example: %(examples)s", examples=examples)
    return f"{words} {said}"


def _missing(voice: Voice, actor: Actor) -> str:
    """Why this way is not the one the plan has, if so; nothing about plans to portal users."""
    plan = voice.pack.nearest_plan(actor.plan)
    entitlement = voice.pack.entitlement(plan.key, CHANNEL)
    return "" if actor.role in PORTAL else voice.entitlement(entitlement, plan)


def _known_facts(form: FilingForm, actor: Actor) -> list[tuple[str, str]]:
    """What we know without asking the browser, shown before it is sent."""
    plan = promising.spoken_plan(serving_pack(), actor.plan, actor.role)
    facts = [
        (_("You"), f"{actor.name}, {actor.email}"),
        (_("Company"), actor.builder_name),
        (_("Plan"), "" if plan.catch_all else plan.name.to(language())),
        (_("Page you came from"), form.url.data or ""),
        (_("Module"), form.module.data or ""),
    ]
    return [(label, value) for label, value in facts if value]
