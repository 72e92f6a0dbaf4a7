"""The roadmap for programs."""

from portal.roadmap.api.items import api

__all__ = ["api"]
