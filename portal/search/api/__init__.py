"""The search for programs, at the address of the seed."""

from portal.search.api.search import api

__all__ = ["api"]
