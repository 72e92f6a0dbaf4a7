"""Say whether an article helped."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.idempotency import once
from portal.foundation.web.visitors import visitor
from portal.kb.api.blueprint import api, the_reader
from portal.kb.api.shapes import ArticleIdPath, Feedback, NewFeedback
from portal.kb.queries import reading as queries
from portal.kb.service import feedback
from portal.kb.service.feedback import Opinion
from portal.kb.service.reader import Whose

SURFACE = "api"


@api.post(
    "/kb/articles/<id>/feedback",
    operation_id="giveFeedback",
    responses=answers(200, Feedback, 409),
    description="One opinion a person: another one replaces it.",
)
@requires(Permission.READ_HELP, scope=Scope.WRITE_HELP)
@once
def give_feedback(header: OnceHeader, path: ArticleIdPath, body: NewFeedback) -> Response:
    """Say whether an article helped"""
    session, reader = db(), the_reader()
    row = queries.article_by_id(session, reader, path.id)
    if row is None:
        raise NotFound
    opinion = Opinion(body.helpful, body.reason or "", body.comment)
    whose = Whose(visitor(), the_actor(), surface=SURFACE)
    said = feedback.give(session, row.id, row.number, opinion, whose, at=utcnow())
    now = queries.article_by_id(session, reader, row.id)
    return answer(
        Feedback(
            article_id=row.id,
            helpful=said.helpful,
            reason=said.reason or None,
            comment=said.comment,
            helpful_count=now.helpful_count if now else 0,
            not_helpful_count=now.not_helpful_count if now else 0,
        )
    )
