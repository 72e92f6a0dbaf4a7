"""What stands below an article: did it help, and where else to turn."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import g, request, url_for

from portal.core.permissions import BUILDER_STAFF, Actor
from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx
from portal.foundation.web.site import is_portal
from portal.foundation.web.visitors import known_visitor, the_company
from portal.kb.addresses import article_path
from portal.kb.forms.opinion import WORDED
from portal.kb.models import SURFACES
from portal.kb.queries import opinions as queries
from portal.kb.views.reading.blueprint import whole
from portal.policy.explain import explain
from portal.policy.pack import Pack
from portal.policy.running import running_pack

CHANNEL = "in_app"


def said_of(article: Any) -> Any:
    return queries.said(db(), article.id, known_visitor(), the_company())


def asking(article: Any, said: Any, wrong: str = "") -> dict[str, Any]:
    """What the block `feedback` shows: what the reader has `said`, if anything, and what is
    `wrong` with their comment."""
    return {
        "said": said,
        "wrong": wrong,
        "is_swapped": is_htmx(),
        "reasons": WORDED.items(),
        "contact_href": _way_to_us(article),
        "promise": _promise(),
    }


def surface() -> str:
    """Where they came from, as our own links say it (`?from=search`)."""
    came = request.values.get("from", "")
    return came if came in SURFACES else ("portal" if is_portal() else "page")


def _way_to_us(article: Any) -> str:
    """Where somebody writes to us, with what they have read. Staff have nobody above them."""
    actor: Actor | None = g.get("actor")
    address = whole(article_path(article.language, article.slug))
    if actor is None:
        return url_for("contact.contact", url=address)
    if actor.is_staff:
        return ""
    return url_for("support.filing", module=article.module_tag or None, url=address)


def _promise() -> str:
    """By when we answer, for whom we know the plan of. A builder's own people hear theirs where
    they write."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.role not in BUILDER_STAFF:
        return ""
    pack, at = running_pack(), utcnow()
    key = (pack.key, pack.version, pack.nearest_plan(actor.plan).key, language(), actor.zone)
    return _PROMISES.get(key, partial(_promised, pack, actor, at), at=at)


_PROMISES: Final[Remembered[tuple[object, ...], str]] = Remembered(timedelta(minutes=1))
"""To the minute, as they are said; each takes longer to work out than the article to find."""


def _promised(pack: Pack, actor: Actor, at: datetime) -> str:
    return explain(
        pack,
        severity=pack.default_severity,
        plan=pack.nearest_plan(actor.plan).key,
        channel=CHANNEL,
        at=at,
        language=language(),
        zone_of_reader=actor.zone,
    ).promise
