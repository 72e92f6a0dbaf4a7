"""What editors do about what readers missed: set it aside, take it back, begin to write."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.gaps import is_back
from portal.core.permissions import Actor, Permission
from portal.foundation.collisions import TAKEN, refusing
from portal.gaps.models import Settled
from portal.gaps.queries import trouble as queries
from portal.gaps.queries.trouble import Trouble
from portal.kb.models import Draft
from portal.kb.service import drafting
from portal.kb.service.drafting import Placing, Text

SEARCHED: Final = frozenset({"nothing_found", "not_opened"})


class SettledAlready(ValueError):
    """Somebody else has set it aside meanwhile."""


def is_open(trouble: Trouble) -> bool:
    return trouble.settled is None or is_back(trouble.since, trouble.settled.people)


def settle(
    session: Session, trouble: Trouble, fate: str, reason: str, *, by: Actor, at: datetime
) -> Settled:
    """`fate`: done or dismissed. Raises SettledAlready."""
    by.require(Permission.WRITE_ARTICLES)
    row = queries.settled(session, trouble.kind, trouble.key)
    if row is not None and not is_open(trouble):
        raise SettledAlready
    row = row or Settled(kind=trouble.kind, key=trouble.key)
    row.fate, row.reason, row.people = fate, reason, trouble.people
    row.at, row.by_id, row.by_name = at, by.user_id, by.name
    with refusing(session, SettledAlready(), TAKEN):
        session.add(row)
    return row


def reopen(session: Session, kind: str, key: str, *, by: Actor) -> None:
    """Nothing happens to what is open."""
    by.require(Permission.WRITE_ARTICLES)
    row = queries.settled(session, kind, key)
    if row is not None:
        session.delete(row)
        session.flush()


def begin(
    session: Session, trouble: Trouble, title: str, language: str, *, by: Actor, at: datetime
) -> Draft:
    """A draft about it, to be found by the words that people looked for; `language` where the
    trouble has none."""
    written_in = trouble.language or language
    placing = Placing(module_tag=trouble.module, original_language=written_in)
    looked_for = (trouble.name[: drafting.LABEL_LONGEST],) if trouble.kind in SEARCHED else ()
    text = Text(slug="", title=title[: drafting.TITLE_LONGEST], labels=looked_for)
    return drafting.begin(session, placing, written_in, text, by=by, at=at)
