"""A tracker on this machine, and a platform that is connected to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.backlog import courier
from portal.backlog.models import BacklogItem, Kind
from portal.backlog.service import connecting
from portal.backlog.service.bringing import KIND
from portal.backlog.service.connecting import Draft, Means
from portal.foundation import deliveries, outbox
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.world import NOW, World
from tests.support.trackers import (
    ACCOUNT,
    API_KEY,
    TOKEN,
    Standing,
    StandInJira,
    StandInLinear,
)


@pytest.fixture
def jira() -> Iterator[StandInJira]:
    with StandInJira() as running:
        yield running


@pytest.fixture
def linear() -> Iterator[StandInLinear]:
    with StandInLinear() as running:
        yield running


@pytest.fixture(params=[Kind.JIRA, Kind.LINEAR])
def tracker(request: pytest.FixtureRequest) -> Standing:
    """Each of them in turn."""
    found: Standing = request.getfixturevalue(request.param.value)
    return found


PointAt = Callable[[StandInLinear], None]


@pytest.fixture
def point_at(runtime: Runtime) -> PointAt:
    """Linear is there."""

    def pointed(standing: StandInLinear) -> None:
        runtime.settings = replace(runtime.settings, linear_url=standing.url)

    return pointed


Connect = Callable[..., None]
"""connect(jira, begins_at="planned")"""


@pytest.fixture
def connect(runtime: Runtime, session: Session, world: World, point_at: PointAt) -> Connect:
    def made(standing: Standing, *, seen: int = 0, at: datetime = NOW, **fields: str) -> None:
        if isinstance(standing, StandInLinear):
            draft = Draft(Kind.LINEAR, "ENG", token=API_KEY)
            point_at(standing)
        else:
            draft = Draft(Kind.JIRA, "ENG", standing.url, ACCOUNT, "Task", token=TOKEN)
        means = Means(runtime.sealing_key, runtime.settings.linear_url, loopback=True)
        draft = replace(draft, **fields)
        connecting.save(session, draft, means, seen=seen, by=world.admin, at=at)
        session.commit()

    return made


Happen = Callable[[datetime], None]


@pytest.fixture
def happen(runtime: Runtime, session: Session) -> Happen:
    """What worker and clock do at a time; whatever the courier rested from is over."""

    def worked(at: datetime) -> None:
        session.commit()
        while outbox.drain(runtime.writers, runtime.subscribers, at=at):
            pass
        settings = runtime.settings
        means = Means(runtime.sealing_key, settings.linear_url, loopback=True)
        fresh = courier.Courier(runtime.writers, means, settings.base_url)
        deliveries.send_due(runtime.writers, {KIND: courier.channel(fresh)}, at=lambda: at)
        session.rollback()
        see(session, PLATFORM)
        session.expire_all()

    return worked


@pytest.fixture
def item(session: Session) -> Callable[[], BacklogItem]:
    """The one that there is."""
    return lambda: session.scalars(select(BacklogItem)).one()
