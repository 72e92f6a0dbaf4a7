"""Nothing that strangers wrote is run by a spreadsheet."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.spreadsheet import MARK, harmless, lines


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1), min_size=1))
def test_what_goes_in_comes_out_and_none_of_it_is_a_formula(rows):
    found = read("".join(lines(rows)))
    assert found == [[harmless(cell) for cell in row] for row in rows]
    assert not [cell for row in found for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_formulas_are_text_and_text_is_as_it_was():
    assert harmless("=HYPERLINK(0)") == "'=HYPERLINK(0)"
    assert harmless("  =1") == "'  =1"
    assert harmless("\t=1") == "'\t=1"
    assert harmless("a-b=c") == "a-b=c"
    assert harmless("") == ""
