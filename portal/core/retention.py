"""How far back things are kept, and when the next look at them is due."""

from calendar import monthrange
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 3  # of the builder's night


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months ago; the month's last where it has no such day."""
    before = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(before, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def next_night(after: datetime, zone: str) -> datetime:
    """The first three o'clock on the builder's wall that is later than `after`."""
    local = after.astimezone(ZoneInfo(zone))
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night <= local:
        night += timedelta(days=1)
    return night.astimezone(after.tzinfo)
