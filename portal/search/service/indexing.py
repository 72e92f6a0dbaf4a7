"""Rows of what can be found, written in the transaction of what they stand for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.foundation.afterwards import after_commit
from portal.search import vocabulary
from portal.search.analysis import VERSION, composed
from portal.search.documents import Document
from portal.search.engines import postgres
from portal.search.models import DocumentRow
from portal.search.rows import Texts, row_of

BELL: Final = "search_bell"
"""In a session's `info`: rings for whoever keeps indexes up with the rows."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7216043115)")


def put(session: Session, document: Document, *, at: datetime) -> None:
    """Of the same kind, object and language there is one; what has not changed is left alone."""
    take_turns(session)
    row = _row(session, document.kind, document.object_id, document.language)
    if row is None:
        row = DocumentRow(
            kind=document.kind, object_id=document.object_id, language=document.language
        )
        session.add(row)
    elif (
        not row.is_gone
        and row.analysed == VERSION
        and all(getattr(row, name) == value for name, value in _values(document).items())
    ):
        return
    before = _written(row) if row.words and not row.is_gone else {}
    for name, value in _values(document).items():
        setattr(row, name, value)
    analyse(session, row)
    row.is_gone = False
    _changed(session, row, at)
    vocabulary.count(session, row.language, _written(row), before)


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
    for row in session.scalars(wanted).all():
        vocabulary.count(session, row.language, {}, _written(row))
        row.is_gone = True
        _changed(session, row, at)


def analyse(session: Session, row: DocumentRow) -> None:
    """Make anew what engines search."""
    made = row_of(texts(row), row.language)
    row.words, row.analysed = made.text, VERSION
    if session.get_bind().dialect.name == "postgresql":
        row.terms = postgres.terms(made, row.language)


def texts(row: DocumentRow) -> Texts:
    return Texts(row.title, row.labels, row.headings, row.summary, row.body, row.slug)


def take_turns(session: Session) -> None:
    """So that `seq` rises in the order of commits; on SQLite there is one pen anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)


def _changed(session: Session, row: DocumentRow, at: datetime) -> None:
    with session.no_autoflush:  # a new row needs its number first
        row.seq = (session.scalar(select(func.max(DocumentRow.seq))) or 0) + 1
    row.updated_at = at
    session.flush()
    if bell := session.info.get(BELL):
        after_commit(session, BELL, bell)


def _row(session: Session, kind: str, object_id: UUID, language: str) -> DocumentRow | None:
    return session.scalar(
        select(DocumentRow).where(
            DocumentRow.kind == kind,
            DocumentRow.object_id == object_id,
            DocumentRow.language == language,
        )
    )


def _written(row: DocumentRow) -> dict[str, tuple[str, str]]:
    return vocabulary.written(texts(row), row.language)


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
