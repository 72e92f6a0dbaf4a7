"""What follows at once from what happened to accounts."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from portal.accounts.service.sessions import ENDED
from portal.foundation.afterwards import after_commit
from portal.foundation.outbox import Event, Handler
from portal.foundation.realtime import publish
from portal.foundation.runtime import current_runtime


def hang_up(session: Session, happened: Event) -> None:
    """The open streams of browsers that are signed out end."""
    topics = [f"login:{key}" for key in happened.payload["login_ids"]]
    after_commit(
        session,
        f"hang up {happened.id}",
        partial(publish, current_runtime().doorbell, topics),
    )


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {ENDED: (hang_up,)}
