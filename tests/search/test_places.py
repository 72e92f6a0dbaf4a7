"""Where a row has a word."""

import pytest

from portal.search.ranking import PLACES, _places


@pytest.mark.parametrize(
    ("row", "places"),
    [
        (" plan crew ", []),
        (" bill crew \n bill ", [0, 12]),
        (" bill bill ", [0, 5]),
        (" a bill bill bill crew bill ", [2, 7, 12, 22]),
        (" bills bill ", [6]),
    ],
)
def test_places_of_a_word(row: str, places: list[int]) -> None:
    assert _places(row, " bill ") == places


@pytest.mark.parametrize("between", [" ", " crew "])
def test_no_more_places_than_needed(between: str) -> None:
    row = f" {between.join(['bill'] * 100)} "
    assert len(_places(row, " bill ")) == PLACES
