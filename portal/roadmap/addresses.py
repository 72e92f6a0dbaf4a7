"""Where the roadmap is, within the platform's site."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from portal.core.slugs import slug_of

ROADMAP: Final = "/roadmap"
BOARD: Final = f"{ROADMAP}/board"
RSS: Final = f"{ROADMAP}.rss"
JSON: Final = f"{ROADMAP}.json"
EMBED: Final = f"{ROADMAP}/embed"
EMBED_SCRIPT: Final = f"{ROADMAP}/embed.js"
SHARE: Final = f"{ROADMAP}/share.png"


@lru_cache(1024)
def item_path(number: int, title: str) -> str:
    """With words in it, for who reads only the address; the number alone leads there as well."""
    slug = slug_of(title)
    return f"{ROADMAP}/{number}/{slug}" if slug else f"{ROADMAP}/{number}"


def share_path(number: int) -> str:
    return f"{ROADMAP}/{number}/share.png"


def inside_path(key: UUID) -> str:
    """For staff: also of what has no number."""
    return f"{BOARD}/{key}"
