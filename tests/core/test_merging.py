"""Two people's changes of one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.merging import Clash, clashes, merge, settle

TEXT = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map("\n".join)
BASE = "one\ntwo\nthree\nfour\nfive"


def test_changes_in_different_places_are_both_there() -> None:
    parts = merge(BASE, BASE.replace("one", "ONE"), BASE.replace("five", "FIVE\nsix"))
    assert not clashes(parts)
    assert settle(parts, {}) == "ONE\ntwo\nthree\nfour\nFIVE\nsix"


def test_the_same_lines_changed_by_both_clash() -> None:
    parts = merge(BASE, BASE.replace("two", "deux"), BASE.replace("two", "dos"))
    assert clashes(parts) == [Clash(["two"], ["deux"], ["dos"])]
    assert settle(parts, {0: "mine"}) == BASE.replace("two", "dos")
    assert settle(parts, {0: "theirs"}) == BASE.replace("two", "deux")
    assert settle(parts, {}) == BASE.replace("two", "deux\ndos")


def test_the_same_change_is_no_clash() -> None:
    both = BASE.replace("two", "2")
    assert settle(merge(BASE, both, both), {}) == both


def test_what_one_removes_and_the_other_leaves_is_gone() -> None:
    assert settle(merge(BASE, BASE.replace("two\n", ""), BASE), {}) == BASE.replace("two\n", "")


@given(TEXT, TEXT)
def test_who_changed_nothing_is_no_obstacle(base: str, changed: str) -> None:
    assert settle(merge(base, changed, base), {}) == changed
    assert settle(merge(base, base, changed), {}) == changed
    assert settle(merge(base, changed, changed), {}) == changed


@given(TEXT, TEXT, TEXT)
def test_no_line_of_anybody_is_lost_where_both_are_kept(base: str, theirs: str, mine: str) -> None:
    parts = merge(base, theirs, mine)
    result = settle(parts, {}).split("\n")
    known = base.split("\n")
    for written in (theirs, mine):
        for line in written.split("\n"):
            if line not in known:
                assert line in result
    number = len(clashes(parts))
    if number == 0:
        return
    settle(parts, dict.fromkeys(range(number), "mine"))


@pytest.mark.timeout(10)
def test_long_texts_take_no_minute() -> None:
    base = "\n".join(f"line {n}" for n in range(4000))
    parts = merge(base, base.replace("line 10\n", "X\n"), base.replace("line 3990\n", "Y\n"))
    assert not clashes(parts)
