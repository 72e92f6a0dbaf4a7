"""How times, sizes and texts read in the reader's language and zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from flask import Flask, g
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.foundation.clock import utcnow
from portal.foundation.markup import render


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        when=when, day=day, ago=ago, span=span, markdown=markdown, filesize=filesize
    )


MASKED = {
    "password": _l("password removed"),
    "api_token": _l("access token removed"),
    "private_key": _l("private key removed"),
    "card_number": _l("card number removed"),
    "card_code": _l("card code removed"),
    "jwt": _l("sign-in token removed"),
    "session_cookie": _l("session cookie removed"),
}


def language() -> str:
    locale = get_locale()
    return locale.language if locale is not None else "en"


def reader_zone() -> ZoneInfo:
    actor = g.get("actor")
    return ZoneInfo(actor.zone) if actor is not None else ZoneInfo("UTC")


def when(at: datetime | None) -> str:
    """Tue 24 Nov, 10:30 (in the reader's zone; with the year when it is not this one)."""
    if at is None:
        return ""
    local = at.astimezone(reader_zone())
    pattern = "EEE d MMM, HH:mm" if local.year == utcnow().year else "EEE d MMM y, HH:mm"
    return str(format_datetime(local, pattern, locale=language()))


def day(at: datetime | None) -> str:
    if at is None:
        return ""
    return str(format_datetime(at.astimezone(reader_zone()), "d MMM y", locale=language()))


def ago(at: datetime | None) -> str:
    """3 hours ago, in 5 minutes."""
    if at is None:
        return ""
    difference = at - utcnow()
    if abs(difference) < timedelta(seconds=45):
        return str(_("just now"))
    return str(format_timedelta(difference, add_direction=True, locale=language()))


def span(length: timedelta | None) -> str:
    """2 hours, 3 days: the largest unit that fits."""
    if length is None:
        return ""
    return str(format_timedelta(length, locale=language()))


def markdown(text: str) -> Markup:
    return render(text, masked=lambda kind: str(MASKED[kind]))


def filesize(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000 or unit == "MB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


def parse_moment(text: str) -> datetime:
    """ISO 8601 with an offset, or a form's local time in the reader's zone; result UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=reader_zone())
    return moment.astimezone(UTC)
