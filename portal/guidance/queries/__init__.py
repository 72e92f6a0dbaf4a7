"""What every "?" asks; rows for editors are in the modules."""

from portal.guidance.queries.contextual import Context, explained, help_for

__all__ = ["Context", "explained", "help_for"]
