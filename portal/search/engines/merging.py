"""From what several parts hold to the likeliest of all."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import nlargest

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines.base import MANY, MOST_OF_IT, Candidates, Place
from portal.search.engines.parts import Part
from portal.search.engines.summing import Find, Tally, least, of_whole, share


@dataclass(frozen=True, slots=True)
class Searched:
    """A part, asked in one language. `stale`: documents of it that another part has anew."""

    part: Part
    find: Find
    stale: int = 0

    def visible(self, keys: frozenset[Gate]) -> int:
        return self.part.visible(keys) & ~self.stale


def likeliest(searched: Sequence[Searched], ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    tallies = [Tally(ask, one.find, one.visible(narrowed.keys)) for one in searched]
    best = max((tally.best() for tally in tallies), default=0)
    found = [tally.having(MOST_OF_IT * of_whole(ask)) for tally in tallies]
    if sum(map(int.bit_count, found)) < MANY:
        found = [tally.having(least(best)) for tally in tallies]
    ranked: list[tuple[float, int, int]] = []  # merit, part, document: a tie is none
    counts: Counter[Place] = Counter()
    for at, (one, tally, documents) in enumerate(zip(searched, tallies, found, strict=True)):
        counts.update(one.part.counted(documents))
        wanted = _compared(tally, documents & one.part.taken(narrowed), best)
        ranked += [(merit, at, number) for merit, number in tally.likeliest(wanted, most)]
    ids = [searched[at].part.key(number) for _merit, at, number in nlargest(most, ranked)]
    return Candidates(ids, counts, share(best, ask))


def known(searched: Sequence[Searched], stems: Collection[str], keys: frozenset[Gate]) -> set[str]:
    """Those that stand in something that a reader with these keys may read."""
    seen = [(one.find, one.visible(keys)) for one in searched]
    return {stem for stem in stems if any(find(stem).bits & visible for find, visible in seen)}


def _compared(tally: Tally, documents: int, best: float) -> int:
    """Of many, only those that have most of the question."""
    if documents.bit_count() > MANY:
        having_most = documents & tally.having(MOST_OF_IT * int(best))
        return having_most if having_most.bit_count() >= MANY else documents
    return documents
