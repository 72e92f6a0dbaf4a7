"""Where readers were left alone: searches, articles and screens, each with how many people.

The logs are the truth and counted anew: the newest LOOKED_AT rows of the period, through the index
on their time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    false,
    func,
    select,
)
from sqlalchemy.orm import Session, joinedload

from portal.core.permissions import STAFF, Desk
from portal.gaps.models import Settled
from portal.guidance.models import Press
from portal.kb.models import Article, Feedback, Reading
from portal.search.models import Query
from portal.tickets.models import Ticket

LOOKED_AT = 50_000
MOST_EXAMPLES = 50
NAME_SEPARATOR = ":"  # between the language and the words of a search, in its key
NOT_THERE = "{}"  # of `Query.opened`


@dataclass(slots=True)
class Trouble:
    """One thing that was missed. `plans` are people by plan, `since` those who met it after
    `settled`; `article` for the kinds that are about one."""

    kind: str
    key: str
    times: int = 0
    people: int = 0
    since: int = 0
    last: datetime | None = None
    plans: dict[str, int] = field(default_factory=dict)
    name: str = ""
    language: str = ""
    module: str = ""
    article: Article | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """Where a kind is counted from: the key of a row, a name for it, and which rows."""

    model: Any
    key: SQLColumnExpression[Any]
    name: SQLColumnExpression[str]
    module: SQLColumnExpression[str]
    only: Sequence[ColumnElement[bool]]


def of_readers(log: Any) -> ColumnElement[bool]:
    """Not of the platform's own people, who look things up for others."""
    condition: ColumnElement[bool] = log.role.not_in(sorted(STAFF))
    return condition


_SEARCH_KEY = Query.language + NAME_SEPARATOR + Query.folded
_OPENED_NOTHING = Query.opened.cast(String) == NOT_THERE
_SCREEN = func.coalesce(func.nullif(Press.page_key, ""), Press.path)
_NO_MODULE = func.coalesce("", "")

LOGS: Mapping[str, Log] = {
    "nothing_found": Log(Query, _SEARCH_KEY, Query.words, Query.module, [Query.hits == 0]),
    "not_opened": Log(
        Query,
        _SEARCH_KEY,
        Query.words,
        Query.module,
        # programs don't say what became of what they found
        [Query.hits > 0, _OPENED_NOTHING, Query.surface != "api"],
    ),
    "unhelpful": Log(
        Feedback, Feedback.article_id, Feedback.reason, _NO_MODULE, [Feedback.helpful.is_(False)]
    ),
    "asked_after": Log(
        Reading, Reading.article_id, Reading.surface, _NO_MODULE, [Reading.ticket_id.is_not(None)]
    ),
    "no_help": Log(Press, _SCREEN, Press.path, Press.module, [Press.shown == 0]),
}


def troubles(session: Session, kind: str, since: datetime) -> list[Trouble]:
    """All of a kind, with what editors have said of each; in no order."""
    rows = _newest(LOGS[kind], since)
    c = rows.c
    query = select(
        c.key, c.plan, c.visitor, func.count(), func.max(c.at), func.max(c.name), func.max(c.module)
    ).group_by(c.key, c.plan, c.visitor)
    settled = _settled(session, kind)
    found: dict[str, Trouble] = {}
    for key, plan, _visitor, times, last, name, module in session.execute(query):
        key = str(key)
        one = found.setdefault(key, Trouble(kind, key, settled=settled.get(key)))
        one.times += times
        one.people += 1
        one.plans[plan] = one.plans.get(plan, 0) + 1
        one.last = max(one.last or last, last)
        one.name, one.module = one.name or name, one.module or module
        if one.settled is not None and last > one.settled.at:
            one.since += 1
    _name(session, kind, found)
    if kind == "unhelpful":
        _add_reasons(session, rows, found)
    return list(found.values())


def _newest(log: Log, since: datetime) -> Subquery:
    model = log.model
    query: Select[*tuple[Any, ...]] = (
        select(
            log.key.label("key"),
            log.name.label("name"),
            log.module.label("module"),
            model.plan,
            model.visitor,
            model.at,
        )
        .where(model.at >= since, of_readers(model), *log.only)
        .order_by(model.at.desc(), model.id.desc())
        .limit(LOOKED_AT)
    )
    return query.subquery()


def _settled(session: Session, kind: str) -> dict[str, Settled]:
    rows = session.scalars(select(Settled).where(Settled.kind == kind))
    return {row.key: row for row in rows}


def _name(session: Session, kind: str, found: Mapping[str, Trouble]) -> None:
    if kind in {"nothing_found", "not_opened"}:
        for one in found.values():
            one.language = one.key.partition(NAME_SEPARATOR)[0]
    elif kind == "no_help":
        for one in found.values():
            one.name = one.key
    else:
        _name_articles(session, found)


def _name_articles(session: Session, found: Mapping[str, Trouble]) -> None:
    articles = session.scalars(
        select(Article)
        .where(Article.id.in_([UUID(key) for key in found]))
        .options(joinedload(Article.topic))
    )
    for article in articles:
        one = found[str(article.id)]
        one.article, one.name, one.language = article, article.title, article.language
        one.module = article.topic.module_tag


def _add_reasons(session: Session, rows: Subquery, found: Mapping[str, Trouble]) -> None:
    query = select(rows.c.key, rows.c.name, func.count()).group_by(rows.c.key, rows.c.name)
    for key, reason, times in session.execute(query):
        found[str(key)].reasons[reason] = times


def examples(session: Session, kind: str, key: str, since: datetime) -> Sequence[Any]:
    """The rows behind one of them, the newest first."""
    log = LOGS[kind]
    query = (
        select(log.model)
        .where(log.model.at >= since, of_readers(log.model), *log.only, _is(log, key))
        .order_by(log.model.at.desc(), log.model.id.desc())
        .limit(MOST_EXAMPLES)
    )
    return session.scalars(query).all()


def tickets_of(session: Session, read: Sequence[Reading]) -> Mapping[UUID, tuple[int, str]]:
    """Number and subject of the tickets at the platform's desk; what was asked of a builder is the
    builder's."""
    keys = [one.ticket_id for one in read if one.ticket_id]
    rows = session.execute(
        select(Ticket.id, Ticket.number, Ticket.subject).where(
            Ticket.id.in_(keys), Ticket.desk == Desk.PLATFORM
        )
    )
    return {key: (number, subject) for key, number, subject in rows}


def _is(log: Log, key: str) -> ColumnElement[bool]:
    if log.model is Query or log.model is Press:
        return log.key == key
    try:
        return log.key == UUID(key)
    except ValueError:
        return false()


def trouble(session: Session, kind: str, key: str, since: datetime) -> Trouble | None:
    """One of them."""
    return next((one for one in troubles(session, kind, since) if one.key == key), None)


def settled(session: Session, kind: str, key: str) -> Settled | None:
    return session.scalar(select(Settled).where(Settled.kind == kind, Settled.key == key))
