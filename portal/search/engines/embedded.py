"""Finding in the Whoosh index on this machine.

What the index has not taken yet is found in the rows, so that everybody finds at once what was
just published; what it can't be asked for at all, while it is made anew, likewise.
"""

import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from heapq import nlargest
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines import table
from portal.search.engines.base import MANY, MOST_OF_IT, Candidates
from portal.search.engines.summing import Postings, Tally, least, of_whole, share
from portal.search.engines.whoosh import Index, Part, Unreadable, View
from portal.search.standing import Standing

log = logging.getLogger(__name__)

BEHIND: Final = 300  # changes that are looked through by hand, for want of an index that has them


@dataclass(slots=True)
class Embedded:
    """`standing` says where the table stands."""

    index: Index
    standing: Standing
    is_sure: bool = True
    _looked: tuple[View, table.Rows] | None = None

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        try:
            view, fresh = self._current(session)
            return self.standing.kept(
                ("likely", ask, narrowed, most), lambda: _merged(view, fresh, ask, narrowed, most)
            )
        except Unreadable as error:
            self._without(error)
            return table.ENGINE.candidates(session, ask, narrowed, most)

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        try:
            view, fresh = self._current(session)
            return _known(view, language, stems, keys) | table.known_in(
                fresh, language, stems, keys
            )
        except Unreadable as error:
            self._without(error)
            return table.ENGINE.known(session, language, stems, keys)

    def _without(self, error: Unreadable) -> None:
        self.is_sure = False
        log.warning("searching without an index: %s", error)

    def _current(self, session: Session) -> tuple[View, table.Rows]:
        """Looked for once a question. Raises Unreadable."""
        if self._looked is None:
            view, newest = self.index.view(), self.standing.newest
            if not view.seq <= newest <= view.seq + BEHIND:
                raise Unreadable(f"the index stands at {view.seq}, the table at {newest}")
            fresh = table.newer(session, view.seq, BEHIND) if newest > view.seq else ()
            self._looked = view, fresh
        return self._looked


def _known(view: View, language: str, stems: Collection[str], keys: frozenset[Gate]) -> set[str]:
    return {
        stem
        for stem in stems
        if any(part.postings(f"{language}:{stem}").bits & part.visible(keys) for part in view.parts)
    }


def _merged(view: View, fresh: table.Rows, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    stale = {row[0] for row in fresh}
    tallies = [_tally(part, ask, narrowed.keys, stale) for part in view.parts]
    newly = table.found_in(fresh, ask, narrowed, most) if fresh else Candidates()
    best = max([newly.share * of_whole(ask), *(tally.best() for tally in tallies)])
    found = [tally.having(MOST_OF_IT * of_whole(ask)) for tally in tallies]
    if sum(map(int.bit_count, found)) < MANY:
        found = [tally.having(least(best)) for tally in tallies]
    ranked: list[tuple[float, UUID]] = []
    counts = Counter(newly.counts)
    for part, tally, documents in zip(view.parts, tallies, found, strict=True):
        counts.update(part.counted(documents))
        wanted = _compared(tally, documents & part.taken(narrowed), best)
        ranked += [(merit, part.key(one)) for merit, one in tally.likeliest(wanted, most)]
    ids = [key for _merit, key in nlargest(most, ranked)]
    return Candidates([*newly.ids, *ids], counts, share(best, ask))


def _tally(part: Part, ask: Ask, keys: frozenset[Gate], stale: Collection[UUID]) -> Tally:
    def find(stem: str) -> Postings:
        return part.postings(f"{ask.language}:{stem}")

    return Tally(ask, find, part.visible(keys) & ~part.documents(stale))


def _compared(tally: Tally, documents: int, best: float) -> int:
    """Of many, only those that have most of the question."""
    if documents.bit_count() > MANY:
        having_most = documents & tally.having(MOST_OF_IT * int(best))
        return having_most if having_most.bit_count() >= MANY else documents
    return documents
