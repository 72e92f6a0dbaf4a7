"""Tickets as in the seed's tables, with the clocks, steps and history that a promise needs."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Builder, SupportAgent, User
from portal.core.permissions import Desk
from portal.core.ticket_states import State
from portal.foundation.db import Base, only_where
from portal.foundation.files import FileColumns
from portal.foundation.tenancy import Tenanted
from portal.policy.models import PolicyVersion

SOURCES = (
    *("in_app", "email", "chat", "phone", "api", "whatsapp", "sms", "contact"),
    "escalation",  # passed up by a builder's desk
)


ANSWERED_BY_US = "desk = 'platform'"


def _only_active(also: str = "") -> dict[str, Any]:
    return {
        "sqlite_where": text(f"active = 1{also}"),
        "postgresql_where": text(f"active{also}"),
    }


def _queued(also: str = "") -> dict[str, Any]:
    """What agents have before them."""
    return _only_active(f" AND {ANSWERED_BY_US}{also}")


CLOSED = "status = 'closed'"
UNCONFIRMED = "state = 'accepted' AND fallback_at IS NULL"
"""Of pages: somebody was called and has not said a word."""


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class Consent(StrEnum):
    """What became of the wish to publish a ticket."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # by us before it was published, or by whoever asked at any time


class Ticket(Base, Tenanted):
    __tablename__ = "support_tickets"
    __table_args__ = (
        CheckConstraint(f"status IN ({_listed(tuple(State))})", name="status"),
        CheckConstraint(f"source IN ({_listed(SOURCES)})", name="source"),
        CheckConstraint(f"desk IN ({_listed(tuple(Desk))})", name="desk"),
        CheckConstraint("csat_rating BETWEEN 1 AND 5", name="csat_rating"),
        UniqueConstraint("submission_key", "requester_id"),
        Index(
            "ix_tickets_of_guests",
            "submission_key",
            unique=True,
            **only_where("requester_id IS NULL"),
        ),
        # with all that is asked of them, so that counting reads nothing else
        # and by which it is filtered: what doesn't match is passed over without its row
        Index(
            "ix_tickets_queue",
            *("due_rank", "id", "active", "desk", "severity", "category", "team", "status"),
            **_queued(),
        ),
        Index(
            "ix_tickets_unassigned",
            *("due_rank", "id", "active", "desk", "assigned_to"),
            **_queued(" AND assigned_to IS NULL"),
        ),
        Index("ix_tickets_mine", "assigned_to", "due_rank", "id", "active", "desk", **_queued()),
        Index(
            "ix_tickets_warned",
            *("due_rank", "id", "active", "desk", "warned_at"),
            **_queued(" AND warned_at IS NOT NULL"),
        ),
        Index("ix_tickets_all", "created_at", "id", **only_where(ANSWERED_BY_US)),
        Index("ix_tickets_of_builder", "builder_id", "desk", "created_at", "id"),
        Index(  # `active` is in it as well, or SQLite would as soon take the one of all tickets
            "ix_tickets_active_of_builder",
            *("builder_id", "desk", "active", "created_at", "id"),
            **_only_active(),
        ),
        Index(
            "ix_tickets_queue_of_builder", "builder_id", "desk", "due_rank", "id", **_only_active()
        ),
        # the module first: no other query names it, so none is tempted away from its own index
        Index(
            "ix_tickets_alike",
            *("module", "category", "created_at", "id"),
            **only_where(ANSWERED_BY_US),
        ),
        Index("ix_tickets_of_requester", "requester_id", "created_at", "id"),
        Index(
            "ix_tickets_of_handler",
            *("handler_id", "due_rank", "id"),
            **only_where("handler_id IS NOT NULL"),
        ),
        Index("ix_tickets_resolved", "resolved_at", **only_where("status = 'resolved'")),
        Index("ix_tickets_snoozed", "snoozed_until", **only_where("status = 'snoozed'")),
        Index(
            "ix_tickets_closed",
            *("builder_id", "anonymised_at", "closed_at", "id"),
            **only_where(CLOSED),
        ),
        Index("ix_tickets_following", "follows_id", **only_where("follows_id IS NOT NULL")),
    )

    number: Mapped[int] = mapped_column(unique=True)
    desk: Mapped[str] = mapped_column(String(10), default=Desk.PLATFORM, server_default="platform")
    requester_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))  # NULL: a guest
    requester_name: Mapped[str] = mapped_column(String(120))
    requester_email: Mapped[str] = mapped_column(String(320))
    requester_role: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")

    subject: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(50))
    module: Mapped[str] = mapped_column(String(50), default="")
    team: Mapped[str] = mapped_column(String(50), default="")
    intent: Mapped[str] = mapped_column(String(40), default="")
    suggestion: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was proposed, why
    status: Mapped[str] = mapped_column(String(20), default=State.OPEN)
    active: Mapped[bool] = mapped_column(default=True)  # somebody still has to do something
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey("support_agents.id"))
    handler_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))  # at a builder's desk
    assignment_why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    escalation_tier: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    context_url: Mapped[str | None] = mapped_column(Text)
    context_metadata: Mapped[dict[str, Any]] = mapped_column(default=dict)

    plan: Mapped[str] = mapped_column(String(40), default="")
    policy_version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"))
    sla_response_by: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    due_rank: Mapped[datetime]  # next running due time, urgent ones ahead; far future: none runs
    warned_at: Mapped[datetime | None]  # a running clock passed its warning or its due time

    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]  # since then it names nobody who asked
    snoozed_until: Mapped[datetime | None]
    reopened_count: Mapped[int] = mapped_column(default=0)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_tickets.id"))
    csat_rating: Mapped[int | None]
    csat_comment: Mapped[str | None] = mapped_column(Text)
    submission_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    builder: Mapped[Builder | None] = relationship()
    requester: Mapped[User | None] = relationship(foreign_keys=[requester_id])
    handler: Mapped[User | None] = relationship(foreign_keys=[handler_id])
    agent: Mapped[SupportAgent | None] = relationship()
    policy_version: Mapped[PolicyVersion] = relationship()

    @property
    def state(self) -> State:
        return State(self.status)

    @property
    def at_builder(self) -> bool:
        return self.desk == Desk.BUILDER


class GuestBrowser(Base, Tenanted):
    """In which browser somebody without an account wrote a ticket: a digest of an id that only that
    browser keeps, within the page of the builder's on which it was."""

    __tablename__ = "ticket_guest_browsers"
    __table_args__ = (UniqueConstraint("visitor", "ticket_id"),)

    visitor: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"), index=True)


class Escalation(Base, Tenanted):
    """A ticket of a builder's desk that was passed up, and the platform's own ticket for it.

    Two conversations with two sets of clocks; only this row joins them. `passed` says of each
    message how it went up: {"message": id or "opening", "how": "whole" | "redacted" | "left_out"}.
    """

    __tablename__ = "ticket_escalations"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'settled', 'recalled', 'refused')", name="state"),
        Index("ix_ticket_escalations_of_ticket", "ticket_id"),
        # one at a time
        Index(
            "ix_ticket_escalations_open",
            "ticket_id",
            unique=True,
            **only_where("state = 'open'"),
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    platform_ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    note: Mapped[str] = mapped_column(Text, default="")
    impact: Mapped[str] = mapped_column(String(40))
    passed: Mapped[list[Any]] = mapped_column(default=list)
    tells_progress: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(120), default="")
    ended_why: Mapped[str] = mapped_column(Text, default="")

    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    platform_ticket: Mapped[Ticket] = relationship(foreign_keys=[platform_ticket_id])


class CannedReply(Base, Tenanted):
    """What a builder's team says again and again."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("builder_id", "title"),)

    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class Message(Base, Tenanted):
    """What somebody wrote: the customer, an agent, or the system."""

    __tablename__ = "ticket_messages"
    __table_args__ = (
        CheckConstraint("sender_type IN ('customer', 'agent', 'system')", name="sender_type"),
        UniqueConstraint("ticket_id", "submission_key"),
        Index("ix_ticket_messages_conversation", "ticket_id", "created_at"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    sender_type: Mapped[str] = mapped_column(String(10))
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    sender_name: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)  # secrets masked before it came here
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    is_internal: Mapped[bool] = mapped_column(default=False)
    template: Mapped[str] = mapped_column(String(60), default="")
    mentions: Mapped[list[str]] = mapped_column(default=list)
    submission_key: Mapped[str | None] = mapped_column(String(64))
    leaves_at: Mapped[datetime]  # an agent's reply waits 15 s for second thoughts
    withdrawn_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MessageVersion(Base, Tenanted):
    """What a message said before an edit: nothing is silently rewritten."""

    __tablename__ = "ticket_message_versions"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_messages.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class Attachment(FileColumns, Base, Tenanted):
    __tablename__ = "ticket_attachments"
    __table_args__ = (
        Index("ix_ticket_attachments_place", "ticket_id", "message_id"),
        Index("ix_ticket_attachments_age", "builder_id", "created_at", "id"),
        Index(
            "ix_ticket_attachments_message", "message_id", **only_where("message_id IS NOT NULL")
        ),
        Index("ix_ticket_attachments_storage_key", "storage_key"),
    )

    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_tickets.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket_messages.id"))
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class TicketEvent(Base, Tenanted):
    """The timeline: facts, worded when shown."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_timeline", "ticket_id", "at", "id"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    is_internal: Mapped[bool] = mapped_column(default=False)  # for staff alone
    heard: Mapped[str] = mapped_column(String(80), default="")  # what the clocks were told
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    ticket: Mapped[Ticket] = relationship(lazy="raise")  # which is written first


class Publication(Base, Tenanted):
    """An answered ticket on its way to the forum, without what is private: the very words that
    whoever asked agrees to, and that they did. Nothing is published before."""

    __tablename__ = "ticket_publications"
    __table_args__ = (
        CheckConstraint(f"state IN ({_listed(tuple(Consent))})", name="state"),
        Index("ix_ticket_publications_of", "ticket_id", "asked_at", "id"),
        Index(
            "ix_ticket_publications_open",
            "ticket_id",
            unique=True,
            **only_where("state IN ('asked', 'granted', 'published')"),
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    state: Mapped[str] = mapped_column(String(10), default=Consent.ASKED)
    language: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(300))
    question: Mapped[str] = mapped_column(Text)  # Markdown
    answer: Mapped[str] = mapped_column(Text)
    pictures: Mapped[list[str]] = mapped_column(default=list)  # keys of attachments that go along
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    asked_by_name: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_by_name: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(500), default="")  # of whoever agreed, or did not
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"))
    ended_at: Mapped[datetime | None]


class ClockRow(Base, Tenanted):
    """One promise on one ticket as last computed from the ticket's own history."""

    __tablename__ = "ticket_clocks"
    __table_args__ = (UniqueConstraint("ticket_id", "clock", "round"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    clock: Mapped[str] = mapped_column(String(20))  # core.sla.Clock
    round: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    outer_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    held_seconds: Mapped[int] = mapped_column(default=0)
    left_seconds: Mapped[int | None]  # while paused
    met_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    tier_at_breach: Mapped[int | None]  # escalation climbs from here


class StepRow(Base, Tenanted):
    """What the clock will do next on a ticket; fired once by a conditional UPDATE."""

    __tablename__ = "ticket_steps"
    __table_args__ = (
        UniqueConstraint("ticket_id", "clock", "round", "do", "tier", "reason"),
        Index(
            "ix_ticket_steps_due", "at", **only_where("fired_at IS NULL AND cancelled_at IS NULL")
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    clock: Mapped[str] = mapped_column(String(20))
    round: Mapped[int]
    do: Mapped[str] = mapped_column(String(20))  # core.escalation.Do
    tier: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(40), default="")  # one clock pages for several
    at: Mapped[datetime]
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class Check(Base, Tenanted):
    """A triage step that somebody ticked off."""

    __tablename__ = "ticket_checks"
    __table_args__ = (UniqueConstraint("ticket_id", "item"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"))
    item: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[datetime]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    done_by_name: Mapped[str] = mapped_column(String(120))


class Page(Base, Tenanted):
    """A call for the person on duty: queued, accepted, acknowledged or failed."""

    __tablename__ = "ticket_pages"
    __table_args__ = (
        Index("ix_ticket_pages_unconfirmed", "confirm_by", **only_where(UNCONFIRMED)),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"), index=True)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(20))  # queued | accepted | acknowledged | failed
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    confirm_by: Mapped[datetime | None]
    fallback_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(String(120), default="")
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
