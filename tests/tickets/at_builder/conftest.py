"""A client's ticket at Acme's own desk."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.policy import desk_rules
from portal.tickets.models import Ticket
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def asked(session: Session, world: World) -> Ticket:
    """Clara's appointment page does not work; what she wrote names her."""
    ticket = filed(
        session,
        desk_rules.model_for(session, world.client),
        world.client,
        EARLIER,
        subject="My appointment shows an hour too late",
        description="It is at nine. My policy number is 4471.",
        severity="normal",
        category="bug",
        intent="site-issue",
    )
    session.commit()
    return ticket


def look_again(session: Session) -> None:
    """What others have written since is seen only by who begins anew."""
    session.rollback()
    session.expire_all()
