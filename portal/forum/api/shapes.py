"""What programs send and get of the forum; the fields of the seed's tables under their names."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from portal.accounts.service import LOCALES
from portal.core.forum import A_PAGE
from portal.forum.models import Kind
from portal.forum.queries.listing import Sort
from portal.forum.service.texts import BODY_LONGEST, TITLE_LONGEST
from portal.foundation.web.api.shapes import Line, PageQuery, Shape, Words

KINDS = tuple(kind.value for kind in Kind)
SORTS = tuple(sort.value for sort in Sort)
Category = Annotated[Line, StringConstraints(min_length=1, max_length=50)]
Body = Annotated[Words, StringConstraints(max_length=BODY_LONGEST)]
MARKDOWN = "In Markdown. Passwords, tokens and card numbers in it are masked."


class PostsQuery(PageQuery):
    category: Category | None = Field(None, description="A module's key.", examples=["scheduling"])
    sort: Literal[SORTS] = Field(  # type: ignore[valid-type]
        Sort.ACTIVE.value,
        description="`active`: where somebody wrote last; `unanswered`: questions without an "
        "answer, the newest first; `top`: the most useful.",
    )


class PostPath(Shape):
    id: UUID = Field(examples=["0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10"])


class RepliesQuery(Shape):
    page: int = Field(1, ge=1, le=100_000, description=f"{A_PAGE} replies each.")


class NewPost(Shape):
    """A question or a discussion; everybody can read it."""

    category: Category = Field(description="A module's key.", examples=["scheduling"])
    kind: Literal[KINDS] = Kind.QUESTION.value  # type: ignore[valid-type]
    title: Annotated[Words, StringConstraints(max_length=TITLE_LONGEST)] = Field(
        examples=["How do weather days work?"]
    )
    body: Body = Field(description=MARKDOWN, examples=["It rained for four days."])
    language: Literal[LOCALES] | None = Field(  # type: ignore[valid-type]
        None, description="By default the one that you speak to us (`Accept-Language`)."
    )


class NewReply(Shape):
    """Words below a post; everybody can read them."""

    body: Body = Field(description=MARKDOWN, examples=["Give outdoor work a calendar of its own."])


class Post(Shape):
    """A thread, without its replies."""

    id: UUID
    number: int = Field(description="As in its address.")
    url: str = Field(description="Its page.")
    kind: str
    category: str
    language: str
    title: str
    author_id: UUID | None = Field(description="Null: somebody who was erased.")
    author_name: str
    is_staff: bool
    is_answered: bool = Field(description="A reply was accepted or verified.")
    is_verified_answer: bool = Field(description="Staff or a moderator verified one.")
    is_staff_replied: bool
    is_pinned: bool
    is_locked: bool = Field(description="Nobody but moderators writes in it.")
    upvote_count: int
    reply_count: int
    created_at: datetime
    active_at: datetime = Field(description="When somebody last wrote in it.")


class Reply(Shape):
    id: UUID
    post_id: UUID
    number: int | None = Field(
        description="Within the thread; it never changes there. Null while it is held."
    )
    url: str
    body: str
    body_html: str = Field(description="Safe to show.")
    author_id: UUID | None
    author_name: str
    is_staff: bool
    is_accepted: bool = Field(description="By who asked.")
    is_verified_answer: bool
    upvote_count: int
    created_at: datetime
    edited_at: datetime | None


class WholePost(Post):
    """A thread with its text and a page of its replies."""

    body: str
    body_html: str = Field(description="Safe to show.")
    replies: list[Reply]
    pages: int = Field(description="How many pages of replies there are.")


class PostPage(Shape):
    items: list[Post]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class MadePost(Post):
    is_held: bool = Field(description="A moderator looks at it before others can read it.")
    masked_count: int = Field(description="Things that looked like secrets and were not kept.")


class MadeReply(Reply):
    is_held: bool = Field(description="A moderator looks at it before others can read it.")
    masked_count: int = Field(description="Things that looked like secrets and were not kept.")
