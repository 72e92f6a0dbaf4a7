"""A running system on a database that was filled before: two companies, the platform's staff, and
what one of the companies has."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import User
from portal.accounts.service import create_token, widget_sessions
from portal.accounts.service.passwords import hash_password
from portal.config import Settings
from portal.core.permissions import BUILDER_STAFF, PORTAL, STAFF, Actor, Scope
from portal.foundation.clock import utcnow
from tests.fixtures.live import Live
from tests.fixtures.premises import Premises
from tests.fixtures.prepared import Prepare
from tests.fixtures.world import PASSWORD, Person, World
from tests.journeys.sockets.callers import Somebody

HOST = "https://app.acme.example"  # whose pages have the panel


@pytest.fixture
def now() -> datetime:
    """The system's processes know no other time than the real one."""
    return utcnow()


@pytest.fixture
def people(
    session: Session, world: World, premises: Premises, person: Person, now: datetime
) -> list[Somebody]:
    """One of each role at both companies, and of the staff. None has anything there yet."""

    def tokens(actor: Actor) -> dict[Scope | None, str]:
        return {
            scope: create_token(session, actor.email, "A program", at=now, **narrowed).plain
            for scope in (None, *Scope)
            for narrowed in [{"scopes": [scope]} if scope else {}]
        }

    def panel(actor: Actor) -> str:
        membership = queries.membership_of(session, actor)
        return widget_sessions.open_for(session, membership, None, origin=HOST, at=now).plain

    everybody = []
    for builder in (world.acme, world.birch):
        for role in sorted(BUILDER_STAFF | PORTAL):
            actor = person(role, builder)
            everybody.append(Somebody(actor, builder.slug, tokens(actor), panel(actor)))
    for role in sorted(STAFF):
        actor = person(role, world.acme)
        everybody.append(Somebody(actor, "", tokens(actor)))
    # once for all of them: it is slow on purpose
    session.execute(update(User).values(password_hash=hash_password(PASSWORD)))
    session.commit()
    return everybody


@pytest.fixture
def system(settings: Settings, people: list[Somebody], prepare: Prepare) -> Iterator[Live]:
    """Begun when all is there, so that nobody writes beside it."""
    prepare(settings.data)  # compiled templates: the rest is said by these settings
    running = Live(
        settings.data,
        DATABASE_URL=settings.database_url,
        SECRET_KEY=settings.secret_key,
        WEB_WORKERS="2",
        WEB_THREADS="40",
        MAX_STREAMS="32",
    ).start()
    yield running
    assert running.stop() == 0, "\n".join(running.lines)
