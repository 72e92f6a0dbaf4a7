"""What the pages of editors share."""

from uuid import UUID

from flask import Blueprint

from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.kb.models import Article, Draft
from portal.kb.queries import editing as queries

editing = Blueprint("articles", __name__, url_prefix="/articles")


def the_article(key: UUID) -> Article:
    """With its topic, category and video."""
    found = queries.article(db(), key)
    if found is None:
        raise NotFound
    return found


def the_draft(article: Article) -> Draft:
    found = queries.draft_of(db(), article.id)
    if found is None:
        raise NotFound
    return found
