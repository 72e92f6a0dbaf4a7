"""What is new, for programs."""

from portal.releases.api import releases  # noqa: F401  adds its operations
from portal.releases.api.blueprint import api

__all__ = ["api"]
