"""Threads and replies for tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.forum.models import Kind, Post, Reply
from portal.forum.service import posting
from portal.forum.service.posting import NewPost


def thread(
    session: Session,
    by: Actor,
    at: datetime,
    title: str = "How do weather days work?",
    body: str = "It rained for **four** days.",
    kind: Kind = Kind.QUESTION,
    category: str = "scheduling",
    language: str = "en",
) -> Post:
    new = NewPost(kind, category, language, title, body)
    return posting.begin(session, new, by=by, at=at).post


def reply(
    session: Session, post: Post, by: Actor, at: datetime, text: str = "Use another calendar."
) -> Reply:
    return posting.reply(session, post, text, by=by, at=at).reply
