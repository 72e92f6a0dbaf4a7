"""What else people are told of: their company's own names."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.branding.hosts import LAPSED
from portal.foundation.outbox import Event, Handler
from portal.notifications import queries
from portal.notifications.service import About, notify

DOMAINS = "/company/domains"


def tell_lapsed(session: Session, happened: Event) -> None:
    """Those who can set it right."""
    builder_id = UUID(happened.payload["of_builder"])
    notify(
        session,
        queries.admins_of(session, builder_id),
        "domain_lapsed",
        facts={"host": happened.payload["host"]},
        url=DOMAINS,
        at=happened.at,
        event_id=happened.id,
        about=About(builder_id=builder_id, headline=""),
    )


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {LAPSED: (tell_lapsed,)}
