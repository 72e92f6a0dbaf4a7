"""What became of readings: whether the same person asked all the same within a day."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.gaps.queries.trouble import of_readers
from portal.kb.models import Article, Feedback, Reading, Topic

WITHIN = timedelta(hours=24)
LOOKED_AT = 50_000


class Read(NamedTuple):
    """A reading in plain values. `asked`: with a ticket."""

    at: datetime
    surface: str
    article_id: UUID
    title: str
    module: str
    plan: str
    role: str
    visitor: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of readings of one kind. Too early ones, less than a day ago, are in no other number."""

    readings: int
    people: int
    asked: int
    too_early: int

    @property
    def deflected(self) -> int:
        return self.readings - self.asked

    @property
    def share(self) -> float | None:
        return self.deflected / self.readings if self.readings else None


def readings(session: Session, since: datetime) -> list[Read]:
    """The newest LOOKED_AT of the period, the newest first."""
    query = (
        select(
            Reading.at,
            Reading.surface,
            Reading.article_id,
            Article.title,
            Topic.module_tag,
            Reading.plan,
            Reading.role,
            Reading.visitor,
            Reading.ticket_id.is_not(None),
        )
        .join(Article, Article.id == Reading.article_id)
        .join(Topic, Topic.id == Article.topic_id)
        .where(Reading.at >= since, of_readers(Reading))
        .order_by(Reading.at.desc(), Reading.id.desc())
        .limit(LOOKED_AT)
    )
    return [Read._make(row) for row in session.execute(query)]


def solved_at_the_form(session: Session, since: datetime) -> int:
    """How many people said at the ticket form that an article solved it."""
    query = select(func.count(func.distinct(Feedback.visitor))).where(
        Feedback.at >= since, Feedback.surface == "ticket_form", Feedback.helpful.is_(True)
    )
    return session.scalar(query) or 0


def outcome(read: Iterable[Read], now: datetime) -> Outcome:
    """An asked one is known at once; that nobody asked is known after a day."""
    known, early = [], 0
    for one in read:
        if one.asked or one.at <= now - WITHIN:
            known.append(one)
        else:
            early += 1
    people = len({one.visitor for one in known})
    return Outcome(len(known), people, sum(one.asked for one in known), early)


def by(
    read: Sequence[Read], now: datetime, key: Callable[[Read], str]
) -> Iterator[tuple[str, Outcome]]:
    """The most read first."""
    groups: dict[str, list[Read]] = {}
    for one in read:
        groups.setdefault(key(one), []).append(one)
    for name in sorted(groups, key=lambda name: -len(groups[name])):
        yield name, outcome(groups[name], now)
