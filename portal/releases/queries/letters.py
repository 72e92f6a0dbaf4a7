"""Letters about a note that wait to leave."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.foundation.deliveries import QUEUED, Delivery, Status


def keep_back(session: Session, release_id: UUID) -> None:
    """Those that nobody has begun to send."""
    session.execute(
        update(Delivery)
        .where(Delivery.about_id == release_id, QUEUED)
        .values(status=Status.CANCELLED)
        .execution_options(synchronize_session=False)
    )
