"""When a builder's desk is there, how soon it answers, and what it does with platform issues."""

from collections.abc import Mapping
from datetime import datetime

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission, Role
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.policy import desk_rules
from portal.policy.desk_model import model_of
from portal.policy.desk_rules import ChangedMeanwhile, Rules, RulesRefused
from portal.policy.documents import InvalidPack
from portal.policy.sections.calendars import WEEKDAYS
from portal.policy.wording import Voice
from portal.tickets import promising
from portal.tickets.forms.desk import cleaned
from portal.tickets.views import office
from portal.tickets.views.days import DAY_NAMES
from portal.tickets.views.reader import voice_of

TARGETS = {
    "": _l("No promise"),
    "1h": _l("1 working hour"),
    "2h": _l("2 working hours"),
    "4h": _l("4 working hours"),
    "8h": _l("8 working hours"),
    "same day": _l("The same day"),
    "1 business day": _l("1 business day"),
    "2 business days": _l("2 business days"),
    "3 business days": _l("3 business days"),
    "5 business days": _l("5 business days"),
    "10 business days": _l("10 business days"),
}
HOLIDAYS = {
    "": _l("None"),
    "US": _l("United States"),
    "CA": _l("Canada"),
    "MX": _l("Mexico"),
    "GB": _l("United Kingdom"),
    "IE": _l("Ireland"),
    "ES": _l("Spain"),
    "FR": _l("France"),
    "DE": _l("Germany"),
    "AU": _l("Australia"),
    "NZ": _l("New Zealand"),
}
LEVELS = ("urgent", "normal")
LONGEST = 60  # characters of a day's hours


@office.get("/rules")
@requires(Permission.RUN_DESK)
def rules() -> Response:
    _zone, known = _known()
    return _page(known, known.version, {}, 200)


@office.post("/rules", endpoint="save_rules")
@requires(Permission.RUN_DESK)
def save() -> Response:
    said, errors = _said()
    if errors:
        return _page(said, said.version, errors, 422)
    try:
        desk_rules.save(db(), said, by=the_actor(), at=utcnow())
    except ChangedMeanwhile:
        db().rollback()
        _zone, now = _known()
        told = _(
            "Somebody else changed these meanwhile, to: %(saved)s. Yours are still below; save "
            "again to put them in that place.",
            saved=_in_short(now),
        )
        return _page(said, now.version, {"": told}, 409)
    except RulesRefused as refused:
        db().rollback()
        return _page(said, said.version, {"": str(refused)}, 422)
    flash(_("Saved. It holds for what is asked from now on."))
    return see_other(url_for("office.rules"))


def _known() -> tuple[str, Rules]:
    builder = the_actor().builder_id
    if builder is None:
        raise NotFound
    return desk_rules.zone_and_rules(db(), builder)


def _said() -> tuple[Rules, dict[str, str]]:
    """The rules as they were typed, and what is wrong with them by the id of the field."""
    form, errors = request.form, dict[str, str]()
    weekly = {day: cleaned(form.get(f"hours-{day}")).strip()[:LONGEST] for day in WEEKDAYS}
    for day, hours in weekly.items():
        if hours and not _readable(hours):
            errors[f"hours-{day}"] = _("Write it as 08:00-12:00, 13:00-17:00, or leave it empty.")
    if not any(weekly.values()):
        errors["hours-mon"] = _("Your desk is never there. Give at least one day its hours.")
    said = Rules(
        weekly={day: hours for day, hours in weekly.items() if hours},
        holidays=_one_of(HOLIDAYS, form.get("holidays", "")),
        respond={level: _one_of(TARGETS, form.get(f"respond-{level}", "")) for level in LEVELS},
        settle={level: _one_of(TARGETS, form.get(f"settle-{level}", "")) for level in LEVELS},
        passes_directly="passes_directly" in form,
        tells_progress="tells_progress" in form,
        version=_whole(form.get("version", "0")),
    )
    return said, errors


def _one_of(known: Mapping[str, object], asked: str) -> str:
    return asked if asked in known else ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _readable(hours: str) -> bool:
    try:
        model_of(Rules(weekly={"mon": hours}).terms("UTC"))
    except InvalidPack:
        return False
    return True


def _in_short(saved: Rules) -> str:
    hours = ", ".join(f"{DAY_NAMES[day]} {hours}" for day, hours in saved.weekly.items())
    return f"{hours}; {', '.join(str(TARGETS.get(t, t)) for t in saved.respond.values())}"


def _page(said: Rules, version: int, errors: Mapping[str, str], status: int) -> Response:
    zone, _saved = _known()
    return page(
        "tickets/office/rules.html",
        status=status,
        rules=said,
        version=version,
        errors=errors,
        zone=zone,
        days=DAY_NAMES,
        targets=TARGETS,
        countries=HOLIDAYS,
        examples=_examples(said, zone, utcnow()),
    )


def _examples(said: Rules, zone: str, now: datetime) -> list[tuple[str, str]]:
    """What somebody who writes now is told, for each level; nothing while the rules are none."""
    try:
        voice = voice_of(model_of(said.terms(zone)))
    except InvalidPack:
        return []
    return [
        (level.name.to(voice.language), _told(voice, level.key, now))
        for level in voice.pack.severities.values()
    ]


def _told(voice: Voice, severity: str, now: datetime) -> str:
    return promising.before_sending(
        voice, severity=severity, plan="", channel="in_app", role=Role.CLIENT, at=now
    )
