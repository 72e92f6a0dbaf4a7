"""The pages of the tracker: its connection, and ideas that are sent to it."""

from portal.backlog.views import connection, sending  # noqa: F401  each adds its pages
from portal.backlog.views.blueprint import backlog

__all__ = ["backlog"]
