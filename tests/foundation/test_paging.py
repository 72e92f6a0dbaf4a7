from datetime import UTC, datetime

import pytest

from portal.foundation.ids import uuid7
from portal.foundation.paging import BadCursor, Cursor, read_cursor


@pytest.mark.parametrize("back", [False, True])
def test_a_cursor_comes_back_as_it_was(back: bool) -> None:
    cursor = Cursor(datetime(2026, 11, 24, 15, 0, 1, 123456, tzinfo=UTC), uuid7(), back)
    assert read_cursor(str(cursor)) == cursor


def test_no_cursor_is_the_first_page() -> None:
    assert read_cursor("") is None


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        "bnVsbA",
        "W10",
        "WzEsMiwzXQ",
        "WyIyMDI2LTAxLTAxIiwiYSIsZmFsc2Vd",
        "A" * 5000,
        "\x00",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(text)
