"""The public holidays of a country or a part of one, as dates."""

from datetime import date
from functools import cache
from typing import Final

YEARS: Final = range(2020, 2046)  # a promise reaches days ahead, a kept ticket years back


@cache
def public_holidays(place: str) -> frozenset[date]:
    """`place` is an ISO 3166 country, "US", or a part of it, "US-CA"; ValueError if unknown."""
    import holidays  # here, as it takes a tenth of a second that most commands don't need

    country, _, part = place.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=YEARS)
    except (NotImplementedError, KeyError) as error:
        raise ValueError(
            f'no public holidays are known for "{place}"; write a country such as "US" or a part'
            ' of one such as "US-CA"'
        ) from error
    return frozenset(found)
