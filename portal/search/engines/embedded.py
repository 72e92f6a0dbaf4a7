"""Finding in the Whoosh index on this machine.

What the index has not taken yet is found in the rows, so that everybody finds at once what was
just published; what it can't be asked for at all, while it is made anew, likewise.
"""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines import table
from portal.search.engines.base import MANY, MOST_OF_IT, Candidates, Place
from portal.search.engines.summing import least, of_whole, share, sums
from portal.search.engines.whoosh import Index, Part, Unreadable, View
from portal.search.standing import Standing

log = logging.getLogger(__name__)

BEHIND: Final = 300  # changes that are looked through by hand, for want of an index that has them


@dataclass(slots=True)
class Embedded:
    """`standing` says where the table stands."""

    index: Index
    standing: Standing
    _looked: tuple[View, table.Rows] | None = None

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        try:
            view, fresh = self._current(session)
            return self.standing.kept(
                ("likely", ask, narrowed, most), lambda: _merged(view, fresh, ask, narrowed, most)
            )
        except Unreadable as error:
            log.warning("searching without an index: %s", error)
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
            log.warning("searching without an index: %s", error)
            return table.ENGINE.known(session, language, stems, keys)

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
        if any(
            part.visible(keys)[part.places_of[document]]
            for part in view.parts
            for document in part.postings(f"{language}:{stem}")[0]
        )
    }


def _merged(view: View, fresh: table.Rows, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    stale = {row[0] for row in fresh}
    found = _having_most(view, ask, narrowed.keys, stale)
    if sum(map(len, found)) < MANY:
        found = [_readable(part, ask, narrowed.keys, stale) for part in view.parts]
    best = max((max(values.values(), default=0.0) for values in found), default=0.0)
    newly = table.found_in(fresh, ask, narrowed, most) if fresh else Candidates()
    best = max(best, newly.share * of_whole(ask))
    ranked: list[tuple[float, UUID]] = []
    counts = Counter(newly.counts)
    enough = least(best)
    for part, values in zip(view.parts, found, strict=True):
        good = [(value, document) for document, value in values.items() if value >= enough]
        counts.update(_counted(part, good))
        ranked += _likeliest(part, good, ask, narrowed, best, most)
    ids = [key for _merit, key in nlargest(most, ranked)]
    return Candidates([*newly.ids, *ids], counts, share(best, ask))


def _having_most(
    view: View, ask: Ask, keys: frozenset[Gate], stale: Collection[UUID]
) -> list[dict[int, float]]:
    """By part, those that have most of the question."""
    needed = MOST_OF_IT * of_whole(ask)
    return [
        {
            document: value
            for document, value in _readable(part, ask, keys, stale, needed).items()
            if value >= needed
        }
        for part in view.parts
    ]


def _counted(part: Part, good: Sequence[tuple[float, int]]) -> dict[Place, int]:
    codes = Counter([part.places_of[document] for _value, document in good])
    return {part.places[code]: number for code, number in codes.items()}


def _likeliest(
    part: Part,
    good: Sequence[tuple[float, int]],
    ask: Ask,
    narrowed: Narrowed,
    best: float,
    most: int,
) -> list[tuple[float, UUID]]:
    """Of many, only those are compared that have most of the question."""
    if narrowed.kinds or narrowed.module or narrowed.category:
        takes = [narrowed.takes(*place) for place in part.places]
        good = [one for one in good if takes[part.places_of[one[1]]]]
    if len(good) > MANY:
        having_most = [one for one in good if one[0] >= MOST_OF_IT * int(best)]
        good = having_most if len(having_most) >= MANY else good
    per = 1 / (of_whole(ask) + 1)
    merits = nlargest(
        most, [((value % 1.0) * (1 + value * per), document) for value, document in good]
    )
    return [(merit, part.key(document)) for merit, document in merits]


def _readable(
    part: Part,
    ask: Ask,
    keys: frozenset[Gate],
    stale: Collection[UUID],
    needed: float = 0.0,
) -> dict[int, float]:
    language, visible, places = ask.language, part.visible(keys), part.places_of
    values = sums(ask, lambda stem: part.postings(f"{language}:{stem}"), needed)
    if not all(visible):
        values = {
            document: value for document, value in values.items() if visible[places[document]]
        }
    if stale:
        return {
            document: value for document, value in values.items() if part.key(document) not in stale
        }
    return values
