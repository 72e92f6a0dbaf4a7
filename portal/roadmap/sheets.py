"""What pictures of the roadmap say; drawn by `picture`, which few processes ever load."""

from dataclasses import dataclass
from typing import Final

TITLES: Final = 3  # in each column


@dataclass(frozen=True, slots=True)
class Column:
    """`count` is how many there are, `titles` the first of them."""

    name: str
    count: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item: `line` says its stage and quarter, `below` how many want it."""

    title: str
    line: str
    below: str
