"""Pictures that nobody needs: no article shows them, no film, and no text that may come back."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import User
from portal.kb.addresses import FILES
from portal.kb.models import ArticleVersion, Draft, FileUse, KbFile, Video

_WRITTEN: Final = re.compile(rf"{FILES}/([0-9a-f-]{{36}})")
TOGETHER: Final = 500


def unused(session: Session, before: datetime) -> Sequence[UUID]:
    """The latest first; of those that came later nobody knows yet. Reads every text that shows a
    picture."""
    drawn = aliased(KbFile)
    rows = select(KbFile.id).where(
        KbFile.width.is_not(None),
        KbFile.created_at < before,
        ~select(FileUse.id).where(FileUse.file_id == KbFile.id).exists(),
        ~select(Video.id).where(Video.poster_id == KbFile.id).exists(),
        ~select(drawn.id).where(drawn.original_id == KbFile.id).exists(),
    )
    found = session.scalars(rows.order_by(KbFile.created_at.desc(), KbFile.id)).all()
    written = set(_written(session)) if found else set()
    return [key for key in found if str(key) not in written]


def _written(session: Session) -> Iterator[str]:
    for model in (Draft, ArticleVersion):
        texts = select(model.body).where(model.body.contains(f"{FILES}/", autoescape=True))
        for body in session.scalars(texts.execution_options(yield_per=TOGETHER)):
            yield from _WRITTEN.findall(body)


def described(session: Session, keys: Collection[UUID]) -> Sequence[Any]:
    """With who brought them; in the order of `unused`."""
    rows = (
        select(KbFile.id, KbFile.filename, KbFile.size, KbFile.created_at, User.name.label("by"))
        .outerjoin(User, User.id == KbFile.uploaded_by)
        .where(KbFile.id.in_(keys))
    )
    return session.execute(rows.order_by(KbFile.created_at.desc(), KbFile.id)).all()


def files(session: Session, keys: Collection[UUID]) -> Sequence[KbFile]:
    return session.scalars(select(KbFile).where(KbFile.id.in_(keys))).all()
