"""The public holidays of a country or a part of one, as dates."""

import subprocess
import sys
from datetime import date
from functools import cache
from typing import Final

YEARS: Final = range(2020, 2046)  # a promise reaches days ahead, a kept ticket years back
UNKNOWN: Final = 3  # exit code


@cache
def public_holidays(place: str) -> frozenset[date]:
    """`place` is an ISO 3166 country, "US", or a part of it, "US-CA"; ValueError if unknown."""
    # in a process of its own: the library loads every country, 16 MB that would stay for good
    asked = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "portal.policy.public_holidays", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == UNKNOWN:
        raise ValueError(
            f'no public holidays are known for "{place}"; write a country such as "US" or a part'
            ' of one such as "US-CA"'
        )
    asked.check_returncode()
    return frozenset(map(date.fromisoformat, asked.stdout.split()))


def look_up(place: str) -> list[date]:
    import holidays

    country, _, part = place.partition("-")
    return list(holidays.country_holidays(country, subdiv=part or None, years=YEARS))


def _answer(place: str) -> int:
    try:
        sys.stdout.writelines(f"{day}\n" for day in look_up(place))
    except (NotImplementedError, KeyError):
        return UNKNOWN
    return 0


if __name__ == "__main__":
    sys.exit(_answer(sys.argv[1]))
