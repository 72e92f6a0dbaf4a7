"""Times taken in turn: each round asks every page once, in another order, so that whatever else
the machine does falls on the floor and on the pages alike."""

import random
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import TypeVar

from tests.bench.client import Answer

OK = frozenset({200, 201, 303})
Ask = Callable[[], Answer]
Name = TypeVar("Name", bound=Hashable)


@dataclass(slots=True)
class Times:
    """Seconds of one page."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


def in_turn(
    asks: Mapping[Name, Ask], rounds: int, *, pause: float = 0, warm: int = 10
) -> dict[Name, Times]:
    """The first `warm` rounds aren't counted. `pause`: seconds of rest before each question, in
    which the worker does what follows from the one before."""
    dice = random.Random(46)
    times = {name: Times() for name in asks}
    for round_number in range(-warm, rounds):
        for name in dice.sample(list(asks), len(asks)):
            time.sleep(pause)
            answer = asks[name]()
            assert answer.status in OK, f"{name}: {answer.status} {answer.body[:600]!r}"
            if round_number >= 0:
                times[name].seconds.append(answer.seconds)
    return times
