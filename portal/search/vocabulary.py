"""The words that documents have: counted when documents are written, asked by questions."""

import math
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.search.analysis import LONGEST, folded, spelled
from portal.search.edits import Near
from portal.search.models import DocumentRow, words
from portal.search.rows import Texts

KEPT: Final = "search_vocabulary"
"""In a session's `info`: words that this process has read."""
REREAD: Final = 30.0  # seconds after which new words can be what somebody meant
ALL: Final = ""  # the word that every document has


def written(texts: Texts, language: str) -> dict[str, tuple[str, str]]:
    """Word → its stem, and how it looks with its accents."""
    found: dict[str, tuple[str, str]] = {ALL: (ALL, ALL)}
    parts = (texts.title, texts.summary, texts.body, *texts.labels, *texts.headings, texts.slug)
    for text in parts:
        shown = {folded(word): word for word in _accented(text)}
        for word in spelled(text, language):
            found[word.written] = (word.stem, shown.get(word.written, word.written)[:LONGEST])
    return found


def _accented(text: str) -> Iterable[str]:
    return () if text.isascii() else (w.lower() for w in text.split() if not w.isascii())


def count(
    session: Session,
    language: str,
    now: Mapping[str, tuple[str, str]],
    before: Iterable[str] = (),
) -> None:
    """A document has these words now, and had those before."""
    former = set(before)
    _add(session, language, {word: now[word] for word in sorted(now.keys() - former)})
    _take(session, language, former - now.keys())


def _add(session: Session, language: str, new: Mapping[str, tuple[str, str]]) -> None:
    if not new:
        return
    is_postgres = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(words) if is_postgres else sqlite.insert(words)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[words.c.language, words.c.word],
            set_={
                "documents": words.c.documents + 1,
                "stem": statement.excluded.stem,
                "shown": statement.excluded.shown,
            },
        ),
        [
            {"language": language, "word": word, "stem": stem, "shown": shown, "documents": 1}
            for word, (stem, shown) in new.items()
        ],
    )


def _take(session: Session, language: str, gone: Iterable[str]) -> None:
    rows = [{"of": language, "gone": word} for word in sorted(gone)]
    if rows:
        session.connection().execute(
            update(words)
            .where(words.c.language == bindparam("of"), words.c.word == bindparam("gone"))
            .values(documents=words.c.documents - 1),
            rows,
        )


def count_anew(session: Session) -> int:
    """From the texts of all documents; says how many those are."""
    counted: dict[tuple[str, str], list[Any]] = {}
    documents = 0
    for row in session.execute(_TEXTS).yield_per(200):
        documents += 1
        for word, (stem, shown) in written(Texts(*row[1:]), row.language).items():
            entry = counted.setdefault((row.language, word), [stem, shown, 0])
            entry[2] += 1
    session.execute(delete(words))
    rows = [
        {"language": language, "word": word, "stem": stem, "shown": shown, "documents": number}
        for (language, word), (stem, shown, number) in counted.items()
    ]
    for start in range(0, len(rows), 5000):
        session.connection().execute(insert(words), rows[start : start + 5000])
    return documents


_TEXTS = select(
    DocumentRow.language,
    DocumentRow.title,
    DocumentRow.labels,
    DocumentRow.headings,
    DocumentRow.summary,
    DocumentRow.body,
    DocumentRow.slug,
).where(DocumentRow.is_gone.is_(False))


_DOCUMENTS = (
    select(words.c.stem, func.sum(words.c.documents))
    .where(
        words.c.language == bindparam("language"),
        words.c.stem.in_(bindparam("stems", expanding=True)),
    )
    .group_by(words.c.stem)
)


def rarities(session: Session, language: str, stems: Iterable[str]) -> dict[str, float]:
    """How much each of these words tells: from about 1 for what every second document has; 0 for
    what none has."""
    counted: dict[str, int] = {
        stem: max(documents, 0)
        for stem, documents in session.execute(
            _DOCUMENTS, {"language": language, "stems": [ALL, *stems]}
        )
    }
    everything = max(counted.pop(ALL, 0), 1)
    return {
        stem: math.log(1 + everything / min(documents, everything))
        for stem, documents in counted.items()
        if documents
    }


_BEGINNING = (
    select(words.c.stem)
    .where(
        words.c.language == bindparam("language"),
        words.c.word >= bindparam("first"),
        words.c.word < bindparam("behind"),
        words.c.documents > 0,
    )
    .order_by(words.c.documents.desc(), words.c.word)
    .limit(bindparam("most"))
)


def beginning(session: Session, language: str, start: str, most: int) -> list[str]:
    """Stems of the commonest words that begin so."""
    found = session.execute(
        _BEGINNING,
        {"language": language, "first": start, "behind": start + "\uffff", "most": 2 * most},
    )
    return list(dict.fromkeys(stem for (stem,) in found))[:most]


@dataclass(frozen=True, slots=True)
class Entry:
    word: str
    stem: str
    shown: str
    count: int


_ENTRIES = select(words.c.word, words.c.stem, words.c.shown, words.c.documents).where(
    words.c.language == bindparam("language"),
    words.c.word.in_(bindparam("words", expanding=True)),
    words.c.documents > 0,
)


def entries(session: Session, language: str, wanted: Collection[str]) -> list[Entry]:
    if not wanted:
        return []
    rows = session.execute(_ENTRIES, {"language": language, "words": list(wanted)})
    return [Entry(*row) for row in rows]


class Vocabulary:
    """All words of each language, read once in a while, for those who mistype one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._near: dict[str, tuple[float, int, Near]] = {}

    def near(self, session: Session, language: str) -> Near:
        kept = self._near.get(language)
        if kept is not None and time.monotonic() < kept[0] + REREAD:
            return kept[2]
        with self._lock:
            everything = session.scalar(_COUNT, {"language": language}) or 0
            kept = self._near.get(language)
            if kept is None or kept[1] != everything:
                rows = session.scalars(_WORDS, {"language": language})
                kept = (0.0, everything, Near(rows))
            self._near[language] = (time.monotonic(), *kept[1:])
            return kept[2]


_COUNT = select(func.count()).where(words.c.language == bindparam("language"))
_WORDS = select(words.c.word).where(
    words.c.language == bindparam("language"), words.c.word != ALL, words.c.documents > 0
)


def near(session: Session, language: str) -> Near:
    kept: Vocabulary = session.info.get(KEPT) or Vocabulary()
    return kept.near(session, language)
