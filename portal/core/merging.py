"""Two people have changed the same text: what both changed is put together, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Lines = Sequence[str]
Choice = Literal["theirs", "mine", "both"]
Range = tuple[int, int]  # of lines, the second not included


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines that nobody disagrees about; `whose` changed them: "", "theirs", "mine" or "both"."""

    lines: Lines
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """The same lines, changed by both in different ways."""

    base: Lines
    theirs: Lines
    mine: Lines


Part = Settled | Clash


def merge(base: str, theirs: str, mine: str) -> list[Part]:
    """The text, in its order."""
    return list(_parts(_lines(base), _lines(theirs), _lines(mine)))


def clashes(parts: Sequence[Part]) -> list[Clash]:
    return [part for part in parts if isinstance(part, Clash)]


def settle(parts: Sequence[Part], choices: Mapping[int, Choice]) -> str:
    """The text, with what was chosen for each clash by its place among them; what nobody chose for
    keeps both."""
    lines: list[str] = []
    number = 0
    for part in parts:
        if isinstance(part, Settled):
            lines += part.lines
            continue
        lines += _chosen(part, choices.get(number, "both"))
        number += 1
    return "\n".join(lines)


def _chosen(clash: Clash, choice: Choice) -> Lines:
    match choice:
        case "theirs":
            return clash.theirs
        case "mine":
            return clash.mine
        case "both":
            return [*clash.theirs, *clash.mine]


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _parts(base: Lines, theirs: Lines, mine: Lines) -> Iterator[Part]:
    """Between lines that all three have in common stands what somebody changed."""
    at_base = at_theirs = at_mine = 0
    for in_base, in_theirs, in_mine in [
        *_common(base, theirs, mine),
        ((len(base),) * 2, (len(theirs),) * 2, (len(mine),) * 2),
    ]:
        yield from _between(
            base[at_base : in_base[0]], theirs[at_theirs : in_theirs[0]], mine[at_mine : in_mine[0]]
        )
        if in_base[1] > in_base[0]:
            yield Settled(base[in_base[0] : in_base[1]])
        at_base, at_theirs, at_mine = in_base[1], in_theirs[1], in_mine[1]


def _between(base: Lines, theirs: Lines, mine: Lines) -> Iterator[Part]:
    if theirs == mine:
        if theirs:
            yield Settled(theirs, "both")
    elif theirs == base:
        if mine:
            yield Settled(mine, "mine")
    elif mine == base:
        if theirs:
            yield Settled(theirs, "theirs")
    else:
        yield Clash(base, theirs, mine)


def _common(base: Lines, theirs: Lines, mine: Lines) -> Iterator[tuple[Range, Range, Range]]:
    """Where the same lines stand in all three, from the top."""
    with_theirs, with_mine = _matches(base, theirs), _matches(base, mine)
    one = other = 0
    while one < len(with_theirs) and other < len(with_mine):
        begin_a, in_theirs, size_a = with_theirs[one]
        begin_b, in_mine, size_b = with_mine[other]
        begin, end = max(begin_a, begin_b), min(begin_a + size_a, begin_b + size_b)
        if begin < end:
            size = end - begin
            to_theirs, to_mine = in_theirs + begin - begin_a, in_mine + begin - begin_b
            yield (begin, end), (to_theirs, to_theirs + size), (to_mine, to_mine + size)
        if begin_a + size_a <= begin_b + size_b:
            one += 1
        else:
            other += 1


def _matches(base: Lines, other: Lines) -> list[tuple[int, int, int]]:
    found = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return [(match.a, match.b, match.size) for match in found if match.size]
