"""That "?" was pressed, where, and how much there was to show."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.guidance.models import Press
from portal.guidance.queries.contextual import Context


def record(
    session: Session, found: Context, *, visitor: str, by: Actor | None, at: datetime
) -> Press:
    """`visitor` is the digest of whoever pressed; `by` is None for somebody without an account.
    Only the address's normal form is kept: nobody's names or ids."""
    press = Press(
        page_key=found.page_key,
        module=found.module,
        path=found.path,
        shown=found.shown,
        visitor=visitor,
        builder_id=by.builder_id if by else None,
        user_id=by.user_id if by else None,
        plan=by.plan if by else "",
        role=by.role if by else "",
        at=at,
    )
    session.add(press)
    return press
