"""Rows of what can be found, written in the transaction of what they stand for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.foundation.afterwards import after_commit
from portal.search import vocabulary
from portal.search.analysis import VERSION, composed
from portal.search.documents import Document
from portal.search.engines import postgres
from portal.search.engines.postgres import is_postgres
from portal.search.models import DocumentRow
from portal.search.rows import Texts, row_of

BELL: Final = "search_bell"
"""In a session's `info`: rings for whoever keeps indexes up with the rows."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7216043115)")


def put(session: Session, document: Document, *, at: datetime) -> None:
    """Of the same kind, object and language there is one; what has not changed is left alone."""
    put_all(session, [document], at=at)


def put_all(session: Session, documents: Collection[Document], *, at: datetime) -> None:
    """As `put`, with the same few questions for many as for one."""
    take_turns(session)
    known = _rows(session, documents)
    changed, gained, lost = [], _Words(), _Words()
    for document in documents:
        row = known.get(_key(document))
        if row is not None and _is_as(row, document):
            continue
        if row is None:
            row = DocumentRow(
                kind=document.kind, object_id=document.object_id, language=document.language
            )
        elif row.words and not row.is_gone:
            lost.add(row)
        for name, value in _values(document).items():
            setattr(row, name, value)
        for name, value in analysed(texts(row), row.language).items():
            setattr(row, name, value)
        row.is_gone = False
        gained.add(row)
        changed.append(row)
        known[_key(document)] = row
    _changed(session, changed, at)
    vocabulary.count(session, gained.by_language, lost.by_language)


def remove(
    session: Session, kind: str, object_id: UUID, language: str | None = None, *, at: datetime
) -> None:
    """In one language, or in all."""
    take_turns(session)
    wanted = select(DocumentRow).where(
        DocumentRow.kind == kind,
        DocumentRow.object_id == object_id,
        DocumentRow.is_gone.is_(False),
    )
    if language is not None:
        wanted = wanted.where(DocumentRow.language == language)
    rows, lost = session.scalars(wanted).all(), _Words()
    for row in rows:
        lost.add(row)
        row.is_gone = True
    _changed(session, rows, at)
    vocabulary.count(session, {}, lost.by_language)


def analysed(said: Texts, language: str) -> dict[str, Any]:
    """What engines search, as it stands in the row."""
    return {"words": row_of(said, language).text, "analysed": VERSION}


def texts(row: DocumentRow) -> Texts:
    return Texts(row.title, row.labels, row.headings, row.summary, row.body, row.slug)


def take_turns(session: Session) -> None:
    """So that `seq` rises in the order of commits; on SQLite there is one pen anyway."""
    if is_postgres(session):
        session.execute(_ONE_AT_A_TIME)


def _changed(session: Session, rows: Sequence[DocumentRow], at: datetime) -> None:
    """Each with the next number, in their order."""
    if not rows:
        return
    with session.no_autoflush:  # a new row needs its number first
        newest = session.scalar(select(func.max(DocumentRow.seq))) or 0
    for number, row in enumerate(rows, newest + 1):
        row.seq, row.updated_at = number, at
    session.add_all(rows)
    session.flush()
    if is_postgres(session):
        there = [row for row in rows if not row.is_gone]
        entries = [postgres.Entry(row.id, row.seq, row.language, row.words) for row in there]
        postgres.take(session, entries)
        postgres.drop(session, [row.id for row in rows if row.is_gone])
    if bell := session.info.get(BELL):
        after_commit(session, BELL, bell)


Key = tuple[str, UUID, str]


def _key(thing: Document | DocumentRow) -> Key:
    return thing.kind, thing.object_id, thing.language


def _rows(session: Session, documents: Iterable[Document]) -> dict[Key, DocumentRow]:
    wanted = {_key(document) for document in documents}
    rows = session.scalars(
        select(DocumentRow).where(
            DocumentRow.kind.in_({kind for kind, _id, _language in wanted}),
            DocumentRow.object_id.in_({object_id for _kind, object_id, _language in wanted}),
        )
    )
    return {_key(row): row for row in rows if _key(row) in wanted}


def _is_as(row: DocumentRow, document: Document) -> bool:
    return (
        not row.is_gone
        and row.analysed == VERSION
        and all(getattr(row, name) == value for name, value in _values(document).items())
    )


class _Words:
    """What is written in some documents, by language."""

    def __init__(self) -> None:
        self.by_language: dict[str, vocabulary.Counted] = {}

    def add(self, row: DocumentRow) -> None:
        counted = self.by_language.setdefault(row.language, {})
        vocabulary.add_up(counted, vocabulary.written(texts(row), row.language))


def _values(document: Document) -> dict[str, object]:
    """As they stand in the row."""
    return {
        "group_id": document.group_id,
        "gates": sorted(document.gates),
        "roles": list(document.roles),
        "module": document.module,
        "category": document.category,
        "version": document.version,
        "weight": document.weight,
        "slug": document.slug,
        "path": document.path,
        "title": composed(document.title),
        "labels": [composed(label) for label in document.labels],
        "headings": [composed(heading) for heading in document.headings],
        "summary": composed(document.summary),
        "body": composed(document.body),
    }
