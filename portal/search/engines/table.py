"""The rows themselves, gone through one by one: for the few that an index has not taken yet, and
for all while there is none."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines.base import Candidates, Engine
from portal.search.engines.summing import least, lists_of, merit, share, stems_of, sums
from portal.search.models import DocumentRow
from portal.search.rows import row_kept

MOST: Final = 3000  # rows that are gone through while somebody waits

_COLUMNS = (
    DocumentRow.id,
    DocumentRow.kind,
    DocumentRow.module,
    DocumentRow.category,
    DocumentRow.gates,
    DocumentRow.language,
    DocumentRow.words,
)
Rows = Sequence[tuple[UUID, str, str, str, list[str], str, str]]


class Table:
    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        rows = _having(session, ask.language, stems_of([ask]))
        return found_in(rows, ask, narrowed, most)

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        return known_in(_having(session, language, stems), language, stems, keys)


ENGINE: Final[Engine] = Table()


def newer(session: Session, seq: int, most: int) -> Rows:
    """Rows that changed after `seq`; those that are gone, with no gate."""
    rows = session.execute(
        select(*_COLUMNS, DocumentRow.is_gone)
        .where(DocumentRow.seq > seq)
        .order_by(DocumentRow.seq)
        .limit(most)
    )
    return [(*row[:4], [] if row[7] else row[4], *row[5:7]) for row in rows]


def found_in(rows: Rows, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
    places = {row[0]: (row[1], row[2], row[3]) for row in rows}
    values = sums(ask, lists_of(_weights(rows, ask.language, narrowed.keys)))
    best = max(values.values(), default=0.0)
    enough = least(best)
    found = [(merit(value, ask), key) for key, value in values.items() if value >= enough]
    wanted = [(value, key) for value, key in found if narrowed.takes(*places[key])]
    return Candidates(
        [key for _value, key in nlargest(most, wanted)],
        Counter(places[key] for _value, key in found),
        share(best, ask),
    )


def known_in(rows: Rows, language: str, stems: Collection[str], keys: frozenset[Gate]) -> set[str]:
    weights = _weights(rows, language, keys)
    return {stem for stem in stems if any(stem in words for words in weights.values())}


def _weights(rows: Rows, language: str, keys: Iterable[str]) -> dict[UUID, dict[str, float]]:
    fitting = set(keys)
    return {
        row[0]: dict(row_kept(row[6], language).weights)
        for row in rows
        if row[5] == language and not fitting.isdisjoint(row[4])
    }


def _having(session: Session, language: str, stems: Collection[str]) -> Rows:
    """Those that have any of the words."""
    has: list[ColumnElement[bool]] = [
        DocumentRow.words.contains(f" {stem} ", autoescape=True) for stem in stems
    ]
    rows = session.execute(
        select(*_COLUMNS)
        .where(DocumentRow.language == language, DocumentRow.is_gone.is_(False), or_(false(), *has))
        .limit(MOST)
    )
    return [(*row,) for row in rows]
