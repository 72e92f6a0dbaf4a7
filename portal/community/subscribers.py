"""Who hears that somebody was restricted, and of their appeal."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.community.happenings import ANSWERED, APPEALED, LIFTED, RESTRICTED
from portal.community.models import Restriction
from portal.community.queries import restrictions as queries
from portal.foundation.outbox import Event, Handler
from portal.notifications.queries import admins_of
from portal.notifications.service import notify

OWN = "/community/restriction"


def tell_restricted(session: Session, happened: Event) -> None:
    if row := _restriction(session, happened):
        kind = "restricted" if row.user_id is not None else "company_restricted"
        _tell(session, happened, row, _whom(session, row), kind)


def tell_lifted(session: Session, happened: Event) -> None:
    if row := _restriction(session, happened):
        _tell(session, happened, row, _whom(session, row), "restriction_lifted")


def tell_answered(session: Session, happened: Event) -> None:
    if row := _restriction(session, happened):
        asked = [row.appealed_by, *_whom(session, row)]
        _tell(session, happened, row, asked, "appeal_answered")


def tell_leads(session: Session, happened: Event) -> None:
    if row := _restriction(session, happened):
        path = f"/community/restrictions/{row.id}"
        _tell(session, happened, row, queries.leads(session), "restriction_appealed", path)


def _restriction(session: Session, happened: Event) -> Restriction | None:
    """None, where the person was erased meanwhile."""
    return queries.one(session, UUID(happened.payload["restriction_id"]))


def _whom(session: Session, row: Restriction) -> Sequence[UUID]:
    if row.builder_id is not None:
        return admins_of(session, row.builder_id)
    return [row.user_id] if row.user_id is not None else []


def _tell(
    session: Session,
    happened: Event,
    row: Restriction,
    people: Iterable[UUID | None],
    kind: str,
    url: str = OWN,
) -> None:
    name = queries.whom(session, [row]).name(row)
    facts = {"due": row.ends_at.isoformat(), "name": name}
    notify(session, people, kind, facts=facts, url=url, at=happened.at, event_id=happened.id)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    RESTRICTED: (tell_restricted,),
    LIFTED: (tell_lifted,),
    APPEALED: (tell_leads,),
    ANSWERED: (tell_answered,),
}
