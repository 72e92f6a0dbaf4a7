"""Where what is new is told, within the platform's site."""

from functools import lru_cache
from typing import Final

from portal.core.slugs import slug_of

NEWS: Final = "/whats-new"
NOTES: Final = f"{NEWS}/notes"
RSS: Final = f"{NEWS}.rss"
JSON: Final = f"{NEWS}.json"


@lru_cache(1024)
def note_path(number: int, title: str = "") -> str:
    """With words in it, for who reads only the address; the number alone leads there as well."""
    slug = slug_of(title)
    return f"{NEWS}/{number}/{slug}" if slug else f"{NEWS}/{number}"
