"""The editors' pages, a noun a module; in the workspace of the platform's people."""

from portal.kb.views.editing import (  # noqa: F401  each adds its pages
    articles,
    choices,
    listing,
    many,
    pictures,
    placement,
    publication,
    removal,
    review,
    shelves,
    translations,
    unused,
    versions,
    writing,
)
from portal.kb.views.editing.blueprint import editing

__all__ = ["editing"]
