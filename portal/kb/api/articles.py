"""Find, list and read articles."""

from flask import Response

from portal.accounts.service import LOCALES
from portal.core.permissions import Permission, Scope
from portal.foundation.web.access import requires
from portal.foundation.web.api.shapes import answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.kb.api import rendering
from portal.kb.api.blueprint import api, the_reader
from portal.kb.api.shapes import (
    ArticlePage,
    ArticlePath,
    ArticleQuery,
    ArticlesQuery,
    WholeArticle,
)
from portal.kb.queries import programs
from portal.kb.queries import reading as queries
from portal.search.documents import Question
from portal.search.service import find


@api.get(
    "/kb/articles",
    operation_id="listArticles",
    responses=answers(200, ArticlePage),
    description=(
        "What the token's owner may read, last published first. With `q`, what is found for these "
        "words, in the language first: typing errors, accents and synonyms are seen to."
    ),
)
@requires(Permission.READ_HELP, scope=Scope.READ_HELP)
def list_articles(query: ArticlesQuery) -> Response:
    """Find or list articles"""
    if query.q.strip():
        return answer(_found(query))
    wanted = programs.Wanted(
        language=query.lang or language(),
        module=query.module or "",
        category=query.category or "",
        role=query.role or "",
        since=query.updated_since,
    )
    page = programs.listed(db(), the_reader(), wanted, query.place(), query.limit)
    at = rendering.root()
    items = [rendering.article(row, at) for row in page.items]
    cursor = str(page.next_cursor) if page.next_cursor else None
    return answer(ArticlePage(items=items, next_cursor=cursor, corrected=None))


def _found(query: ArticlesQuery) -> ArticlePage:
    question = Question(
        query.q,
        query.lang or language(),
        kinds=("article",),
        only_module=query.module or "",
        category=query.category or "",
        role=query.role or "",
        limit=query.limit,
    )
    session, reader = db(), the_reader()
    found = find(session, question, reader)
    known = programs.by_ids(session, reader, [hit.id for hit in found.hits])
    at, since = rendering.root(), query.updated_since
    items = [
        rendering.article(known[hit.id], at, str(hit.snippet))
        for hit in found.hits
        if hit.id in known and (since is None or known[hit.id].updated_at >= since)
    ]
    return ArticlePage(items=items, next_cursor=None, corrected=found.corrected or None)


@api.get(
    "/kb/articles/<slug>",
    operation_id="readArticle",
    responses=answers(200, WholeArticle),
    description="Reading it here is not counted in `view_count`.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_HELP)
def read_article(path: ArticlePath, query: ArticleQuery) -> Response:
    """Read an article"""
    session, reader, wanted = db(), the_reader(), query.lang or language()
    row = queries.article(session, reader, wanted, path.slug)
    if row is None:
        place = queries.moved(session, reader, wanted, path.slug, LOCALES)
        if place is None:
            raise NotFound
        row = queries.article(session, reader, place.language, place.slug)
    if row is None:
        raise NotFound
    return answer(rendering.whole(reader, row))
