"""What readers do besides reading: say whether it helped. And that they read at all."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import g, request
from werkzeug.wrappers import Response

from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.fragments import is_htmx, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from portal.foundation.web.visitors import visitor
from portal.kb.addresses import article_path
from portal.kb.forms.opinion import OpinionForm
from portal.kb.queries import reading as queries
from portal.kb.service import feedback, readings
from portal.kb.service.reader import Whose
from portal.kb.views.reading.article import PAGE, whole_page
from portal.kb.views.reading.asking import asking, surface
from portal.kb.views.reading.blueprint import IN_LANGUAGE, reading, shown, the_reader, within

PLACE: Final = "page-feedback"
ROBOTS: Final = re.compile(r"bot\b|bot/|crawl|spider|slurp|preview|monitor|lighthouse", re.I)


@reading.post(f"{IN_LANGUAGE}/articles/<uuid:article_id>/feedback")
@limiter.limit("30 per minute; 300 per hour")
@public("whoever may read an article may say whether it helped")
def feedback_on(language: str, article_id: UUID) -> Response:
    row, form = _article(article_id), OpinionForm()
    if not form.validate():
        return _refused(language, row, form)
    opinion, whose = form.opinion(), _whose()
    if opinion is None:
        feedback.take_back(db(), row.id, whose)
    else:
        feedback.give(db(), row.id, row.number, opinion, whose, at=utcnow())
    if is_htmx():
        return _block(language, row, asking(row, opinion))
    return see_other(f"{within(article_path(language, row.slug))}#{PLACE}")


def _refused(language: str, row: Any, form: OpinionForm) -> Response:
    """With what was written, but for what no form of ours sends."""
    if set(form.errors) != {"comment"}:
        raise Problem(422)
    values = asking(row, form.opinion(), form.errors["comment"][0])
    answer = _block(language, row, values) if is_htmx() else whole_page(language, row, values)
    answer.status_code = 422
    return answer


def _block(language: str, row: Any, values: Mapping[str, Any]) -> Response:
    return shown(PAGE, blocks=("feedback",), article=row, language=language, **values)


@reading.post(f"{IN_LANGUAGE}/articles/<uuid:article_id>/readings")
@limiter.limit("60 per minute")
@public("whoever may read an article is counted when they have")
def reading_of(language: str, article_id: UUID) -> Response:
    row = _article(article_id)
    if not ROBOTS.search(request.user_agent.string):
        readings.note(db(), row.id, _whose(), at=utcnow())
    return Response(status=204)


def _article(article_id: UUID) -> Any:
    row = queries.article_by_id(db(), the_reader(), article_id)
    if row is None:
        raise NotFound
    return row


def _whose() -> Whose:
    actor: Actor | None = g.get("actor")
    return Whose(visitor(), actor, the_site().builder_id, surface())
