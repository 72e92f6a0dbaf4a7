"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.comparing import Gap, Row, compare

TEXT = st.text(alphabet="ab \n.", max_size=60)


def test_the_same_text_has_no_rows() -> None:
    assert compare("a\nb", "a\nb") == []


def test_words_within_a_line_are_marked() -> None:
    (row,) = compare("Press Save twice.", "Press Send twice.")
    assert isinstance(row, Row)
    assert [(piece.text, piece.is_changed) for piece in row.before] == [
        ("Press ", False),
        ("Save", True),
        (" twice.", False),
    ]
    assert [piece.text for piece in row.after if piece.is_changed] == ["Send"]


def test_lines_far_from_a_change_are_counted() -> None:
    before = "\n".join("abcdefghij")
    found = compare(before, before.replace("j", "x"))
    assert found[0] == Gap(7)
    assert [row.kind for row in found[1:]] == ["same", "same", "changed"]


def test_lines_have_their_numbers() -> None:
    found = compare("a\nb", "a\nnew\nb")
    assert [(row.kind, row.before_number, row.after_number) for row in found] == [
        ("same", 1, 1),
        ("added", 0, 2),
        ("same", 2, 3),
    ]


@given(TEXT, TEXT)
def test_both_texts_can_be_read_in_it(before: str, after: str) -> None:
    found = compare(before, after)
    rows = [row for row in found if isinstance(row, Row)]
    old = ["".join(piece.text for piece in row.before) for row in rows if row.before is not None]
    new = ["".join(piece.text for piece in row.after) for row in rows if row.after is not None]
    for line in old:
        assert line in before.split("\n")
    for line in new:
        assert line in after.split("\n")
    if not any(isinstance(row, Gap) for row in found) and found:
        assert "\n".join(old) == before
        assert "\n".join(new) == after


@pytest.mark.timeout(10)
def test_long_texts_take_no_minute() -> None:
    before = "\n".join(f"line {n}" for n in range(9000))
    assert compare(before, before.replace("line 5\n", "line five\n"))
    assert compare("x" * 100_000, "y" * 100_000)
