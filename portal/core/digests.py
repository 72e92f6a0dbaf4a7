"""When a letter that gathers news is due: in the morning where its reader is."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = 7
WEEKDAY: Final = 0  # Monday


def next_daily(after: datetime, zone: str) -> datetime:
    """The next seven o'clock of the reader's, on the clock on their wall."""
    local = after.astimezone(ZoneInfo(zone))
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning = (morning + timedelta(days=1)).replace(hour=HOUR)
    return morning.astimezone(after.tzinfo)


def next_weekly(after: datetime, zone: str) -> datetime:
    """On the next Monday."""
    morning = next_daily(after, zone).astimezone(ZoneInfo(zone))
    ahead = (WEEKDAY - morning.weekday()) % 7
    return (morning + timedelta(days=ahead)).astimezone(after.tzinfo)
