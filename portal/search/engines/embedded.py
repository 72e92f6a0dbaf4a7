"""Finding in the Whoosh index on this machine.

What the index has not taken yet is found in the rows, so that everybody finds at once what was
just published; what it can't be asked for at all, while it is made anew, likewise.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines import merging, table
from portal.search.engines.base import Candidates
from portal.search.engines.merging import Searched
from portal.search.engines.whoosh import Index, Unreadable, View
from portal.search.standing import Standing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Embedded:
    """`standing` says where the table stands."""

    index: Index
    standing: Standing
    is_sure: bool = True
    _looked: tuple[View, table.Rows | None] | None = None

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        try:
            searched = self._searched(session, ask.language)
            return self.standing.kept(
                ("likely", ask, narrowed, most),
                lambda: merging.likeliest(searched, ask, narrowed, most),
            )
        except Unreadable as error:
            self._without(error)
            return table.ENGINE.candidates(session, ask, narrowed, most)

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        try:
            return merging.known(self._searched(session, language), stems, keys)
        except Unreadable as error:
            self._without(error)
            return table.ENGINE.known(session, language, stems, keys)

    def _without(self, error: Unreadable) -> None:
        self.is_sure = False
        log.warning("searching without an index: %s", error)

    def _searched(self, session: Session, language: str) -> Sequence[Searched]:
        """Raises Unreadable."""
        view, newer = self._current(session)
        if newer is None:
            return [Searched(part, part.finding(language)) for part in view.parts]
        stale = newer.keys
        searched = [
            Searched(part, part.finding(language), part.documents(stale)) for part in view.parts
        ]
        return [newer.searched(language), *searched]

    def _current(self, session: Session) -> tuple[View, table.Rows | None]:
        """Looked for once a question. Raises Unreadable."""
        if self._looked is None:
            view, newest = self.index.view(), self.standing.newest
            if not view.seq <= newest <= view.seq + table.BEHIND:
                raise Unreadable(f"the index stands at {view.seq}, the table at {newest}")
            self._looked = view, table.newer(session, self.standing, view.seq)
        return self._looked
