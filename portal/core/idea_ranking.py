"""In which order ideas stand, and what their votes would weigh.

What counts in public is one vote a builder, whoever the builder is. "Trending" lets each vote count
half as much every two weeks. All of them fade alike, so that the order of two ideas changes only
when somebody votes: the heat of an idea, the logarithm of the sum, is worked out then and kept, and
a list is read by its index. An idea itself is worth a vote on the day that it came.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from math import log2
from typing import Final

HALF_LIFE: Final = timedelta(days=14)
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


def heat_of(came: datetime, votes: Iterable[datetime]) -> float:
    """Of an idea that came then and was voted for at these times."""
    return reduce(warmed, votes, _worth(came))


def warmed(heat: float, vote: datetime) -> float:
    """With one vote more."""
    low, high = sorted((heat, _worth(vote)))
    return high + log2(1 + 2 ** (low - high))


def cooled(heat: float, vote: datetime, came: datetime) -> float:
    """Without a vote that was cast then. What rounding takes from the older ones is too little to
    be seen: never less is left than the idea itself is worth."""
    share = 2 ** min(_worth(vote) - heat, 0.0)
    least = _worth(came)
    return least if share >= 1 else max(least, heat + log2(1 - share))


def _worth(at: datetime) -> float:
    return (at - EPOCH) / HALF_LIFE


@dataclass(frozen=True, slots=True)
class Weighed:
    """How many builders of a plan want it, and what each of them weighs."""

    plan: str
    votes: int
    weight: int

    @property
    def total(self) -> int:
        return self.votes * self.weight


def weigh(votes: Mapping[str, int], weights: Mapping[str, int]) -> list[Weighed]:
    """`votes` by plan; the heaviest plan first. For those who decide: it is shown to nobody else,
    and orders nothing that others see. An unknown plan weighs 1."""
    lines = (Weighed(plan, number, weights.get(plan, 1)) for plan, number in votes.items())
    return sorted(lines, key=lambda line: (-line.weight, line.plan))
