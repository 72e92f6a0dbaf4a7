"""The forum for programs, at the addresses of the seed."""

from portal.forum.api import posts, replies  # noqa: F401  each adds its operations
from portal.forum.api.blueprint import api

__all__ = ["api"]
