"""The words that documents have: counted when documents are written, asked by questions."""

import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.search.analysis import LONGEST, folded, vocabulary_of
from portal.search.edits import Near
from portal.search.models import TEXTS, DocumentRow, words
from portal.search.rows import Texts

KEPT: Final = "search_vocabulary"
"""In a session's `info`: words that this process has read."""
REREAD: Final = 30.0  # seconds after which new words can be what somebody meant
ALL: Final = ""  # the word that every document has
CHANCE: Final = 8
"""So many documents more may as well have had a word; in a small help centre every 25th of all."""


def written(texts: Texts, language: str) -> dict[str, tuple[str, str]]:
    """Word → its stem, and how it looks with its accents."""
    found: dict[str, tuple[str, str]] = {ALL: (ALL, ALL)}
    parts = (texts.title, texts.summary, texts.body, *texts.labels, *texts.headings, texts.slug)
    for text in parts:
        shown = {folded(word): word for word in _accented(text)}
        for word, stem in vocabulary_of(text, language).items():
            found[word] = (stem, shown.get(word, word)[:LONGEST])
    return found


def _accented(text: str) -> Iterable[str]:
    return () if text.isascii() else (w.lower() for w in text.split() if not w.isascii())


@dataclass(slots=True)
class Tally:
    """A word of some documents: its stem, how it looks, and how many have it."""

    stem: str
    shown: str
    documents: int = 0


Counted = dict[str, Tally]
"""By word."""


def add_up(counted: Counted, words_of_one: Mapping[str, tuple[str, str]]) -> None:
    for word, (stem, shown) in words_of_one.items():
        tally = counted.get(word)
        if tally is None:
            tally = counted[word] = Tally(stem, shown)
        tally.documents += 1


def count(session: Session, gained: Mapping[str, Counted], lost: Mapping[str, Counted]) -> None:
    """Documents have these words now, and had those before; both by language."""
    for language in sorted(gained.keys() | lost.keys()):
        now, before = gained.get(language, {}), lost.get(language, {})
        more: Counted = {}
        fewer: dict[str, int] = {}
        for word in sorted(now.keys() | before.keys()):
            change = _documents(now, word) - _documents(before, word)
            if change > 0:
                more[word] = Tally(now[word].stem, now[word].shown, change)
            elif change < 0:
                fewer[word] = -change
        _add(session, language, more)
        _take(session, language, fewer)


def _documents(counted: Counted, word: str) -> int:
    return counted[word].documents if word in counted else 0


def _add(session: Session, language: str, more: Counted) -> None:
    if not more:
        return
    is_postgres = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(words) if is_postgres else sqlite.insert(words)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=[words.c.language, words.c.word],
            set_={
                "documents": words.c.documents + statement.excluded.documents,
                "stem": statement.excluded.stem,
                "shown": statement.excluded.shown,
            },
        ),
        _rows(language, more),
    )


def _rows(language: str, counted: Counted) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            "word": word,
            "stem": tally.stem,
            "shown": tally.shown,
            "documents": tally.documents,
        }
        for word, tally in counted.items()
    ]


def _take(session: Session, language: str, fewer: Mapping[str, int]) -> None:
    rows = [{"of": language, "gone": word, "by": number} for word, number in fewer.items()]
    if rows:
        session.connection().execute(
            update(words)
            .where(words.c.language == bindparam("of"), words.c.word == bindparam("gone"))
            .values(documents=words.c.documents - bindparam("by")),
            rows,
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much the count of a word is wrong."""

    language: str
    word: str
    tally: Tally


def corrections(session: Session, told: Callable[[int], None]) -> list[Correction]:
    """What has to be added for the table to say what is written in the documents. They are
    differences, so they hold whatever others count meanwhile; the session has to see the table
    and the documents as of one moment."""
    kept = {
        (language, word): Tally(stem, shown, documents)
        for language, word, stem, shown, documents in session.execute(select(words))
    }
    found: list[Correction] = []
    for language, counted in _counted(session, told).items():
        for word, tally in counted.items():
            before = kept.pop((language, word), None)
            if before != tally:
                more = tally.documents - (before.documents if before else 0)
                found.append(Correction(language, word, Tally(tally.stem, tally.shown, more)))
    for (language, word), tally in kept.items():
        if tally.documents:
            fewer = Tally(tally.stem, tally.shown, -tally.documents)
            found.append(Correction(language, word, fewer))
    return sorted(found, key=lambda one: (one.language, one.word))


def correct(session: Session, some: Iterable[Correction]) -> None:
    by_language: dict[str, Counted] = {}
    for one in some:
        by_language.setdefault(one.language, {})[one.word] = one.tally
    for language, tallies in by_language.items():
        _add(session, language, tallies)


def forget_unwritten(session: Session) -> None:
    """Words that no document has any more."""
    session.execute(delete(words).where(words.c.documents <= 0))


def _counted(session: Session, told: Callable[[int], None]) -> dict[str, Counted]:
    counted: dict[str, Counted] = {}
    rows = session.execute(_TEXTS.execution_options(yield_per=_AT_ONCE))
    for number, some in enumerate(rows.partitions()):
        for row in some:
            add_up(counted.setdefault(row[0], {}), written(Texts(*row[1:]), row[0]))
        told(number * _AT_ONCE + len(some))
    return counted


_AT_ONCE: Final = 200
_TEXTS = select(DocumentRow.language, *TEXTS).where(DocumentRow.is_gone.is_(False))


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
    chance = min(CHANCE, everything / 25)
    return {
        stem: math.log(1 + everything / min(documents + chance, everything))
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
