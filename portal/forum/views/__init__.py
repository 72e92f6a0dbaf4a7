"""The forum's pages."""

from portal.forum.views import (  # noqa: F401  each adds its pages
    answers,
    digests,
    drafts,
    editing,
    flags,
    following,
    history,
    lists,
    moderation,
    removal,
    threads,
    votes,
    writing,
)
from portal.forum.views.blueprint import forum

__all__ = ["forum"]
