"""The rows themselves, gone through one by one: for the few that an index has not taken yet, and
for all while there is none."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines.base import Candidates, Engine
from portal.search.engines.summing import (
    Tally,
    bits_of,
    documents_of,
    least,
    postings_in,
    share,
    stems_of,
)
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
    is_sure = False

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
    rows = _readable(rows, ask.language, narrowed.keys)
    places = [(row[1], row[2], row[3]) for row in rows]
    tally = Tally(ask, postings_in(_weights(rows)), bits_of(range(len(rows))))
    best = tally.best()
    found = tally.having(least(best))
    wanted = bits_of([n for n in documents_of(found) if narrowed.takes(*places[n])])
    return Candidates(
        [rows[number][0] for _merit, number in tally.likeliest(wanted, most)],
        Counter(places[number] for number in documents_of(found)),
        share(best, ask),
    )


def known_in(rows: Rows, language: str, stems: Collection[str], keys: frozenset[Gate]) -> set[str]:
    weights = _weights(_readable(rows, language, keys))
    return {stem for stem in stems if any(stem in words for words in weights)}


def _readable(rows: Rows, language: str, keys: frozenset[Gate]) -> Rows:
    return [row for row in rows if row[5] == language and not keys.isdisjoint(row[4])]


def _weights(rows: Rows) -> Sequence[Mapping[str, float]]:
    return [row_kept(row[6], row[5]).weights for row in rows]


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
