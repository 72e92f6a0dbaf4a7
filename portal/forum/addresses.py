"""Where the forum's pages are, within a site."""

from functools import lru_cache
from uuid import UUID

from portal.core.forum import page_of
from portal.core.slugs import slug_of

FORUM = "/forum"
MODERATION = f"{FORUM}/moderation"


def category_path(category: str) -> str:
    return f"{FORUM}/in/{category}"


@lru_cache(4096)
def thread_path(number: int, title: str, page: int = 1) -> str:
    """With words in it, for who reads only the address; the number alone leads there as well."""
    slug = slug_of(title)
    path = f"{FORUM}/{number}/{slug}" if slug else f"{FORUM}/{number}"
    return f"{path}?page={page}" if page > 1 else path


def reply_path(number: int, title: str, reply: int) -> str:
    return f"{thread_path(number, title, page_of(reply))}#r-{reply}"


def permalink(reply_id: UUID) -> str:
    """Stays the same when a reply moves to another thread."""
    return f"{FORUM}/replies/{reply_id}"
