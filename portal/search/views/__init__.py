"""Pages of the search."""

from portal.search.views import noting  # noqa: F401  adds what scripts say
from portal.search.views.page import search
from portal.search.views.synonyms import editors

__all__ = ["editors", "search"]
