"""The help centre as people read it: at the platform, and at each builder's portal."""

from portal.kb.views.reading import (  # noqa: F401  each adds its pages
    article,
    feeds,
    files,
    opinions,
    shelves,
    sitemap,
    videos,
)
from portal.kb.views.reading.blueprint import reading

__all__ = ["reading"]
