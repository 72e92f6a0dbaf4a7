"""What editors wrote about screens, words and first steps, as every "?" asks for it.

It is little and changes seldom, so a process keeps it, compiled, for as long as the mark that
editors change with everything they save is the same.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.page_keys import Rule, Rules, pattern
from portal.foundation.remembered import Remembered
from portal.guidance.models import Mark, Orientation, PageRule, Screen, Term
from portal.search.standing import LAST_CHANGE


@dataclass(frozen=True, slots=True)
class KeptScreen:
    page_key: str
    module: str
    titles: Mapping[str, str]
    topics: Sequence[UUID]
    videos: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class KeptTerm:
    key: str
    module: str
    texts: Mapping[str, Mapping[str, str]]
    topic_id: UUID | None


@dataclass(frozen=True, slots=True)
class KeptTour:
    id: UUID
    module: str
    edition: int
    steps: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Kept:
    rules: Rules = field(default_factory=Rules)
    screens: Mapping[str, KeptScreen] = field(default_factory=dict)
    terms: Mapping[str, KeptTerm] = field(default_factory=dict)
    tours: Mapping[str, KeptTour] = field(default_factory=dict)  # by module

    @cached_property
    def terms_of(self) -> Mapping[str, Sequence[KeptTerm]]:
        found: dict[str, list[KeptTerm]] = defaultdict(list)
        for term in self.terms.values():
            found[term.module].append(term)
        return found


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a process knows that nothing has changed: of what is kept here, and of all that can
    be found (whose rows rise with everything that is published)."""

    guidance: UUID | None
    published: Hashable | None


_MARKS: Final = select(select(Mark.value).limit(1).scalar_subquery(), *LAST_CHANGE)
_kept: Remembered[UUID, Kept] = Remembered(timedelta(days=1), most=4)


def marks(session: Session) -> Marks:
    session.flush()
    mark, *last = session.connection().execute(_MARKS).one()
    return Marks(mark, tuple(last) if last[0] is not None else None)


def kept(session: Session, known: Marks, *, at: datetime) -> Kept:
    if known.guidance is None:  # nothing was ever saved
        return Kept()
    return _kept.get(known.guidance, lambda: _read(session), at=at)


def _read(session: Session) -> Kept:
    return Kept(
        rules=Rules.of(_rules(session)),
        screens={one.page_key: one for one in _screens(session)},
        terms={one.key: one for one in _terms(session)},
        tours={one.module: one for one in _tours(session)},
    )


def _rules(session: Session) -> list[Rule]:
    rows = (
        select(PageRule.pattern, Screen.page_key, Screen.module)
        .join(Screen, Screen.id == PageRule.screen_id)
        .order_by(Screen.position, Screen.id, PageRule.position)
    )
    return [
        Rule(pattern(text), page_key, module, place)
        for place, (text, page_key, module) in enumerate(session.execute(rows))
    ]


def _screens(session: Session) -> list[KeptScreen]:
    rows = select(
        *(Screen.page_key, Screen.module, Screen.titles, Screen.topic_ids, Screen.video_ids)
    )
    return [
        KeptScreen(key, module, titles, _ids(topics), _ids(videos))
        for key, module, titles, topics, videos in session.execute(rows)
    ]


def _ids(written: Sequence[str]) -> Sequence[UUID]:
    return tuple(UUID(one) for one in written)


def _terms(session: Session) -> list[KeptTerm]:
    rows = select(Term.key, Term.module, Term.texts, Term.topic_id).order_by(Term.key)
    return [KeptTerm(*row) for row in session.execute(rows)]


def _tours(session: Session) -> list[KeptTour]:
    rows = select(
        *(Orientation.id, Orientation.module, Orientation.edition, Orientation.steps)
    ).where(Orientation.is_published)
    return [KeptTour(*row) for row in session.execute(rows)]
