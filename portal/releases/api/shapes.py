"""What programs get of what is new."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from portal.foundation.web.api.shapes import Line, PageQuery, Shape


class ReleasesQuery(PageQuery):
    module: Annotated[Line, StringConstraints(max_length=50)] = Field(
        "", description="Only what is new in this part of the product."
    )


class ReleasePath(Shape):
    id: UUID = Field(examples=["5b1f9f0e-4f5f-4a52-9a57-0a5c7b1f6a10"])


class ReleaseNote(Shape):
    """In the language of the answer; what has no words in it is in another, which `language`
    says."""

    id: UUID
    number: int = Field(description="As people call it.", examples=[1004])
    version: str = Field(description="Empty where none was named.")
    title: str
    summary: str
    body: str = Field(description="Markdown.")
    body_html: str = Field(description="Safe to show.")
    language: str = Field(description="That these words are in.")
    languages: list[str] = Field(description="In which there are any.")
    modules: list[str] = Field(description="Keys of parts of the product.")
    feature_request_ids: list[UUID] = Field(description="Ideas that shipped with it.")
    url: str = Field(description="Its page.")
    published_at: datetime
    updated_at: datetime


class ReleasePage(Shape):
    """The newest first."""

    items: list[ReleaseNote]
    next_cursor: str | None = Field(description="For the next page; null on the last.")
