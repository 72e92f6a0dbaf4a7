"""The public roadmap for other sites and feed readers: JSON and RSS, the same for everybody."""

import json
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from flask import Response as PlainResponse
from flask import request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.limits import limiter
from portal.notifications.addresses import absolute
from portal.roadmap import facts, feed
from portal.roadmap.addresses import ROADMAP
from portal.roadmap.queries import items
from portal.roadmap.views.blueprint import asked_language, asked_module, feeds

FRESH: Final = "public, max-age=300"
READ: Final = "120 per minute"


@feeds.get("/roadmap.json", endpoint="json")
@limiter.limit(READ)
@public("for other sites: of what everybody may read")
def as_json() -> Response:
    language = asked_language()
    cards = items.listed(db(), module=asked_module())
    body = {
        "url": absolute(ROADMAP),
        "language": language,
        "updated_at": facts.latest(cards),
        "items": [facts.of_card(card, language) for card in cards],
    }
    said = json.dumps(body, default=_written, ensure_ascii=False)
    return answer(said.encode(), "application/json", language)


@feeds.get("/roadmap.rss", endpoint="rss")
@limiter.limit(READ)
@public("for feed readers: of what everybody may read")
def as_rss() -> Response:
    language, module = asked_language(), asked_module()
    cards = items.listed(db(), module=module)
    changes = items.public_changes(db(), [card.item.id for card in cards])
    given = {"lang": request.args.get("lang") and language, "module": module}
    asked = urlencode({name: value for name, value in given.items() if value})
    with force_locale(language):
        body = feed.rss(cards, changes, language, asked)
    return answer(body, "application/rss+xml", language)


def answer(body: bytes, mimetype: str, language: str = "") -> Response:
    """For anybody's page and memory; 304 to who has it as it is."""
    kind = mimetype if mimetype.startswith("image/") else f"{mimetype}; charset=utf-8"
    response = PlainResponse(body, content_type=kind)
    response.headers["Cache-Control"] = FRESH
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if language:
        response.headers["Content-Language"] = language
        response.vary.add("Accept-Language")
    response.add_etag()
    return response.make_conditional(request.environ)


def _written(value: datetime) -> str:
    return value.isoformat()
