"""What changed between two texts: line by line, and within a line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

AROUND: Final = 2  # unchanged lines that are shown beside a change
MOST_LINES: Final = 20_000  # beyond, only that it differs is said
LONGEST_LINE: Final = 4_000  # characters; a longer one is not compared word by word
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool = False


Line = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Row:
    """A line on either side, with its number; none where it is only on the other."""

    kind: Literal["same", "changed", "removed", "added"]
    before: Line | None
    after: Line | None
    before_number: int = 0
    after_number: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """So many lines that are the same."""

    lines: int


def compare(before: str, after: str) -> list[Row | Gap]:
    """Nothing for the same text."""
    if before == after:
        return []
    rows = list(_rows(before.split("\n"), after.split("\n")))
    return list(_shortened(rows))


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    if len(before) + len(after) > MOST_LINES:
        yield from _replaced(before, after, 0, 0)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 2_000)
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind == "equal":
            for shift in range(a_end - a):
                same = [Piece(before[a + shift])]
                yield Row("same", same, same, a + shift + 1, b + shift + 1)
        else:
            yield from _replaced(before[a:a_end], after[b:b_end], a, b)


def _replaced(before: Sequence[str], after: Sequence[str], a: int, b: int) -> Iterator[Row]:
    for shift, (old, new) in enumerate(zip_longest(before, after)):
        if old is None:
            yield Row("added", None, [Piece(new, True)], 0, b + shift + 1)
        elif new is None:
            yield Row("removed", [Piece(old, True)], None, a + shift + 1, 0)
        else:
            yield Row("changed", *_words(old, new), a + shift + 1, b + shift + 1)


def _words(old: str, new: str) -> tuple[Line, Line]:
    if max(len(old), len(new)) > LONGEST_LINE:
        return [Piece(old, True)], [Piece(new, True)]
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        changed = kind != "equal"
        if a_end > a:
            left.append(Piece("".join(ours[a:a_end]), changed))
        if b_end > b:
            right.append(Piece("".join(theirs[b:b_end]), changed))
    return left, right


def _shortened(rows: Sequence[Row]) -> Iterator[Row | Gap]:
    near = set[int]()
    for place, row in enumerate(rows):
        if row.kind != "same":
            near |= set(range(place - AROUND, place + AROUND + 1))
    left_out = 0
    for place, row in enumerate(rows):
        if place not in near:
            left_out += 1
            continue
        if left_out:
            yield Gap(left_out)
            left_out = 0
        yield row
    if left_out:
        yield Gap(left_out)
