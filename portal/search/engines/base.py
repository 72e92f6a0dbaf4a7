"""What every engine does."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed

INDEX: Final = "search_index"
"""In a session's `info`: the index on this machine."""

SHARE: Final = 0.34
"""Of what the best document has of a question, so much another must have to be found."""

MANY: Final = 250  # documents
MOST_OF_IT: Final = 0.66
"""Where so many have so much of what the best has, nobody looks for those that have little."""

Place = tuple[str, str, str]
"""Kind, module and category."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The likeliest documents, best first; `counts` are of all that were found, whatever was
    narrowed down, and `share` how much of the question the best has, from 0 to 1."""

    ids: Sequence[UUID] = ()
    counts: Counter[Place] = field(default_factory=Counter)
    share: float = 0.0


class Engine(Protocol):
    @property
    def is_sure(self) -> bool:
        """Whether what it said can be kept; without an index it can't."""
        ...

    def candidates(
        self, session: Session, ask: Ask, narrowed: Narrowed, most: int
    ) -> Candidates: ...

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        """Those that stand in something that a reader with these keys may read."""
        ...
