"""Ideas for programs, at the addresses of the seed."""

from portal.ideas.api import ideas, votes  # noqa: F401  each adds its operations
from portal.ideas.api.blueprint import api

__all__ = ["api"]
