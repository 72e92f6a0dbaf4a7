"""What belongs to a screen, as programs get it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from portal.core.page_keys import LONGEST
from portal.core.permissions import BUILDER_STAFF, PORTAL
from portal.foundation.web.api.shapes import Line, Shape

ROLES = tuple(sorted(BUILDER_STAFF | PORTAL))
Tongue = Annotated[
    str, StringConstraints(max_length=10, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,6})?$")
]


class ContextQuery(Shape):
    """Where somebody is. A misspelt parameter must not look like a screen without help."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[Line, StringConstraints(max_length=LONGEST)] = Field(
        "",
        description="The page of the host app: a whole address or a path, with its #.",
        examples=["https://app.example.com/projects/123/schedule"],
    )
    page_key: Annotated[Line, StringConstraints(max_length=80)] = Field(
        "", description="Instead of the address: the screen's own name.", examples=["scheduling"]
    )
    lang: Tongue | None = Field(
        None,
        description="Wanted language; by default that of the token's owner. What there is only in "
        "another says so.",
        examples=["es"],
    )
    role: Literal[ROLES] | None = Field(  # type: ignore[valid-type]
        None,
        description="For whom it is shown; moves what was written for that role up. By default "
        "that of the token's owner.",
    )
    version: Annotated[Line, StringConstraints(max_length=20)] = Field(
        "", description="Of the host app: what does not hold for it comes last.", examples=["4.2"]
    )


class ContextPage(Shape):
    """Something to read or to watch, in the language that comes nearest to the wanted one."""

    id: UUID
    slug: str
    language: str
    title: str
    url: str = Field(description="Its page.")
    pinned: bool = Field(description="Chosen for this very screen by an editor.")


class ContextArticle(ContextPage):
    """An article."""

    summary: str
    module: str
    version: str = Field(description='Of the host app, for which it holds: "4.2+".')


class ContextVideo(ContextPage):
    """A film."""

    seconds: int


class ContextTerm(Shape):
    """A word on the screen, explained."""

    key: str = Field(description="As in `data-help`.", examples=["estimating.markup"])
    language: str
    term: str
    definition: str
    usage: str
    article_url: str = Field(description="Of the article that says more; empty without one.")


class ContextStep(Shape):
    """A first step. `target` is the key of the field that it points at, or empty."""

    target: str
    title: str
    text: str


class ContextOrientation(Shape):
    """First steps, for whoever has not dismissed this edition."""

    id: UUID
    edition: int
    language: str
    steps: list[ContextStep]


class Contextual(Shape):
    """Everything that belongs to a screen. Without a screen that is known, `page_key` is empty and
    the articles are those about no module in particular."""

    page_key: str
    module: str
    title: str
    articles: list[ContextArticle]
    videos: list[ContextVideo]
    terms: list[ContextTerm]
    orientation: ContextOrientation | None
