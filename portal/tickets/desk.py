"""The agent's ticket screen, put together: rows in, what the page shows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.entitlements import Window
from portal.core.permissions import Actor
from portal.core.sla import Clock
from portal.core.targets import Target
from portal.core.ticket_states import Verb, allowed
from portal.foundation.deliveries import Status
from portal.policy import service as policy
from portal.policy import stages as flow
from portal.policy.pack import Pack, Rule
from portal.policy.wording import Voice
from portal.tickets import stages
from portal.tickets.faces import Face, face_of, is_warned, latest
from portal.tickets.models import (
    Attachment,
    Check,
    Escalation,
    Page,
    Ticket,
)
from portal.tickets.queries import conversation as words
from portal.tickets.queries import desk as rows
from portal.tickets.queries import escalations
from portal.tickets.queries.conversation import EventEntry, MessageEntry
from portal.tickets.queries.desk import Letter
from portal.tickets.queries.entries import ClockEntry, StepEntry
from portal.tickets.queries.neighbours import Neighbour, around
from portal.tickets.service.conversation import EDIT_WINDOW
from portal.tickets.wording import Line, Teller
from portal.writing.models import Draft
from portal.writing.service import drafts

IN_CONVERSATION = frozenset(
    {
        "escalated",
        "paged",
        "resolved",
        "closed",
        "reopened",
        "waiting",
        "severity_changed",
        "followed_up",
        "managers_told",
    }
)
LETTERS = {
    Status.QUEUED: "sending",
    Status.SENT: "sent",
    Status.KEPT: "kept",
    Status.DEAD: "failed",
    Status.CANCELLED: "",
}
PATIENCE = timedelta(minutes=2)  # after which a reply without a letter is said to have none


@dataclass(frozen=True, slots=True)
class Said:
    """A message as its reader sees it. `letter`: sending, sent, kept, failed or nothing."""

    message: MessageEntry
    files: Sequence[Attachment]
    letter: str
    problem: str
    editable: bool
    undo_seconds: int


@dataclass(frozen=True, slots=True)
class Dial:
    """A clock with what was promised and what happens next if nobody moves."""

    face: Face
    target: str
    ahead: Sequence[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A channel of the plan."""

    name: str
    included: bool


@dataclass
class Desk:
    """One ticket for one reader at one moment."""

    ticket: Ticket
    pack: Pack
    voice: Voice
    reader: Actor
    now: datetime
    window: Window | None
    messages: list[tuple[MessageEntry, Letter | None]]
    files: dict[UUID | None, list[Attachment]]
    events: list[EventEntry]
    clocks: list[ClockEntry]
    steps: list[StepEntry]
    checks: dict[str, Check]
    pages: list[Page]
    own_drafts: dict[str, Draft]
    others: list[Neighbour]
    alike: list[Neighbour]
    passed_up: Escalation | None  # by which desk of a builder's, and why

    @cached_property
    def teller(self) -> Teller:
        return Teller(self.voice, self.ticket)

    @property
    def rule(self) -> Rule:
        return self.teller.rule

    @cached_property
    def verbs(self) -> frozenset[Verb]:
        """What the state of the ticket allows; the page offers nothing else."""
        return frozenset(allowed(self.ticket.state))

    @cached_property
    def timeline(self) -> list[Line]:
        return self.teller.timeline(self.events)

    @cached_property
    def conversation(self) -> list[Said | Line]:
        """What was said, with the turns of the story between."""
        said: list[tuple[datetime, Said | Line]] = [
            (message.created_at, self._said(message, letter)) for message, letter in self.messages
        ]
        turns = [(line.at, line) for line in self.timeline if line.kind in IN_CONVERSATION]
        return [one for _, one in sorted([*said, *turns], key=lambda pair: pair[0])]

    def _said(self, message: MessageEntry, letter: Letter | None) -> Said:
        mine = message.sender_id is not None and message.sender_id == self.reader.user_id
        left = (message.leaves_at - self.now).total_seconds()
        return Said(
            message=message,
            files=self.files.get(message.id, ()),
            letter=self._letter(message, letter, left),
            problem=letter.error if letter is not None and letter.status is Status.DEAD else "",
            editable=mine and self.now <= message.created_at + EDIT_WINDOW,
            undo_seconds=int(left) + 1 if mine and left > 0 else 0,
        )

    def _letter(self, message: MessageEntry, letter: Letter | None, left: float) -> str:
        if message.sender_type != "agent" or message.is_internal:
            return ""
        if letter is not None:
            return LETTERS[letter.status]
        return "sending" if left > -PATIENCE.total_seconds() else ""

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer of ours that has left, or an outcome."""
        answers = (
            message.sender_type == "agent" and not message.is_internal
            for message, _ in self.messages
            if message.leaves_at <= self.now
        )
        return any(answers) or any(
            event.kind == "resolved" and event.facts.get("outcome") for event in self.events
        )

    @cached_property
    def leaving(self) -> Said | None:
        """The reader's own reply that can still be taken back."""
        said = [one for one in self.conversation if isinstance(one, Said) and one.undo_seconds]
        return said[-1] if said else None

    @property
    def seen(self) -> str:
        """The key of the newest message, by which a reply knows what its writer had read."""
        return str(max((message.id for message, _ in self.messages), default=""))

    @cached_property
    def dials(self) -> list[Dial]:
        return [self._dial(row) for row in latest(self.clocks)]

    def _dial(self, row: ClockEntry) -> Dial:
        ahead = [
            (step.at, self.teller.step(step))
            for step in self.steps
            if (step.clock, step.round) == (row.clock, row.round)
        ]
        face = face_of(row, self.now, warned=is_warned(row, self.steps))
        return Dial(face, self._target(row), ahead if row.running else ())

    def _target(self, row: ClockEntry) -> str:
        target = self._targets.get(Clock(row.clock))
        if target is None:
            return ""
        return self.voice.target(target, in_hours=self.rule.hours is not None)

    @cached_property
    def _targets(self) -> dict[Clock, Target | None]:
        rapid = self.pack.rapid_target(self.ticket.severity) if self.window else None
        return {
            Clock.FIRST_RESPONSE: rapid or self.rule.respond,
            Clock.NEXT_UPDATE: self.rule.update,
            Clock.RESOLUTION: self.rule.resolve,
        }

    @cached_property
    def marks(self) -> dict[str, datetime]:
        return stages.marks_of(self.events)

    @property
    def steps_of_flow(self) -> list[dict[str, str]]:
        told = stages.steps_of(
            self.pack.stages, self.marks, category=self.ticket.category, plan=self._plan
        )
        language = self.voice.language
        return [{"label": s.stage.name.to(language), "state": s.progress} for s in told]

    @cached_property
    def _plan(self) -> str:
        return self.pack.nearest_plan(self.ticket.plan).key

    @cached_property
    def checklist(self) -> tuple[flow.CheckView, ...]:
        return flow.checklist(self.pack, marks=self.marks.keys(), ticked=self.checks.keys())

    @property
    def ways(self) -> list[Way]:
        plan = self.pack.nearest_plan(self.ticket.plan)
        offered = {channel for one in self.pack.plans.values() for channel in one.channels}
        return [
            Way(channel.name.to(self.voice.language), channel.key in plan.channels)
            for channel in self.pack.channels.values()
            if channel.key in offered
        ]

    @property
    def local_time(self) -> datetime:
        """The customer's own."""
        return self.now.astimezone(ZoneInfo(self.ticket.zone))

    @property
    def is_mine(self) -> bool:
        return self.ticket.assigned_to is not None and (
            self.ticket.assigned_to == self.reader.agent_id
        )

    def draft(self, kind: str) -> Draft | None:
        return self.own_drafts.get(drafts.place_of(self.ticket.id, kind))


def load(
    session: Session, reader: Actor, number: int, *, language: str, now: datetime
) -> Desk | None:
    """None for a ticket that the reader can't see. Seven queries, whatever the ticket, and
    one for what a builder's desk passed up."""
    found = rows.ticket_with_window(session, reader, number, now)
    if found is None:
        return None
    ticket, window = found
    pack = policy.pack_of(session, ticket.policy_version_id)
    clocks, steps = rows.clocks_and_steps(session, ticket)
    places = [drafts.place_of(ticket.id, kind) for kind in ("reply", "note")]
    beside = rows.beside(session, ticket, reader, places)
    others, alike = around(session, ticket)
    return Desk(
        ticket=ticket,
        pack=pack,
        voice=Voice(pack, language, reader.zone),
        reader=reader,
        now=now,
        window=window.window if window is not None else None,
        messages=rows.messages_with_letters(session, ticket),
        files=words.attachments_of(session, ticket),
        events=words.timeline(session, ticket),
        clocks=clocks,
        steps=steps,
        checks=beside.checks,
        pages=beside.pages,
        own_drafts=beside.drafts,
        others=others,
        alike=alike,
        passed_up=escalations.behind(session, ticket),
    )
