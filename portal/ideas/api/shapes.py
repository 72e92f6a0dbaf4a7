"""What programs send and get of ideas; the fields of the seed's tables under their names."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from portal.foundation.web.api.shapes import Line, PageQuery, Shape, Words
from portal.ideas.forms import REASON_LONGEST
from portal.ideas.models import TITLE_LONGEST, Status
from portal.ideas.service.submitting import WORDS_LONGEST
from portal.ideas.wording import ORDERS

_STATUSES = tuple(str(status) for status in Status)
_ORDERS = tuple(ORDERS)
StatusName = Literal[_STATUSES]  # type: ignore[valid-type]
OrderName = Literal[_ORDERS]  # type: ignore[valid-type]
Category = Annotated[Line, StringConstraints(max_length=50)]


class FeatureRequestsQuery(PageQuery):
    sort: OrderName = Field(
        "wanted", description="`wanted`: most votes first; `trending`: votes of the last weeks."
    )
    status: StatusName | None = Field(None, description="By default every status.")
    category: Category | None = Field(None, description="The part of the product it is about.")
    voted: bool = Field(False, description="Only those that your company has voted for.")


class FeatureRequestPath(Shape):
    id: UUID = Field(examples=["0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10"])


class FeatureRequest(Shape):
    """An idea."""

    id: UUID
    number: int = Field(description="As people call it.", examples=[1004])
    title: str
    description: str = Field(description="Markdown.")
    description_html: str = Field(description="Safe to show.")
    use_case: str = Field(description="Markdown.")
    use_case_html: str = Field(description="Safe to show.")
    url: str = Field(description="Its page.")
    status: StatusName
    vote_count: int = Field(description="Builders who want it.")
    comment_count: int
    voted: bool = Field(description="Whether your company has voted for it.")
    category: str = Field(description="Key of a part of the product; empty without one.")
    language: str = Field(description="That it is written in.")
    shipped_in_version: str | None
    decline_reason: str | None
    created_at: datetime
    updated_at: datetime = Field(description="When its words or its status last changed.")


class FeatureRequestPage(Shape):
    """In the order that was asked for."""

    items: list[FeatureRequest]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class NewFeatureRequest(Shape):
    """An idea. Of a builder's people it brings their company's vote along."""

    title: Annotated[Words, StringConstraints(max_length=TITLE_LONGEST)]
    description: Annotated[Words, StringConstraints(max_length=WORDS_LONGEST)] = Field(
        description="Markdown. Passwords, tokens and card numbers in it are masked."
    )
    use_case: Annotated[Line, StringConstraints(max_length=WORDS_LONGEST)] = Field(
        "", description="What you would do with it. Markdown."
    )
    category: Category = Field("", description="A key of the support model's modules, or none.")


class NewVote(Shape):
    """One vote a builder: a second one changes nothing."""

    reason: Annotated[Line, StringConstraints(max_length=REASON_LONGEST)] = Field(
        "", description="Why you need it; your company and our team read it."
    )


class Vote(Shape):
    """What your company says of the idea, and how many want it."""

    feature_request_id: UUID
    voted: bool
    vote_count: int
    voted_by: str | None = Field(description="Who of your company voted first; null: nobody.")
    voted_at: datetime | None
    reason: str | None
