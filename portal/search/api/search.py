"""Find articles, videos, threads of the forum, ideas and what is new."""

from typing import Annotated, Literal
from uuid import UUID

from flask import Response
from pydantic import ConfigDict, Field, StringConstraints

from portal.accounts.service import LOCALES
from portal.core.audience import reader_of
from portal.core.permissions import Permission, Scope
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api import edge
from portal.foundation.web.api.shapes import Line, Shape, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.site import is_portal, stand_at, the_site
from portal.search.documents import Hit, Question
from portal.search.notes import note_search
from portal.search.service import find

api = edge.blueprint("search_api", __name__, tag="Help", url_prefix="/api/v1/support")

KINDS = ("article", "video", "thread", "idea", "roadmap", "release")
Short = Annotated[Line, StringConstraints(max_length=200)]


class SearchQuery(Shape):
    """What is looked for. A misspelt parameter must not look like one that found everything."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        "",
        description='Words of a question; "in quotes" word by word, -word leaves it out.',
        examples=["how do I send an invoice"],
    )
    lang: Literal[LOCALES] | None = Field(  # type: ignore[valid-type]
        None,
        description="Searched first, others only fill up; by default that of the answer.",
    )
    kind: Literal[KINDS] | None = None  # type: ignore[valid-type]
    module: Short = Field("", description="Only of this module.")
    limit: int = Field(10, ge=1, le=50, description="Most items of the answer.")
    offset: int = Field(0, ge=0, le=150, description="Items before the first one.")


class FoundItem(Shape):
    """Something that was found."""

    kind: str = Field(examples=["article"])
    id: UUID
    slug: str
    title: str
    url: str = Field(description="The page that people read.")
    snippet: str = Field(description="HTML, in which <mark> is the only tag.")
    score: float = Field(description="Means something beside those of the same answer.")
    lang: str


class FoundPage(Shape):
    """The best first."""

    items: list[FoundItem]
    corrected: str | None = Field(
        description="What was searched instead, where words of `q` are found nowhere."
    )
    total: int = Field(description="How many there are in all.")


@api.get(
    "/search",
    operation_id="search",
    responses=answers(200, FoundPage),
    description="Articles, videos, threads, ideas and notes of what is new that the token's owner "
    "may read. Tickets are no part of it.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_HELP)
def search(query: SearchQuery) -> Response:
    """Search the help centre"""
    actor, spoken = the_actor(), query.lang or language()
    if actor.is_portal_user:
        stand_at(actor.builder_slug)
    question = Question(
        query.q,
        spoken,
        kinds=[query.kind] if query.kind else (),
        only_module=query.module,
        role=actor.role,
        limit=query.limit,
        offset=query.offset,
    )
    reads = the_site().reads_community
    reader = reader_of(actor, at_portal=is_portal(), reads_community=reads)
    found = find(db(), question, reader)
    note_search(query.q, spoken, found.total, "api")
    items = [_item(hit) for hit in found.hits]
    return answer(FoundPage(items=items, corrected=found.corrected or None, total=found.total))


def _item(hit: Hit) -> FoundItem:
    return FoundItem(
        kind=hit.kind,
        id=hit.id,
        slug=hit.slug,
        title=hit.title,
        url=the_site().root + hit.path,
        snippet=str(hit.snippet),
        score=hit.score,
        lang=hit.language,
    )
