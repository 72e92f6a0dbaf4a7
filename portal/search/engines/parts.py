"""Documents that are searched together, by number: where they stand, who may read them, and which
of them have a word. Some of them are the bits of one large number (`summing`)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Final
from uuid import UUID

from portal.core.audience import Gate
from portal.search.asking import Narrowed
from portal.search.engines.base import Place
from portal.search.engines.summing import Postings, bits_of

_KEPT: Final = 12_000_000  # bytes of postings that a process keeps of a part, at most
_BESIDE: Final = 400  # bytes that a word of it takes, however few have it

Shelf = tuple[Place, frozenset[str]]
"""Where documents stand, and their gates."""


@dataclass(frozen=True, slots=True)
class _Of:
    """Documents of one place that may be read by the same people."""

    place: Place
    gates: frozenset[str]
    documents: int


class Part:
    """`keys` are by number, and `shelves` hold the numbers of all that can be found."""

    def __init__(self, keys: Sequence[bytes], shelves: Mapping[Shelf, Sequence[int]]) -> None:
        self._keys = keys
        self._shelves = [
            _Of(place, gates, bits_of(documents)) for (place, gates), documents in shelves.items()
        ]
        self.visible = lru_cache(32)(self._visible)
        self.documents = lru_cache(2)(self._documents)

    @property
    def size(self) -> int:
        return len(self._keys)

    def key(self, document: int) -> UUID:
        return UUID(bytes=self._keys[document])

    def counted(self, documents: int) -> Counter[Place]:
        counts: Counter[Place] = Counter()
        for shelf in self._shelves:
            counts[shelf.place] += (documents & shelf.documents).bit_count()
        return +counts

    def taken(self, narrowed: Narrowed) -> int:
        """All documents but those that are narrowed out."""
        if not (narrowed.kinds or narrowed.module or narrowed.category):
            return -1
        return _all(shelf.documents for shelf in self._shelves if narrowed.takes(*shelf.place))

    def _visible(self, keys: frozenset[Gate]) -> int:
        return _all(one.documents for one in self._shelves if not one.gates.isdisjoint(keys))

    def _documents(self, keys: frozenset[bytes]) -> int:
        """Those of some keys."""
        return bits_of([n for n, key in enumerate(self._keys) if key in keys]) if keys else 0


def _all(documents: Iterable[int]) -> int:
    return reduce(or_, documents, 0)


class Kept:
    """Postings by term, that a process keeps until they are too many."""

    def __init__(self) -> None:
        self._postings: dict[str, Postings] = {}
        self._size = 0  # in bytes

    def get(self, term: str) -> Postings | None:
        return self._postings.get(term)

    def keep(self, term: str, found: Postings) -> None:
        size = found.size + _BESIDE
        if self._size + size > _KEPT:
            self._postings, self._size = {}, 0
        self._postings[term] = found
        self._size += size
