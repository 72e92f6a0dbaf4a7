"""Every query sees one tenant, or says aloud that it is the platform's.

A session carries its reach in `session.info`; a model that mixes in `Tenanted` can't be
read before the reach is set. `text()` and `Model.__table__` go round this and are refused
by a convention test.

The second wall is PostgreSQL's own: each transaction says first for whom it is, and the policies of
migration 0008 show and take the rows of that tenant alone; of nobody, where it says nothing. That
is one question more a transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Result, Select, bindparam, event, func, select
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)

PLATFORM: Final = "platform"
SETTING: Final = "corbel.tenant"
"""Of a PostgreSQL transaction; the policies read it."""
_KEY: Final = "tenant"
_OPEN: Final = "tenancy.connection"
_DEAF: Final = frozenset({"INERROR", "UNKNOWN"})  # a transaction that has failed, a lost connection
_SAY: Final = select(func.set_config(SETTING, bindparam("tenant"), True))  # for the transaction


class NoTenant(RuntimeError):
    """A tenanted model was read before `see()` said for whom."""

    def __init__(self) -> None:
        super().__init__("say for whom with see(session, tenant) first")


class ForeignRow(RuntimeError):
    """A row of one tenant was about to be written by another's session."""


class Tenanted:
    """Mixin: the row belongs to a builder (NULL: a guest of the platform).

    No index by default: planners would prefer it to a better one, since every query names it.
    """

    @declared_attr
    def builder_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("builders.id"))


def see(session: Session, tenant: UUID | str) -> None:
    """Set whose rows the session may touch: a builder's id, or PLATFORM for its staff."""
    known = session.info.get(_KEY)
    if known is not None and known != tenant:
        # the identity map would hand out the other tenant's rows
        session.expunge_all()
    _turn_to(session, tenant)


@contextmanager
def seeing(session: Session, tenant: UUID | str) -> Iterator[None]:
    """As `see`, for as long as the block lasts: for a session that speaks for nobody yet."""
    former = tenant_of(session)
    see(session, tenant)
    try:
        yield
        session.flush()
    finally:
        _turn_to(session, former)


@contextmanager
def looking_past(session: Session) -> Iterator[Connection]:
    """For columns of everybody's rows: whose host is this? The session's objects stay its own."""
    former = tenant_of(session)
    session.flush()
    _turn_to(session, PLATFORM)
    try:
        yield session.connection()
    finally:
        _turn_to(session, former)


def _turn_to(session: Session, tenant: UUID | str | None) -> None:
    """In the middle of a transaction the database is told at once."""
    turned = session.info.get(_KEY) != tenant
    session.info[_KEY] = tenant
    connection: Connection | None = session.info.get(_OPEN)
    if turned and connection is not None:
        _say(connection, tenant)


def _say(connection: Connection, tenant: UUID | str | None) -> None:
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status.name not in _DEAF:
        connection.execute(_SAY, {"tenant": "" if tenant is None else str(tenant)})


@event.listens_for(Session, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested or connection.dialect.name != "postgresql":
        return
    session.info[_OPEN] = connection
    tenant = tenant_of(session)
    if tenant is not None:
        _say(connection, tenant)


@event.listens_for(Session, "after_soft_rollback")
def _step_back(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint takes back what was said since."""
    connection: Connection | None = session.info.get(_OPEN)
    if transaction.nested and connection is not None:
        _say(connection, tenant_of(session))


@event.listens_for(Session, "after_transaction_end")
def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_OPEN, None)


def tenant_of(session: Session) -> UUID | str | None:
    tenant: UUID | str | None = session.info.get(_KEY)
    return tenant


@event.listens_for(Session, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    if not (state.is_select or state.is_update or state.is_delete):
        return
    tenant = tenant_of(state.session)
    if tenant is None:
        if any(issubclass(mapper.class_, Tenanted) for mapper in state.all_mappers):
            raise NoTenant
        return
    if tenant != PLATFORM:
        state.statement = _narrowed(state.statement, tenant)


def read_rows(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, object]
) -> Result[*tuple[Any, ...]]:
    """Columns of own rows, past what the session does for objects. Raises NoTenant.

    For statements that are put together once; with others `session.execute` is quicker, because
    SQLAlchemy's connection fits the names of the columns to each new statement.
    """
    tenant = tenant_of(session)
    if tenant is None:
        raise NoTenant
    session.flush()
    own = statement if tenant == PLATFORM else _narrowed(statement, tenant)
    return session.connection().execute(own, values)


@lru_cache(maxsize=256)
def _narrowed(statement: Any, tenant: UUID | str) -> Any:
    """Kept, for the statements that every page of a tenant asks."""
    return statement.options(_only_of(tenant))


@lru_cache(maxsize=256)
def _only_of(tenant: UUID | str) -> LoaderCriteriaOption:
    return with_loader_criteria(
        Tenanted,
        lambda cls: cls.builder_id == tenant,
        include_aliases=True,
        track_closure_variables=True,
    )


@event.listens_for(Session, "before_flush")
def _write_only_own_rows(session: Session, _context: Any, _instances: Any) -> None:
    refuse_foreign(session, [*session.new, *session.dirty, *session.deleted])


def refuse_foreign(session: Session, rows: Iterable[object]) -> None:
    """Raises ForeignRow for a row that is not of the session's tenant."""
    tenant = tenant_of(session)
    if tenant is None or tenant == PLATFORM:
        return
    for row in rows:
        if isinstance(row, Tenanted) and row.builder_id != tenant:
            raise ForeignRow(f"{type(row).__name__} {row.id} belongs to another tenant")  # type: ignore[attr-defined]
