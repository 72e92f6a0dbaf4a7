"""All of it as a file, out and in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from portal.accounts.forms import LANGUAGES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.guidance.service import documents, exchange
from portal.guidance.service.documents import BadDocument
from portal.guidance.views import guidance

MOST_SHOWN: Final = 50
WRONG: Final[Mapping[str, Any]] = {
    "unreadable": _l("This is neither JSON nor TOML."),
    "nothing": _l("There are no screens, terms or orientations in this file."),
    "too_long": _l("too long"),
    "missing": _l("missing"),
    "wrong": _l("not what it should be"),
}
BAD_ADDRESS: Final = _l("no address that rules can read")


@guidance.get("/exchange", endpoint="exchange")
@requires(Permission.MANAGE_GUIDANCE)
def index() -> Answer:
    return _page()


@guidance.get("/guidance.json", endpoint="export")
@requires(Permission.MANAGE_GUIDANCE)
def export() -> Response:
    content = json.dumps(exchange.exported(db()), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": "attachment; filename=guidance.json"}
    return Response(content, content_type="application/json", headers=headers)


@guidance.post("/exchange", endpoint="take_in")
@requires(Permission.MANAGE_GUIDANCE)
def take_in() -> Answer:
    file = request.files.get("file")
    content = file.stream.read(documents.LONGEST + 1) if file else b""
    if not content:
        return _page(422, problems=[str(_("Choose a file."))])
    try:
        document = documents.read(content.decode("utf-8"), [code for code, _name in LANGUAGES])
    except UnicodeDecodeError:
        return _page(422, problems=[str(WRONG["unreadable"])])
    except BadDocument as bad:
        return _page(422, problems=[_worded(*one) for one in bad.problems[:MOST_SHOWN]])
    report = exchange.take(db(), document, by=the_actor(), at=utcnow())
    return _page(report=report)


def _worded(place: str, reason: str) -> str:
    said = str(WRONG.get(reason, BAD_ADDRESS))
    return f"{place}: {said}" if place else said


def _page(
    status: int = 200, *, problems: Sequence[str] = (), report: exchange.Report | None = None
) -> Answer:
    kinds = {
        "article": _("article"),
        "video": _("video"),
        "address": _("address of another screen"),
    }
    return page(
        "guidance/exchange.html", status=status, problems=problems, report=report, kinds=kinds
    )
