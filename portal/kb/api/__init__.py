"""Articles for programs, at the addresses of the seed."""

from portal.kb.api import articles, feedback  # noqa: F401  each adds its operations
from portal.kb.api.blueprint import api

__all__ = ["api"]
