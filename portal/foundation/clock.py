"""The one place that reads the wall clock; everything else is handed the time."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    return datetime.now(UTC)
