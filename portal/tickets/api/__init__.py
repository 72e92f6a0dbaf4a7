"""Tickets for programs, at the addresses of the seed."""

from portal.tickets.api import messages, status, tickets  # noqa: F401
from portal.tickets.api.blueprint import api

__all__ = ["api"]
