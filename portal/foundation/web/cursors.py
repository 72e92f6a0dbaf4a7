"""From which place on a list is asked for."""

from flask import request

from portal.foundation.paging import BadCursor, Cursor, read_cursor
from portal.foundation.speech import gettext as _
from portal.foundation.web.errors import Problem


def asked_cursor() -> Cursor | None:
    """`?cursor=…`. Problem for one that we never gave out."""
    try:
        return read_cursor(request.args.get("cursor", ""))
    except BadCursor as error:
        detail = _("This cursor is not one that we gave out. Start from the first page.")
        raise Problem(400, detail) from error


def asked_page() -> Cursor | None:
    """`?page=…`, for people who may have cut an address short: a broken one begins anew."""
    try:
        return read_cursor(request.args.get("page", ""))
    except BadCursor:
        return None
