"""The pages of ideas: each module adds its own to the blueprint."""

from portal.ideas.views import (  # noqa: F401
    comments,
    listing,
    running,
    showing,
    voting,
    weighing,
    writing,
)
from portal.ideas.views.blueprint import ideas

__all__ = ["ideas"]
