"""Finding by PostgreSQL's full text search.

Our own words are its lexemes, for each language apart and with how much they say about their
document: "en3:invoic". Its index tells which documents have one, for all words of a question that
nobody has asked a process for yet; the process keeps such lists, and sums them up. What has
changed since it began to is found in the rows.
"""

import threading
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from struct import iter_unpack, unpack
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.asking import Ask, Narrowed
from portal.search.engines import merging, table
from portal.search.engines.base import Candidates
from portal.search.engines.merging import Searched
from portal.search.engines.parts import Kept, Part, Shelf
from portal.search.engines.summing import NONE, Find, Postings, postings, said, stems_of
from portal.search.rows import row_kept
from portal.search.standing import Standing

LISTS: Final = "search_lists"
"""In a session's `info`: what this process keeps."""
LEVELS: Final = 5  # of how much a word says: each is a list that is read
FULL: Final = 2100  # bytes: of rows that are longer than 2,032 what is long is put apart


def is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it stands at `seq`; `words` is its row."""

    key: UUID
    seq: int
    language: str
    words: str


def take(session: Session, entries: Iterable[Entry]) -> None:
    """Documents that have changed meanwhile are left to whoever changed them."""
    values = [
        {
            "key": one.key,
            "seq": one.seq,
            "terms": lexemes(one.words, one.language),
            "full": FULL,
        }
        for one in entries
    ]
    if values:
        session.connection().execute(_TAKE, values)


def drop(session: Session, keys: Collection[UUID]) -> None:
    if keys:
        session.connection().execute(_DROP, {"keys": list(keys)})


def lexemes(words: str, language: str) -> str:
    """Of a row, with how much each says."""
    return " ".join(
        _lexeme(language, min(int(weight * LEVELS), LEVELS - 1), word)
        for word, weight in row_kept(words, language).weights.items()
    )


def _lexeme(language: str, level: int, word: str) -> str:
    """Words are letters, digits and points; whatever else came in would end the quotes."""
    plain = word.replace("\\", "").replace("'", "")
    return f"'{language}{level}:{plain}'"


class Documents(Part):
    """All that can be found, as the table stood at `seq`."""

    def __init__(self, session: Session, seq: int) -> None:
        placed: list[tuple[int, bytes, Shelf]] = []
        for kind, module, category, gates, packed in _rows(session, _SHELVES, seq=seq):
            shelf = (kind, module, category), frozenset(gates)
            placed += [(one, key, shelf) for key, one in iter_unpack(">16si", packed)]
        placed.sort(key=itemgetter(0))  # so that every process breaks ties alike
        shelves: dict[Shelf, list[int]] = {}
        # by `seq`; those that are none of ours have a place behind the last
        self._numbers = array("I", [len(placed)]) * (seq + 1)
        for number, (one, _key, shelf) in enumerate(placed):
            shelves.setdefault(shelf, []).append(number)
            self._numbers[one] = number
        super().__init__([key for _seq, key, _shelf in placed], shelves)
        self.seq = seq
        self._kept = Kept()

    def finding(self, session: Session, language: str, stems: Iterable[str]) -> Find:
        """By these words; those that nobody has asked for yet are read in one question."""
        found = {stem: self._kept.get(f"{language}:{stem}") for stem in stems}
        missing = [stem for stem, known in found.items() if known is None]
        for stem, known in self._read(session, language, missing):
            self._kept.keep(f"{language}:{stem}", known)
            found[stem] = known
        return lambda stem: found.get(stem) or NONE

    def _read(
        self, session: Session, language: str, stems: Sequence[str]
    ) -> Iterable[tuple[str, Postings]]:
        if not stems:
            return
        asked = [_lexeme(language, level, stem) for stem in stems for level in range(LEVELS)]
        lists = [packed for (packed,) in _rows(session, _LISTS, lexemes=asked, seq=self.seq)]
        for number, stem in enumerate(stems):
            yield stem, self._postings(lists[number * LEVELS : (number + 1) * LEVELS])

    def _postings(self, lists: Iterable[bytes | None]) -> Postings:
        """Of a word, by how much it says."""
        numbers, said_of_all = self._numbers, bytearray(self.size + 1)
        for level, packed in enumerate(lists):
            so_much = said((level + 0.5) / LEVELS)
            for seq in _unpacked(packed or b""):
                said_of_all[numbers[seq]] = so_much
        del said_of_all[self.size]
        return postings(said_of_all)


def _unpacked(packed: bytes) -> Sequence[int]:
    return unpack(f">{len(packed) // 4}i", packed)


class Lists:
    """Of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: Documents | None = None

    def documents(self, session: Session, newest: int) -> Documents:
        known = self._documents
        if known is None or not _holds(known, newest):
            with self._lock:
                known = self._documents
                if known is None or not _holds(known, newest):
                    known = self._documents = Documents(session, newest)
        return known


def _holds(documents: Documents, newest: int) -> bool:
    return documents.seq <= newest <= documents.seq + table.BEHIND


@dataclass(frozen=True, slots=True)
class Postgres:
    lists: Lists
    standing: Standing
    is_sure: bool = True

    def candidates(self, session: Session, ask: Ask, narrowed: Narrowed, most: int) -> Candidates:
        def find() -> Candidates:
            stems = stems_of([ask]) | ask.must | ask.must_not
            searched = self._searched(session, ask.language, stems)
            return merging.likeliest(searched, ask, narrowed, most)

        return self.standing.kept(("likely", ask, narrowed, most), find)

    def known(
        self, session: Session, language: str, stems: Collection[str], keys: frozenset[Gate]
    ) -> set[str]:
        return merging.known(self._searched(session, language, stems), stems, keys)

    def _searched(
        self, session: Session, language: str, stems: Collection[str]
    ) -> Sequence[Searched]:
        documents = self.lists.documents(session, self.standing.newest)
        find = documents.finding(session, language, stems)
        newer = table.newer(session, self.standing, documents.seq)
        if newer is None:
            return [Searched(documents, find)]
        stale = documents.documents(newer.keys)
        return [newer.searched(language), Searched(documents, find, stale)]


def renew(session: Session) -> None:
    """Every process reads its lists anew, for the last change is further away than they hold."""
    session.execute(_RENEW, {"further": table.BEHIND + 1})


def _rows(session: Session, statement: Any, **values: Any) -> Iterable[Any]:
    return session.connection().execute(statement, values)


_SHELVES: Final = text(
    "SELECT kind, module, category, gates,"
    " string_agg(uuid_send(id) || int4send(seq), CAST('' AS bytea))"
    " FROM search_documents WHERE NOT is_gone AND seq <= :seq"
    " GROUP BY kind, module, category, gates"
)
_RENEW: Final = text(
    "WITH last AS (UPDATE search_documents SET seq = seq + :further"
    " WHERE seq = (SELECT max(seq) FROM search_documents) RETURNING id, seq)"
    " UPDATE search_terms SET seq = last.seq FROM last WHERE document_id = last.id"
)
_TAKE: Final = text(
    "INSERT INTO search_terms (document_id, seq, terms, filler)"
    " SELECT id, seq, CAST(:terms AS tsvector), repeat(' ', :full) FROM search_documents"
    " WHERE id = :key AND seq = :seq AND NOT is_gone"
    " ON CONFLICT (document_id) DO UPDATE"
    " SET seq = excluded.seq, terms = excluded.terms, filler = excluded.filler"
)
_DROP: Final = text("DELETE FROM search_terms WHERE document_id = ANY(:keys)")
_LISTS: Final = text(
    "SELECT (SELECT string_agg(int4send(seq), CAST('' AS bytea)) FROM search_terms"
    " WHERE terms @@ CAST(lexeme AS tsquery) AND seq <= :seq)"
    " FROM unnest(CAST(:lexemes AS text[])) WITH ORDINALITY AS asked(lexeme, number)"
    " ORDER BY number"
)
