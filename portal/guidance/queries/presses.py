"""Where "?" was pressed and nobody knew the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from portal.guidance.models import Press

MOST = 200


@dataclass(frozen=True, slots=True)
class Unknown:
    """An address that no rule knew, with ids as {id}: how often, by how many, when last."""

    path: str
    times: int
    people: int
    last: datetime


def unknown(session: Session, since: datetime) -> Sequence[Unknown]:
    """Those where most people asked first."""
    people = func.count(distinct(Press.visitor))
    rows = (
        select(Press.path, func.count(), people, func.max(Press.at))
        .where(Press.page_key == "", Press.path != "", Press.at >= since)
        .group_by(Press.path)
        .order_by(people.desc(), func.count().desc(), Press.path)
        .limit(MOST)
    )
    return [Unknown(*row) for row in session.execute(rows)]
