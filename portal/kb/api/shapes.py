"""What programs send and get of articles; the fields of the seed's tables under their names."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from portal.accounts.service import LOCALES
from portal.core.permissions import BUILDER_STAFF, PORTAL
from portal.foundation.speech import gettext as _
from portal.foundation.web.api.shapes import Line, PageQuery, Shape
from portal.kb.models import REASONS
from portal.kb.service.feedback import COMMENT_LONGEST

ROLES = tuple(sorted(BUILDER_STAFF | PORTAL))
Language = Literal[LOCALES]  # type: ignore[valid-type]
Role = Literal[ROLES]  # type: ignore[valid-type]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ].+")
Label = Annotated[Line, StringConstraints(min_length=1, max_length=200)]


def _written_out(moment: object) -> object:
    """Not as a number, which pydantic would take for seconds since 1970."""
    if not isinstance(moment, str) or not _MOMENT.fullmatch(moment):
        raise ValueError(_("Write a time like 2026-11-24T10:30:00Z."))
    return moment


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(_("This is before or after all time.")) from None


class ArticlesQuery(PageQuery):
    q: Annotated[Line, StringConstraints(max_length=300)] = Field(
        "", description="Words to look for. The best come first, all on one page.", examples=["PDF"]
    )
    lang: Language | None = Field(
        None, description="By default the language that you speak to us (`Accept-Language`)."
    )
    module: Label | None = Field(None, description="The part of the product it is about.")
    category: Label | None = Field(None, description="A category's key.", examples=["scheduling"])
    role: Role | None = Field(None, description="Written for this role, or for all of a builder's.")
    updated_since: (
        Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_utc)] | None
    ) = Field(
        None, description="Published anew at or after this time.", examples=["2026-11-01T00:00:00Z"]
    )


class ArticleQuery(Shape):
    model_config = ConfigDict(extra="forbid")

    lang: Language | None = Field(
        None,
        description="By default as in the list. What there is only in another language is given "
        "in that one; `language` says so.",
    )


class ArticlePath(Shape):
    slug: str = Field(
        description="The last part of the article's address; a former one is known as well.",
        max_length=200,
        examples=["export-a-schedule"],
    )


class ArticleIdPath(Shape):
    id: UUID = Field(examples=["0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10"])


class Translation(Shape):
    """The same article in a language."""

    language: str
    slug: str
    title: str
    url: str


class Heading(Shape):
    level: int
    id: str = Field(description="Its anchor in `body_html` and on the page.")
    text: str


class Article(Shape):
    """An article in one language, without its text."""

    id: UUID
    slug: str
    title: str
    summary: str
    url: str = Field(description="Its page.")
    category: str = Field(description="Key; empty without one.")
    module_tag: str
    role_tags: list[str] = Field(description="None: for whoever works at a builder.")
    language: str
    video_url: str | None
    platform_version: str = Field(examples=["4.2+"])
    view_count: int
    helpful_count: int
    not_helpful_count: int
    is_published: bool
    created_at: datetime
    updated_at: datetime = Field(description="When what readers see last changed.")
    snippet: str | None = Field(
        None, description="With `q`: HTML whose only tag is <mark>, around what was found."
    )


class ArticlePage(Shape):
    """Last published first; with `q`, the best first."""

    items: list[Article]
    next_cursor: str | None = Field(description="For the next page; null on the last.")
    corrected: str | None = Field(
        None, description="What was looked for instead, where the words are found nowhere."
    )


class WholeArticle(Article):
    """An article with its text."""

    body_html: str = Field(description="Safe to show; every address in it is whole.")
    outline: list[Heading]
    translations: list[Translation] = Field(description="Itself included.")
    is_outdated: bool = Field(description="Whether what it was translated from has changed since.")


class NewFeedback(Shape):
    """Whether an article helped. It replaces what the same person said before."""

    helpful: StrictBool
    reason: Literal[REASONS] | None = Field(  # type: ignore[valid-type]
        None, description="Why it did not; ignored where it helped."
    )
    comment: Annotated[Line, StringConstraints(max_length=COMMENT_LONGEST)] = Field(
        "", description="Passwords, tokens and card numbers in it are masked."
    )


class Feedback(Shape):
    """What was kept, and what all have said."""

    article_id: UUID
    helpful: bool
    reason: str | None
    comment: str
    helpful_count: int
    not_helpful_count: int
