"""Where the forum's pages are on this site: at the platform, or within a builder's portal."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from flask import request
from markupsafe import Markup

from portal.config import PORTALS
from portal.forum.addresses import category_path, permalink, reply_path, thread_path
from portal.foundation.markup import kept
from portal.foundation.runtime import current_runtime
from portal.foundation.web.site import is_portal

Build = Callable[..., str]
PATHS: Final[Mapping[str, Build]] = {
    "category_path": category_path,
    "thread_path": thread_path,
    "reply_path": reply_path,
    "permalink": permalink,
}
"""With which templates build addresses: `url_for` takes longer, and a page has dozens."""


def within(path: str) -> str:
    """The address of a path of this site's."""
    return f"{request.script_root}{path}"


def words() -> dict[str, Any]:
    """What every page of the forum is told of where it stands."""
    if not is_portal():
        return {"at_portal": False, "root": "", "html_of": kept, **PATHS}
    return {
        "at_portal": True,
        "root": request.script_root,
        "html_of": _at_portal,
        **{name: _within(build) for name, build in PATHS.items()},
    }


def _within(build: Build) -> Build:
    return lambda *arguments: within(build(*arguments))


def _at_portal(html: str) -> Markup:
    """What leads to the platform leads to the same at the portal."""
    leading = _leading_to(current_runtime().settings.base_url)
    return kept(leading.sub(rf"\g<1>{request.script_root}/", html))


@lru_cache(1)
def _leading_to(platform: str) -> re.Pattern[str]:
    elsewhere = re.escape(PORTALS.removeprefix("/"))
    return re.compile(
        rf'(<(?:a|img) [^>]*?(?:href|src)=")(?:{re.escape(platform)})?/(?!/|{elsewhere})'
    )
