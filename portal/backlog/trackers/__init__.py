"""What ideas can be sent to. Each tracker takes a card and says where it is now."""

from portal.backlog.trackers.cards import (
    Brought,
    Card,
    Checked,
    Outcome,
    Refused,
    RetryLater,
    Tracker,
)

__all__ = ["Brought", "Card", "Checked", "Outcome", "Refused", "RetryLater", "Tracker"]
