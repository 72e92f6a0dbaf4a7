"""How what can be found stands at a moment, and what a process has read of it and keeps for as long
as it stands so."""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.search.models import DocumentRow, Synonyms

KEPT: Final = "search_standing"
"""In a session's `info`: what this process keeps."""
MOST: Final = 5000  # answers, of three kilobytes at most
PAGES: Final = 200  # whole results, of ten kilobytes
LASTING: Final = 60.0  # seconds in which the same question has the same results

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Standing:
    """`newest` is the last `seq` of documents."""

    newest: int
    answers: dict[Any, Any] = field(default_factory=dict)
    pages: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)

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

    def page(self, key: Hashable) -> Any | None:
        """The whole results, where somebody just had them."""
        found = self.pages.get(key)
        return found[1] if found is not None and time.monotonic() < found[0] else None

    def keep_page(self, key: Hashable, results: Any) -> None:
        while len(self.pages) >= PAGES:
            for oldest in tuple(self.pages)[: PAGES // 4]:
                self.pages.pop(oldest, None)
        self.pages[key] = (time.monotonic() + LASTING, results)


class Memory:
    """Of a process: forgotten with the next change of documents or synonyms."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark: Hashable = None
        self._answers: dict[Any, Any] = {}
        self._pages: dict[Hashable, tuple[float, Any]] = {}

    def standing(self, newest: int, mark: Hashable) -> Standing:
        with self._lock:
            if mark != self._mark or len(self._answers) > MOST:
                self._mark, self._answers, self._pages = mark, {}, {}
            return Standing(newest, self._answers, self._pages)


def standing(session: Session) -> Standing:
    """One question, so that a search need not ask others."""
    newest, *synonyms = session.connection().execute(_NOW).one()
    memory: Memory = session.info.get(KEPT) or Memory()
    return memory.standing(newest or 0, (newest, *synonyms))


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
