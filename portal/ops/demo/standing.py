"""The demo's community: who takes part, a builder that hides its name, and a restriction that is
over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.community.service import points, restrictions, settings
from portal.community.service.restrictions import Wish
from portal.community.service.settings import Choice
from portal.core.permissions import Actor

MEMBERS: Final = ("pm@acme.test", "owner@birch.test", "owner@cedar.test", "rita@ledger.test")
HIDDEN: Final = "owner@birch.test"
REASON: Final = (
    "You posted the same advertisement in five threads. Please write about building and about the "
    "platform; we are glad to have you back next week."
)
APPEAL: Final = "I thought that it would help others. It won’t happen again."
ANSWER: Final = "Thank you, we believe you. You can write again from today on."


def stand(session: Session, actors: Mapping[str, Actor], now: datetime) -> None:
    lead, admin, hidden = actors["lead@corbel.test"], actors["admin@corbel.test"], actors[HIDDEN]
    began = now - timedelta(days=59)
    for email in MEMBERS:
        user_id = actors[email].user_id
        if user_id is not None:
            points.taking_part(session, user_id, at=began)
    settings.save(session, Choice(shows_name=False), by=hidden, at=began)
    wish = Wish(REASON, now - timedelta(days=40), user_id=hidden.user_id)
    row = restrictions.restrict(session, wish, by=lead, at=now - timedelta(days=47))
    restrictions.appeal(session, row, APPEAL, by=hidden, at=now - timedelta(days=46))
    restrictions.grant_appeal(session, row, ANSWER, by=admin, at=now - timedelta(days=45))
