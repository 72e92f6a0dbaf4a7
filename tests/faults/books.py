"""What a running system's database holds, read past its processes, and people to act with."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.accounts.models import Builder, SupportAgent
from portal.background import create_background
from portal.config import Settings
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.db import reading, session_factory
from portal.foundation.deliveries import Delivery
from portal.foundation.numbers import FIRST
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.ops import ticking
from portal.policy.loader import load_pack
from portal.tickets.models import ClockRow, StepRow, Ticket, TicketEvent
from portal.tickets.service.filing import file_ticket
from tests.fixtures.live import Live
from tests.tickets.making import new_ticket


class Books:
    """As a context: within it, services of the product can be called here too."""

    def __init__(self, system: Live) -> None:
        settings = {f"CORBEL_{name}": value for name, value in system.settings.items()}
        app = create_background(Settings.from_env(settings | {"CORBEL_DATA": str(system.data)}))
        self.context = app.app_context()
        self.runtime = runtime_of(app)
        self.engine = self.runtime.engine
        self.pack = load_pack(self.runtime.settings.pack)
        self.writers = session_factory(self.engine)  # without a bell
        self.readers = session_factory(reading(self.engine))  # and in nobody's way
        self.builder: Builder | None = None

    def __enter__(self) -> "Books":
        self.context.push()
        return self

    def __exit__(self, *_error: object) -> None:
        self.context.pop()
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.writers.begin() as session:
            see(session, PLATFORM)
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.readers.begin() as session:
            see(session, PLATFORM)
            yield session

    # People

    def hire(self, agents: int = 2) -> None:
        """Agents who never have enough."""
        with self.write() as session:
            for number in range(1, agents + 1):
                member = accounts.add_member(
                    session,
                    email=f"agent{number}@corbel.test",
                    name=f"Agent {number}",
                    role=Role.AGENT,
                    builder=None,
                    password="",
                    at=utcnow(),
                )
                session.add(
                    SupportAgent(
                        user_id=member.user_id,
                        display_name=member.user.name,
                        tier=1,
                        max_active_tickets=10_000,
                    )
                )

    def enrol(self, email: str, password: str = "") -> Actor:
        """An owner of the one builder there is."""
        with self.write() as session:
            if self.builder is None:
                self.builder = accounts.add_builder(
                    session, "acme", "Acme Homes", "business", created_at=utcnow()
                )
            member = accounts.add_member(
                session,
                email=email,
                name=email.partition("@")[0].title(),
                role=Role.OWNER,
                builder=session.get_one(Builder, self.builder.id),
                password=password,
                at=utcnow(),
            )
            return accounts.actor(member, None)

    def token(self, email: str) -> str:
        with self.write() as session:
            return accounts.create_token(session, email, "faults", at=utcnow()).plain

    # Work to do

    def file(self, by: Actor, count: int, at: datetime | None = None, **changes: str) -> None:
        """Tickets in one transaction, with nobody rung: a backlog for whoever sweeps next."""
        with self.write() as session:
            for number in range(count):
                new = new_ticket(**{"subject": f"Case {number}"} | changes)
                file_ticket(session, self.pack, new, by=by, at=at or utcnow())

    def tick(self, at: datetime) -> int:
        """What `corbel tick` does, without the seconds in which it starts; how much it did."""
        return ticking.tick(self.runtime, at, within=timedelta(hours=1))

    def undone(self) -> int:
        """Events that somebody still has to deal with, and letters that haven't left."""
        with self.read() as session:
            events = select(func.count()).where(
                OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None)
            )
            letters = select(func.count()).where(Delivery.status == "queued")
            return (session.scalar(events) or 0) + (session.scalar(letters) or 0)

    def dealt_with(self) -> int:
        with self.read() as session:
            return session.scalar(select(func.count()).where(OutboxEvent.done_at.is_not(None))) or 0

    def dead(self) -> list[str]:
        """What was given up, with the reason."""
        with self.read() as session:
            events = session.scalars(select(OutboxEvent).where(OutboxEvent.dead_at.is_not(None)))
            return [f"{event.kind}: {event.error}" for event in events]

    # What must be true

    def subjects(self) -> Counter[str]:
        with self.read() as session:
            return Counter(session.scalars(select(Ticket.subject)))

    def assert_nothing_is_half(self) -> None:
        """Each ticket with its number, opened event, clocks, steps and outbox row; none without."""
        with self.read() as session:
            tickets = session.scalars(select(Ticket)).all()
            every = {ticket.id for ticket in tickets}
            opened = session.scalars(
                select(TicketEvent.ticket_id).where(TicketEvent.kind == "opened")
            ).all()
            told = session.scalars(
                select(OutboxEvent.payload).where(OutboxEvent.kind == "ticket.opened")
            ).all()
            clocks = set(session.scalars(select(ClockRow.ticket_id)))
            steps = set(session.scalars(select(StepRow.ticket_id)))
        numbers = sorted(ticket.number for ticket in tickets)
        assert numbers == list(range(FIRST, FIRST + len(numbers)))
        assert Counter(opened) == Counter(every)
        assert Counter(payload["ticket_id"] for payload in told) == Counter(map(str, every))
        assert clocks == every
        assert steps == every

    def times_each(self, kind: str) -> Counter[int]:
        """How often the timeline of each ticket has this kind, counted: {1: 40} is once each."""
        with self.read() as session:
            found = Counter(
                session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.kind == kind))
            )
        return Counter(found.values())

    def steps_fired(self) -> list[tuple[datetime | None, str]]:
        with self.read() as session:
            fired = select(StepRow).where(StepRow.fired_at.is_not(None))
            return [(row.fired_at, row.do) for row in session.scalars(fired)]
