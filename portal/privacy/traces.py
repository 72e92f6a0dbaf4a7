"""Where a person can be found in the database, and what becomes of it when they are erased.

Tables are known by what stands in the schema, not by a list of features: one that points at people
and is not named here fails a test, and one that belongs to a builder is searched for words by
itself. Every statement names its builder; row-level security holds besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    or_,
    select,
    true,
)

from portal.foundation.db import Base
from portal.privacy.words import Words


class Fate(StrEnum):
    UNTIE = "untie"  # the row stays, and names nobody
    DELETE = "delete"
    KEEP = "keep"  # it points at an empty person, or is seen to elsewhere


class Put(StrEnum):
    FORMER = "former"
    NOTHING = "nothing"
    NULL = "null"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Tie:
    """A column that points at a person, and what stands beside it about them."""

    fate: Fate
    beside: Mapping[str, Put] = field(default_factory=dict)


def _named(column: str, put: Put = Put.FORMER) -> Tie:
    return Tie(Fate.UNTIE, {column: put})


_UNTIE, _DELETE, _KEEP = Tie(Fate.UNTIE), Tie(Fate.DELETE), Tie(Fate.KEEP)

TIES: Final[Mapping[str, Tie]] = {
    "account_links.user_id": _DELETE,
    "api_tokens.membership_id": _DELETE,
    "audit_entries.by_id": _named("by_name", Put.NOTHING),  # the role stays
    "backlog_items.asked_by": _named("asked_by_name"),
    "community_members.user_id": _DELETE,
    "community_points.given_by": _KEEP,  # or two who are gone would count as one
    "community_points.taken_back_by": _KEEP,
    "community_points.user_id": _DELETE,
    "community_restrictions.answered_by": _UNTIE,
    "community_restrictions.appealed_by": _UNTIE,
    "community_restrictions.by_id": _named("by_name"),
    "community_restrictions.lifted_by": _UNTIE,
    "community_restrictions.user_id": _DELETE,
    "data_exports.asked_by_id": _KEEP,
    "data_exports.user_id": _KEEP,
    "drafts.user_id": _DELETE,
    "email_domains.proven_by": _UNTIE,
    "emergency_windows.granted_by": _UNTIE,
    "erasures.asked_by_id": _KEEP,
    "erasures.decided_by_id": _KEEP,
    "erasures.user_id": _KEEP,
    "former_members.user_id": _DELETE,
    "forum_digests.user_id": _DELETE,
    "forum_flags.by_id": _named("by_name"),
    "forum_follows.user_id": _DELETE,
    "forum_positions.user_id": _DELETE,
    "forum_posts.author_id": _named("author_name"),
    "forum_replies.author_id": _named("author_name"),
    "forum_versions.by_id": _named("by_name"),
    "forum_votes.user_id": _KEEP,  # counted, and shown to nobody
    "feature_request_votes.on_behalf_by": _named("on_behalf_by_name"),
    "feature_request_votes.user_id": _named("user_name"),
    "feature_requests.submitted_by": _named("submitted_by_name"),
    "gaps_settled.by_id": _named("by_name"),
    "guidance_dismissals.user_id": _DELETE,
    "guidance_presses.user_id": Tie(Fate.UNTIE, {"visitor": Put.NOTHING}),
    "idea_comments.author_id": _named("author_name"),
    "idea_status_changes.by_id": _named("by_name"),
    "idea_tickets.linked_by": _named("linked_by_name"),
    "invitations.invited_by": _UNTIE,
    "kb_drafts.submitted_by": _UNTIE,
    "kb_drafts.updated_by": _named("updated_by_name"),
    "kb_feedback.user_id": _DELETE,
    "kb_files.uploaded_by": _UNTIE,
    "kb_readings.user_id": Tie(Fate.UNTIE, {"visitor": Put.NOTHING}),
    "kb_topics.owner_id": _UNTIE,
    "kb_versions.by_id": _named("by_name"),
    "logins.membership_id": _DELETE,
    "logins.user_id": _DELETE,
    "memberships.user_id": _KEEP,
    "news_seen.user_id": _DELETE,
    "notification_preferences.user_id": _DELETE,
    "notifications.user_id": _KEEP,
    "recovery_codes.user_id": _DELETE,
    "releases.created_by": _named("created_by_name"),
    "roadmap_changes.by_id": _named("by_name"),
    "roadmap_items.created_by": _named("created_by_name"),
    "search_queries.user_id": Tie(Fate.UNTIE, {"visitor": Put.NOTHING}),
    "second_factors.user_id": _DELETE,
    "sso_identities.user_id": _DELETE,
    "support_agents.user_id": _KEEP,
    "support_tickets.handler_id": _UNTIE,
    "support_tickets.requester_id": Tie(
        Fate.UNTIE,
        {
            "requester_name": Put.FORMER,
            "requester_email": Put.NOTHING,
            "submission_key": Put.NULL,
            "anonymised_at": Put.NOW,
        },
    ),
    "ticket_attachments.uploaded_by": _UNTIE,
    "ticket_checks.done_by": _named("done_by_name"),
    "ticket_escalations.by_id": _named("by_name"),
    "ticket_events.by_id": _named("by_name"),
    "ticket_message_versions.replaced_by": _UNTIE,
    "ticket_publications.answered_by": _named("answered_by_name"),
    "ticket_publications.asked_by": _named("asked_by_name"),
    "ticket_messages.sender_id": _named("sender_name"),
    "widget_keys.created_by": _UNTIE,
    "widget_sessions.membership_id": _DELETE,
    "written_pictures.uploaded_by": _UNTIE,
}

NOT_SEARCHED: Final = frozenset(
    {
        "data_exports",
        "erasures",  # holds what is looked for, until it is done
        "former_members",
        "logins",
        "memberships",
        "retention_rules",
        "users",  # the person's own row is emptied
    }
)
LAST: Final = ("outbox", "deliveries", "notifications")  # into which the others flow


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows: a builder's, everybody's (None: the platform's own people), and with them those
    of nobody once the person is `wholly` gone."""

    builder_id: UUID | None
    wholly: bool

    def within(self, table: Table) -> ColumnElement[bool] | None:
        """None: nothing in this table is the scope's."""
        if self.builder_id is None:
            return true()
        if table.name == "notifications":
            tickets = Base.metadata.tables["support_tickets"]
            own = select(tickets.c.id).where(tickets.c.builder_id == self.builder_id)
            here = or_(table.c.ticket_id.in_(own), table.c.portal_id == self.builder_id)
            return true() if self.wholly else here
        if "builder_id" not in table.c:
            return true() if self.wholly else None
        own_rows: ColumnElement[bool] = table.c.builder_id == self.builder_id
        return or_(own_rows, table.c.builder_id.is_(None)) if self.wholly else own_rows


def tied() -> Iterator[tuple[str, Column[UUID]]]:
    """Every column of the schema that points at people or at what they are to a builder."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in {"users", "memberships"}:
                    yield f"{table.name}.{column.name}", column


@cache
def ties_to_people() -> Mapping[str, Column[UUID]]:
    """What has to be dealt with, by name. The schema is the same as long as a process lives, and
    each step of an erasure asks."""
    return {
        name: column
        for name, column in tied()
        if TIES[name].fate is not Fate.KEEP
        and any(key.column.table.name == "users" for key in column.foreign_keys)
    }


def searched() -> list[Table]:
    """The tables with words in them, in the order in which they are gone through."""
    found = {
        table.name: table
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_SEARCHED and wordy(table) and _is_of_people(table)
    }
    late = [found.pop(name) for name in LAST if name in found]
    return [*found.values(), *late]


def wordy(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if isinstance(column.type, String | Text | JSON)]


def changed(
    words: Words, columns: Sequence[Column[object]], values: Sequence[Any]
) -> Iterator[tuple[str, Any]]:
    """What a row says without the words, for the columns that said them."""
    for column, value in zip(columns, values, strict=True):
        left = words.out_of(value)
        if left != value:
            yield column.name, _fitting(column, left)


def _fitting(column: Column[object], value: Any) -> Any:
    longest = getattr(column.type, "length", None)
    return value[:longest] if isinstance(value, str) and longest else value


def _is_of_people(table: Table) -> bool:
    """A builder's, or something that only the last erasure of a person goes through."""
    return "builder_id" in table.c or table.name in {
        "idempotency_keys",
        "notifications",
        "support_agents",
    }


FILES, EXPORTS, INBOX, PERSON = "files", "exports", "inbox", "person"


@cache
def plan() -> Sequence[str]:
    """The steps of an erasure, by name: a process that takes over goes on with the same."""
    ties = (f"tie {name}" for name in ties_to_people())
    words = (f"words {table.name}" for table in searched())
    return (FILES, EXPORTS, INBOX, *ties, *words, PERSON)
