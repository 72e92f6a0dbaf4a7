"""The support model as people see it: how it stands, what it would do, and emergency windows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries as people
from portal.accounts.models import Builder
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language, when
from portal.foundation.web.fragments import page, see_other
from portal.policy import queries, service
from portal.policy.explain import Explanation, Told, explain
from portal.policy.forms import QuestionForm, WindowForm, question_form
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.models import EmergencyWindow
from portal.policy.pack import Pack
from portal.policy.portrait import Portrait
from portal.policy.running import running_pack
from portal.policy.service import LONGEST_WINDOW, WindowRefused
from portal.policy.text import LANGUAGES
from portal.policy.wording import Voice

views = Blueprint("policy", __name__)

FIELD_OF = {
    "not_on_plan": "builder",
    "backwards": "ends_at",
    "too_long": "ends_at",
    "over": "ends_at",
    "overlaps": "starts_at",
    "hotline": "hotline",
}


@views.get("/policy")
@requires(Permission.SIMULATE_POLICY)
def model() -> Response:
    pack = running_pack()
    voice = Voice(pack, language(), the_actor().zone)
    return page("policy/model.html", pack=pack, portrait=Portrait(voice, utcnow()), voice=voice)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model would do, in the reader's language, and the promise in each language."""

    told: Explanation
    voice: Voice
    promises: list[tuple[str, str]]

    @property
    def steps(self) -> list[Told]:
        return sorted(
            [*self.told.steps, *self.told.resolution_steps], key=lambda step: (step.at, step.do)
        )


@views.get("/policy/simulator")
@requires(Permission.SIMULATE_POLICY)
def simulator() -> Response:
    """Nothing is kept; the address says it all, so that it can be sent to a colleague."""
    pack = _asked_pack()
    form = question_form(pack, _packs(), language(), request.args)
    answer = _answer(pack, form) if form.validate() else None
    status = 422 if form.errors else 200
    return page(
        "policy/simulator.html",
        blocks=("simulator",),
        form=form,
        pack=pack,
        answer=answer,
        status=status,
    )


def _packs() -> list[str]:
    """The shipped ones, and the one that runs here if it is another."""
    return list(dict.fromkeys([*shipped_packs(), running_pack().key]))


def _asked_pack() -> Pack:
    asked = request.args.get("pack", "")
    if asked in shipped_packs() and asked != running_pack().key:
        return load_pack(asked)
    return running_pack()


def _answer(pack: Pack, form: QuestionForm) -> Answer:
    at: datetime = form.at.data or utcnow()
    told = {tongue: _explained(pack, form, at, tongue) for tongue in {*LANGUAGES, language()}}
    return Answer(
        told=told[language()],
        voice=Voice(pack, language(), form.zone.data),
        promises=[(tongue, told[tongue].promise) for tongue in LANGUAGES],
    )


def _explained(pack: Pack, form: QuestionForm, at: datetime, tongue: str) -> Explanation:
    return explain(
        pack,
        severity=form.severity.data,
        plan=form.plan.data,
        channel=form.channel.data,
        at=at,
        language=tongue,
        zone_of_reader=form.zone.data,
    )


@views.get("/policy/windows")
@requires(Permission.SIMULATE_POLICY)
def windows() -> Response:
    return _windows_page(WindowForm(formdata=None), 200)


@views.post("/policy/windows", endpoint="grant")
@requires(Permission.GRANT_EMERGENCY_WINDOWS)
def grant() -> Response:
    form = WindowForm()
    builder = people.builder_by_slug(db(), form.builder.data or "")
    if form.validate() and builder is None:
        form.builder.errors = [_("Choose a customer of the list.")]
    if form.errors or builder is None:
        return _windows_page(form, 422)
    try:
        window = _granted(form, builder)
    except WindowRefused as refused:
        return _refused(form, refused)
    flash(
        _(
            "%(customer)s has an emergency window from %(start)s to %(end)s.",
            customer=builder.name,
            start=when(window.starts_at),
            end=when(window.ends_at),
        )
    )
    return see_other(url_for("policy.windows"))


def _granted(form: WindowForm, builder: Builder) -> EmergencyWindow:
    return service.grant_window(
        db(),
        running_pack(),
        builder,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        hotline=form.hotline.data,
        note=form.note.data or "",
        by=the_actor(),
        at=utcnow(),
    )


def _refused(form: WindowForm, refused: WindowRefused) -> Response:
    if refused.reason == "not_offered":
        raise Problem(422, _refusal(refused))
    form[FIELD_OF[refused.reason]].errors = [_refusal(refused)]
    return _windows_page(form, 422)


def _refusal(refused: WindowRefused) -> str:
    match refused.reason:
        case "not_offered":
            return str(_("This support model has no emergency windows."))
        case "not_on_plan":
            return str(_("The plan of this customer has no emergency windows."))
        case "backwards":
            return str(_("It ends before it starts."))
        case "too_long":
            return str(_("A window lasts %(days)s days at most.", days=LONGEST_WINDOW.days))
        case "over":
            return str(_("It would be over already. Choose a later end."))
        case "hotline":
            return str(_("Enter the number or address to reach us."))
    other = refused.about
    span = f"{when(other.starts_at)} – {when(other.ends_at)}" if other is not None else ""
    return str(_("There is a window in that time already: %(span)s.", span=span))


def _windows_page(form: WindowForm, status: int) -> Response:
    pack = running_pack()
    plans = _plan_names(pack)
    found = queries.windows_page(db(), asked_cursor())
    return page(
        "policy/windows.html",
        status=status,
        form=form,
        pack=pack,
        rows=found.items,
        older=_older(found.next_cursor),
        builders=queries.builders_on(db(), plans) if plans else [],
        longest=LONGEST_WINDOW.days,
    )


def _plan_names(pack: Pack) -> list[str]:
    """Every name under which a builder may have a plan that can be granted a window."""
    if pack.emergency is None:
        return []
    plans = [pack.plans[key] for key in pack.emergency.plans]
    return [name for plan in plans for name in (plan.key, *plan.aliases)]


def _older(cursor: Cursor | None) -> str:
    return url_for("policy.windows", cursor=str(cursor)) if cursor else ""


@views.get("/policy/windows/<uuid:key>/cancellation")
@requires(Permission.GRANT_EMERGENCY_WINDOWS)
def cancel_page(key: UUID) -> Response:
    window, builder = _window(key)
    return page("policy/cancellation.html", window=window, builder=builder)


@views.post("/policy/windows/<uuid:key>/cancellation", endpoint="cancel")
@requires(Permission.GRANT_EMERGENCY_WINDOWS)
def cancel(key: UUID) -> Response:
    window, builder = _window(key)
    service.cancel_window(db(), window, by=the_actor(), at=utcnow())
    flash(_("The window of %(customer)s is cancelled.", customer=builder.name))
    return see_other(url_for("policy.windows"))


def _window(key: UUID) -> tuple[EmergencyWindow, Builder]:
    found = queries.window_with_builder(db(), key)
    if found is None:
        raise NotFound
    return found
