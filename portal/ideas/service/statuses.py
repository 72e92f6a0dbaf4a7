"""What becomes of an idea, and that those who want it are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.ideas.happenings import MOVED
from portal.ideas.models import FeatureRequest, IdeaStatusChange, Status
from portal.ideas.service import finding
from portal.ideas.service.holding import hold
from portal.ideas.service.refusals import NotOpen, ReasonMissing, Unchanged
from portal.ideas.service.submitting import named
from portal.writing.service.masking import masked


@dataclass(frozen=True, slots=True)
class Decision:
    """`note` is read by everybody; where an idea is declined it is the reason. `told_by` names
    another room that tells those who want it, because more than this idea has moved."""

    status: Status
    note: str = ""
    version: str = ""  # in which it shipped
    told_by: str = ""


def decide(
    session: Session, idea: FeatureRequest, decision: Decision, *, by: Actor, at: datetime
) -> IdeaStatusChange:
    """Raises Unchanged, ReasonMissing, NotOpen."""
    by.require(Permission.RUN_IDEAS)
    hold(session, idea)
    _refuse(idea, decision)
    change = IdeaStatusChange(
        request_id=idea.id,
        from_status=idea.status,
        to_status=decision.status,
        by_id=by.user_id,
        by_name=by.name,
        at=at,
        note=masked(decision.note.strip()).text,
    )
    session.add(change)
    shipped, declined = (decision.status == one for one in (Status.SHIPPED, Status.DECLINED))
    idea.status, idea.status_at, idea.updated_at = decision.status, at, at
    idea.shipped_in_version = (decision.version.strip() or None) if shipped else None
    idea.decline_reason = change.note if declined else ""
    session.flush()
    outbox.record(
        session,
        MOVED,
        at=at,
        builder_id=None,
        request_id=str(idea.id),
        change_id=str(change.id),
        status=str(decision.status),
        told_by=decision.told_by,
    )
    audit.record(
        session, "idea.decided", by=by, at=at, about=named(idea), status=str(decision.status)
    )
    finding.tell(session, idea, at=at)
    return change


def _refuse(idea: FeatureRequest, decision: Decision) -> None:
    if idea.merged_into_id is not None:
        raise NotOpen
    if decision.status == Status.DECLINED and not decision.note.strip():
        raise ReasonMissing
    if decision.status == idea.status:
        raise Unchanged
