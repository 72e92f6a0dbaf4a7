"""Where what is asked for is found: on PostgreSQL in the table itself, else in a Whoosh index that
follows the table, and without one in the table, slowly."""

from sqlalchemy.orm import Session

from portal.search.engines import postgres, table
from portal.search.engines.base import INDEX, Candidates, Engine
from portal.search.engines.embedded import Embedded
from portal.search.standing import Standing

__all__ = ["Candidates", "Engine", "engine_of"]


def engine_of(session: Session, standing: Standing) -> Engine:
    """For one question."""
    if postgres.is_postgres(session):
        return postgres.Postgres(session.info.get(postgres.LISTS) or postgres.Lists(), standing)
    index = session.info.get(INDEX)
    return Embedded(index, standing) if index is not None else table.ENGINE
