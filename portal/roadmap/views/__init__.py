"""The pages of the roadmap: each module adds its own to the blueprints."""

from portal.roadmap.views import (  # noqa: F401
    board,
    embedding,
    opening,
    pictures,
    programs,
    showing,
    writing,
)
from portal.roadmap.views.blueprint import feeds, roadmap

__all__ = ["feeds", "roadmap"]
