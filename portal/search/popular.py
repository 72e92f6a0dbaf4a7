"""What many look for, in the words of many: what one company alone says stays there.

The log is read as the platform, the newest rows of some weeks through the index on their time. What
nobody found is left to the gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.search.models import Query

COMPANIES: Final = 3  # that must have looked for it
PEOPLE: Final = 4
PERIOD: Final = timedelta(weeks=6)
LOOKED_AT: Final = 20_000
LONGEST: Final = 60  # characters; what is longer is somebody's story


@dataclass(frozen=True, slots=True)
class Popular:
    words: str
    people: int
    module: str  # where most of them were, or ""


def popular(session: Session, language: str, *, at: datetime) -> Sequence[Popular]:
    """Most people first. The session has to see all companies."""
    newest = (
        select(Query.words, Query.builder_id, Query.visitor, Query.module)
        .where(Query.at >= at - PERIOD)
        .where(Query.language == language, Query.hits > 0, Query.surface != "api")
        .order_by(Query.at.desc(), Query.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    words = func.lower(newest.c.words)
    people = func.count(newest.c.visitor.distinct())
    rows = session.execute(
        select(words, people, func.max(newest.c.module))
        .where(func.length(newest.c.words) <= LONGEST)
        .group_by(words)
        .having(func.count(newest.c.builder_id.distinct()) >= COMPANIES, people >= PEOPLE)
        .order_by(people.desc(), words)
        .limit(50)
    )
    return [Popular(said, number, module) for said, number, module in rows]
