"""Giving what can be found, taking it back, and finding it."""

from portal.search.service.finding import find
from portal.search.service.indexing import put, put_all, remove

__all__ = ["find", "put", "put_all", "remove"]
