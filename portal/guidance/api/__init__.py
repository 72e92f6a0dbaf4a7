"""The help of a screen for programs."""

from portal.guidance.api import contextual  # noqa: F401  adds its operation
from portal.guidance.api.blueprint import api

__all__ = ["api"]
