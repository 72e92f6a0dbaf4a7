"""Where things of the knowledge base are found.

Rendered HTML is kept once and shown at the platform, at portals, in the widget and by programs:
addresses of our own stand in it behind a mark, and get the site's root when it is shown.
"""

from typing import Final
from uuid import UUID

MARK: Final = "corbel:"
ROOM: Final = "/kb"
FILES: Final = f"{ROOM}/files"


def home_path(language: str) -> str:
    return f"{ROOM}/{language}"


def article_path(language: str, slug: str) -> str:
    return f"/kb/{language}/{slug}"


def category_path(language: str, key: str) -> str:
    return f"/kb/{language}/in/{key}"


def video_path(language: str, slug: str) -> str:
    return f"/kb/{language}/videos/{slug}"


def videos_path(language: str) -> str:
    return f"/kb/{language}/videos"


def file_path(file_id: UUID, filename: str) -> str:
    return f"{FILES}/{file_id}/{filename}"


def draft_path(article_id: UUID) -> str:
    """Where editors write."""
    return f"/articles/{article_id}"


def spoken_at(path: str) -> str:
    """The language that an address of the help centre names, or ""."""
    room, _slash, rest = path.removeprefix("/").partition("/")
    return rest.partition("/")[0] if f"/{room}" == ROOM else ""
