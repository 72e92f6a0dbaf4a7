"""What programs send and get; the fields of the seed's tables under the seed's names."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from portal.core.ticket_states import State
from portal.foundation.web.api.shapes import Line, PageQuery, Shape, Words
from portal.tickets.api.context import checked
from portal.tickets.service import attachments, conversation, filing

Key = Annotated[Line, StringConstraints(min_length=1, max_length=50)]
Base64 = Annotated[
    str,
    StringConstraints(
        min_length=4,
        pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    ),
]
DESKS = ("platform", "builder")
STATES = tuple(state.value for state in State)
Settable = Literal["open", "in_progress", "waiting_on_customer", "resolved", "closed"]


class TicketPath(Shape):
    id: str = Field(
        description="The ticket's id, or its number.",
        max_length=64,
        examples=["1042", "0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10"],
    )


class NewFile(Shape):
    """A file sent along."""

    filename: Annotated[Words, StringConstraints(max_length=255)] = Field(examples=["error.txt"])
    content: Base64 = Field(
        description="The bytes in base64 without line breaks.", examples=["Tm8gcm9vbSBsZWZ0Lg=="]
    )


Files = Annotated[list[NewFile], Field(max_length=attachments.MOST)]
Fingerprints = Annotated[
    list[Annotated[Line, StringConstraints(max_length=64)]], Field(max_length=50)
]
FILES = (
    f"At most {attachments.MOST} files, 10 MB with all else. Larger ones are attached on the "
    "ticket's page. They are kept by what their bytes are, not by what their name claims."
)
CONFIRMED = (
    "Fingerprints from `masked` of an earlier answer: these words are no secrets, keep them as "
    "they are."
)


class NewTicket(Shape):
    """Subject and description; the rest is suggested from them where it is left out."""

    subject: Annotated[Words, StringConstraints(max_length=filing.SUBJECT_LONGEST)] = Field(
        examples=["Scheduling is down"]
    )
    description: Annotated[Words, StringConstraints(max_length=filing.DESCRIPTION_LONGEST)] = Field(
        description="In Markdown. Passwords, tokens and card numbers in it are masked.",
        examples=["Nobody on site can open the schedule since 7:00."],
    )
    severity: Key | None = Field(None, description="As in the support model.")
    category: Key | None = Field(None, description="As in the support model.")
    module: Key | None = Field(
        None, description="The part of the product it is about.", examples=["scheduling"]
    )
    channel: Key | None = Field(
        None, description="The way by which the answer is wanted; it may change the promise."
    )
    context_url: (
        Annotated[str, StringConstraints(max_length=2000, pattern=r"^(?:https?:/)?/[^\s\x00]*$")]
        | None
    ) = Field(None, description="The page it happened on.", examples=["/projects/7/schedule"])
    context_metadata: Annotated[dict[str, Any], AfterValidator(checked)] | None = Field(
        None,
        description="Browser, viewport, versions: whatever helps. At most 16 kB, 8 levels deep.",
        examples=[{"browser": "Firefox 133"}],
    )
    attachments: Files = Field([], description=FILES)
    confirmed: Fingerprints = Field([], description=CONFIRMED)


class NewMessage(Shape):
    """A reply, or a note among staff."""

    body: Annotated[Words, StringConstraints(max_length=conversation.LONGEST)] = Field(
        description="In Markdown. Passwords, tokens and card numbers in it are masked.",
        examples=["It works again, thank you."],
    )
    is_internal: StrictBool = Field(False, description="A note for staff alone; only from staff.")
    attachments: Files = Field([], description=FILES)
    confirmed: Fingerprints = Field([], description=CONFIRMED)


class NewStatus(Shape):
    """Where the ticket should stand."""

    status: Settable = Field(examples=["resolved"])
    reason: Annotated[Line, StringConstraints(max_length=2000)] = Field(
        "", description="Kept on the timeline; with `resolved`, the outcome the customer reads."
    )


class ListQuery(PageQuery):
    status: Literal[STATES] | None = None  # type: ignore[valid-type]
    severity: Key | None = Field(None, description="As in the support model.")
    category: Key | None = Field(None, description="As in the support model.")
    assigned: Literal["me", "none"] | None = Field(
        None, description="To the token's owner, or to nobody."
    )
    desk: Literal[DESKS] | None = Field(  # type: ignore[valid-type]
        None,
        description="Where it is answered; by default where you ask. For people of a builder: "
        "`builder` is what their clients and vendors asked them.",
    )
    builder: Annotated[Line, StringConstraints(min_length=1, max_length=60)] | None = Field(
        None, description="For staff: a builder's id or short name."
    )


class File(Shape):
    """A file that stands on a ticket."""

    filename: str
    url: str = Field(description="For whoever is signed in and may see the ticket.")
    size: int = Field(description="Bytes.")


class Masked(Shape):
    """Something that looked like a secret; it was not stored."""

    kind: str = Field(examples=["password"])
    fingerprint: str = Field(
        description="Send it in `confirmed`, with the text again, if it was no secret."
    )


class Reason(Shape):
    """Why something was suggested."""

    about: str = Field(description="category, severity, team or signal.")
    value: str
    why: str = Field(description="In words.")


class Message(Shape):
    """What somebody wrote."""

    id: UUID
    ticket_id: UUID
    sender_type: Literal["customer", "agent", "system"]
    sender_id: UUID | None
    sender_name: str
    body: str
    attachments: list[File]
    is_internal: bool
    created_at: datetime
    leaves_at: datetime = Field(description="Before it, an agent's reply can still be taken back.")
    edited_at: datetime | None
    masked: list[Masked] = Field([], description="Of the request that wrote it.")


class Ticket(Shape):
    """A ticket, its promise in words included."""

    id: UUID
    number: int = Field(examples=[1042])
    url: str = Field(description="Its page.")
    desk: Literal[DESKS] = Field(description="Who answers it.")  # type: ignore[valid-type]
    builder_id: UUID | None
    user_id: UUID | None = Field(description="Who asked.")
    subject: str
    description: str
    severity: str
    category: str
    module: str
    team: str
    plan: str = Field(description="Empty where it is not the reader's business.")
    status: Literal[STATES]  # type: ignore[valid-type]
    assigned_to: UUID | None = Field(description="The agent.")
    escalation_tier: int
    source: str
    channel: str
    context_url: str | None
    context_metadata: dict[str, Any]
    promise: str = Field(
        description="When we answer, in words.",
        examples=["We'll answer by Tue 24 Nov, 10:30, on your Professional plan."],
    )
    respond_by: datetime | None = Field(description="The same as a time; null for best effort.")
    sla_response_by: datetime | None = Field(description="As `respond_by`.")
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    csat_rating: int | None
    csat_comment: str | None
    created_at: datetime
    updated_at: datetime


class FiledTicket(Ticket):
    """The new ticket, with what was made of the words."""

    reasons: list[Reason] = Field(description="Why category, severity and team.")
    masked: list[Masked]
    attachments: list[File]


class WholeTicket(Ticket):
    """A ticket with its conversation, oldest first."""

    attachments: list[File] = Field(description="Sent with the description.")
    messages: list[Message]


class TicketPage(Shape):
    """Newest first."""

    items: list[Ticket]
    next_cursor: str | None = Field(
        description=(
            "For the next page; null on the last. A narrowed page may be short, even empty, while "
            "there is more."
        )
    )
