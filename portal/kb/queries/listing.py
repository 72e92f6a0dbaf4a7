"""All articles as editors look through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal, or_, select, true
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.foundation.keyset import in_order, newest_first, soonest_first
from portal.foundation.paging import Cursor, Page
from portal.foundation.remembered import Remembered
from portal.kb.models import Article, ArticleLink, ArticleVersion, Category, Draft, Topic
from portal.kb.queries.editing import is_broken, is_outdated
from portal.search.standing import LAST_CHANGE

PAGE_ROWS: Final = 50
COUNT_TO: Final = 1000
ACCENTED: Final = "áéíóúüñÁÉÍÓÚÜÑ"
PLAIN: Final = "aeiouunAEIOUUN"
MARKS: Final = "¿¡“"


class State(StrEnum):
    ALL = "all"
    REVIEW = "review"  # submitted, waits for a publisher
    DRAFTS = "drafts"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # readers could read it once
    OUTDATED = "outdated"  # a translation whose original has changed
    DUE = "due"  # somebody should see whether it still holds
    BROKEN = "broken"  # with links that lead nowhere


class Order(StrEnum):
    NEWEST = "newest"  # work first
    OLDEST = "oldest"
    REVIEW = "review"  # what is due soonest
    TITLE = "title"


SELDOM: Final = State.WITHDRAWN, State.OUTDATED, State.BROKEN
"""What only publishing changes, and what all articles are looked through for."""
_seldom_counted: Remembered[tuple[Any, ...], dict[State, int]] = Remembered(
    timedelta(minutes=5), most=4
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """ "" and None: whatever."""

    state: State = State.ALL
    language: str = ""
    category: UUID | None = None
    module: str = ""
    audience: str = ""
    owner: UUID | None = None
    words: str = ""
    order: Order = Order.NEWEST


Rows = Select[*tuple[Any, ...]]


def _joined(query: Rows) -> Rows:
    return (
        query.select_from(Article)
        .join(Topic, Topic.id == Article.topic_id)
        .outerjoin(Draft, and_(Draft.article_id == Article.id, Draft.state != "removed"))
    )


@cache
def _entries() -> Rows:
    return (
        _joined(
            select(
                Article.id,
                Article.topic_id,
                Article.language,
                Article.worked_at,
                Article.number,
                Article.is_published,
                Article.view_count,
                func.coalesce(Draft.title, Article.title).label("title"),
                func.coalesce(Draft.state, "").label("draft"),
                Draft.updated_by_name.label("drafted_by"),
                Topic.review_by,
                Topic.review_because,
                Topic.review_path,
                Topic.audience,
                Topic.role_tags,
                Topic.module_tag,
                Topic.category_id,
                User.name.label("owner"),
                is_outdated().label("is_outdated"),
                _has_broken().label("is_broken"),
            )
        )
        .outerjoin(User, User.id == Topic.owner_id)
        .where(_known())
    )


def entries(
    session: Session, wanted: Wanted, cursor: Cursor | None, *, at: datetime
) -> Page[Row[Any]]:
    query = _entries().where(*_conditions(wanted))
    read = partial(_rows, at=at)
    if wanted.order is Order.REVIEW:
        columns = Topic.review_by, Article.id
        due = query.where(Topic.review_by.is_not(None))
        return soonest_first(session, due, columns, cursor, PAGE_ROWS, read)
    worked = Article.worked_at, Article.id
    if wanted.order is Order.TITLE:
        order, place = (_by_title(), Article.id), _place(session, cursor)
        return in_order(
            session, query, order, worked, place, cursor, PAGE_ROWS, partial(_rows_by_key, at=at)
        )
    if wanted.order is Order.OLDEST:
        return soonest_first(session, query, worked, cursor, PAGE_ROWS, read)
    return newest_first(session, query, worked, cursor, PAGE_ROWS, read)


def counts(session: Session, *, at: datetime) -> Mapping[State, int]:
    """Of each state, up to COUNT_TO."""
    often = _count(session, tuple(state for state in State if state not in SELDOM), at)
    found = often | _counted_seldom(session, at)
    return {state: found[state] for state in State}


def _counted_seldom(session: Session, at: datetime) -> dict[State, int]:
    published = _last_published(session)
    if not any(published):
        return _count(session, SELDOM, at)
    return _seldom_counted.get(published, lambda: _count(session, SELDOM, at), at=at)


def broken_links(session: Session, most: int) -> list[Row[Any]]:
    """What of published articles leads nowhere: address as written, article, and the topic that
    nobody can read, where there is one."""
    rows = (
        select(
            ArticleLink.target,
            ArticleLink.topic_id,
            Article.id,
            Article.title,
            Article.language,
        )
        .join(Article, Article.id == ArticleLink.article_id)
        .where(Article.is_published, is_broken())
        .order_by(Article.title, Article.id, ArticleLink.target)
        .limit(most)
    )
    return list(session.execute(rows))


def found_by_words(session: Session, words: str, language: str, most: int) -> list[Row[Any]]:
    """For the choice of what to link to: those in the language first, published ones first."""
    rows = (
        select(Article.slug, Article.language, Article.is_published, Article.title)
        .where(_says(words))
        .order_by(
            (Article.language != language), (~Article.is_published), Article.title, Article.id
        )
        .limit(most)
    )
    return list(session.execute(rows))


def _by_title() -> ColumnElement[str]:
    """Of what stands in the list, as a dictionary has it: accents and opening marks don't count."""
    title: ColumnElement[str] = func.coalesce(Draft.title, Article.title)
    for letter, plain in zip(ACCENTED, PLAIN, strict=True):
        title = func.replace(title, letter, plain)
    for mark in MARKS:
        title = func.replace(title, mark, "")
    return func.lower(title)


def _place(session: Session, cursor: Cursor | None) -> Sequence[Any] | None:
    if cursor is None:
        return None
    row = _joined(select(_by_title(), Article.id)).where(Article.id == cursor.id)
    return session.execute(row).one_or_none()


def _rows_by_key(session: Session, query: Select[Any], *, at: datetime) -> list[Row[Any]]:
    """What an entry says of itself is asked only of those that are shown: the order is found by
    looking at all."""
    only = query.with_only_columns(Article.id, maintain_column_froms=True)
    keys = session.scalars(only, {"at": at}).all()
    found = {row.id: row for row in session.execute(_entries().where(Article.id.in_(keys)))}
    return [found[key] for key in keys]


def _rows(session: Session, query: Select[Any], *, at: datetime) -> list[Row[Any]]:
    return list(session.execute(query, {"at": at}))


def _known() -> ColumnElement[bool]:
    """Not what nobody has read and somebody has thrown away."""
    return or_(Article.number > 0, Draft.id.is_not(None))


@cache
def _has_broken() -> ColumnElement[bool]:
    links = select(ArticleLink.id).where(ArticleLink.article_id == Article.id, is_broken())
    return and_(Article.is_published, links.exists())


_LAST_PUBLISHED: Final = select(
    *LAST_CHANGE,
    *(
        select(model.id).order_by(model.id.desc()).limit(1).scalar_subquery()
        for model in (ArticleVersion, ArticleLink)
    ),
)


def _last_published(session: Session) -> tuple[Any, ...]:
    """Another one after whatever is published, withdrawn or led elsewhere."""
    return tuple(session.connection().execute(_LAST_PUBLISHED).one())


def _count(session: Session, states: tuple[State, ...], at: datetime) -> dict[State, int]:
    row = session.execute(_counts(states), {"at": at}).one()
    return {state: getattr(row, state.value) for state in states}


@cache
def _counts(states: tuple[State, ...]) -> Rows:
    return select(*(_counted(state).label(state.value) for state in states))


def _counted(state: State) -> Any:
    some = _joined(select(literal(1))).where(_known(), _of_states()[state]).limit(COUNT_TO)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


@cache
def _of_states() -> Mapping[State, ColumnElement[bool]]:
    """What is due is so at the moment `at`."""
    return {
        State.ALL: literal(True),
        State.REVIEW: Draft.state == "in_review",
        State.DRAFTS: Draft.state == "draft",
        State.PUBLISHED: and_(Article.is_published),
        State.WITHDRAWN: and_(Article.number > 0, ~Article.is_published),
        State.OUTDATED: and_(Article.is_published, is_outdated()),
        State.DUE: and_(Article.is_published, Topic.review_by <= bindparam("at")),
        State.BROKEN: _has_broken(),
    }


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_of_states()[wanted.state]]
    same = {
        Article.language: wanted.language,
        Topic.module_tag: wanted.module,
        Topic.audience: wanted.audience,
        Topic.owner_id: wanted.owner,
    }
    conditions += [column == value for column, value in same.items() if value]
    if wanted.category is not None:
        below = select(Category.id).where(Category.parent_id == wanted.category)
        conditions.append(or_(Topic.category_id == wanted.category, Topic.category_id.in_(below)))
    if wanted.words:
        conditions.append(or_(_says(wanted.words), _drafted(wanted.words)))
    return conditions


def _says(words: str) -> ColumnElement[bool]:
    return and_(
        true(),
        *(
            or_(
                Article.title.icontains(word, autoescape=True),
                Article.slug.icontains(word, autoescape=True),
            )
            for word in words.split()[:8]
        ),
    )


def _drafted(words: str) -> ColumnElement[bool]:
    return and_(
        true(), *(Draft.title.icontains(word, autoescape=True) for word in words.split()[:8])
    )
