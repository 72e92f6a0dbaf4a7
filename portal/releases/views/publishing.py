"""To readers, now or later; and away from them."""

from datetime import UTC, datetime
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import parse_moment, reader_zone, when
from portal.foundation.web.fragments import page, see_other
from portal.releases.forms import TimeForm
from portal.releases.models import Release, State
from portal.releases.queries import ideas, reading
from portal.releases.service import publishing, scheduling
from portal.releases.service.refusals import NotNow, TooEarly
from portal.releases.views.blueprint import module_names, releases, the_note, words


@releases.get("/notes/<uuid:key>/publication", endpoint="publication")
@requires(Permission.WRITE_NEWS)
def look(key: UUID) -> Response:
    """What would happen, before anything does."""
    note = the_note(key)
    if note.state not in publishing.UNPUBLISHED:
        return _to(note)
    return _page(note, TimeForm(formdata=None, when=_local(note.publish_at)))


@releases.post("/notes/<uuid:key>/publication", endpoint="publish")
@requires(Permission.WRITE_NEWS)
def publish(key: UUID) -> Response:
    """A second press finds it done."""
    note = the_note(key)
    try:
        publishing.publish(db(), note, by=the_actor(), at=utcnow())
    except NotNow:
        raise _not_now() from None
    flash(_("Published. Whoever wanted what ships with it is being told."))
    found = reading.whole(db(), note, language())
    return see_other(found.path if found else url_for("releases.list"))


@releases.post("/notes/<uuid:key>/schedule", endpoint="schedule")
@requires(Permission.WRITE_NEWS)
def schedule(key: UUID) -> Response:
    note, form = the_note(key), TimeForm()
    if not form.validate():
        return _page(note, form, 422)
    try:
        moment = parse_moment(form.when.data)
        scheduling.schedule(db(), note, moment, by=the_actor(), at=utcnow())
    except TooEarly:
        form.when.errors = [_("Choose a time that is still to come.")]
        return _page(note, form, 422)
    except NotNow:
        raise _not_now() from None
    except (ValueError, OverflowError):
        form.when.errors = [_("Write the time like 2026-12-24T18:00.")]
        return _page(note, form, 422)
    flash(_("It is published %(when)s.", when=both_ways(moment)))
    return _to(note)


@releases.post("/notes/<uuid:key>/schedule/removal", endpoint="cancel_schedule")
@requires(Permission.WRITE_NEWS)
def cancel(key: UUID) -> Response:
    note = the_note(key)
    if scheduling.cancel(db(), note, by=the_actor(), at=utcnow()):
        flash(_("It is a draft again, and is not published by itself."), "info")
    return _to(note)


@releases.get("/notes/<uuid:key>/withdrawal", endpoint="withdrawal")
@requires(Permission.WRITE_NEWS)
def ask(key: UUID) -> Response:
    note = the_note(key)
    if note.state != State.PUBLISHED:
        return _to(note)
    found = reading.whole(db(), note, language())
    return page("releases/withdrawal.html", release=note, note=found, **words())


@releases.post("/notes/<uuid:key>/withdrawal", endpoint="withdraw")
@requires(Permission.WRITE_NEWS)
def withdraw(key: UUID) -> Response:
    note = the_note(key)
    if publishing.withdraw(db(), note, by=the_actor(), at=utcnow()):
        flash(_("Withdrawn. Readers don’t find it any more."), "info")
    return _to(note)


@releases.post("/notes/<uuid:key>/restoration", endpoint="restore")
@requires(Permission.WRITE_NEWS)
def restore(key: UUID) -> Response:
    note = the_note(key)
    if publishing.bring_back(db(), note, by=the_actor(), at=utcnow()):
        flash(_("It is there again. Nobody is told a second time."))
    return _to(note)


def both_ways(moment: datetime | None) -> str:
    """In the reader's zone and in the one that everybody shares."""
    if moment is None:
        return ""
    zone, shared = reader_zone(), moment.astimezone(UTC)
    if str(zone) == "UTC":
        return f"{when(moment)} UTC"
    there = f"{shared:%Y-%m-%d %H:%M} UTC"
    return _("%(when)s in %(zone)s (%(there)s)", when=when(moment), zone=str(zone), there=there)


def _local(moment: datetime | None) -> str:
    """As a form's field has it."""
    return f"{moment.astimezone(reader_zone()):%Y-%m-%dT%H:%M}" if moment else ""


def _to(note: Release) -> Response:
    return see_other(url_for("releases.edition", key=note.id))


def _not_now() -> Problem:
    return Problem(409, _("It was published before. Bring it back instead."))


def _page(note: Release, form: TimeForm, status: int = 200) -> Response:
    found = reading.whole(db(), note, language())
    return page(
        "releases/publication.html",
        status=status,
        release=note,
        note=found,
        form=form,
        ideas=ideas.of_note(db(), the_actor(), note.id),
        names=module_names(*note.modules),
        scheduled=both_ways(note.publish_at),
        zone=str(reader_zone()),
        **words(),
    )
