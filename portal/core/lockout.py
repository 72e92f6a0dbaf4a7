"""How long sign-in waits after wrong tries: long enough against guessing, never long for the owner.

Tries are counted by lane: whose account, and from where. A stranger's tries fill two lanes, that of
their network with the address and that of the address alone; a browser in which the person has
signed in before has a lane of its own, which no stranger can fill.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)  # after so long without a try the count begins anew
WORTH_A_LETTER = 10  # tries at one address, from wherever: its owner is told


@dataclass(frozen=True, slots=True)
class Lane:
    """So many tries are free; the next waits `first`, and each further one twice as long."""

    free: int
    first: timedelta


NARROW = Lane(5, timedelta(seconds=30))  # one address from one network, or from a known browser
WIDE = Lane(20, timedelta(minutes=1))  # one address from anywhere


@dataclass(frozen=True, slots=True)
class Counted:
    count: int = 0
    last_at: datetime | None = None


def remembered(tries: Counted, at: datetime) -> Counted:
    """What still counts."""
    if tries.last_at is None or at - tries.last_at >= FORGOTTEN:
        return Counted()
    return tries


def one_more(tries: Counted, at: datetime) -> Counted:
    return Counted(remembered(tries, at).count + 1, at)


def locked_until(tries: Counted, lane: Lane, at: datetime) -> datetime | None:
    """None: a try is welcome now."""
    kept = remembered(tries, at)
    if kept.last_at is None or kept.count < lane.free:
        return None
    until = kept.last_at + delay(kept.count, lane)
    return until if until > at else None


def delay(count: int, lane: Lane) -> timedelta:
    """Before the next try, after `count` that were wrong."""
    if count < lane.free:
        return timedelta(0)
    doublings = min(count - lane.free, 20)  # beyond LONGEST in any case
    return min(lane.first * (1 << doublings), LONGEST)
