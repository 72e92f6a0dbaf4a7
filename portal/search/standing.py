"""How what can be found stands at a moment, and what a process has read of it and keeps for as long
as it stands so."""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.search.models import DocumentRow, Synonyms

KEPT: Final = "search_standing"
"""In a session's `info`: what this process keeps."""
MOST: Final = 5000  # answers, of three kilobytes at most

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Standing:
    """`newest` is the last `seq` of documents."""

    newest: int
    answers: dict[Any, Any] = field(default_factory=dict)

    def kept(self, key: Hashable, ask: Callable[[], V]) -> V:
        if key not in self.answers:
            self.answers[key] = ask()
        found: V = self.answers[key]
        return found

    def kept_each(
        self, what: Hashable, keys: Iterable[K], ask: Callable[[list[K]], Mapping[K, V]]
    ) -> dict[K, V]:
        """By key, those that there is an answer for; asked for the others alone."""
        wanted = list(keys)
        missing = [key for key in wanted if (what, key) not in self.answers]
        if missing:
            found = ask(missing)
            self.answers.update({(what, key): found.get(key) for key in missing})
        known = {key: self.answers[what, key] for key in wanted}
        return {key: answer for key, answer in known.items() if answer is not None}


class Memory:
    """Of a process: forgotten with the next change of documents or synonyms."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark: Hashable = None
        self._answers: dict[Any, Any] = {}

    def answers(self, mark: Hashable) -> dict[Any, Any]:
        with self._lock:
            if mark != self._mark or len(self._answers) > MOST:
                self._mark, self._answers = mark, {}
            return self._answers


def standing(session: Session) -> Standing:
    """One question, so that a search need not ask others."""
    newest, *synonyms = session.connection().execute(_NOW).one()
    memory: Memory = session.info.get(KEPT) or Memory()
    return Standing(newest or 0, memory.answers((newest, *synonyms)))


_NOW = select(
    select(func.max(DocumentRow.seq)).scalar_subquery(),
    select(func.count()).select_from(Synonyms).scalar_subquery(),
    select(func.max(Synonyms.updated_at)).scalar_subquery(),
)

_LAST = select(DocumentRow.id).order_by(DocumentRow.seq.desc()).limit(1)
LAST_CHANGE: Final = tuple(
    _LAST.with_only_columns(column).scalar_subquery()
    for column in (DocumentRow.id, DocumentRow.seq, DocumentRow.updated_at)
)
"""Columns that say others after whatever can be found is published, withdrawn or opened to others;
of no other database either. All None where nothing ever could be."""
