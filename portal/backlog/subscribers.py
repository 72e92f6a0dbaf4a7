"""What becomes of an idea is told the tracker."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.backlog.service import bringing
from portal.foundation.outbox import Event, Handler
from portal.ideas.happenings import EDITED, MERGED, MOVED
from portal.ideas.models import FeatureRequest


def follow(session: Session, happened: Event) -> None:
    told = happened.payload
    if "after" in told:  # the same news, for further people
        return
    for name in ("request_id", "into_id"):
        idea = session.get(FeatureRequest, UUID(told[name])) if name in told else None
        if idea is not None:
            bringing.follow(session, idea, at=happened.at)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    MOVED: (follow,),
    EDITED: (follow,),
    MERGED: (follow,),
}
