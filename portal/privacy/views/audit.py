"""The audit log: a builder's own, or the platform's with everybody's."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, request, stream_with_context, url_for

from portal.accounts import audit
from portal.accounts.audit_words import details, worded
from portal.accounts.models import AuditEntry
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.filenames import disposition
from portal.foundation.paging import Cursor
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.spreadsheet import lines
from portal.foundation.tenancy import PLATFORM
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import reader_zone
from portal.foundation.web.fragments import page
from portal.privacy.forms import LogForm, log_form
from portal.privacy.queries.audit import Sought, entries, every_entry
from portal.privacy.queries.audit import builders as all_builders
from portal.privacy.views import privacy


@privacy.get("/company/audit")
@requires(Permission.SEE_AUDIT)
def company_log() -> Response:
    _only(staff=False)
    return _log_page("privacy.company_log")


@privacy.get("/audit")
@requires(Permission.SEE_AUDIT)
def whole_log() -> Response:
    _only(staff=True)
    return _log_page("privacy.whole_log")


@privacy.post("/company/audit/export")
@requires(Permission.SEE_AUDIT)
def export_company_log() -> Response:
    _only(staff=False)
    return _exported("privacy.company_log")


@privacy.post("/audit/export")
@requires(Permission.SEE_AUDIT)
def export_whole_log() -> Response:
    _only(staff=True)
    return _exported("privacy.whole_log")


def _only(*, staff: bool) -> None:
    """The other's log is at another address."""
    if the_actor().is_staff is not staff:
        raise NotFound


def _log_page(endpoint: str) -> Response:
    form = _form()
    if not form.validate():
        return _shown(endpoint, form, Sought(), 422)
    return _shown(endpoint, form, form.sought(), 200)


def _form() -> LogForm:
    staff = the_actor().is_staff
    return log_form(request.values, all_builders(db()) if staff else [])


def _shown(endpoint: str, form: LogForm, sought: Sought, status: int) -> Response:
    rows = entries(db(), sought, asked_cursor())
    asked = form.address() if status == 200 else {}
    return page(
        "privacy/audit.html",
        status=status,
        form=form,
        rows=rows,
        lines=[(row, worded(row.act), details(row.facts)) for row in rows.items],
        builders=dict(form.builder.choices),
        asked=asked,
        endpoint=endpoint,
        export_url=url_for(endpoint.replace(".", ".export_")),
        newer=_link(endpoint, asked, rows.previous_cursor),
        older=_link(endpoint, asked, rows.next_cursor),
    )


def _link(endpoint: str, asked: dict[str, Any], cursor: Cursor | None) -> str:
    return url_for(endpoint, cursor=str(cursor), **asked) if cursor else ""


def _exported(endpoint: str) -> Response:
    """A download that is written while it is read; that somebody took it is in the log itself."""
    form, actor, now = _form(), the_actor(), utcnow()
    if not form.validate():
        return _shown(endpoint, form, Sought(), 422)
    sought = form.sought()
    only: dict[str, Any] = {f"only_{name}": value for name, value in form.address().items()}
    audit.record(db(), "audit.exported", by=actor, at=now, **only)
    found = every_entry(current_runtime().readers, actor.builder_id or PLATFORM, sought)
    names = dict(form.builder.choices)
    name = f"audit-{now.astimezone(reader_zone()):%Y-%m-%d}.csv"
    return Response(
        stream_with_context(lines(_table(found, names, now))),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": disposition(name, "attachment"),
            "Cache-Control": "no-store",
        },
    )


def _table(
    found: Iterator[AuditEntry], builders: dict[str, str], now: datetime
) -> Iterator[list[Any]]:
    zone = reader_zone()
    yield [
        _("When"),
        _("Customer"),
        _("Who"),
        _("Role"),
        _("Act"),
        _("What"),
        _("About"),
        _("Details"),
    ]
    for entry in found:
        yield [
            entry.at.astimezone(zone).isoformat(timespec="seconds"),
            builders.get(str(entry.builder_id), ""),
            entry.by_name,
            entry.by_role,
            entry.act,
            worded(entry.act),
            entry.about,
            json.dumps(entry.facts, ensure_ascii=False, sort_keys=True) if entry.facts else "",
        ]
