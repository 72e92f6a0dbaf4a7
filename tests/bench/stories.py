"""Tickets as the product itself files, answers, breaks and closes them: what copies are made of.

Every one has five messages. They go through the product's own services, so whatever the product
writes beside a ticket (history, clocks, steps, notifications) is on them too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.ticket_states import Verb
from portal.policy.pack import Pack
from portal.tickets.models import Ticket
from portal.tickets.service import assignment, conversation, states
from portal.tickets.service.conversation import Writing
from portal.tickets.service.filing import NewTicket, file_ticket

HOUR = timedelta(hours=1)
ASKED = (
    "Since this morning the **schedule** of the Elm Street project stays empty.\n\n"
    "1. Open the project\n2. Choose *Schedule*\n3. Wait\n\n"
    "The crew leaves at 13:00, so we need it before. `Error 4711` shows for a moment.\n"
)
ANSWERED = (
    "Hello, thank you for the steps. We see the same on our side and have found the cause:\n\n"
    "- the import of *last night* left one task without an end date\n"
    "- the page refuses to draw a task that never ends\n\n"
    "We are putting that right (our reference is 4711); please reload in [ten minutes](https://status.example.org/).\n"
)
NOTED = "Task 88121 has no end. Same as last month, see the import log 4711."


@dataclass(frozen=True, slots=True)
class Story:
    """`share` of all tickets, in thousandths. `age`: how long before now it began."""

    name: str
    share: int
    severity: int  # how grave, as an index into the pack's severities
    age: timedelta
    play: "Play"


@dataclass(frozen=True, slots=True)
class Stage:
    session: Session
    pack: Pack
    customer: Actor
    agent: Actor

    def open(self, story: Story, at: datetime) -> Ticket:
        severities = list(self.pack.severities)
        new = NewTicket(
            subject=f"The schedule stays empty ({story.name})",
            description=ASKED,
            severity=severities[min(story.severity, len(severities) - 1)],
            category=next(iter(self.pack.categories)),
            team="",
            source="in_app",
            channel=next(iter(self.pack.channels)),
            module="scheduling",
            context_url="/projects/7/schedule",
            context={"browser": "Firefox 145", "os": "Windows 11", "viewport": "1440 × 900"},
        )
        return file_ticket(self.session, self.pack, new, by=self.customer, at=at).ticket

    def take(self, ticket: Ticket, at: datetime) -> None:
        assignment.take(self.session, ticket, by=self.agent, at=at)

    def ask(self, ticket: Ticket, at: datetime) -> None:
        writing = Writing(ASKED)
        conversation.reply_as_customer(self.session, ticket, writing, by=self.customer, at=at)

    def answer(self, ticket: Ticket, at: datetime, then: Verb = Verb.REPLY_BY_AGENT) -> None:
        conversation.reply_as_agent(
            self.session,
            ticket,
            Writing(ANSWERED),
            by=self.agent,
            at=at,
            undo_seconds=self.pack.lifecycle.undo_send_seconds,
            then=then,
        )

    def note(self, ticket: Ticket, at: datetime) -> None:
        conversation.note(self.session, ticket, Writing(NOTED), by=self.agent, at=at)

    def close(self, ticket: Ticket, at: datetime) -> None:
        states.close(self.session, ticket, by=self.customer, at=at)


Play = Callable[[Stage, Ticket, datetime], None]


def _finished(stage: Stage, ticket: Ticket, at: datetime) -> None:
    _solved(stage, ticket, at)
    stage.close(ticket, at + 30 * HOUR)


def _solved(stage: Stage, ticket: Ticket, at: datetime) -> None:
    stage.take(ticket, at + HOUR / 2)
    stage.answer(ticket, at + HOUR)
    stage.ask(ticket, at + 2 * HOUR)
    stage.note(ticket, at + 3 * HOUR)
    stage.ask(ticket, at + 4 * HOUR)
    stage.answer(ticket, at + 5 * HOUR, Verb.RESOLVE)


def _unanswered(stage: Stage, ticket: Ticket, at: datetime) -> None:
    for count in range(1, 6):
        stage.ask(ticket, at + count * HOUR / 60)


def _in_hand(stage: Stage, ticket: Ticket, at: datetime) -> None:
    stage.take(ticket, at + HOUR / 10)
    stage.answer(ticket, at + HOUR / 5)
    stage.ask(ticket, at + HOUR / 4)
    stage.note(ticket, at + HOUR / 3)
    stage.answer(ticket, at + HOUR / 2)
    stage.ask(ticket, at + HOUR)


def _waiting(stage: Stage, ticket: Ticket, at: datetime) -> None:
    stage.take(ticket, at + HOUR / 10)
    stage.answer(ticket, at + HOUR / 5)
    stage.ask(ticket, at + HOUR / 4)
    stage.ask(ticket, at + HOUR / 3)
    stage.note(ticket, at + HOUR / 2)
    stage.answer(ticket, at + HOUR, Verb.ASK_CUSTOMER)


STORIES = (
    Story("finished", 880, 2, timedelta(days=4), _finished),
    Story("finished, grave", 55, 1, timedelta(days=4), _finished),
    Story("solved", 20, 2, timedelta(hours=12), _solved),
    Story("unanswered", 10, 2, timedelta(minutes=15), _unanswered),
    Story("in hand", 15, 2, timedelta(hours=2), _in_hand),
    Story("waiting", 12, 2, timedelta(hours=2), _waiting),
    Story("overdue", 8, 1, timedelta(days=3), _unanswered),
)
UNANSWERED = next(story for story in STORIES if story.name == "unanswered")


def played(stage: Stage, story: Story, now: datetime) -> UUID:
    """The id of a ticket that lived through the story, which began `story.age` before now."""
    at = now - story.age
    ticket = stage.open(story, at)
    stage.session.flush()
    story.play(stage, ticket, at)
    stage.session.flush()
    return ticket.id
