"""The rows themselves, gone through one by one: for the few that an index has not taken yet, and
for all while there is none."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines import merging
from portal.search.engines.base import Candidates, Engine
from portal.search.engines.merging import Searched
from portal.search.engines.parts import Part, Shelf
from portal.search.engines.summing import postings_in, stems_of
from portal.search.models import DocumentRow
from portal.search.rows import row_kept
from portal.search.standing import Standing

MOST: Final = 3000  # rows that are gone through while somebody waits
BEHIND: Final = 300  # changes that are gone through, for want of an index that has them

_SELECT = select(
    DocumentRow.id,
    DocumentRow.kind,
    DocumentRow.module,
    DocumentRow.category,
    DocumentRow.gates,
    DocumentRow.language,
    DocumentRow.words,
    DocumentRow.is_gone,
)


class Rows(Part):
    """Each with its words. What is gone can't be found, and is here to be known as gone."""

    def __init__(self, rows: Sequence[Any]) -> None:
        shelves: dict[Shelf, list[int]] = {}
        for number, row in enumerate(rows):
            if not row.is_gone:
                place = row.kind, row.module, row.category
                shelves.setdefault((place, frozenset(row.gates)), []).append(number)
        super().__init__([row.id.bytes for row in rows], shelves)
        self.keys = frozenset(self._keys)
        self._words = [(row.language, _weights(row.words, row.language)) for row in rows]

    def searched(self, language: str) -> Searched:
        words = [weights if spoken == language else {} for spoken, weights in self._words]
        return Searched(self, postings_in(words))


@lru_cache(BEHIND)
def _weights(words: str, language: str) -> Mapping[str, float]:
    return row_kept(words, language).weights


class Table:
    is_sure = False

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        rows = _having(session, ask.language, stems_of([ask]))
        return merging.likeliest([rows.searched(ask.language)], ask, narrowed, most)

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        return merging.known([_having(session, language, stems).searched(language)], stems, keys)


ENGINE: Final[Engine] = Table()


def newer(session: Session, standing: Standing, seq: int) -> Rows | None:
    """What has changed after `seq`, gone through once for all questions until more does. None:
    nothing has."""
    if standing.newest <= seq:
        return None

    def read() -> Rows:
        changed = _SELECT.where(DocumentRow.seq > seq).order_by(DocumentRow.seq).limit(BEHIND)
        return Rows(session.execute(changed).all())

    return standing.kept(("newer", seq), read)


def _having(session: Session, language: str, stems: Collection[str]) -> Rows:
    """Those that have any of the words."""
    has: list[ColumnElement[bool]] = [
        DocumentRow.words.contains(f" {stem} ", autoescape=True) for stem in stems
    ]
    wanted = and_(DocumentRow.language == language, DocumentRow.is_gone.is_(False))
    rows = _SELECT.where(wanted, or_(false(), *has)).order_by(DocumentRow.seq).limit(MOST)
    return Rows(session.execute(rows).all())
