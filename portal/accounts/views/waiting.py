"""What is said to who has tried too often."""

from datetime import datetime
from math import ceil

from werkzeug.wrappers import Response

from portal.foundation.clock import utcnow
from portal.foundation.speech import ngettext
from portal.foundation.web.formatting import reader_zone


def too_many(until: datetime) -> str:
    return ngettext(
        "Too many tries. Try again in %(num)s minute, at %(time)s (%(zone)s), "
        "or use an e-mail link.",
        "Too many tries. Try again in %(num)s minutes, at %(time)s (%(zone)s), "
        "or use an e-mail link.",
        max(1, ceil(_seconds(until) / 60)),
        time=f"{until.astimezone(reader_zone()):%H:%M}",
        zone=reader_zone().key,
    )


def retry_after(response: Response, until: datetime) -> Response:
    response.headers["Retry-After"] = str(max(1, ceil(_seconds(until))))
    return response


def _seconds(until: datetime) -> float:
    return (until - utcnow()).total_seconds()
