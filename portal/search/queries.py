"""Rows of what was found, as plain values."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Text, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.search.models import DocumentRow
from portal.search.ranking import READ, Candidate


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees of a document; `words` is its row."""

    key: UUID
    kind: str
    object_id: UUID
    language: str
    slug: str
    path: str
    title: str
    module: str
    category: str
    headings: Sequence[str]
    summary: str
    body: str


def _candidates(words: ColumnElement[str]) -> Executable:
    return select(
        DocumentRow.id,
        DocumentRow.group_id,
        DocumentRow.language,
        DocumentRow.title,
        words,
        cast(DocumentRow.roles, Text),
        DocumentRow.module,
        DocumentRow.version,
        DocumentRow.weight,
        cast(DocumentRow.gates, Text),
    ).where(DocumentRow.id.in_(bindparam("keys", expanding=True)), DocumentRow.is_gone.is_(False))


_BEGINNING = func.substr(DocumentRow.words, 1, READ)
_CANDIDATES: Final = {
    "sqlite": _candidates(_BEGINNING),
    # which knows how many bytes there are, and counts characters one by one
    "postgresql": _candidates(
        case((func.octet_length(DocumentRow.words) > READ, _BEGINNING), else_=DocumentRow.words)
    ),
}

_SHOWN = select(
    DocumentRow.id,
    DocumentRow.kind,
    DocumentRow.object_id,
    DocumentRow.language,
    DocumentRow.slug,
    DocumentRow.path,
    DocumentRow.title,
    DocumentRow.module,
    DocumentRow.category,
    DocumentRow.headings,
    DocumentRow.summary,
    DocumentRow.body,
).where(DocumentRow.id.in_(bindparam("keys", expanding=True)))


def candidates(
    session: Session, keys: Collection[UUID], gates: Collection[Gate]
) -> list[Candidate]:
    """Those that may still be read: an index may be behind, the rows never are."""
    statement = _CANDIDATES[session.get_bind().dialect.name]
    rows: Any = session.connection().execute(statement, {"keys": list(keys)})
    fitting = frozenset(gates)
    return [
        Candidate(key, group_id, language, title, words, _several(roles), *more)
        for key, group_id, language, title, words, roles, *more, written in rows
        if not fitting.isdisjoint(_several(written))
    ]


@lru_cache(256)
def _several(written: str) -> tuple[str, ...]:
    """Roles and gates are written the same in thousands of rows."""
    return tuple(json.loads(written))


def shown(session: Session, keys: Collection[UUID]) -> Mapping[UUID, Shown]:
    rows: Any = session.connection().execute(_SHOWN, {"keys": list(keys)})
    return {row[0]: Shown(*row) for row in rows}
