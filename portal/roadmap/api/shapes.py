"""What programs ask and get of the roadmap."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from portal.foundation.web.api.shapes import Line, Shape
from portal.roadmap.models import Stage

_STAGES = tuple(str(stage) for stage in Stage)
StageName = Literal[_STAGES]  # type: ignore[valid-type]
Quarter = Annotated[str, StringConstraints(pattern=r"^2\d{3}-Q[1-4]$")]
Module = Annotated[Line, StringConstraints(max_length=50)]


class RoadmapQuery(Shape):
    """A misspelt filter must not look like one that found everything."""

    model_config = ConfigDict(extra="forbid")

    stage: StageName | None = Field(None, description="By default every stage.")
    quarter: Quarter | None = Field(None, description="By default every quarter.")
    module: Module | None = Field(None, description="The part of the product it is about.")
    internal: bool = Field(
        False, description="For staff who see plans: with what is internal. Others get a 403."
    )


class ReleaseNote(Shape):
    """Where a shipped item is announced."""

    version: str
    title: str
    url: str


class RoadmapItem(Shape):
    """Something that is planned, being built or there."""

    number: int | None = Field(description="As people call it; null: it was never public.")
    title: str
    description: str = Field(description="Markdown.")
    description_html: str = Field(description="Safe to show.")
    language: str = Field(description="Of its words: yours, or another that it has.")
    stage: StageName
    quarter: Quarter | None = Field(examples=["2026-Q4"])
    module: str = Field(description="Key of a part of the product; empty without one.")
    vote_count: int = Field(description="Votes of its public ideas.")
    url: str = Field(description="Its page.")
    release: ReleaseNote | None
    published_at: datetime | None
    updated_at: datetime = Field(description="When what everybody sees of it last changed.")
    is_internal: bool


class Roadmap(Shape):
    """By stage; in each the soonest quarter first, of what shipped the newest."""

    items: list[RoadmapItem]
