"""The pages of what is new: each module adds its own to the blueprint."""

from portal.releases.views import (  # noqa: F401
    editing,
    notes,
    publishing,
    reading,
)
from portal.releases.views.blueprint import releases
from portal.releases.views.feeds import feeds

__all__ = ["feeds", "releases"]
