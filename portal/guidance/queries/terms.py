"""Terms for editors."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.guidance.models import Term


def terms(session: Session) -> Sequence[Term]:
    return session.scalars(select(Term).order_by(Term.module, Term.key)).all()


def term(session: Session, key: UUID) -> Term | None:
    return session.get(Term, key)


def term_by_key(session: Session, key: str) -> Term | None:
    return session.scalar(select(Term).where(Term.key == key))
