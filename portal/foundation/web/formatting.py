"""How times, sizes and texts read in the reader's language and zone."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_timedelta
from flask import Flask, g
from markupsafe import Markup

from portal.foundation.clock import utcnow
from portal.foundation.english import worded
from portal.foundation.markup import render
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.speech import lazy_gettext as _l

__all__ = ["language"]
HOUR = 3600  # seconds


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        when=when,
        day=day,
        ago=ago,
        left=left,
        span=span,
        markdown=markdown,
        filesize=filesize,
        initials=initials,
        worded=worded,
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


@cache
def _names(spoken: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Days from Monday and months from January, abbreviated. Babel's patterns take ten times as
    long, and a list shows fifty times."""
    locale = Locale.parse(spoken)
    days, months = locale.days["format"]["abbreviated"], locale.months["format"]["abbreviated"]
    return tuple(days[at] for at in range(7)), tuple(months[at] for at in range(1, 13))


def reader_zone() -> ZoneInfo:
    actor = g.get("actor")
    return ZoneInfo(actor.zone) if actor is not None else ZoneInfo("UTC")


def when(at: datetime | None) -> str:
    """Tue 24 Nov, 10:30 (in the reader's zone; with the year when it is not this one)."""
    if at is None:
        return ""
    local = at.astimezone(reader_zone())
    days, months = _names(language())
    year = "" if local.year == utcnow().year else f" {local.year}"
    date = f"{days[local.weekday()]} {local.day} {months[local.month - 1]}{year}"
    return f"{date}, {local.hour:02}:{local.minute:02}"


def day(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(reader_zone())
    return f"{local.day} {_names(language())[1][local.month - 1]} {local.year}"


def ago(at: datetime | None) -> str:
    """3 hours ago, in 5 minutes."""
    if at is None:
        return ""
    difference = at - utcnow()
    if abs(difference) < timedelta(seconds=45):
        return str(_("just now"))
    seconds = int(difference.total_seconds())
    if abs(seconds) > HOUR:
        seconds -= seconds % 60  # what is said doesn't change by seconds, and is kept
    return _distance(seconds, language())


@lru_cache(4096)
def _distance(seconds: int, spoken: str) -> str:
    return str(format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=spoken))


def left(until: datetime, now: datetime) -> str:
    """2 h 14 min left, 3 d over: as the page's own clock goes on to tell it."""
    if until < now:
        return str(_("%(time)s over", time=_duration(now - until)))
    return str(_("%(time)s left", time=_duration(until - now)))


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return "<1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


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


@lru_cache(1024)
def initials(name: str) -> str:
    """Of the first and the last word; Dana Ortiz is DO."""
    first, *others = name.split() or ["?"]
    return (first[0] + "".join(word[0] for word in others[-1:])).upper()


def parse_moment(text: str) -> datetime:
    """ISO 8601 with an offset, or a form's local time in the reader's zone; result UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=reader_zone())
    return moment.astimezone(UTC)
