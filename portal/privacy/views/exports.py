"""A person's data: asked for, watched, fetched."""

from datetime import datetime
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Actor, Permission
from portal.foundation.clock import utcnow
from portal.foundation.filenames import disposition
from portal.foundation.runtime import current_runtime
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.downloads import streamed
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import the_site
from portal.privacy.models import DataExport
from portal.privacy.queries import exports as queries
from portal.privacy.queries.people import Concerned
from portal.privacy.service import exporting
from portal.privacy.shelf import Shelf
from portal.privacy.views import own_data, privacy
from portal.privacy.views.concerned import the_concerned


@own_data.get("/account/data")
@requires(Permission.USE_ACCOUNT)
def own() -> Response:
    actor = the_actor()
    assert actor.user_id is not None  # noqa: S101  signed in
    scope = actor.builder_id if actor.is_portal_user else None
    export = queries.latest(db(), actor.user_id, actor.user_id, scope)
    return _shown(export, None, url_for("own_data.ask"))


@own_data.post("/account/data")
@requires(Permission.USE_ACCOUNT)
def ask() -> Response:
    exporting.ask_for_oneself(db(), by=the_actor(), at=utcnow())
    return see_other(url_for("own_data.own"))


@own_data.get("/account/data/<uuid:key>")
@requires(Permission.USE_ACCOUNT)
def one(key: UUID) -> Response:
    """Where a notification leads to."""
    return _shown(_export(key), None, "")


@own_data.get("/account/data/<uuid:key>/file")
@requires(Permission.USE_ACCOUNT)
def fetch(key: UUID) -> Response:
    export = _export(key)
    if not _is_there(export, utcnow()):
        raise NotFound
    try:
        opened = Shelf(current_runtime().settings.data).open(export.id)
    except FileNotFoundError:
        raise NotFound from None
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": disposition(f"data-{export.asked_at:%Y-%m-%d}.zip", "attachment"),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return streamed(opened, headers)


@privacy.get("/company/people/<uuid:membership_id>/data")
@requires(Permission.MANAGE_PRIVACY)
def of_member(membership_id: UUID) -> Response:
    actor, member = the_actor(), the_concerned(membership_id)
    assert actor.user_id is not None  # noqa: S101  signed in
    export = queries.latest(db(), actor.user_id, member.user_id, member.builder_id)
    url = url_for("privacy.ask_for_member", membership_id=membership_id)
    return _shown(export, member, url)


@privacy.post("/company/people/<uuid:membership_id>/data", endpoint="ask_for_member")
@requires(Permission.MANAGE_PRIVACY)
def ask_for_member(membership_id: UUID) -> Response:
    exporting.ask_for(db(), the_concerned(membership_id), by=the_actor(), at=utcnow())
    return see_other(url_for("privacy.of_member", membership_id=membership_id))


def _export(key: UUID) -> DataExport:
    """Of whoever asked, as long as they may; a portal has its own alone."""
    actor = the_actor()
    assert actor.user_id is not None  # noqa: S101  signed in
    found = queries.of_asker(db(), actor.user_id, key)
    if found is None or not _still_may(actor, found):
        raise NotFound
    return found


def _still_may(actor: Actor, export: DataExport) -> bool:
    if the_site().builder_id not in {None, export.builder_id}:
        return False
    if export.user_id == actor.user_id:
        return True
    return actor.may(Permission.MANAGE_PRIVACY) and (
        actor.builder_id is None or actor.builder_id == export.builder_id
    )


def _is_there(export: DataExport | None, now: datetime) -> bool:
    return export is not None and export.state == "ready" and _until(export) > now


def _until(export: DataExport) -> datetime:
    return export.expires_at or export.asked_at


def _shown(export: DataExport | None, member: Concerned | None, ask_url: str) -> Response:
    return page(
        "privacy/data.html",
        blocks=("state",),
        export=export,
        member=member,
        ask_url=ask_url,
        is_there=_is_there(export, utcnow()),
        kept=exporting.KEPT.days,
    )
