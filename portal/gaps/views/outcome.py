"""What became of readings: how often nobody asked after them, and what is behind the figure."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Response as Download
from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.filenames import disposition
from portal.foundation.speech import gettext as _
from portal.foundation.spreadsheet import lines
from portal.foundation.web.access import requires
from portal.foundation.web.database import db
from portal.foundation.web.formatting import reader_zone
from portal.foundation.web.fragments import page
from portal.gaps.queries import deflection as queries
from portal.gaps.queries.deflection import Outcome, Read
from portal.gaps.views import gaps
from portal.gaps.views.queue import asked_days, plan_name, words
from portal.gaps.wording import SURFACES

MOST = 25  # lines of a table


@gaps.get("/outcome")
@requires(Permission.WRITE_ARTICLES)
def outcome() -> Response:
    days, now = asked_days(), utcnow()
    since = now - timedelta(days=days)
    read = queries.readings(db(), since)
    tables = [(title, list(_table(read, by))) for title, by in _ways()]
    return page(
        "gaps/outcome.html",
        whole=queries.outcome(read, now),
        solved=queries.solved_at_the_form(db(), since),
        tables=tables,
        most_looked_at=queries.LOOKED_AT if len(read) == queries.LOOKED_AT else 0,
        download=url_for("gaps.readings", days=days),
        **words(days),
    )


@gaps.get("/outcome/readings.csv")
@requires(Permission.WRITE_ARTICLES)
def readings() -> Response:
    """Whoever reads is told apart by a number, and named by nothing."""
    now = utcnow()
    read = queries.readings(db(), now - timedelta(days=asked_days()))
    name = f"readings-{now.astimezone(reader_zone()):%Y-%m-%d}.csv"
    return Download(
        "".join(lines(_sheet(read))),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": disposition(name, "attachment"),
            "Cache-Control": "no-store",
        },
    )


def _ways() -> list[tuple[str, Any]]:
    return [
        (_("Where it was read"), lambda one: str(SURFACES.get(one.surface, one.surface))),
        (_("Article"), lambda one: one.title),
        (_("Module"), lambda one: one.module or _("none")),
        (_("Plan"), lambda one: plan_name(one.plan)),
        (_("Week that began on"), _week),
    ]


def _week(one: Read) -> str:
    day = one.at.astimezone(reader_zone()).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _table(read: Sequence[Read], by: Any) -> Iterator[tuple[str, Outcome]]:
    found = list(queries.by(read, utcnow(), by))[:MOST]
    yield from sorted(found, reverse=True) if by is _week else found


def _sheet(read: Sequence[Read]) -> Iterator[list[object]]:
    zone, people = reader_zone(), dict[str, int]()
    yield [
        _("When"),
        _("Where"),
        _("Article"),
        _("Module"),
        _("Plan"),
        _("Role"),
        _("Reader"),
        _("Ticket within 24 hours"),
    ]
    for one in read:
        yield [
            one.at.astimezone(zone).isoformat(timespec="seconds"),
            one.surface,
            one.title,
            one.module,
            one.plan,
            one.role,
            people.setdefault(one.visitor, len(people) + 1),
            _("yes") if one.asked else "",
        ]
